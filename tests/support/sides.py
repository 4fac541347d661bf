"""One side of the programme: a producer with goods and stamps, a point with a till, and its people."""

import os
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope, producer_scope
from app.accounts.models import Role, User
from app.content import blocks, news
from app.content.models import BlockKind
from app.storefront import addresses, cart
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    activate,
    add_photo,
    make_batch,
    make_completed,
    make_lot,
    make_order,
    make_place,
    make_producer,
    make_product,
    make_question,
    make_register,
    make_review,
    make_sku,
    make_user,
    picture_bytes,
    recognise,
    serial_of,
    stock_up,
)
from builders_aftersales import grant, make_bought, make_case
from builders_api import make_dead, make_token, make_webhook
from builders_invoicing import Fake, make_invoice, make_issued, make_sold, refund
from builders_payments import make_prepaid, make_refund, payment_of
from builders_promotions import make_voucher
from builders_resolver import add_link
from builders_shipping import make_packed, make_parcel
from catalog import channel_links, evidence, photo_files
from catalog.evidence import Paper, PaperFile
from catalog.files import Accepted
from catalog.models import Producer, Product, Sku
from catalog.offer_models import ChannelLink
from catalog.recognition_models import EvidenceKind
from catalog.vat import VatClass
from pos.aftersales import pictures
from pos.counter import discrepancies, sessions
from pos.counter.models import DiscrepancyKind
from pos.counter.posting import SaleLine
from pos.invoicing import sending
from pos.promotions.plan import Goods
from pos.recalls import acting
from pos.sales import bank_entries, notices, paying, refunds
from pos.sales.bank_lines import Line
from pos.sales.notices import Notice
from pos.sales.status import Tender
from pos.shipping import remittances
from pos.shipping.remittances import Entry, Head
from pos.stock.models import Movement, Place, StockAlert
from support.counter import Counter
from traceability import cases as stamp_cases
from traceability import doubts, prints, stamps
from traceability.clones import Finding
from traceability.gs1 import demo_gtin
from traceability.history_models import RecallKind
from traceability.models import Lot, StampBatch
from traceability.print_models import PrintKind
from traceability.printing import layouts
from traceability.recalls import Target, Words
from traceability.scan_models import CaseKind, StampCase
from traceability.scans import VerdictKind

Side = dict[str, Any]
People = dict[str, User]

