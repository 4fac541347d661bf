"""What is read of reviews and questions: on the product page, on their own page, by staff."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from app.core.paging import Page
from app.storefront.voice_models import HiddenReason, Question, Review
from catalog.models import Product

NEWEST = 3
PAGE_SIZE = 20
STARS = (5, 4, 3, 2, 1)

V = TypeVar("V", Review, Question)


@dataclass(frozen=True)
class Voice:
    """One review or answered question as the public reads it.

    Of a hidden review stars and reason are left: name, text and answer are empty.
    """

    author: str
    stars: int | None
    text: str | None
    answer: str | None
    hidden_reason: HiddenReason | None
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Voices:
    """The newest reviews and answered questions, and how many gave each number of points."""

    reviews: Sequence[Voice] = ()
    questions: Sequence[Voice] = ()
    counts: Mapping[int, int] = field(default_factory=dict)
    asked: int = 0  # all answered questions, of which `questions` are the newest

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """The mean of all reviews, hidden ones too, to one decimal; None without any."""
        total = sum(stars * number for stars, number in self.counts.items())
        return mean_of(total, self.count)

    @property
    def histogram(self) -> Sequence[tuple[int, int]]:
        """(points, reviews), best first."""
        return [(stars, self.counts.get(stars, 0)) for stars in STARS]


NONE = Voices()


def mean_of(total: int, count: int) -> float | None:
    """Points for each review to one decimal; None without any."""
    return round(total / count, 1) if count else None


def of_product_query(product_id: Any) -> Select[Any]:
    """Reviews, answered questions and counts of points in one statement of plain columns."""
    reviews = (
        select(literal_column("'review'").label("kind"), *_columns(Review, Review.stars), _zero())
        .where(Review.product_id == product_id)
        .order_by(Review.created_at.desc(), Review.id)
        .limit(NEWEST)
        .subquery()
    )
    questions = (
        select(
            literal_column("'question'").label("kind"),
            *_columns(Question, literal_column("0")),
            func.count().over().label("number"),
        )
        .where(*_public(product_id))
        .order_by(Question.created_at.desc(), Question.id)
        .limit(NEWEST)
        .subquery()
    )
    columns: list[Any] = [
        literal_column("'count'"),
        null(),
        Review.stars,
        null(),
        null(),
        null(),
        null(),
        null(),
        func.count(Review.id),
    ]
    counts = select(*columns).where(Review.product_id == product_id).group_by(Review.stars)
    every = union_all(select(reviews), select(questions), counts).subquery()
    return select(every)


def _public(product_id: Any) -> tuple[ColumnElement[bool], ...]:
    """Conditions: a question of the product that everyone may read."""
    shown = Question.hidden_reason.is_(None)
    return Question.product_id == product_id, Question.answer.is_not(None), shown


def _columns(table: type[Review] | type[Question], stars: Any) -> list[Any]:
    rest = (table.text, table.answer, table.hidden_reason, table.created_at, table.answered_at)
    return [table.author, stars.label("stars"), *rest]


def _zero() -> Any:
    return literal_column("0").label("number")


def built(rows: Iterable[Row[Any]]) -> Voices:
    """The voices out of the rows of `of_product_query`."""
    found = list(rows)
    return Voices(
        [_voice(row) for row in _newest(found, "review")],
        [_voice(row) for row in _newest(found, "question")],
        {row.stars: row.number for row in found if row.kind == "count"},
        max((row.number for row in found if row.kind == "question"), default=0),
    )


def _newest(rows: Sequence[Row[Any]], kind: str) -> Sequence[Row[Any]]:
    chosen = [row for row in rows if row.kind == kind]
    return sorted(chosen, key=lambda row: row.created_at, reverse=True)


def _voice(row: Any) -> Voice:
    shown = row.hidden_reason is None
    return Voice(
        author=row.author if shown else "",
        stars=row.stars or None,
        text=row.text if shown else None,
        answer=row.answer if shown else None,
        hidden_reason=row.hidden_reason,
        created_at=row.created_at,
        answered_at=row.answered_at,
    )


def reviews_page(session: Session, product_id: UUID, number: int, stars: int | None) -> Page[Voice]:
    """A page of the reviews of a product, newest first; `stars` keeps those with as many points."""
    wanted = [Review.product_id == product_id] + ([Review.stars == stars] if stars else [])
    total = session.scalar(select(func.count(Review.id)).where(*wanted)) or 0
    query = select(*_columns(Review, Review.stars)).where(*wanted)
    query = query.order_by(Review.created_at.desc(), Review.id)
    rows = session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([_voice(row) for row in rows], number, PAGE_SIZE, total)


def questions_page(session: Session, product_id: UUID, number: int) -> Page[Voice]:
    """A page of the answered questions about a product, newest first."""
    wanted = _public(product_id)
    total = session.scalar(select(func.count(Question.id)).where(*wanted)) or 0
    query = select(*_columns(Question, literal_column("0"))).where(*wanted)
    query = query.order_by(Question.created_at.desc(), Question.id)
    rows = session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([_voice(row) for row in rows], number, PAGE_SIZE, total)


def queue(
    session: Session,
    table: type[V],
    number: int,
    *,
    producers: Collection[UUID] | None = None,
    unanswered_first: bool = False,
) -> Page[V]:
    """For staff: unjudged and flagged texts first, or unanswered ones; None means every producer."""
    wanted = [] if producers is None else [Product.producer_id.in_(producers)]
    counted = select(func.count(table.id)).join(Product, Product.id == table.product_id)
    total = session.scalar(counted.where(*wanted)) or 0
    first: list[Any] = [table.judged_at.is_not(None), table.flags.is_(None)]
    if unanswered_first:
        first = [table.answer.is_not(None)]
    query = select(table).join(Product, Product.id == table.product_id).where(*wanted)
    query = query.options(joinedload(table.product))
    query = query.order_by(*first, table.created_at.desc(), table.id)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)
