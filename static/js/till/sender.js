// Sends one sale until the server has answered it. It is always the same body under the same key, so a sale whose
// answer was lost is not booked a second time.
import { isAbsent, sell } from "./server.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 15000;

export class Sender {
  #timer = null;
  #busy = false;
  #wait = FIRST_WAIT;

  // `answered(answer)` hears the final answer, `waiting(answer)` that there is none yet.
  constructor({ answered, waiting }) {
    Object.assign(this, { answered, waiting, sale: null });
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  send(sale) {
    this.sale = sale;
    this.#wait = FIRST_WAIT;
    return this.now();
  }

  async now() {
    if (!this.sale || this.#busy) return;
    clearTimeout(this.#timer);
    this.#busy = true;
    const answer = await sell(this.sale);
    this.#busy = false;
    if (answer.status === 401) this.waiting(answer);
    else if (isAbsent(answer)) this.#later(answer);
    else this.#end(answer);
  }

  #later(answer) {
    this.waiting(answer);
    this.#timer = setTimeout(() => this.now(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
  }

  #end(answer) {
    const { sale } = this;
    this.sale = null;
    this.answered(answer, sale);
  }
}
