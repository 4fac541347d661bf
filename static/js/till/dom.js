// Elements without a template language. Text is always text, never markup.
export const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

const drawn = document.getElementById("icons");

export const icon = (name) =>
  drawn.content.querySelector(`[data-icon="${name}"] svg`).cloneNode(true);

export const button = (text, attributes = {}) => h("button", { type: "button", ...attributes }, text);

export const key = (text) => (fineKeyboard() ? h("kbd", {}, text) : null);

// Hints about keys are for those who have keys; a virtual keyboard must not jump up by itself.
export const fineKeyboard = () => matchMedia("(pointer: fine)").matches;

export const wide = () => matchMedia("(min-width: 56rem)").matches;
