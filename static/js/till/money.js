// Whole đồng, rounded as the server rounds: half up. The numbers stay far below 2^53.
export const roundDiv = (numerator, denominator) =>
  Math.sign(numerator) * Math.floor((2 * Math.abs(numerator) + denominator) / (2 * denominator));

export const lineTotal = (line) => roundDiv(line.price * line.quantity, line.per_quantity);

export const cashRounding = (total, step) => (step > 1 ? roundDiv(total, step) * step - total : 0);

export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");

export const vnd = (amount) => `${amount < 0 ? "−" : ""}${grouped(Math.abs(amount))}\u00a0₫`;

export const day = (iso) => iso.split("-").reverse().join("/");
