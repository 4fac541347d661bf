// The right side while selling: keys of what sells often, or what a search found.
import { t } from "./config.js";
import { button, h } from "./dom.js";
import { day, grouped, vnd } from "./money.js";

const price = (article) => {
  if (article.unit === "piece") return vnd(article.price);
  return `${vnd(article.price)} / ${grouped(article.per_quantity)} ${t(`unit_${article.unit}`)}`;
};

const stock = (article) => {
  if (article.on_hand < 1) return t("none_here");
  const unit = article.unit === "piece" ? "" : ` ${t(`unit_${article.unit}`)}`;
  return t("on_hand", { n: `${grouped(article.on_hand)}${unit}` });
};

const articleKey = (article, choose) =>
  button(
    [
      h("span", {}, article.name, " ", h("span", { class: "soft" }, article.pack)),
      h("span", { class: "key-price" }, price(article), h("br"), stock(article)),
    ],
    { class: `key${article.on_hand < 1 ? " key-warn" : ""}`, onclick: () => choose(article) },
  );

export const drawArticles = (panel, articles, emptyText, choose) => {
  panel.className = "keys";
  panel.replaceChildren(
    ...(articles.length
      ? articles.map((article) => articleKey(article, choose))
      : [h("p", { class: "soft" }, emptyText)]),
  );
};

export const lotText = (line) => {
  if (!line.lot) return t("no_stock");
  const { code: lot, expires_on: expires } = line.lot;
  return expires ? t("lot_expires", { lot, day: day(expires) }) : t("lot", { lot });
};
