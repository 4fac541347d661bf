// What became of the sale: being booked, not answered yet, refused, or done.
import { config, t } from "./config.js";
import { button, h, icon, key } from "./dom.js";
import { vnd } from "./money.js";

const notice = (kind, mark, title, text, ...more) =>
  h(
    "div",
    { class: `notice notice-${kind}`, role: kind === "stop" ? "alert" : "status" },
    icon(mark),
    h("div", { class: "notice-body" }, title ? h("p", { class: "notice-title" }, title) : null, h("p", {}, text), ...more),
  );

const show = (panel, ...children) => {
  panel.className = "pay";
  panel.replaceChildren(...children.filter(Boolean));
  panel.querySelector("[data-first]")?.focus();
};

export const message = (place, kind, text, ...more) =>
  place.replaceChildren(text ? notice(kind, kind, null, text, ...more) : "");

export const drawSending = (panel) => show(panel, h("p", { class: "empty-title" }, t("sending")), h("progress", { class: "progress" }));

export const drawUnsent = (panel, answer, retry) =>
  show(
    panel,
    answer?.status === 401
      ? notice("stop", "stop", t("unsent"), t("signed_out"), h("a", { class: "btn", href: config.sign_in_url }, t("try_again")))
      : notice("warn", "warn", t("unsent"), t("unsent_text")),
    answer?.status === 401 ? null : button([t("try_again"), key("Enter")], { class: "btn btn-large btn-wide", "data-first": true, onclick: retry }),
  );

export const drawRefused = (panel, answer, back) =>
  show(
    panel,
    notice("stop", "stop", t("refused"), answer.body?.message ?? t("failed", { code: answer.status })),
    h("p", { class: "soft" }, t("refused_text")),
    button([t("back"), key("Esc")], { class: "btn btn-large btn-wide", "data-first": true, onclick: back }),
  );

export const drawDone = (panel, sale, tendered, next) =>
  show(
    panel,
    h("p", { class: "row" }, h("span", { class: "badge badge-ok" }, icon("check"), t("done")), h("span", { class: "code" }, sale.number)),
    h("div", { class: "ticket-total-row" }, h("span", {}, t("total")), h("strong", { class: "num" }, vnd(sale.total))),
    h("div", { class: "ticket-total-row" }, h("span", {}, t("given_cash")), h("strong", { class: "num" }, vnd(tendered))),
    h("p", { class: "pay-change", role: "status" }, h("span", {}, t("change")), h("strong", { class: "ticket-total-sum" }, vnd(sale.change))),
    sale.discrepancies.length
      ? notice("warn", "warn", null, t("flagged", { n: sale.discrepancies.length }))
      : null,
    h("a", { class: "btn btn-large btn-wide btn-secondary", href: sale.receipt_url, target: "_blank", rel: "noopener", "data-print-link": true },
      icon("printer"), t("print"), key("F8")),
    button([t("next"), key("Enter")], { class: "btn btn-large btn-wide", "data-first": true, onclick: next }),
  );
