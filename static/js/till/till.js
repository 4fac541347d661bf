// The till: scanning, ticket, paying, and what the keyboard does. The pieces are in the modules beside this one.
import { drawArticles } from "./articles.js";
import { config, t } from "./config.js";
import { button, fineKeyboard, icon, wide } from "./dom.js";
import * as draft from "./draft.js";
import { Keyboard } from "./keyboard.js";
import { drawTicket } from "./lines.js";
import { drawDone, drawRefused, drawSending, drawUnsent, message } from "./outcome.js";
import { Pay } from "./pay.js";
import { Sender } from "./sender.js";
import * as server from "./server.js";
import { Ticket } from "./ticket.js";

const PAUSE = 250; // after the last letter before a search
const REFRESH = 60000; // stock on the keys grows stale
const RECONNECT = 5000;

const byId = (id) => document.getElementById(id);

class Till {
  constructor() {
    const saved = draft.load();
    Object.assign(this, { ticket: new Ticket(saved.ticket), pending: saved.pending ?? null, view: "sell" });
    Object.assign(this, { keys: [], found: null, searches: 0, pay: null, queue: Promise.resolve(), held: [] });
    Object.assign(this, { panel: byId("panel"), scanBox: byId("scan"), notice: byId("message"), dialog: byId("sheet") });
    this.menu = document.querySelector("[data-till-menu]");
    this.sender = new Sender({ answered: (answer, sale) => this.answered(answer, sale), waiting: (answer) => this.waiting(answer) });
    this.listen();
    for (const hint of document.querySelectorAll("[data-key]")) hint.hidden = !fineKeyboard();
    this.draw();
    this.refreshKeys();
    if (this.pending) this.resend();
    else if (this.ticket.lines.length) message(this.notice, "info", t("restored"));
    this.rest();
  }

  // Where the hand rests: the scan box, except where that would open a virtual keyboard.
  rest() {
    if (fineKeyboard() && this.view === "sell") this.scanBox.focus();
  }

  get locked() {
    return this.view !== "sell";
  }

  draw() {
    drawTicket(this.ticket, this.locked, {
      change: (line, by) => this.edit(() => this.ticket.change(line, by), line),
      quantity: (line, n) => this.edit(() => Number.isFinite(n) && this.ticket.setQuantity(line, n), line),
      remove: (line) => this.edit(() => this.ticket.remove(line), line),
      select: (line) => this.edit(() => { this.ticket.state.selected = line.id; }),
    });
    byId("scan-form").hidden = this.locked;
    this.openSheet();
    if (!this.locked) this.drawArticles();
    draft.save(this.ticket, this.pending);
  }

  // Paying takes the place of the keys; on a small screen it lies over the ticket.
  get sheet() {
    return this.dialog.open ? byId("sheet-panel") : this.panel;
  }

  openSheet() {
    if (this.locked && !wide() && !this.dialog.open) this.dialog.showModal();
    if (!this.locked && this.dialog.open) this.dialog.close();
  }

  drawArticles() {
    const [articles, empty] = this.found
      ? [this.found.articles, t("nothing_found", { text: this.found.text })]
      : [this.keys, t("no_keys")];
    drawArticles(this.panel, articles, empty, (article) => this.add(article));
  }

  // Every change of the ticket by hand: what goes can be brought back.
  edit(change, line = null) {
    this.ticket.before = null;
    change();
    const gone = line && !this.ticket.lines.includes(line);
    if (gone) this.offerUndo(t("removed", { name: line.name }));
    else message(this.notice, "ok", "");
    this.draw();
    this.rest();
  }

  empty() {
    this.ticket.empty();
    this.offerUndo(t("emptied"));
    this.draw();
    this.rest();
  }

  offerUndo(text) {
    const undo = () => {
      this.ticket.undo();
      message(this.notice, "ok", "");
      this.draw();
      this.rest();
    };
    message(this.notice, "info", text, button(t("undo"), { class: "btn btn-secondary", onclick: undo }));
  }

  add(article) {
    const line = this.ticket.add(article);
    this.forgetSearch();
    this.scanBox.value = "";
    if (line) message(this.notice, "ok", "");
    else message(this.notice, "stop", t("twice"));
    this.draw();
    this.rest();
  }

  // Scans wait for each other: a fast hand loses none and their order stays.
  lookUp(code, typed = code) {
    if (this.view === "pay") this.closePay();
    if (this.view === "done") this.nextCustomer();
    if (this.locked) {
      this.held.push(code);
      return;
    }
    this.forgetSearch();
    this.scanBox.value = "";
    this.queue = this.queue.then(() => this.scanned(code, typed));
  }

  async scanned(code, typed) {
    const answer = await server.scan(code);
    this.heard(answer);
    if (answer.status === 200) this.add(answer.body);
    else if (answer.body?.code === "unknown_code" && /\D/.test(typed)) await this.search(typed, answer.body.message);
    else if (server.isAbsent(answer)) message(this.notice, "warn", t("kept_code"));
    else message(this.notice, "stop", answer.body?.message ?? t("failed", { code: answer.status }));
  }