PAPER = Accepted(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")
PICTURE = picture_bytes()
STEPS = ("requested", "approved", "issued", "printed")


def make_side(session: Session, name: str, password_hash: str) -> tuple[Side, People]:
    """Everything that an address can name, by the name it has there; and who works with it."""
    point = make_place(session, name=f"Điểm bán {name}")
    producer = make_producer(session, name=f"HTX {name}")
    product = make_product(session, publish=True, name_vi=f"Nhãn {name}", producer=producer)
    sku = product.skus[0]
    people = _people(session, point, producer_scope(producer.id), password_hash)
    recognition = recognise(session, product, 4)
    side: Side = {
        "producer_id": producer.id,
        "producer_slug": producer.slug,
        "producer": producer.name,
        "product_id": product.id,
        "product": product.name_vi,
        "slug": product.slug,
        "category_id": product.category_id,
        "recognition_id": recognition.id,
        "decision_id": recognition.decision_id,
        "sku_id": sku.id,
        "sku_code": sku.code,
        "place_id": point.id,
        "place": point.name,
        "user_id": people["cashier"].id,
        "grant_id": people["cashier"].grants[0].id,
        "email": people["customer"].email,
        "kind": "product",
        "form": "csv",
    }
    side |= _content(session, name)
    side |= _draft(session, producer) | _surroundings(session, product)
    side |= _stock(session, point, sku)
    lot = session.get_one(Lot, side["lot_id"])
    side |= _stamps(session, lot) | _till(session, point, sku, lot, people["cashier"])
    side |= _numbered(session, point, producer, lot)
    side |= _watched(session, session.get_one(StampBatch, side["batch_id"]), lot)
    side |= _promotion(session, point, name)
    side |= _shipping(session, point, sku)
    side |= _money(session, point, sku, people["customer"])
    side |= _invoices(session, point, sku)
    side |= _connections(session)
    side |= _cases(session, point, sku, people["customer"])
    return side | _web(session, point, sku, people["customer"], name), people


def _numbered(session: Session, point: Place, producer: Producer, lot: Lot) -> Side:
    """What the resolver finds by a GLN, and a link that staff added."""
    point.gln = demo_gtin(point.id.int % 10**9)
    producer.gln = demo_gtin(producer.id.int % 10**9)
    session.flush()
    link = add_link(session, f"/414/{point.gln}")
    return {
        "gln_rest": point.gln,
        "party_rest": producer.gln,
        "place_code": point.code,
        "lot_code": lot.code,
        "resolver_link_id": link.id,
    }


def _promotion(session: Session, point: Place, name: str) -> Side:
    """A promotion that holds at the point alone."""
    here, code = Goods(places=frozenset({point.id})), name.replace(" ", "")
    made = make_voucher(session, code, name_vi=f"Mừng mùa {name}", reach=here)
    return {"promotion_id": made.id, "promotion": made.terms.name_vi}


def _people(session: Session, point: Place, producer: str, password_hash: str) -> People:
    here = place_scope(point.id)
    scopes = {
        Role.CUSTOMER: "*",
        Role.PRODUCER: producer,
        Role.CASHIER: here,
        Role.POINT_MANAGER: here,
        Role.STOCK_KEEPER: here,
        Role.OFFICER: "*",
    }
    return {
        role.value: make_user(session, role, scope, password_hash=password_hash)
        for role, scope in scopes.items()
    }


def _content(session: Session, name: str) -> Side:
    """A block of the home page, and news that everyone may read."""
    block = blocks.add(session, BlockKind.TEXT, blocks.Content(body_vi=name), **BY_NOBODY)
    item = news.draft(session, news.Words(f"Tin {name}", "Tóm tắt", "Nội dung"), **BY_NOBODY)
    news.publish(session, item, **BY_NOBODY)
    return {
        "block_id": block.id,
        "block_kind": "text",
        "item_id": item.id,
        "news_slug": item.slug,
    }


def _draft(session: Session, producer: Producer) -> Side:
    """A product that is not offered yet, with a paper."""
    product = make_product(session, producer=producer)
    file = PaperFile(PAPER.sha256, PAPER.media_type, "vietgap.pdf")
    paper = Paper(EvidenceKind.VIETGAP)
    filed = evidence.attach(session, product, paper, file, for_producer=False, **BY_NOBODY)
    return {"hidden_id": product.id, "paper_id": filed.id}


def _surroundings(session: Session, product: Product) -> Side:
    """A photograph of the product and its page in another shop."""
    photo = add_photo(session, product, PICTURE)
    channel_links.add(session, product, "https://shopee.vn/nhan", **BY_NOBODY)
    link = session.scalars(select(ChannelLink).filter_by(product_id=product.id)).one()
    name = photo_files.name_of(photo.sha256, photo.width, "jpg")
    return {"photo_id": photo.id, "link_id": link.id, "file_name": name}


def _stock(session: Session, point: Place, sku: Sku) -> Side:
    """A lot on sale, one that nobody buys, and one that is still a draft."""
    lot = stock_up(session, point, sku, 20)
    spare = stock_up(session, point, make_sku(session, sku.product), 5)
    session.add(StockAlert(place=point, sku=spare.sku, left=5, threshold=5, raised_at=NOW))
    movement = session.scalars(select(Movement).filter_by(lot_id=spare.id)).one()
    return {
        "lot_id": lot.id,
        "lot": lot.code,
        "spare_id": spare.id,
        "draft_id": make_lot(session, sku, release=False).id,
        "movement_id": movement.id,
    }


def _stamps(session: Session, lot: Lot) -> Side:
    """A batch at each step of its life, and the serials of the last one, of which ten are active."""
    batch = make_batch(session, lot, 30)
    activate(session, batch, 0, 9)
    waiting = {f"{name}_id": _batch_at(session, lot, step) for step, name in enumerate(STEPS)}
    serial = serial_of(batch, 0)
    link = f"{lot.sku.gtin:0>14}/21/{serial}"
    waiting |= _prints(session, batch)
    return waiting | {"batch_id": batch.id, "batch": batch.ref, "code": serial, "_rest": link}


def _watched(session: Session, batch: StampBatch, lot: Lot) -> Side:
    """A case of a likely copy, a doubt with its picture, and a drill of a recall."""
    subject, finding = f"code:{batch.id}:0", Finding(60, {"repeat": 9})
    values: dict[str, Any] = {"kind": CaseKind.CODE, "batch_id": batch.id, "number": 0}
    stamp_cases.report(session, subject, values, finding, now=NOW)
    told = doubts.Told(str(batch.id), batch.ref, "Tem bị dán đè", None, None, "vi")
    draw: dict[str, Any] = {"now": NOW, "randomness": os.urandom}
    doubt = doubts.tell(session, told, VerdictKind.UNKNOWN, None, [], **draw)
    how: dict[str, Any] = {"key": str(lot.id), "keys": STAMP_KEYS, **BY_NOBODY}
    recall = acting.start(session, Target(lot), RecallKind.DRILL, Words("Diễn tập"), **how)
    return {
        "stamp_case_id": session.scalars(select(StampCase.id).filter_by(subject=subject)).one(),
        "doubt_id": doubt.id,
        "recall_id": recall.id,
        "recall": recall.number,
    }


def _prints(session: Session, batch: StampBatch) -> Side:
    """A print that waits, and one that was stopped."""
    wish = prints.Wish(PrintKind.CSV, layouts.built_in()[layouts.DEFAULT], 0, 5)
    how: dict[str, Any] = {"base_url": "http://localhost", "day": TODAY, **BY_NOBODY}
    waiting, stopped = (prints.request(session, batch, wish, **how) for _ in range(2))
    prints.cancel(session, stopped, **BY_NOBODY)
    return {"run_id": waiting.id, "stopped_run_id": stopped.id}


def _batch_at(session: Session, lot: Lot, steps: int) -> Any:
    issue: dict[str, Any] = {"day": TODAY, "epoch": 1, "randomness": os.urandom}
    batch = stamps.request(session, lot, 10, **issue, **BY_NOBODY)
    verbs = (
        lambda: stamps.approve(session, batch, **BY_NOBODY),
        lambda: stamps.generate(session, batch, day=TODAY, keys=STAMP_KEYS, **BY_NOBODY),
        lambda: stamps.mark_printed(session, batch, **BY_NOBODY),
    )
    for verb in verbs[:steps]:
        verb()
    return batch.id


def _till(session: Session, point: Place, sku: Sku, lot: Lot, cashier: User) -> Side:
    """A session with a sale and something to clear up, and a register that is closed."""
    closed, register = make_register(session, point), make_register(session, point)
    till = sessions.open_session(session, register, 500_000, now=NOW, actor_id=cashier.id)
    sold = Counter(point, cashier, till).sell(session, SaleLine(sku.id, 1, 125_000, lot.id))
    detail = {"expected": 500_000, "counted": 400_000, "reason": None}
    kind, reference = DiscrepancyKind.CASH_DIFFERENCE, sessions.reference_of(till)
    row = discrepancies.open_one(session, kind, point.id, reference, detail, now=NOW)
    return {
        "register_id": closed.id,
        "register": closed.code,
        "session_id": till.id,
        "receipt": sold.result["number"],
        "discrepancy_id": row.id,
    }


def _shipping(session: Session, point: Place, sku: Sku) -> Side:
    """A packed order, a parcel that waits, and a list of money with a line that does not fit."""
    packed = make_packed(session, 1, sku=sku, source=point)
    parcel = make_parcel(session, make_packed(session, 1, sku=sku, source=point))
    head = Head("post", f"Bảng kê {point.code}", TODAY)
    booked = remittances.book(session, head, [Entry("không có", 1_000)], **BY_NOBODY)
    return {
        "packed_id": packed.id,
        "packed_number": packed.number,
        "parcel_id": parcel.id,
        "remittance_id": booked.id,
        "money_line_id": booked.lines[0].id,
    }


def _money(session: Session, point: Place, sku: Sku, customer: User) -> Side:
    """Orders to be paid by transfer and by card, a bank entry that fits nothing, and refunds."""
    by: dict[str, Any] = {"source": point, "customer_id": customer.id}
    transfer = make_prepaid(session, Tender.TRANSFER, sku, **by)
    card = make_prepaid(session, Tender.CARD, sku, **by)
    paid = make_prepaid(session, Tender.TRANSFER, sku, **by)
    line = Line(f"n {point.code}", 1_000, "không rõ", NOW)
    entry = bank_entries.take(session, "statement", line, now=NOW)
    told = Notice("stripe", f"evt {point.code}", "look", {}, NOW)
    notice_id = notices.keep(session, told, now=NOW)
    money = {"source": "test", "key": point.code, "now": NOW}
    paying.money_came(session, payment_of(paid), paid.total, **money)
    back, failed = make_refund(session, paid, 5_000), make_refund(session, paid, 6_000)
    refunds.fail(session, failed, "Sai số tài khoản", now=NOW)
    return {
        "transfer_number": transfer.number,
        "card_number": card.number,
        "payment_id": payment_of(transfer).id,
        "payment_code": payment_of(transfer).code,
        "paid_payment_id": payment_of(paid).id,
        "entry_id": entry.id if entry else None,
        "notice_id": notice_id,
        "refund_id": back.id,
        "failed_refund_id": failed.id,
        "refund_number": paid.number,
    }


def _invoices(session: Session, point: Place, sku: Sku) -> Side:
    """A sale without an invoice, an invoice that was refused, an issued one, and money back of it."""
    sku.product.vat_class = VatClass.RAW_FARM
    sold = make_sold(session, sku, source=point)
    refused = make_invoice(session, make_sold(session, sku, source=point))
    sending.begin(session, refused.id, Fake(), now=NOW)
    sending.refused(session, refused.id, "MST sai", now=NOW)
    issued = make_issued(session, make_sold(session, sku, source=point), series=point.code)
    back = refund(session, issued.order, 5_000, key=f"back {point.code}")
    return {
        "sold_id": sold.id,
        "sold_number": sold.number,
        "invoice_form": "json",
        "refused_invoice_id": refused.id,
        "invoice_id": issued.id,
        "invoice_number": issued.order.number,
        "invoice_refund_id": back.id,
    }


def _cases(session: Session, point: Place, sku: Sku, customer: User) -> Side:
    """Cases of the member: with a picture, with goods on their way, and to be settled."""
    order = make_bought(session, sku, source=point, customer_id=customer.id)
    opened, awaited, accepted = (make_case(session, order) for _ in range(3))
    pictures.add(session, opened, [photo_files.judge(PICTURE)], now=NOW)
    grant(session, awaited, back=True)
    grant(session, accepted)
    lot_id, row = order.lines[0].picks[0].lot_id, awaited.lines[0]
    return {
        "had_id": order.id,
        "had_number": order.number,
        "had_line": str(order.lines[0].id),
        "case_id": opened.id,
        "case_number": opened.number,
        "case_photo_id": opened.photos[0].id,
        "awaited_id": awaited.id,
        "accepted_id": accepted.id,
        "came": f"back-{row.id}-{lot_id}-stock",
    }


def _connections(session: Session) -> Side:
    """A token, a webhook, and something that did not arrive there."""
    webhook = make_webhook(session)
    return {
        "token_id": make_token(session)[0].id,
        "webhook_id": webhook.id,
        "delivery_id": make_dead(session, webhook).id,
    }


def _web(session: Session, point: Place, sku: Sku, customer: User, name: str) -> Side:
    """An order of the member, fetched at the point, an address, and a cart."""
    order = make_order(session, sku, 1, source=point, customer_id=customer.id)
    entry = addresses.Entry("Nhà", customer.name, "+84912345678", "12 Phố Hiến", None, True)
    done = make_completed(session, sku, source=point, customer_id=customer.id)
    review = make_review(session, sku, source=point, customer_id=customer.id)
    address = addresses.add(session, customer.id, entry, now=NOW)
    token = f"cart {name}"
    opened = cart.find_or_open(session, token, user_id=None, now=NOW)
    cart.add(session, opened, sku.id, 1, now=NOW)
    return {
        "order_id": order.id,
        "done_number": done.number,
        "line_id": done.lines[0].id,
        "review_id": review.id,
        "question_id": make_question(session, sku).id,
        "address_id": address.id,
        "number": order.number,
        "phone": order.contact_phone,
        "cart": token,
    }
