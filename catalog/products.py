"""Products and their SKUs: draft, revise, publish, withdraw."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from stdnum import ean

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.states import Moves
from app.core.text import N_, search_words, slugify, sort_key
from catalog import claims, labels
from catalog.models import Category, PriceChannel, Producer, Product, ProductStatus, Sku, Unit
from catalog.offer_models import OldSlug
from catalog.pricing import prices
from catalog.vat import VatClass

STATUS_MOVES = Moves(
    {
        ProductStatus.DRAFT: {ProductStatus.PUBLISHED},
        ProductStatus.PUBLISHED: {ProductStatus.WITHDRAWN},
        ProductStatus.WITHDRAWN: {ProductStatus.PUBLISHED},
    }
)


class UnknownProduct(NotFound):
    """No such product."""

    code = "unknown_product"
    message = N_("This product does not exist.")


class UnknownSku(NotFound):
    """No such SKU."""

    code = "unknown_sku"
    message = N_("This article does not exist.")


class NotPublishable(Rejected):
    """Facts that a buyer needs are missing; `detail` lists them."""

    code = "not_publishable"
    message = N_("The product cannot be published yet: %(missing)s.")


class BadGtin(Rejected):
    """The number is no GTIN."""

    code = "bad_gtin"
    message = N_("The barcode number is not a valid GTIN-13; check its digits.")


class CodeTaken(Conflict):
    """Another SKU has the code or GTIN."""

    code = "code_taken"
    message = N_("Another article already has this code or barcode.")


@dataclass(frozen=True)
class Texts:
    """What is said about a product, in both languages; unknown is None."""

    name_vi: str
    name_en: str | None = None
    summary_vi: str | None = None
    summary_en: str | None = None
    storage_vi: str | None = None
    storage_en: str | None = None
    ingredients_vi: str | None = None
    ingredients_en: str | None = None


def free_slug(session: Session, name: str) -> str:
    """A path segment for `name` that no product has yet."""
    base = slugify(name)
    taken = set(session.scalars(select(Product.slug).where(Product.slug.startswith(base))))
    taken |= set(session.scalars(select(OldSlug.slug).where(OldSlug.slug.startswith(base))))
    return next(
        s for n in range(1, len(taken) + 2) if (s := base if n == 1 else f"{base}-{n}") not in taken
    )


def draft(
    session: Session,
    texts: Texts,
    *,
    producer: Producer | None,
    category: Category,
    now: datetime,
    actor_id: UUID | None,
    illustration: str | None = None,
    area_text: str | None = None,
    needs_lot: bool = True,
) -> Product:
    """Describe a product; it is not offered until it is published. Raises `HealthClaim`."""
    _no_healing(texts)
    product = Product(
        **texts.__dict__,
        slug=free_slug(session, texts.name_vi),
        producer=producer,
        category=category,
        area_text=area_text,
        area_id=producer.area_id if producer else None,
        status=ProductStatus.DRAFT,
        illustration=illustration or category.illustration,
        needs_lot=needs_lot,
        search_text="",
        sort_key="",
        created_at=now,
    )
    index(product)
    session.add(product)
    session.flush()
    audit.record(session, "product.draft", ("product", product.id), actor_id=actor_id, now=now)
    return product


_NAMES = {
    "name_vi": N_("Name in Vietnamese"),
    "name_en": N_("Name in English"),
    "summary_vi": N_("Description in Vietnamese"),
    "summary_en": N_("Description in English"),
}


def _no_healing(texts: Texts) -> None:
    claims.demand_none(**{_NAMES.get(name, name): text for name, text in vars(texts).items()})


def index(product: Product) -> None:
    """Bring the columns for searching and sorting up to date with what they are made from."""
    producer = product.producer.name if product.producer else None
    category = product.category
    product.search_text = search_words(
        product.name_vi,
        product.name_en,
        producer,
        product.area_text,
        category.name_vi,
        category.name_en,
    )
    product.sort_key = sort_key(product.name_vi)


def revise(
    session: Session, product: Product, texts: Texts, *, now: datetime, actor_id: UUID | None
) -> None:
    """Replace the texts; raises `HealthClaim`. The audit trail keeps what they were."""
    _no_healing(texts)
    changed = {
        k: getattr(product, k) for k, v in texts.__dict__.items() if getattr(product, k) != v
    }
    for name in changed:
        setattr(product, name, getattr(texts, name))
    index(product)
    session.flush()
    if changed:
        detail = {"before": changed, "after": {k: getattr(product, k) for k in changed}}
        obj = ("product", product.id)
        audit.record(session, "product.revise", obj, actor_id=actor_id, now=now, detail=detail)


def add_sku(
    session: Session,
    product: Product,
    *,
    code: str,
    name_vi: str,
    name_en: str | None,
    net_content: int | None,
    net_unit: Unit | None,
    now: datetime,
    actor_id: UUID | None,
    gtin: str | None = None,
    unit: Unit = Unit.PIECE,
    shelf_life_days: int | None = None,
    sell_by_buffer_days: int = 0,
    low_stock: int | None = None,
    weight: int | None = None,
) -> Sku:
    """Add a pack of a product. Raises `BadGtin` (GS1 check digit) and `CodeTaken`."""
    if gtin is not None and not (len(gtin) == 13 and ean.is_valid(gtin)):
        raise BadGtin
    clash = select(Sku.id).where((Sku.code == code) | ((Sku.gtin == gtin) & Sku.gtin.is_not(None)))
    if session.scalar(clash):
        raise CodeTaken
    sku = Sku(
        product=product,
        code=code,
        gtin=gtin,
        name_vi=name_vi,
        name_en=name_en,
        unit=unit,
        net_content=net_content,
        net_unit=net_unit,
        shelf_life_days=shelf_life_days,
        sell_by_buffer_days=sell_by_buffer_days,
        low_stock=low_stock,
        weight=weight,
        position=len(product.skus),
        active=True,
    )
    session.add(sku)
    session.flush()
    audit.record(session, "sku.add", ("sku", sku.id), actor_id=actor_id, now=now)
    return sku


def set_low_stock(
    session: Session, sku: Sku, units: int | None, *, now: datetime, actor_id: UUID | None
) -> None:
    """Say at how few base units the keepers of a place are told; None for never."""
    before = sku.low_stock
    if units == before:
        return
    sku.low_stock = units
    session.flush()
    detail = {"before": {"low_stock": before}, "after": {"low_stock": units}}
    obj = ("sku", sku.id)
    audit.record(session, "sku.low_stock", obj, actor_id=actor_id, now=now, detail=detail)


def set_weight(
    session: Session, sku: Sku, grams: int | None, *, now: datetime, actor_id: UUID | None
) -> None:
    """Say what a pack weighs when it is sent; None: as much as it holds."""
    before = sku.weight
    if grams == before:
        return
    sku.weight = grams
    session.flush()
    detail = {"before": {"weight": before}, "after": {"weight": grams}}
    audit.record(session, "sku.weight", ("sku", sku.id), actor_id=actor_id, now=now, detail=detail)


def set_vat_class(
    session: Session,
    product: Product,
    vat_class: VatClass | None,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Say what the goods are to the VAT law; None: not decided. A rate fixed by hand gives way."""
    fixed = None if vat_class else product.vat_permille
    before = {"vat_class": product.vat_class, "vat_permille": product.vat_permille}
    after = {"vat_class": vat_class, "vat_permille": fixed}
    if before == after:
        return
    product.vat_class, product.vat_permille = vat_class, fixed
    session.flush()
    detail = {"before": before, "after": after}
    obj = ("product", product.id)
    audit.record(session, "product.vat", obj, actor_id=actor_id, now=now, detail=detail)


