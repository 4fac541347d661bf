// What the page hands to the script: addresses, the cash step, and every sentence in the language of the page.
const source = document.getElementById("till-config");

export const config = source ? JSON.parse(source.textContent) : null;

export const t = (key, values = {}) =>
  Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`{${name}}`, String(value)),
    config.texts[key],
  );
