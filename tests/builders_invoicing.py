"""Sales that want an invoice, a seller, and a provider that can misbehave."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.core.types import Json
from builders import BY_NOBODY, NOW, make_completed, make_offered
from catalog.models import Sku, Unit
from catalog.vat import Regime, Treatment, VatClass, VatKind
from pos.invoicing import document, invoices, sending
from pos.invoicing.document import Sale, Seller
from pos.invoicing.models import EInvoice
from pos.invoicing.providers.base import Answer, Ask, InvoiceRefused, InvoicesDown
from pos.sales import payments, refunds
from pos.sales.models import Order, OrderLine, Payment
from pos.sales.payment_models import Refund
from pos.sales.payment_status import RefundKind
from pos.sales.status import Tender
from pos.stock.models import Place

TAX_CODE = "0100109106"
SELLER = Seller("HTX Phố Hiến", "12 Phố Hiến, Hưng Yên", TAX_CODE, "+84221000111", Regime.DEDUCTION)
COMPANY = {
    "name": "Công ty Sen & Nhãn",
    "tax_code": TAX_CODE,
    "address": "1 Chợ Gạo",
    "email": "ke-toan@example.vn",
}


def with_invoices(settings: Settings, **over: Any) -> Settings:
    """Settings of an installation that writes its invoices as files."""
    values: dict[str, Any] = {
        "einvoice": "file",
        "vat_regime": "deduction",
        "shop_tax_code": TAX_CODE,
        "shop_owner": "HTX Phố Hiến",
    }
    return replace(settings, **(values | over))


def make_taxed(session: Session, vat_class: VatClass | None = VatClass.PROCESSED) -> Sku:
    """An article of 108,000 đồng whose VAT is decided."""
    sku = make_offered(session, 108_000, name_vi="Tinh bột nghệ")
    sku.product.vat_class = vat_class
    session.flush()
    return sku


def make_sold(session: Session, sku: Sku | None = None, **over: Any) -> Order:
    """A completed web order; 30,000 đồng for delivery."""
    wish = over.pop("invoice_to", None)
    order = make_completed(session, sku or make_taxed(session), **over)
    order.invoice_to = wish
    session.flush()
    return order


def make_invoice(session: Session, order: Order | None = None) -> EInvoice:
    """A queued invoice."""
    return invoices.make(session, order or make_sold(session), SELLER, now=NOW)


def make_issued(session: Session, order: Order | None = None, series: str = "1C26MXX") -> EInvoice:
    """An invoice that the provider has issued as number one of its series."""
    invoice = make_invoice(session, order)
    issue(session, invoice, Fake(series=series))
    return invoice


def issue(session: Session, invoice: EInvoice, provider: "Fake") -> None:
    """The whole way of an invoice, in one session."""
    started = sending.begin(session, invoice.id, provider, now=NOW)
    assert started is not None
    sending.finish(session, invoice.id, provider.issue(started[0]), now=NOW)


def refund(session: Session, order: Order, amount: int, **over: Any) -> Refund:
    """Money of the order that is back."""
    (payment,) = order.payments
    if not payment.received:
        payments.settle(session, payment, now=NOW, actor_id=None)
    values: dict[str, Any] = {"kind": RefundKind.DECIDED, "reason": "Hàng hỏng", "key": "r"} | over
    made = refunds.request(session, payment, amount, **values, **BY_NOBODY)
    refunds.settle(session, made, **BY_NOBODY, proof="FT1")
    return made


def invoices_of(session: Session, order: Order) -> list[EInvoice]:
    """Every invoice of an order as the database holds it."""
    query = select(EInvoice).filter_by(order_id=order.id).order_by(EInvoice.made_at)
    return list(session.scalars(query.execution_options(populate_existing=True)))


@dataclass
class Fake:
    """A provider in memory. `plan` says what each call to `issue` does, then all are answered:

    `down` before anything is done, `lost` after it was issued, `refuse`, or `ok`. With `letters` the
    shop numbers, without them the provider. It keeps to its keys unless `forgetful`.
    """

    plan: Iterable[str] = ()
    letters: str | None = None
    forgetful: bool = False
    ready: bool = True
    name: str = "fake"
    issued: dict[str, Answer] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)
    numbers: int = 0
    series: str = "1C26MXX"

    def __post_init__(self) -> None:
        self._steps = iter(self.plan)

    def issue(self, ask: Ask) -> Answer:
        """As planned."""
        self.asked.append(ask.document)
        step = next(self._steps, "ok")
        if step == "down":
            raise InvoicesDown
        if step == "refuse":
            raise InvoiceRefused(why="MST người mua không đúng")
        answer = self._number(ask)
        if step == "lost":
            raise InvoicesDown
        return answer

    def _number(self, ask: Ask) -> Answer:
        if ask.key not in self.issued or self.forgetful:
            self.numbers += 1
            symbol, number = ask.symbol or self.series, ask.number or self.numbers
            code = f"M1-26-ABCDE-{number:011}"
            self.issued[ask.key] = Answer(symbol, number, code, f"https://tra-cuu.example/{number}")
        return self.issued[ask.key]

    def look(self, ask: Ask) -> Answer | None:
        """What was issued under the key."""
        return self.issued.get(ask.key)


DAY = date(2026, 11, 24)
WAYS = [
    Treatment(VatKind.RATE, 0),
    Treatment(VatKind.RATE, 50),
    Treatment(VatKind.RATE, 80),
    Treatment(VatKind.RATE, 100),
    Treatment(VatKind.EXEMPT),
    Treatment(VatKind.NOT_DECLARED),
]
ANY_LINE = st.tuples(st.integers(0, 5 * 10**6), st.integers(0, 100), st.sampled_from(WAYS))
ANY_SALE = st.tuples(
    st.lists(ANY_LINE, min_size=1, max_size=12), st.integers(0, 90_000), st.integers(-500, 500)
)
Drawn = tuple[list[tuple[int, int, Treatment]], int, int]


def sale(drawn: Drawn) -> Sale:
    """An order of these lines (đồng, percent off, VAT), delivery fee and rounding."""
    said, fee, rounding = drawn
    lines = [
        OrderLine(
            line_no=number,
            name=f"Hàng {number}",
            sku_code=f"S{number}",
            unit=Unit.PIECE,
            quantity=2,
            unit_price=total // 2,
            per_quantity=1,
            line_total=total,
            discount=total * off // 100,
            vat_kind=way.kind,
            vat_permille=way.permille,
            vat_amount=way.inside(total - total * off // 100),
        )
        for number, (total, off, way) in enumerate(said, start=1)
    ]
    order = Order(
        number="PH-26-TEST",
        place=Place(name="Điểm bán Phố Hiến"),
        placed_at=datetime(2026, 11, 24, 3, tzinfo=UTC),
        lines=lines,
        payments=[Payment(tender=Tender.CASH, amount=1)],
        delivery_fee=fee,
        delivery_discount=0,
        cod_fee=0,
        rounding=rounding,
    )
    treatments = {line.line_no: document.frozen(line) for line in lines}
    return Sale(order, treatments, document.delivery_on(DAY), ["Nghị quyết 204/2025/QH15"])


def built(drawn: Drawn, regime: Regime | None = Regime.DEDUCTION, **buyer: Any) -> Json:
    """The document of such an order."""
    seller = replace(SELLER, regime=regime)
    return document.build("k", sale(drawn), seller, document.buyer_of(buyer), DAY)


ONE: Drawn = ([(108_000, 0, WAYS[2])], 0, 0)
