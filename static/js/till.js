// Entry of the till's pages: the till itself, counting at the end of the day, the print button of a receipt.
import { startCount } from "./till/count.js";
import { config } from "./till/config.js";
import { startTill } from "./till/till.js";

if (config) startTill();

const count = document.querySelector("[data-count]");
if (count) startCount(count);

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
