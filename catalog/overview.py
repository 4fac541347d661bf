"""The catalogue as staff look at it: lists with search and filters."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.enums import LabelledEnum
from app.core.paging import Page
from app.core.text import N_, fold
from catalog.models import Category, Price, Producer, Product, Sku
from catalog.recognition_models import Decision, Recognition

PAGE_SIZE = 40


class Lapse(LabelledEnum):
    """Recognitions by how they stand."""

    ALL = "all", N_("All")
    IN_FORCE = "in_force", N_("In force")
    SOON = "soon", N_("Lapse within 90 days")
    LAPSED = "lapsed", N_("Lapsed")
    UNVERIFIED = "unverified", N_("Reported, not verified")


def shelves(session: Session) -> Sequence[Category]:
    """All shelves in their order."""
    return session.scalars(select(Category).order_by(Category.position)).all()


def makers(session: Session, only: frozenset[UUID] | None) -> Sequence[Producer]:
    """All producers to choose from, by name."""
    query = select(Producer).order_by(Producer.slug)
    return session.scalars(query if only is None else query.where(Producer.id.in_(only))).all()


def producers(
    session: Session, text: str, only: frozenset[UUID] | None, number: int
) -> Page[tuple[Producer, int]]:
    """Producers by name with how many products they have."""
    conditions: list[ColumnElement[bool]] = []
    if text:
        conditions.append(Producer.slug.contains(fold(text).replace(" ", "-"), autoescape=True))
    if only is not None:
        conditions.append(Producer.id.in_(only))
    total = session.scalar(select(func.count(Producer.id)).where(*conditions)) or 0
    made = select(func.count(Product.id)).where(Product.producer_id == Producer.id)
    query = (
        select(Producer, made.scalar_subquery())
        .where(*conditions)
        .order_by(Producer.slug)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([(row[0], int(row[1])) for row in session.execute(query)], number, PAGE_SIZE, total)


def recognitions(
    session: Session, lapse: Lapse, day: date, producers: frozenset[UUID] | None, number: int
) -> Page[Recognition]:
    """Recognitions, the ones that end first at the top."""
    conditions = _lapse(lapse, day)
    if producers is not None:
        conditions.append(Product.producer_id.in_(producers))
    base = (
        select(Recognition).join(Product, Product.id == Recognition.product_id).where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    query = (
        base.options(
            joinedload(Recognition.product).joinedload(Product.producer),
            joinedload(Recognition.decision),
        )
        .order_by(Recognition.valid_until.is_(None), Recognition.valid_until, Product.sort_key)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(session.scalars(query).all(), number, PAGE_SIZE, total)


def _lapse(lapse: Lapse, day: date) -> list[ColumnElement[bool]]:
    known = Recognition.decision_id.is_not(None) & Recognition.valid_until.is_not(None)
    standing = known & Recognition.revoked_on.is_(None)
    conditions: dict[Lapse, list[ColumnElement[bool]]] = {
        Lapse.ALL: [],
        Lapse.IN_FORCE: [standing, Recognition.valid_until >= day],
        Lapse.SOON: [
            standing,
            Recognition.valid_until >= day,
            Recognition.valid_until <= day + timedelta(days=90),
        ],
        Lapse.LAPSED: [standing, Recognition.valid_until < day],
        Lapse.UNVERIFIED: [~known],
    }
    return conditions[lapse]


def price_history(session: Session, skus: Sequence[Sku]) -> Mapping[UUID, list[Price]]:
    """All prices of these articles, newest first."""
    found: dict[UUID, list[Price]] = {sku.id: [] for sku in skus}
    query = select(Price).where(Price.sku_id.in_(found)).order_by(Price.valid_from.desc())
    for price in session.scalars(query):
        found[price.sku_id].append(price)
    return found


def product_recognitions(session: Session, product_id: UUID) -> Sequence[Recognition]:
    """Every recognition the product has had, newest first."""
    query = (
        select(Recognition)
        .filter_by(product_id=product_id)
        .options(joinedload(Recognition.decision))
        .order_by(Recognition.valid_from.is_(None), Recognition.valid_from.desc())
    )
    return session.scalars(query).all()


def decisions(session: Session, number: int) -> Page[tuple[Decision, int]]:
    """Decisions with how many products each recognises, newest first."""
    total = session.scalar(select(func.count(Decision.id))) or 0
    products = select(func.count(Recognition.id)).where(Recognition.decision_id == Decision.id)
    query = (
        select(Decision, products.scalar_subquery())
        .order_by(Decision.issued_on.desc(), Decision.number)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([(row[0], int(row[1])) for row in session.execute(query)], number, PAGE_SIZE, total)


def covered(session: Session, decision_id: UUID) -> Sequence[Recognition]:
    """What a decision recognises, by name."""
    query = (
        select(Recognition)
        .join(Product, Product.id == Recognition.product_id)
        .where(Recognition.decision_id == decision_id)
        .options(joinedload(Recognition.product).joinedload(Product.producer))
        .order_by(Product.sort_key)
    )
    return session.scalars(query).all()


def all_products(session: Session) -> list[Product]:
    """Every product with its producer, by name, to choose from."""
    query = select(Product).options(joinedload(Product.producer)).order_by(Product.sort_key)
    return list(session.scalars(query))
