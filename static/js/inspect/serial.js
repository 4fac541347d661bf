// Codes of stamps: reading what was typed or scanned, and finding the number in the batch.
import { Ff1 } from "./ff1.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE = new RegExp(`^[${ALPHABET}]{16}$`);
const ADDRESS = /\/(?:t|tem|01\/\d{14}(?:\/10\/[^/?#]+)?\/21)\/([^/?#]+)\/?(?:[?#].*)?$/i;

// The canonical code, or null: any case, blanks, dashes, O for 0, I and L for 1; an address too.
export const parse = (text) => {
  const typed = (ADDRESS.exec(text.trim())?.[1] ?? text).toUpperCase().replace(/[\s-]/g, "");
  const code = typed.replace(/O/g, "0").replace(/[IL]/g, "1");
  return CODE.test(code) ? code : null;
};

export const grouped = (code) => code.match(/.{4}/g).join(" ");

export const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

const half = (digits) => [...digits].reduce((value, digit) => value * 32 + ALPHABET.indexOf(digit), 0);

// The number of the stamp in its batch, from 0, or null when the code was never issued in it.
export const numberOf = async (batch, code) => {
  const tweak = new TextEncoder().encode(batch.identity + batch.ref);
  const cipher = await Ff1.of(bytesOf(batch.key), tweak);
  const [high, low] = await cipher.decrypt(half(code.slice(4, 10)), half(code.slice(10)));
  // 24 bits of number, then 36 zeros: 6 in the first half, 30 in the second.
  if (low !== 0 || high % 64 !== 0) return null;
  const number = high / 64;
  return number < batch.size ? number : null;
};
