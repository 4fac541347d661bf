// Sends reports when there is a network. Each has a key: sent twice, it is one report.
import { dropReport, reports } from "./store.js";

const TIMEOUT = 20_000;

// "sent", "refused" (it will never be taken), or "later".
const send = async (address, report) => {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(report),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (answer.ok) return "sent";
    return answer.status >= 500 || answer.status === 429 ? "later" : "refused";
  } catch {
    return "later";
  }
};

let busy = false;

// Send all that wait; `told({waiting, refused})` hears how many are left, and how many were refused.
export const sendAll = async (address, told) => {
  if (busy) return;
  busy = true;
  let refused = 0;
  try {
    for (const report of navigator.onLine ? await reports() : []) {
      const outcome = await send(address, report);
      if (outcome === "sent") await dropReport(report.key);
      if (outcome === "refused") refused += 1;
      if (outcome === "later") break;
    }
  } finally {
    busy = false;
    told({ waiting: (await reports()).length, refused });
  }
};
