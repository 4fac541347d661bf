// A scanner that types like a keyboard. Physical keys are read, so that Telex and other layouts do no harm; the
// suffix key alone decides that something was scanned, never the speed of typing.
const GAP = 150;
const SHORTEST = 6;

const PUNCTUATION = {
  Minus: "-", NumpadSubtract: "-", Slash: "/", NumpadDivide: "/", Period: ".", NumpadDecimal: ".",
  Equal: "=", Backquote: "`",
};

const character = (event) => {
  const plain = event.code.match(/^(?:Digit|Numpad|Key)([0-9A-Z])$/);
  if (plain) return plain[1];
  if (event.code === "Semicolon") return event.shiftKey ? ":" : ";";
  return PUNCTUATION[event.code] ?? "";
};

export const isSuffix = (event) => ["Enter", "NumpadEnter", "Tab"].includes(event.code);

export class Wedge {
  #text = "";
  #last = 0;

  // Each key goes through here. Returns true when a new run of keys begins.
  feed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const read = character(event);
    if (!read) {
      if (event.key !== "Shift") this.clear();
      return false;
    }
    const begins = this.#text === "" || event.timeStamp - this.#last > GAP;
    this.#text = begins ? read : this.#text + read;
    this.#last = event.timeStamp;
    return begins;
  }

  // What was typed in one go before the suffix key; empty when it was too short or too long ago.
  take(event) {
    const text = event.timeStamp - this.#last <= GAP ? this.#text : "";
    this.clear();
    return text.length >= SHORTEST ? text : "";
  }

  clear() {
    this.#text = "";
  }
}
