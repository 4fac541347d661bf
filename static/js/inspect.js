// The inspector's page: works without a network once it was opened and a bundle was chosen.
import { BadBundle, isOver, look, open } from "./inspect/bundle.js";
import { sendAll } from "./inspect/sender.js";
import { grouped } from "./inspect/serial.js";
import { dropBundle, keepBundle, keepReport, keptBundle, reports } from "./inspect/store.js";

const page = document.querySelector("[data-inspect]");
const part = (name) => page.querySelector(`[data-${name}]`);
const texts = JSON.parse(document.getElementById("texts").textContent);
const say = (key, values = {}) =>
  texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
const english = document.documentElement.lang === "en";
const day = (text) => text?.split("-").reverse().join("/") ?? "—";
const MOMENT = { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" };
const moment = (text) => new Date(text).toLocaleString(english ? "en-GB" : "vi-VN", MOMENT);

// How each answer looks; none of them says what is in the pack.
const LOOKS = {
  malformed: "stop",
  not_taken: "warn",
  not_issued: "stop",
  recalled: "stop",
  void: "stop",
  not_activated: "stop",
  held: "warn",
  sold: "warn",
  activated: "ok",
};

let bundle = null;
let shown = null;

const notice = (where, look, title, lines = []) => {
  where.className = `notice notice-${look}`;
  const body = document.createElement("div");
  body.className = "notice-body";
  for (const [name, text] of [["notice-title", title], ...lines.map((line) => ["", line])]) {
    const line = document.createElement("p");
    line.className = name;
    line.textContent = text;
    body.append(line);
  }
  where.replaceChildren(body);
  where.hidden = false;
};

const showBundle = () => {
  const over = bundle && isOver(bundle, new Date());
  part("check").hidden = !bundle || over;
  part("drop").hidden = !bundle;
  if (!bundle) return notice(part("bundle"), "info", say("no_bundle"));
  const values = { n: bundle.batches.length, made: moment(bundle.made), expires: moment(bundle.expires) };
  const lines = [say("bundle_made", values), bundle.signature === "good" ? say("signed") : say("cannot_verify")];
  if (over) return notice(part("bundle"), "stop", say("bundle_over", values), [say("take_new")]);
  return notice(part("bundle"), bundle.signature === "good" ? "ok" : "warn", say("bundle_ready", values), lines);
};

const take = async (text) => {
  try {
    bundle = await open(text, page.dataset.key);
    await keepBundle(text);
    showBundle();
  } catch (error) {
    if (!(error instanceof BadBundle)) throw error;
    notice(part("bundle"), "stop", say(error.message));
  }
};

const facts = ({ batch, number, recall, state }) => {
  if (!batch) return [];
  const lines = [
    [english && batch.product_en ? batch.product_en : batch.product, batch.article].filter(Boolean).join(" · "),
    say("lot_line", { lot: batch.lot, made: day(batch.made_on), expires: day(batch.expires_on) }),
    say("stamp_line", { n: number + 1, size: batch.size, ref: batch.ref }),
  ];
  if (batch.producer) lines.push(batch.producer);
  if (state === "recalled") lines.push(...[recall?.reason ?? batch.reason, recall?.advice].filter(Boolean));
  else if (batch.stars) lines.push(say("stars", { n: batch.stars, until: day(batch.stars_until) }));
  else lines.push(say("no_stars"));
  if (batch.expires_on && new Date(`${batch.expires_on}T23:59:59+07:00`) < new Date()) lines.push(say("past_date"));
  return lines;
};

const check = async (event) => {
  event.preventDefault();
  if (isOver(bundle, new Date())) return showBundle();
  shown = await look(bundle, part("code").value);
  const code = shown.code.length === 16 ? grouped(shown.code) : shown.code;
  notice(part("answer"), LOOKS[shown.state], say(shown.state), [code, say("as_of", { made: moment(bundle.made) }), ...facts(shown)]);
  part("report").hidden = false;
  part("code").select();
};

const report = async (event) => {
  event.preventDefault();
  const note = part("note").value.trim();
  await keepReport({
    key: crypto.randomUUID(),
    pass: bundle.pass,
    code: shown.code,
    text: [say(shown.state), note].filter(Boolean).join("\n").slice(0, 2000),
    where: part("where").value.trim().slice(0, 200),
    at: new Date().toISOString(),
  });
  part("note").value = "";
  part("report").hidden = true;
  await deliver();
};

const showQueue = ({ waiting, refused }) => {
  if (refused) notice(part("queue"), "warn", say("refused", { n: refused }));
  else if (waiting) notice(part("queue"), "info", say("waiting", { n: waiting }));
  else if (!part("queue").hidden) notice(part("queue"), "ok", say("all_sent"));
};

const deliver = async () => {
  showQueue({ waiting: (await reports()).length, refused: 0 });
  await sendAll(page.dataset.reports, showQueue);
};

page.hidden = false;
part("file").addEventListener("change", async ({ target }) => {
  const text = await target.files[0]?.text();
  target.value = ""; // the same name may be chosen again
  if (text !== undefined) await take(text);
});
part("drop").addEventListener("click", async () => {
  await dropBundle();
  bundle = null;
  part("answer").hidden = part("report").hidden = true;
  showBundle();
});
part("check").addEventListener("submit", check);
part("report").addEventListener("submit", report);
addEventListener("online", deliver);
// A page that stays open over the end of the week must say so.
document.addEventListener("visibilitychange", () => document.hidden || showBundle());
navigator.serviceWorker?.register(page.dataset.worker, { scope: page.dataset.scope });
const kept = await keptBundle();
if (kept) await take(kept);
else showBundle();
await deliver();
