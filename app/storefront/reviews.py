"""Reviews by those who bought: given once for each line of a completed order, shown at once."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts import audit
from app.core import links, operations
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound, Rejected
from app.core.outbox import enqueue
from app.core.text import N_
from app.storefront.voice_models import HiddenReason, Question, Review
from catalog import claims
from catalog.models import Product, Sku
from pos.sales.models import Order, OrderLine
from pos.sales.orders import UnknownOrder
from pos.sales.status import OrderStatus

MAX_REVIEW = 2000
MAX_AUTHOR = 60
MAX_ANSWER = 2000
PURPOSE = "review"
ASK_AFTER = timedelta(days=5)
# Whoever was not asked by then, because the worker stood still, is left in peace.
ASK_UNTIL = timedelta(days=30)
BATCH = 200
_CONTACT = re.compile(
    r"\S@\S+\.\w|https?://|www\.|\b\w[\w-]*\.(?:vn|com|net|org)\b|\+?\d(?:[ .-]?\d){8,}"
)


class NotYours(Rejected):
    """The line is none of this completed order."""

    code = "not_bought"
    message = N_("Only goods of a completed order can be reviewed.")


class BadReview(Rejected):
    """Stars, name or text are out of bounds."""

    code = "bad_review"
    message = N_("A review has 1 to 5 points, a name and at most 2,000 characters of text.")


class Settled(Conflict):
    """Staff have judged the text, or the producer has answered it."""

    code = "review_settled"
    message = N_("The review was looked through or answered and can no longer be changed.")


class NoSuchVoice(NotFound):
    """There is no such review or question."""

    code = "no_such_voice"
    message = N_("This text does not exist.")


class Answered(Conflict):
    """There is an answer already."""

    code = "answered"
    message = N_("This has been answered already.")


class BadAnswer(Rejected):
    """An answer needs words, but not too many."""

    code = "bad_answer"
    message = N_("Write an answer of at most 2,000 characters.")


@dataclass(frozen=True)
class Said:
    """What a buyer says: 1 to 5 points, perhaps a text, and the name that is shown."""

    stars: int
    text: str
    author: str


def short_name(name: str | None) -> str:
    """The name shown unless the buyer writes another: «Nguyễn Thị Hoa» → «Nguyễn T. H.»."""
    first, *others = (name or "").split() or [""]
    return " ".join([first, *(f"{word[0].upper()}." for word in others)])[:MAX_AUTHOR]


def flags_of(text: str | None) -> str | None:
    """What staff should look at first: `contact` for a number, address or link in a text, `claim` for a
    promise of healing."""
    if text and _CONTACT.search(text):
        return "contact"
    return "claim" if text and claims.found(text) else None


def order_of_buyer(
    session: Session, number: str, known: Collection[str], member_id: UUID | None
) -> Order:
    """The order when this browser knows it or this member placed it. Raises `UnknownOrder`."""
    found = session.scalar(
        select(Order).filter_by(number=number).options(selectinload(Order.lines))
    )
    mine = found is not None and member_id is not None and found.customer_id == member_id
    if found is None or not (number in known or mine):
        raise UnknownOrder
    return found


def token(order_id: UUID, secret: str) -> str:
    """What the link in the message carries."""
    return links.signed(secret, PURPOSE, order_id)


def order_of_link(session: Session, text: str, secret: str) -> Order:
    """The order of a link. Raises `UnknownOrder` when the link was made up."""
    key = links.opened(secret, PURPOSE, text)
    found = session.get(Order, key, options=[selectinload(Order.lines)]) if key else None
    if found is None:
        raise UnknownOrder
    return found


def of_order(session: Session, order: Order) -> dict[UUID, Review]:
    """The reviews of an order by line."""
    query = select(Review).where(Review.line_id.in_([line.id for line in order.lines]))
    return {row.line_id: row for row in session.scalars(query)}


def give(
    session: Session, order: Order, line_id: UUID, said: Said, *, language: str, now: datetime
) -> Review:
    """Keep the review of a line; a repetition gives the same one.

    Other words replace the earlier ones until staff have judged or the producer has answered:
    later, what was judged and answered must stay what is read. Raises `NotYours`, `BadReview`,
    `Settled`.
    """
    line = next((line for line in order.lines if line.id == line_id), None)
    if line is None or order.status is not OrderStatus.COMPLETED:
        raise NotYours
    author, text = " ".join(said.author.split()), said.text.strip() or None
    if not 1 <= said.stars <= 5 or not 0 < len(author) <= MAX_AUTHOR:
        raise BadReview
    if len(text or "") > MAX_REVIEW:
        raise BadReview
    product_id = session.scalars(select(Sku.product_id).filter_by(id=line.sku_id)).one()
    words = {"author": author, "stars": said.stars, "text": text, "flags": flags_of(text)}
    owner = {"product_id": product_id, "line_id": line_id, "user_id": order.customer_id}
    values = {"id": uuid4(), "language": language, "created_at": now} | owner | words
    if insert_if_new(session, Review, values):
        _count(session, product_id, stars=said.stars, reviews=1)
    return _replaced(session, line_id, words)


def _replaced(session: Session, line_id: UUID, words: dict[str, object]) -> Review:
    query = select(Review).filter_by(line_id=line_id).with_for_update()
    review = session.scalars(query.execution_options(populate_existing=True)).one()
    if all(getattr(review, name) == value for name, value in words.items()):
        return review
    if review.judged_at or review.answered_at:
        raise Settled
    before = review.stars
    for name, value in words.items():
        setattr(review, name, value)
    _count(session, review.product_id, stars=review.stars - before, reviews=0)
    session.flush()
    return review


def _count(session: Session, product_id: UUID, *, stars: int, reviews: int) -> None:
    """Add to the sums where they lie, so that two buyers at once lose nothing."""
    change = (
        update(Product)
        .where(Product.id == product_id)
        .values(rating_sum=Product.rating_sum + stars, rating_count=Product.rating_count + reviews)
    )
    session.execute(change.execution_options(synchronize_session=False))


def get(session: Session, review_id: UUID, *, lock: bool = False) -> Review:
    """A review with its product. Raises `NoSuchVoice`."""
    found = session.get(
        Review, review_id, options=[joinedload(Review.product)], with_for_update=_of(Review, lock)
    )
    if found is None:
        raise NoSuchVoice
    return found


def _of(table: type[Review | Question], lock: bool) -> dict[str, object] | None:
    return {"of": table} if lock else None


def judge(
    session: Session,
    voice: Review | Question,
    reason: HiddenReason | None,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Hide a text for a reason, or let it be seen (None). The stars of a hidden review still count."""
    kind = "review" if isinstance(voice, Review) else "question"
    before = voice.hidden_reason
    voice.hidden_reason, voice.judged_at, voice.judged_by = reason, now, actor_id
    detail = {"before": before.value if before else None, "after": reason.value if reason else None}
    action = f"{kind}.hide" if reason else f"{kind}.show"
    audit.record(session, action, (kind, voice.id), actor_id=actor_id, now=now, detail=detail)
    session.flush()


