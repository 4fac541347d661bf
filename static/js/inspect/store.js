// What stays on the phone: the bundle, and reports until they are sent.
const NAME = "kiem-tra";

const asPromise = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened = null;

const database = () => {
  if (!opened) {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("bundle");
      request.result.createObjectStore("reports", { keyPath: "key" });
    };
    opened = asPromise(request);
  }
  return opened;
};

const store = async (name, mode) => (await database()).transaction(name, mode).objectStore(name);

export const keepBundle = async (text) => asPromise((await store("bundle", "readwrite")).put(text, "current"));
export const keptBundle = async () => asPromise((await store("bundle", "readonly")).get("current"));
export const dropBundle = async () => asPromise((await store("bundle", "readwrite")).delete("current"));
export const keepReport = async (report) => asPromise((await store("reports", "readwrite")).put(report));
export const reports = async () => asPromise((await store("reports", "readonly")).getAll());
export const dropReport = async (key) => asPromise((await store("reports", "readwrite")).delete(key));
