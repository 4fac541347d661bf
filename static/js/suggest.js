// The list below the search field. htmx fetches it; here it opens, closes and listens to the arrow keys.
export const startSuggestions = (input) => {
  const list = document.getElementById("site-suggestions");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector("[aria-selected=true]");

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);

  const choose = (option) => {
    current()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    choose(null);
  };

  // One step beyond either end is the field itself, where the typed words stand.
  const move = (by) => {
    const all = [null, ...options()];
    choose(all[(all.indexOf(current()) + by + all.length) % all.length]);
  };

  show(false);
  list.addEventListener("htmx:afterSwap", () => {
    show(options().length > 0 && document.activeElement === input);
  });

  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") show(false);
    else if (event.key === "Enter" && current()) current().click();
    else return;
    event.preventDefault();
  });

  // A press on an entry must not take the focus away first: the list would close under the finger.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", () => show(false));
};