def answer(
    session: Session, voice: Review | Question, text: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Answer once. Raises `BadAnswer`, `Answered`; who may is for the caller to demand."""
    words = text.strip()
    if not 0 < len(words) <= MAX_ANSWER:
        raise BadAnswer
    if voice.answer is not None:
        raise Answered
    kind = "review" if isinstance(voice, Review) else "question"
    voice.answer, voice.answered_at, voice.answered_by = words, now, actor_id
    audit.record(session, f"{kind}.answer", (kind, voice.id), actor_id=actor_id, now=now)
    session.flush()


def ask(session: Session, *, now: datetime) -> int:
    """Queue one message for each order completed five days ago whose buyer left an e-mail address.

    Returns how many. The key of the operation is the order: no order is asked about twice.
    """
    asked = select(operations.Operation.id).where(
        operations.Operation.kind == "review.ask", operations.Operation.key == Order.number
    )
    due = (
        select(Order.id, Order.number)
        .where(Order.status == OrderStatus.COMPLETED, Order.contact_email.is_not(None))
        .where(Order.completed_at <= now - ASK_AFTER, Order.completed_at > now - ASK_UNTIL)
        .where(~asked.exists(), ~_reviewed().exists())
        .order_by(Order.completed_at)
        .limit(BATCH)
    )
    rows = session.execute(due).all()
    for order_id, number in rows:
        body = {"order_id": str(order_id)}
        operations.once(
            session,
            kind="review.ask",
            key=number,
            body=body,
            now=now,
            effect=lambda _id, body=body: _queued(session, body, now),  # type: ignore[misc]
        )
    return len(rows)


def _reviewed() -> Select[UUID]:
    return select(Review.id).join(OrderLine).where(OrderLine.order_id == Order.id)


def _queued(session: Session, body: dict[str, str], now: datetime) -> dict[str, str]:
    enqueue(session, "ask_review", body, now=now)
    return body