def missing_for_shop(session: Session, product: Product, day: date) -> list[str]:
    """Msgids of what a buyer must know before the product may be offered."""
    live = [sku for sku in product.skus if sku.active]
    priced = prices(session, [sku.id for sku in live], PriceChannel.WEB, day)
    checks = (
        (product.producer is not None, N_("producer")),
        (bool(product.summary_vi), N_("description")),
        (bool(live), N_("at least one article")),
        (all(sku.id in priced for sku in live), N_("price")),
    )
    listed = [name for present, name in checks if not present]
    return listed + [name for name in labels.missing(product) if name not in _ASKED_ABOVE]


# Label facts without which `missing_for_shop` has already asked for what they stand for.
_ASKED_ABOVE = {"Responsible producer"}


def publish(
    session: Session, product: Product, *, day: date, now: datetime, actor_id: UUID | None
) -> None:
    """Offer the product. Raises `NotPublishable` and `ForbiddenMove`."""
    missing = missing_for_shop(session, product, day)
    if missing:
        raise NotPublishable(missing=missing, detail=missing)
    product.status = STATUS_MOVES.to(product.status, ProductStatus.PUBLISHED)
    audit.record(session, "product.publish", ("product", product.id), actor_id=actor_id, now=now)


def withdraw(
    session: Session, product: Product, *, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    """Stop offering it; its page says so from now on. Raises `ForbiddenMove`."""
    product.status = STATUS_MOVES.to(product.status, ProductStatus.WITHDRAWN)
    detail = {"reason": reason}
    obj = ("product", product.id)
    audit.record(session, "product.withdraw", obj, actor_id=actor_id, now=now, detail=detail)


def get(session: Session, product_id: UUID) -> Product:
    """The product with its SKUs; raises `UnknownProduct`."""
    found = session.get(Product, product_id, options=[selectinload(Product.skus)])
    if found is None:
        raise UnknownProduct
    return found


def get_sku(session: Session, sku_id: UUID) -> Sku:
    """The SKU; raises `UnknownSku`."""
    found = session.get(Sku, sku_id)
    if found is None:
        raise UnknownSku
    return found


def sku_by_code(session: Session, code: str) -> Sku | None:
    """The SKU with this internal code or GTIN (a leading zero of GTIN-14 is ignored)."""
    text = code.strip()
    gtin = text[1:] if len(text) == 14 and text.startswith("0") else text
    return session.scalar(select(Sku).where((Sku.code == text.upper()) | (Sku.gtin == gtin)))
