// What keys do at the till: the scanner that types, and the shortcuts.
import { isSuffix, Wedge } from "./wedge.js";

const SCAN_IN_FIELD = 8; // so many characters in a quantity field are a scan, not a quantity

export class Keyboard {
  constructor(till) {
    Object.assign(this, { till, wedge: new Wedge() });
    document.addEventListener("keydown", (event) => this.pressed(event), { capture: true });
  }

  pressed(event) {
    const field = event.target.closest?.("[data-quantity]");
    if (isSuffix(event) && this.suffix(event, field)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (this.wedge.feed(event)) this.begins(field);
    if (this.shortcut(event, field)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  // A run of keys begins: if it turns out to be a scan, the field it fell into gets its value back.
  begins(field) {
    if (field) field.dataset.before = field.value;
  }

  suffix(event, field) {
    clearTimeout(this.till.searchTimer);
    const code = this.wedge.take(event);
    if (field && code.length >= SCAN_IN_FIELD) {
      field.value = field.dataset.before;
      this.till.lookUp(code);
      return true;
    }
    if (field) {
      if (event.code === "Tab") return false;
      field.blur();
      this.till.rest();
      return true;
    }
    if (this.till.pay && code.length >= SCAN_IN_FIELD) {
      this.till.lookUp(code);
      return true;
    }
    if (this.till.pay && event.code !== "Tab" && !event.target.closest("button, a")) {
      this.till.pay.finish();
      return true;
    }
    if (!code || (this.till.view !== "sell" && code.length < SCAN_IN_FIELD)) return false;
    const typed = event.target === this.till.scanBox ? this.till.scanBox.value.trim() || code : code;
    // Letters alone are a name that somebody typed fast.
    this.till.lookUp(/\d/.test(code) ? code : typed, typed);
    return true;
  }

  shortcut(event, field) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (this.till.pay) return event.target.tagName !== "INPUT" && this.till.pay.press(event);
    if (this.till.view === "done") return this.whenDone(event);
    if (this.till.view === "refused" && event.code === "Escape") return this.till.closePay() ?? true;
    if (this.till.view !== "sell") return false;
    return field ? this.inField(event, field) : this.whenSelling(event);
  }

  whenDone(event) {
    if (event.code !== "F8") return false;
    this.till.sheet.querySelector("[data-print-link]").click();
    return true;
  }

  inField(event, field) {
    if (event.code !== "Escape") return false;
    field.value = field.defaultValue;
    this.till.rest();
    return true;
  }

  whenSelling(event) {
    const bare = this.till.scanBox.value === "";
    const { selected } = this.till.ticket;
    const acts = {
      F2: () => this.till.scanBox.focus(),
      F3: () => document.querySelector(`[data-quantity="${selected?.id}"]`)?.focus(),
      F4: () => this.till.openPay(),
      Escape: () => this.till.leaveSearch(),
      ArrowDown: bare ? () => this.till.edit(() => this.till.ticket.move(1)) : () => this.till.firstKey(),
      ArrowUp: bare && (() => this.till.edit(() => this.till.ticket.move(-1))),
      NumpadAdd: bare && selected && (() => this.till.edit(() => this.till.ticket.change(selected, 1), selected)),
      NumpadSubtract: bare && selected && (() => this.till.edit(() => this.till.ticket.change(selected, -1), selected)),
      Delete: bare && selected && (() => this.till.edit(() => this.till.ticket.remove(selected), selected)),
    };
    if (!acts[event.code]) return false;
    acts[event.code]();
    return true;
  }
}
