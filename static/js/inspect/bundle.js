// The file that was taken along: whether it is ours, whether it is still good, and what it says of a code.
import { bytesOf, numberOf, parse } from "./serial.js";

const FORMAT = "phohien-inspection-1";

export class BadBundle extends Error {}

// Whether the signature fits: "good", "wrong", or "unable" where the browser knows no Ed25519.
const judge = async ({ content, signature, public_key: key }, trusted) => {
  if (!trusted || key !== trusted) return "wrong";
  const text = new TextEncoder().encode(content);
  try {
    const known = await crypto.subtle.importKey("raw", bytesOf(key), "Ed25519", false, ["verify"]);
    return (await crypto.subtle.verify("Ed25519", known, bytesOf(signature), text)) ? "good" : "wrong";
  } catch (error) {
    if (error.name === "NotSupportedError") return "unable";
    return "wrong";
  }
};

// Read a file; throws BadBundle with the key of a sentence.
export const open = async (text, trusted) => {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new BadBundle("not_a_bundle");
  }
  if (typeof file?.content !== "string" || typeof file?.signature !== "string") throw new BadBundle("not_a_bundle");
  const signature = await judge(file, trusted);
  if (signature === "wrong") throw new BadBundle("wrong_signature");
  const content = JSON.parse(file.content);
  if (content.format !== FORMAT) throw new BadBundle("not_a_bundle");
  return { ...content, signature };
};

export const isOver = (bundle, now) => now >= new Date(bundle.expires);

const within = (number) => ({ first, last }) => first <= number && number <= last;

const stateOf = (batch, number) => {
  const single = batch.singles.find(([at]) => at === number)?.[1];
  const run = batch.ranges.find(([first, last]) => first <= number && number <= last)?.[2];
  if (single === "void" || run === "void") return "void";
  if (single === "sold") return "sold";
  return run ? "activated" : "not_activated";
};

// What is known of a code: {state, batch, number, recall}. Safety comes first.
export const look = async (bundle, typed) => {
  const code = parse(typed);
  if (!code) return { state: "malformed", code: typed.trim().slice(0, 100) };
  const batch = bundle.batches.find(({ ref }) => code.startsWith(ref));
  if (!batch) return { state: "not_taken", code };
  const number = await numberOf(batch, code);
  if (number === null) return { state: "not_issued", code, ref: batch.ref };
  const recall = batch.recalls.find(within(number));
  const found = { code, batch, number, recall };
  if (recall || batch.lot_state === "recalled") return { ...found, state: "recalled" };
  const state = stateOf(batch, number);
  if (state !== "void" && state !== "not_activated" && batch.lot_state === "held") return { ...found, state: "held" };
  return { ...found, state };
};
