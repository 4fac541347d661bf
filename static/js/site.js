// Small comforts of the shop and the staff pages. Nothing here is needed: every page works without script.
import htmx from "htmx.org";
import { startSeen } from "./seen.js";
import { startSuggestions } from "./suggest.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

// Quantity: the buttons keep the bounds of the number field and tell it that it changed.
const wakeSteppers = (root) => {
  for (const button of root.querySelectorAll("[data-stepper] [data-step]")) button.hidden = false;
};

const step = (button) => {
  const input = button.closest("[data-stepper]").querySelector("input");
  if (Number(button.dataset.step) > 0) input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

// Menus made of <details>: a click elsewhere or Escape closes them.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

const closeMenus = (except) => {
  for (const menu of openMenus()) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stepper] [data-step]");
  if (button) step(button);
  closeMenus(event.target.closest("details[data-menu]"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = openMenus()[0];
  closeMenus();
  menu?.querySelector("summary").focus();
});

// Destructive acts ask: on the form, or on the one button that sends it.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, { capture: true });

// A list is sorted or filtered as soon as the choice is made; the button stays for those without script.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});

const search = document.getElementById("site-q");
if (search) startSuggestions(search);

const seen = document.querySelector("[data-seen]");
if (seen) startSeen(seen);

document.addEventListener("htmx:load", (event) => wakeSteppers(event.detail.elt));
wakeSteppers(document);
