// Paying in cash: tap a note or type an amount, see the change, take the cash.
import { t } from "./config.js";
import { button, h, icon, key } from "./dom.js";
import { vnd } from "./money.js";

const NOTES = [50000, 100000, 200000, 500000];
const PAD = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "000", "0", "⌫"];
const MOST_DIGITS = 10;

export class Pay {
  // `take(given)` books the sale, `back()` returns to the ticket.
  constructor(panel, due, { take, back }) {
    Object.assign(this, { panel, due, take, back, given: 0, typing: false });
    this.draw();
  }

  set(amount) {
    this.given = amount;
    this.typing = false;
    this.draw();
  }

  // Notes that are tapped one after the other lie on the counter together.
  note(amount) {
    this.set((this.typing ? 0 : this.given) + amount);
  }

  digits(text) {
    const typed = (this.typing ? String(this.given) : "") + text;
    this.given = Number(typed.slice(0, MOST_DIGITS));
    this.typing = true;
    this.draw();
  }

  rubOut() {
    this.given = Math.floor(this.given / 10);
    this.typing = true;
    this.draw();
  }

  get covered() {
    return this.given >= this.due;
  }

  finish() {
    if (this.covered) this.take(this.given);
  }

  press(event) {
    const digit = event.code.match(/^(?:Digit|Numpad)([0-9])$/)?.[1];
    if (digit) this.digits(digit);
    else if (event.code === "Backspace") this.rubOut();
    else if (event.code === "F4") this.set(this.due);
    else if (event.code === "Escape") this.back();
    else return false;
    return true;
  }

  draw() {
    this.panel.className = "pay";
    this.panel.replaceChildren(
      h("div", { class: "row-between" },
        button([icon("arrow-left"), t("back"), key("Esc")], { class: "btn btn-quiet", onclick: this.back }),
        h("span", { class: "row" }, t("due"), h("strong", { class: "ticket-total-sum" }, vnd(this.due)))),
      this.#amounts(),
      this.#pad(),
      h("div", { class: "ticket-total-row" }, h("span", {}, t("given_cash")), h("strong", { class: "num" }, vnd(this.given))),
      this.#change(),
      button([icon("check"), t("take"), key("Enter")], {
        class: "btn btn-large btn-wide",
        disabled: !this.covered,
        "data-take": true,
        onclick: () => this.finish(),
      }),
    );
  }

  #amounts() {
    const exact = button([h("span", {}, t("exact"), " ", key("F4") ?? "")], { onclick: () => this.set(this.due) });
    const notes = NOTES.map((amount) => button(vnd(amount), { onclick: () => this.note(amount) }));
    const clear = button(t("clear"), { onclick: () => this.set(0) });
    return h("div", { class: "pay-amounts" }, exact, notes, clear);
  }

  #pad() {
    const act = (face) => (face === "⌫" ? () => this.rubOut() : () => this.digits(face));
    return h("div", { class: "pay-pad" }, PAD.map((face) => button(face, { onclick: act(face) })));
  }

  #change() {
    const change = this.given - this.due;
    const [label, amount] = this.given === 0 || change >= 0 ? [t("change"), Math.max(change, 0)] : [t("missing"), -change];
    return h("p", { class: "pay-change", role: "status" }, h("span", {}, label), h("strong", {}, vnd(amount)));
  }
}
