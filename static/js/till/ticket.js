// The ticket: what the customer wants to buy. Pure state; nothing here knows the page or the network.
import { cashRounding, lineTotal } from "./money.js";

const MOST = 10000;

export const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

const fresh = () => ({ key: newKey(), lines: [], selected: null, next: 1 });

// Goods by weight are added by the amount that their price is for.
const step = (line) => (line.unit === "piece" ? 1 : line.per_quantity);

export class Ticket {
  constructor(saved = null) {
    this.state = saved ?? fresh();
    this.before = null;
  }

  get lines() {
    return this.state.lines;
  }

  get key() {
    return this.state.key;
  }

  get selected() {
    return this.lines.find((line) => line.id === this.state.selected) ?? null;
  }

  get subtotal() {
    return this.lines.reduce((sum, line) => sum + lineTotal(line), 0);
  }

  rounding(cashStep) {
    return cashRounding(this.subtotal, cashStep);
  }

  due(cashStep) {
    return this.subtotal + this.rounding(cashStep);
  }

  has(serial) {
    return this.lines.some((line) => line.serials.includes(serial));
  }

  // Returns the line, or null for a stamp that is on the ticket already. A stamp fixes its lot; goods without
  // one take whichever lot the books propose when the sale is booked.
  add(article) {
    if (article.serial && this.has(article.serial)) return null;
    const lotId = article.serial ? article.lot.id : null;
    const same = (line) =>
      line.sku_id === article.sku_id && line.lot_id === lotId && line.price === article.price;
    let line = this.lines.find(same);
    if (!line) {
      line = { ...article, id: this.state.next++, lot_id: lotId, serials: [], quantity: 0 };
      delete line.serial;
      this.lines.push(line);
    }
    line.on_hand = article.on_hand;
    line.lot = article.lot;
    if (article.serial) line.serials.push(article.serial);
    line.quantity = Math.min(line.quantity + (article.serial ? 1 : step(line)), MOST);
    this.state.selected = line.id;
    this.before = null;
    return line;
  }

  change(line, direction) {
    this.setQuantity(line, line.quantity + direction * step(line));
  }

  // Fewer units than stamps: the stamps scanned last come off.
  setQuantity(line, quantity) {
    if (quantity < 1) {
      this.remove(line);
      return;
    }
    line.quantity = Math.min(quantity, MOST);
    line.serials.length = Math.min(line.serials.length, line.quantity);
    this.state.selected = line.id;
  }

  remove(line) {
    this.remember();
    const at = this.lines.indexOf(line);
    this.lines.splice(at, 1);
    this.state.selected = (this.lines[at] ?? this.lines[at - 1])?.id ?? null;
  }

  empty() {
    this.remember();
    this.state = fresh();
  }

  remember() {
    this.before = structuredClone(this.state);
  }

  undo() {
    if (this.before) this.state = this.before;
    this.before = null;
  }

  move(direction) {
    const at = this.lines.indexOf(this.selected);
    const line = this.lines[Math.min(Math.max(at + direction, 0), this.lines.length - 1)];
    this.state.selected = line?.id ?? null;
  }

  // The one body of the sale. It is sent again unchanged until the server has answered.
  toSale(session, tendered, soldAt) {
    const lines = this.lines.map((line) => ({
      sku_id: line.sku_id,
      quantity: line.quantity,
      unit_price: line.price,
      lot_id: line.lot_id,
      serials: line.serials,
    }));
    return { session, key: this.key, lines, tendered, sold_at: soldAt };
  }
}
