// Keeps the inspector's page on the phone. FILES and NAME are put in front of this by the server.
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name.startsWith("kiem-tra-") && name !== NAME).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

// The network first, so that a new version comes; without one, what was kept.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET" || !FILES.includes(pathname)) return;
  event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});
