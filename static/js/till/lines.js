// The left side: the lines of the ticket and its total.
import { lotText } from "./articles.js";
import { config, t } from "./config.js";
import { button, fineKeyboard, h, icon, key } from "./dom.js";
import { grouped, lineTotal, vnd } from "./money.js";

const byId = (id) => document.getElementById(id);

const place = byId("ticket-count")?.textContent;

const unitText = (line) => (line.unit === "piece" ? "" : ` ${t(`unit_${line.unit}`)}`);

const pieces = (line) => `${line.quantity} × ${vnd(line.price)}`;

const weight = (line) =>
  `${grouped(line.quantity)}${unitText(line)} × ${vnd(line.price)} / ${grouped(line.per_quantity)}${unitText(line)}`;

const notes = (line) => {
  const stamps = line.serials.length ? t("stamps", { n: line.serials.length }) : null;
  return [line.unit === "piece" ? pieces(line) : weight(line), lotText(line), stamps].filter(Boolean).join(" · ");
};

// The books may be wrong, the goods are in the customer's hands: this warns and does not stop.
const scarce = (line) =>
  line.lot && line.quantity > line.on_hand
    ? h("span", { class: "badge badge-warn" }, icon("warn"), t("scarce", { n: `${grouped(line.on_hand)}${unitText(line)}` }))
    : null;

const iconButton = (name, label, act, className) =>
  button(icon(name), { class: className, "aria-label": label, title: label, onclick: act });

const quantityField = (line, act) =>
  h("input", {
    type: "number",
    inputmode: "numeric",
    min: "1",
    max: "10000",
    step: "1",
    value: line.quantity,
    "aria-label": `${t("quantity")}: ${line.name}`,
    "data-quantity": line.id,
    onchange: (event) => act.quantity(line, Math.round(Number(event.target.value))),
    onfocus: (event) => event.target.select(),
  });

const stepper = (line, act) =>
  h(
    "span",
    { class: "stepper" },
    iconButton("minus", t("less"), () => act.change(line, -1)),
    quantityField(line, act),
    iconButton("plus", t("more"), () => act.change(line, 1)),
  );

const tools = (line, act) =>
  h(
    "span",
    { class: "ticket-note row-between" },
    stepper(line, act),
    button([icon("trash"), t("remove"), key("Del")], {
      class: "btn btn-quiet is-danger",
      "aria-label": `${t("remove")}: ${line.name}`,
      onclick: () => act.remove(line),
    }),
  );

// Only the line that was touched last shows its tools, so that a usual ticket fits without scrolling.
const ticketLine = (line, selected, act) =>
  h(
    "li",
    {
      class: `ticket-line${selected ? " is-selected" : ""}`,
      onclick: (event) => event.target.closest("button, input") ?? act.select(line),
    },
    h("span", { class: "ticket-name" }, line.name, " ", h("span", { class: "soft" }, line.pack)),
    h("span", { class: "ticket-sum" }, vnd(lineTotal(line))),
    h("span", { class: "ticket-note" }, notes(line), " ", scarce(line)),
    selected ? tools(line, act) : null,
  );

const hint = (name, text) => h("li", {}, h("kbd", {}, name), " ", text);

const hints = () =>
  fineKeyboard() &&
  h(
    "ul",
    { role: "list", class: "small soft" },
    hint("F2", t("key_search")),
    hint("F3", t("quantity")),
    hint("F4", t("pay")),
    hint("↑ ↓", t("key_choose")),
    hint("Esc", t("back")),
  );

const emptyTicket = () =>
  h(
    "div",
    { class: "empty" },
    icon("qr"),
    h("p", { class: "empty-title" }, t("empty_title")),
    h("p", { class: "empty-text" }, t("empty_text")),
    hints(),
  );

export const drawTicket = (ticket, locked, act) => {
  const list = byId("ticket");
  const lines = ticket.lines.map((line) => ticketLine(line, !locked && line === ticket.selected, act));
  list.replaceChildren(lines.length ? h("ol", { role: "list" }, lines) : emptyTicket());
  list.inert = locked;
  list.querySelector(".is-selected")?.scrollIntoView({ block: "nearest" });
  byId("total").textContent = vnd(ticket.due(config.cash_step));
  const rounding = ticket.rounding(config.cash_step);
  byId("rounding").textContent = rounding ? t("rounding", { amount: vnd(rounding) }) : "";
  byId("pay").disabled = locked || lines.length === 0;
  byId("empty").hidden = locked || lines.length === 0;
  byId("ticket-count").textContent = lines.length ? t("lines", { n: lines.length }) : place;
};
