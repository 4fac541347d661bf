"""Questions to producers: asked without an account, public once they are answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import users
from app.core.errors import Rejected
from app.core.outbox import enqueue
from app.core.text import N_
from app.storefront import reviews
from app.storefront.browse import NoSuchProduct
from app.storefront.reviews import MAX_AUTHOR, NoSuchVoice, flags_of
from app.storefront.voice_models import Question
from catalog.models import Product, ProductStatus

MAX_QUESTION = 1000


class BadQuestion(Rejected):
    """Name or text are out of bounds."""

    code = "bad_question"
    message = N_("A question needs a name and at most 1,000 characters of text.")


@dataclass(frozen=True)
class Asker:
    """Who asks, in which language; the address is for the answer only."""

    name: str
    email: str | None
    language: str
    user_id: UUID | None = None


def ask(session: Session, slug: str, asker: Asker, text: str, *, now: datetime) -> Question:
    """Keep a question about a published product.

    Raises `NoSuchProduct`, `BadQuestion`, `BadEmail`.
    """
    published = select(Product).filter_by(slug=slug, status=ProductStatus.PUBLISHED)
    product = session.scalar(published)
    if product is None:
        raise NoSuchProduct
    name, words = " ".join(asker.name.split()), text.strip()
    if not 0 < len(name) <= MAX_AUTHOR or not 0 < len(words) <= MAX_QUESTION:
        raise BadQuestion
    question = Question(
        product=product,
        user_id=asker.user_id,
        author=name,
        email=users.normal_email(asker.email) if asker.email else None,
        text=words,
        language=asker.language,
        created_at=now,
        flags=flags_of(words),
    )
    session.add(question)
    session.flush()
    return question


def get(session: Session, question_id: UUID, *, lock: bool = False) -> Question:
    """A question with its product. Raises `NoSuchVoice`."""
    found = session.get(
        Question,
        question_id,
        options=[joinedload(Question.product)],
        with_for_update={"of": Question} if lock else None,
    )
    if found is None:
        raise NoSuchVoice
    return found


def answer(
    session: Session, question: Question, text: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Answer once and queue the message to the asker. Raises `BadAnswer`, `Answered`."""
    reviews.answer(session, question, text, now=now, actor_id=actor_id)
    if question.email:
        enqueue(session, "question_answered", {"question_id": str(question.id)}, now=now)
