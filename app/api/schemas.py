"""What goes in and out, declared once: the same classes check, write and document it.

Money is whole đồng, VAT included; quantities are whole base units; times are UTC. Descriptions are
msgids, for the page that documents them is read in two languages.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.api.models import EventType
from app.core.text import N_
from catalog.models import Unit
from pos.sales.status import Channel, Delivery, OrderStatus
from traceability.scans import VerdictKind

MOST_ROWS = 100
MOST_SKUS = 50
MOST_STAMPS = 100

Dong = Annotated[int, Field(description=N_("Whole đồng, VAT included"))]
Units = Annotated[int, Field(description=N_("Whole base units"))]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]


class Shape(BaseModel):
    """Base of everything: closed, so that what is not declared is neither taken nor given."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Shape):
    """A text in Vietnamese and, where there is one, in English."""

    vi: str
    en: str | None


class Decision(Shape):
    """The decision behind stars."""

    number: str
    issuer: str
    issued_on: date


class Recognition(Shape):
    """An OCOP recognition that is in force today."""

    stars: Annotated[int, Field(ge=1, le=5)]
    decision: Decision
    valid_from: date
    valid_until: Annotated[date, Field(description=N_("The last day on which the stars hold"))]


class Price(Shape):
    """A price in force now in the online shop."""

    amount: Dong
    per_quantity: Units
    currency: Annotated[str, Field(pattern="^VND$")] = "VND"


class Sku(Shape):
    """One pack of a product."""

    code: str
    gtin: str | None
    name: Text
    unit: Annotated[Unit, Field(description=N_("The base unit in which quantities are counted"))]
    net_content: Annotated[int | None, Field(description=N_("What one pack holds, in net_unit"))]
    net_unit: Unit | None
    price: Price | None


class Named(Shape):
    """Something with a name and a key for addresses."""

    slug: str
    name: str


class Shelf(Shape):
    """A shelf of the shop."""

    slug: str
    name: Text


class Product(Shape):
    """A product on offer. Nothing is guessed: what is not known is null."""

    slug: str
    url: str
    name: Text
    summary: Text | None
    category: Shelf
    producer: Named | None
    area: str | None
    recognition: Annotated[
        Recognition | None,
        Field(description=N_("Stars stand here only while a recognition is in force")),
    ]
    skus: list[Sku]
    updated_at: AwareDatetime


class Photo(Shape):
    """A photograph, the largest size."""

    url: str
    alt: Text
    width: int
    height: int


class ProductDetail(Product):
    """A product on offer with everything that its page says in words."""

    storage: Text | None
    ingredients: Text | None
    photos: list[Photo]


class Paged(Shape):
    """Where in a list one is."""

    page: int
    limit: int
    total: int
    next: Annotated[str | None, Field(description=N_("Address of the next page"))]


class ProductPage(Paged):
    """A page of products by name."""

    items: list[Product]


class PlaceStock(Shape):
    """What a place can still give."""

    code: str
    name: str
    available: Units


class Availability(Shape):
    """What can be had of an article now."""

    sku: str
    counted: Annotated[bool, Field(description=N_("Services are not counted: always available"))]
    unit: Unit
    by_post: Annotated[
        int | None, Field(description=N_("Units that one parcel can hold; null: without limit"))
    ]
    places: list[PlaceStock]


class AvailabilityList(Shape):
    """The articles that were asked for, in that order; `unknown` are codes of none on offer."""

    items: list[Availability]
    unknown: list[str]


class Contact(Shape):
    """Who ordered and where to."""

    name: str | None
    phone: str | None
    email: str | None
    address: str | None
    area: str | None
    note: str | None


class Line(Shape):
    """A line of an order, as it was named and priced then."""

    line_no: int
    sku: str
    name: str
    unit: Unit
    quantity: Units
    unit_price: Dong
    per_quantity: Units
    line_total: Dong
    discount: Dong


class Sums(Shape):
    """What an order comes to."""

    subtotal: Dong
    discount: Dong
    delivery: Dong
    rounding: Dong
    total: Dong
    currency: Annotated[str, Field(pattern="^VND$")] = "VND"


class Order(Shape):
    """An order. A token of one producer sees that producer's lines and neither sums nor buyer."""

    number: str
    channel: Channel
    status: OrderStatus
    place: str
    delivery: Delivery
    placed_at: AwareDatetime
    accepted_at: AwareDatetime | None
    paid_at: AwareDatetime | None
    packed_at: AwareDatetime | None
    shipped_at: AwareDatetime | None
    delivered_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    updated_at: AwareDatetime
    lines: list[Line]
    sums: Sums | None
    contact: Contact | None


class OrderPage(Paged):
    """A page of orders, newest first."""

    items: list[Order]


class StampProduct(Shape):
    """What a stamp was issued for."""

    name: Text
    sku: str
    gtin: str | None
    producer: str | None


class StampLot(Shape):
    """The lot that a stamp is bound to."""

    code: str
    made_on: date | None
    expires_on: date | None


class Stamp(Shape):
    """What is known of a stamp. It proves that a stamp was issued, not what the pack holds."""

    asked: str
    serial: str | None
    answer: VerdictKind
    text: str
    product: StampProduct | None
    lot: StampLot | None
    recognition: Recognition | None
    sold_at: AwareDatetime | None
    scans: Annotated[int, Field(description=N_("How often people have looked the stamp up"))]
    first_scan_at: AwareDatetime | None
    counted_as_scan: Annotated[
        bool, Field(description=N_("Always false: a program's question is no scan"))
    ] = False
    note: str


class StampList(Shape):
    """The answers in the order of the questions."""

    items: list[Stamp]


class Problem(Shape):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: Annotated[str, Field(description=N_("Stable, for programs"))]
    request_id: str
    errors: list[dict[str, str]] | None = None


class Event(Shape):
    """What a webhook is sent. The id stays the same when it is sent again."""

    id: str
    type: EventType
    created: AwareDatetime
    data: dict[str, object]


class Pages(Shape):
    """Which page of a list."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 50


class ProductQuery(Pages):
    """Which products."""

    q: Annotated[
        str, Field(max_length=100, description=N_("Words of name, producer or description"))
    ] = ""
    category: Annotated[Code | None, Field(description=N_("Key of a shelf"))] = None
    updated_since: Annotated[
        AwareDatetime | None, Field(description=N_("Only what changed at this time or later"))
    ] = None


class SkuQuery(Shape):
    """Which articles."""

    sku: Annotated[
        list[Code],
        Field(
            min_length=1,
            max_length=MOST_SKUS,
            description=N_("Code of an article; to be repeated for more"),
        ),
    ]


class OrderQuery(Pages):
    """Which orders."""

    status: OrderStatus | None = None
    updated_since: Annotated[
        AwareDatetime | None, Field(description=N_("Only what changed at this time or later"))
    ] = None


class NoQuery(Shape):
    """Nothing can be chosen."""


class StampQuestion(Shape):
    """Which stamps."""

    serials: Annotated[
        list[Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]],
        Field(
            min_length=1,
            max_length=MOST_STAMPS,
            description=N_("Serials, in any form in which people type or scan them"),
        ),
    ]
