// What a reload must not lose: the ticket, and the sale that has been sent but not answered.
import { config } from "./config.js";

const place = () => `till:${config.session}`;

export const load = () => {
  try {
    return JSON.parse(sessionStorage.getItem(place())) ?? {};
  } catch {
    return {};
  }
};

export const save = (ticket, pending) => {
  try {
    sessionStorage.setItem(place(), JSON.stringify({ ticket: ticket.state, pending }));
  } catch {
    // Storage that is full or forbidden takes the comfort away, not the till.
  }
};