  // A search that was overtaken by a scan or a later search is dropped. After Enter the first result gets the
  // focus, so that Enter once more takes it.
  async search(text, otherwise = null) {
    const number = (this.searches += 1);
    const answer = await server.search(text);
    this.heard(answer);
    if (number !== this.searches) return;
    if (answer.status !== 200) {
      message(this.notice, "warn", server.isAbsent(answer) ? t("kept_code") : answer.body?.message ?? "");
      return;
    }
    this.found = { text, articles: answer.body.articles };
    message(this.notice, "stop", otherwise && answer.body.articles.length === 0 ? otherwise : "");
    if (this.locked) return;
    this.drawArticles();
    if (otherwise && fineKeyboard()) this.firstKey();
  }

  firstKey() {
    this.panel.querySelector(".key")?.focus();
  }

  forgetSearch() {
    clearTimeout(this.searchTimer);
    this.searches += 1;
    this.found = null;
  }

  typedSomething() {
    const text = this.scanBox.value.trim();
    const had = this.found;
    if (text.length >= 2 && !/^[\d\s/:.-]+$/.test(text)) {
      clearTimeout(this.searchTimer);
      this.searchTimer = setTimeout(() => this.search(text), PAUSE);
      return;
    }
    this.forgetSearch();
    if (had) this.drawArticles();
  }

  async refreshKeys() {
    const answer = await server.keys();
    this.heard(answer);
    if (answer.status === 200) this.keys = answer.body.articles;
    if (answer.status === 409 && answer.body.code === "session_closed") message(this.notice, "stop", t("closed"));
    if (!this.locked && !this.found) this.drawArticles();
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => this.refreshKeys(), answer.status === 0 ? RECONNECT : REFRESH);
  }

  // Connected means that our server answered; the browser's own opinion is not asked.
  heard(answer) {
    const conn = byId("conn");
    const reached = answer.status !== 0;
    conn.classList.toggle("conn-off", !reached);
    conn.replaceChildren(icon(reached ? "wifi" : "wifi-off"), reached ? t("online") : t("offline"));
    if (answer.status === 401) message(this.notice, "stop", t("signed_out"));
    if (!reached) this.soon();
  }

  soon() {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => this.refreshKeys(), RECONNECT);
  }

  openPay() {
    if (this.locked || this.ticket.lines.length === 0) return;
    this.view = "pay";
    message(this.notice, "ok", "");
    this.draw();
    this.pay = new Pay(this.sheet, this.ticket.due(config.cash_step), {
      take: (given) => this.take(given),
      back: () => this.closePay(),
    });
    document.activeElement?.blur();
  }

  closePay() {
    this.pay = null;
    this.view = "sell";
    this.draw();
    this.rest();
    for (const code of this.held.splice(0)) this.lookUp(code);
  }

  take(given) {
    this.pay = null;
    this.pending = this.ticket.toSale(config.session, given, new Date().toISOString());
    this.resend();
  }

  resend() {
    this.view = "sending";
    this.draw();
    drawSending(this.sheet);
    this.sender.send(this.pending);
  }

  waiting(answer) {
    this.heard(answer);
    this.view = "unsent";
    this.drawUnsentCount();
    this.draw();
    drawUnsent(this.sheet, answer, () => this.sender.now());
  }

  drawUnsentCount() {
    byId("unsent").hidden = !this.pending;
    byId("unsent").textContent = this.pending ? t("waiting") : "";
  }

  answered(answer, sale) {
    this.heard(answer);
    this.pending = null;
    this.drawUnsentCount();
    if (answer.status !== 200) {
      this.view = "refused";
      this.draw();
      drawRefused(this.sheet, answer, () => this.closePay());
      return;
    }
    this.view = "done";
    this.ticket = new Ticket();
    this.draw();
    drawDone(this.sheet, answer.body, sale.tendered, () => this.nextCustomer());
  }

  nextCustomer() {
    this.forgetSearch();
    this.closePay();
    this.refreshKeys();
  }

  listen() {
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.keyboard = new Keyboard(this);
    byId("scan-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.scanBox.value.trim();
      if (text) this.lookUp(text);
    });
    this.scanBox.addEventListener("input", () => this.typedSomething());
    byId("pay").addEventListener("click", () => this.openPay());
    byId("empty").addEventListener("click", () => this.empty());
    document.addEventListener("pointerup", (event) => {
      if (!event.target.closest("input, a, summary, button")) this.rest();
      if (!event.target.closest("[data-till-menu]")) this.menu.open = false;
    });
  }

  leaveSearch() {
    this.scanBox.value = "";
    this.forgetSearch();
    this.menu.open = false;
    message(this.notice, "ok", "");
    this.drawArticles();
    this.rest();
  }
}

export const startTill = () => new Till();
