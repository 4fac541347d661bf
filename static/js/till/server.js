// Talking to the server. An answer is { status, body }; no answer in time is { status: 0 }.
import { config } from "./config.js";

const PATIENCE = 8000;

const token = () => document.querySelector('meta[name="csrf-token"]').content;

const call = async (address, options = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(address, {
      ...options,
      signal: stop.signal,
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...options.headers },
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
};

const ask = (address, values) => {
  const query = new URLSearchParams({ session: config.session, ...values });
  return call(`${address}?${query}`);
};

export const scan = (code) => ask(config.scan_url, { code });
export const search = (q) => ask(config.search_url, { q });
export const keys = () => ask(config.keys_url, {});

export const sell = (sale) =>
  call(config.sales_url, {
    method: "POST",
    body: JSON.stringify(sale),
    headers: { "Content-Type": "application/json" },
  });

// The server cannot be reached or is too busy: the same may succeed later.
export const isAbsent = ({ status }) => [0, 429, 502, 503, 504].includes(status);
