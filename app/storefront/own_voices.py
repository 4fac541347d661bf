"""Reviews and questions of a member: handed out with the own data, and kept without a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.core.types import Json
from app.storefront.voice_models import Question, Review

# Shown to readers like any other name, so it is data.
GONE = "Người mua đã xoá tài khoản"


def reviews(session: Session, user_id: UUID) -> list[Json]:
    """What the member thinks of goods, oldest first."""
    query = select(Review).filter_by(user_id=user_id).options(joinedload(Review.product))
    rows = session.scalars(query.order_by(Review.created_at, Review.id))
    return [_voice(row) | {"stars": row.stars} for row in rows]


def questions(session: Session, user_id: UUID) -> list[Json]:
    """What the member asked, oldest first."""
    query = select(Question).filter_by(user_id=user_id).options(joinedload(Question.product))
    rows = session.scalars(query.order_by(Question.created_at, Question.id))
    return [_voice(row) | {"email": row.email} for row in rows]


def _voice(row: Review | Question) -> Json:
    return {
        "product": row.product.name_vi,
        "slug": row.product.slug,
        "author": row.author,
        "text": row.text,
        "created_at": _time(row.created_at),
        "answer": row.answer,
        "answered_at": _time(row.answered_at),
        "hidden_reason": row.hidden_reason.value if row.hidden_reason else None,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def take_out(session: Session, user_id: UUID, email: str | None) -> None:
    """Take the person out of what was said; stars and words stay for the readers.

    With an `email` that the person has proved also out of what was asked from it as a guest.
    """
    nameless = {"user_id": None, "author": GONE}
    session.execute(update(Review).filter_by(user_id=user_id).values(nameless))
    asked = Question.user_id == user_id
    if email is not None:
        asked |= Question.user_id.is_(None) & (Question.email == email)
    session.execute(update(Question).where(asked).values(nameless | {"email": None}))
