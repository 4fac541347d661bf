// Products looked at lately, kept in this browser alone: nothing of it is sent anywhere.
const KEY = "seen";
const MOST = 8;

const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry?.slug === "string") : [];
  } catch {
    return [];
  }
};

const write = (entries) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
  } catch {
    // A browser that keeps nothing shows nothing.
  }
};

// Only addresses of this shop become pictures.
const isOwn = (address) => /^\/(?!\/)/.test(address ?? "");

const card = (pattern, entry) => {
  const item = pattern.content.firstElementChild.cloneNode(true);
  const link = item.querySelector("a");
  link.textContent = entry.name;
  link.href = `${pattern.dataset.base}${encodeURIComponent(entry.slug)}`;
  item.querySelector("[data-price]").textContent = entry.price;
  if (isOwn(entry.picture)) item.querySelector("img").src = entry.picture;
  return item;
};

export const startSeen = (section) => {
  const { slug, name, price, picture } = section.dataset;
  const others = read().filter((entry) => entry.slug !== slug);
  if (slug) write([{ slug, name, price, picture }, ...others]);
  const pattern = section.querySelector("template");
  section.querySelector("ul").append(...others.slice(0, MOST).map((entry) => card(pattern, entry)));
  section.hidden = others.length === 0;
  section.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    section.hidden = true;
  });
};
