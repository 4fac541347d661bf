"""Products as other programs read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.api import changes, schemas
from app.core.clock import local_day
from app.core.errors import Gone, NotFound
from app.core.paging import Page
from app.core.text import N_
from catalog import photos, pricing, recognitions, search
from catalog.models import Category, PriceChannel, Product, ProductStatus, Sku
from catalog.photos import PhotoView
from catalog.pricing import PriceView
from catalog.recognitions import RecognitionView


@dataclass(frozen=True)
class Links:
    """How addresses are made: of a product's page by its key, of a picture by its file name."""

    page: Callable[[str], str]
    photo: Callable[[str], str]


class NoSuchProduct(NotFound):
    """No product on offer has this key."""

    code = "no_such_product"
    message = N_("No product has this key.")


class Withdrawn(Gone):
    """The product was offered once."""

    code = "withdrawn"
    message = N_("%(name)s is no longer offered.")


def listing(
    session: Session, asked: schemas.ProductQuery, now: datetime, links: Links
) -> Page[schemas.Product]:
    """A page of the products on offer, by name. `link` makes the address of a product's page."""
    query = _offered(asked)
    start = (asked.page - 1) * asked.limit
    order = Product.sort_key, Product.id
    if asked.updated_since is None:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        ids = session.scalars(query.order_by(*order).limit(asked.limit).offset(start)).all()
    else:
        changed = _changed(session, asked.updated_since, now)
        every = [key for key in session.scalars(query.order_by(*order)) if key in changed]
        total, ids = len(every), every[start : start + asked.limit]
    items = [schemas.Product(**facts) for facts in _read(session, ids, now, links)]
    return Page(items, asked.page, asked.limit, total)


def _offered(asked: schemas.ProductQuery) -> Select[UUID]:
    query = select(Product.id).where(Product.status == ProductStatus.PUBLISHED)
    if asked.q.strip():
        condition = search.matching(search.terms(asked.q))
        query = query.where(Product.id.is_(None) if condition is None else condition)
    if asked.category is not None:
        shelf = select(Category.id).filter_by(slug=asked.category)
        query = query.where(Product.category_id.in_(shelf))
    return query


def _changed(session: Session, since: datetime, now: datetime) -> set[UUID]:
    return {key for key, at in changes.products_changed(session, now).items() if at >= since}


def one(session: Session, slug: str, now: datetime, links: Links) -> schemas.ProductDetail:
    """A product on offer. Raises `NoSuchProduct`, `Withdrawn`."""
    product = session.scalar(select(Product).filter_by(slug=slug))
    if product is None or product.status is ProductStatus.DRAFT:
        raise NoSuchProduct
    if product.status is ProductStatus.WITHDRAWN:
        raise Withdrawn(name=product.name_vi)
    facts = _read(session, [product.id], now, links)[0]
    return schemas.ProductDetail(
        **facts,
        storage=text(product, "storage"),
        ingredients=text(product, "ingredients"),
        photos=[_photo(view, links) for view in _photos(session, product)],
    )


def _photos(session: Session, product: Product) -> Sequence[PhotoView]:
    rows = session.execute(photos.of_product_query(product.id)).all()
    return photos.views(list(rows))


def _photo(view: PhotoView, links: Links) -> schemas.Photo:
    width = view.largest
    return schemas.Photo(
        url=links.photo(view.name(width, "jpg")),
        alt=schemas.Text(vi=view.alt_vi, en=view.alt_en),
        width=width,
        height=view.height_of(width),
    )


def _read(
    session: Session, ids: Sequence[UUID], now: datetime, links: Links
) -> list[dict[str, Any]]:
    """What is said of these products in a list, in this order."""
    day = local_day(now)
    parts = joinedload(Product.producer), joinedload(Product.category), selectinload(Product.skus)
    rows = session.scalars(select(Product).where(Product.id.in_(ids)).options(*parts))
    known = {row.id: row for row in rows}
    skus = [sku.id for row in known.values() for sku in row.skus if sku.active]
    prices = pricing.prices(session, skus, PriceChannel.WEB, day)
    stars = recognitions.views(session, ids, day)
    changed = changes.products_changed(session, now, ids)
    return [
        _facts(known[key], links)
        | {
            "recognition": recognition(stars[key]),
            "skus": [_sku(s, prices.get(s.id)) for s in known[key].skus if s.active],
            "updated_at": changed[key],
        }
        for key in ids
        if key in known
    ]


def _facts(product: Product, links: Links) -> dict[str, Any]:
    shelf, maker = product.category, product.producer
    return {
        "slug": product.slug,
        "url": links.page(product.slug),
        "name": schemas.Text(vi=product.name_vi, en=product.name_en),
        "summary": text(product, "summary"),
        "category": schemas.Shelf(
            slug=shelf.slug, name=schemas.Text(vi=shelf.name_vi, en=shelf.name_en)
        ),
        "producer": schemas.Named(slug=maker.slug, name=maker.name) if maker else None,
        "area": product.area_text,
    }


def _sku(sku: Sku, price: PriceView | None) -> schemas.Sku:
    return schemas.Sku(
        code=sku.code,
        gtin=sku.gtin,
        name=schemas.Text(vi=sku.name_vi, en=sku.name_en),
        unit=sku.unit,
        net_content=sku.net_content,
        net_unit=sku.net_unit,
        price=_price(price) if price else None,
    )


def _price(price: PriceView) -> schemas.Price:
    return schemas.Price(amount=price.amount, per_quantity=price.per_quantity)


def text(product: Product, name: str) -> schemas.Text | None:
    """A text of the product in its languages; None where there is none."""
    vi, en = getattr(product, f"{name}_vi"), getattr(product, f"{name}_en")
    return schemas.Text(vi=vi, en=en) if vi else None


def recognition(view: RecognitionView) -> schemas.Recognition | None:
    """Stars with their decision, only while they are in force."""
    number, issuer, issued_on = view.decision_no, view.issuer, view.issued_on
    since, until = view.valid_from, view.valid_until
    if view.shown_stars is None or not (number and issuer and issued_on and since and until):
        return None
    decision = schemas.Decision(number=number, issuer=issuer, issued_on=issued_on)
    return schemas.Recognition(
        stars=view.shown_stars, decision=decision, valid_from=since, valid_until=until
    )
