"""What the shop proposes while someone types: products, then their makers, then shelves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.core.text import fold
from app.storefront.browse import MAX_QUERY, Card, cards_where
from catalog import search
from catalog.models import Category, Producer, Product, ProductStatus

MIN_LETTERS = 2
MOST = 8
MOST_NAMES = 3  # places kept for makers and shelves together
MOST_READ = 500  # makers whose names are compared


@dataclass(frozen=True)
class Named:
    """A maker or a shelf."""

    slug: str
    name_vi: str
    name_en: str | None


@dataclass(frozen=True)
class Suggestions:
    """At most `MOST` things."""

    products: Sequence[Card] = ()
    producers: Sequence[Named] = ()
    shelves: Sequence[Named] = ()


def suggestions(session: Session, text: str, day: date) -> Suggestions:
    """What begins with the words typed so far; nothing below `MIN_LETTERS`. Two statements."""
    words = search.terms(text[:MAX_QUERY])
    found = search.matching(words)
    if found is None or len("".join(words)) < MIN_LETTERS:
        return Suggestions()
    producers, shelves = _names(session, words, found)
    names = min(len(producers) + len(shelves), MOST_NAMES)
    products = cards_where(session, found, day, limit=MOST - names)
    shelves = shelves[:1] if producers else shelves[:names]
    return Suggestions(products, producers[: names - len(shelves)], shelves)


def _names(
    session: Session, words: Sequence[str], found: Any
) -> tuple[Sequence[Named], Sequence[Named]]:
    # A maker's name is part of the text that finds its products, so those products lead to it.
    offered = Product.status == ProductStatus.PUBLISHED
    makers = select(Product.producer_id).where(offered, found)
    named = select(literal("producer"), Producer.slug, Producer.name, cast(null(), Text))
    shelf = select(literal("shelf"), Category.slug, Category.name_vi, Category.name_en)
    some = named.where(Producer.id.in_(makers)).limit(MOST_READ).subquery()
    full = shelf.where(Category.id.in_(select(Product.category_id).where(offered)))
    rows = session.execute(union_all(select(some), full)).all()
    return _fitting(rows, "producer", words), _fitting(rows, "shelf", words)


def _fitting(rows: Iterable[Any], kind: str, words: Sequence[str]) -> Sequence[Named]:
    every = (Named(slug, vi, en) for what, slug, vi, en in rows if what == kind)
    fits = [name for name in every if _fits(f"{name.name_vi} {name.name_en or ''}", words)]
    return sorted(fits, key=lambda name: name.slug)


def _fits(name: str, words: Sequence[str]) -> bool:
    parts = fold(name).split()
    return all(any(part.startswith(word) for part in parts) for word in words)
