"""Warnings before a recognition or a paper ends: to its producer and to the officers, once each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import EVERYWHERE, producer_scope
from app.accounts.models import Grant, Role, User
from app.core.db import insert_if_new
from app.core.outbox import enqueue
from catalog.models import Product
from catalog.recognition_models import Evidence, Recognition, Reminder

# The issuing body must warn at least 30 days before the end; the others are ours.
THRESHOLDS = (180, 90, 30, 7)


@dataclass(frozen=True)
class Ending:
    """Something that ends: `subject` names it, `what` is for people."""

    subject: str
    kind: str
    what: str
    ends_on: date
    product_id: UUID | None
    producer_id: UUID | None


def remind(session: Session, *, day: date, now: datetime) -> int:
    """Queue the warnings that are due on `day`; returns how many. Running again sends nothing twice.

    One that is late (the worker was off) is sent for the nearest threshold only.
    """
    sent = 0
    for ending in [*_recognitions(session, day), *_papers(session, day)]:
        due = min(n for n in THRESHOLDS if (ending.ends_on - day).days <= n)
        key = {"subject": ending.subject, "days": due}
        if insert_if_new(session, Reminder, key | {"sent_at": now}):
            enqueue(
                session, "ends_soon", _payload(ending, due, _readers(session, ending, day)), now=now
            )
            sent += 1
    return sent


def _payload(ending: Ending, days: int, readers: list[str]) -> dict[str, object]:
    return {
        "kind": ending.kind,
        "what": ending.what,
        "ends_on": ending.ends_on.isoformat(),
        "days": days,
        "product_id": str(ending.product_id) if ending.product_id else None,
        "to": readers,
    }


def _recognitions(session: Session, day: date) -> Iterator[Ending]:
    rows = session.execute(
        select(Recognition, Product)
        .join(Product, Product.id == Recognition.product_id)
        .where(Recognition.decision_id.is_not(None), Recognition.revoked_on.is_(None))
        .where(Recognition.valid_until >= day)
        .where(Recognition.valid_until <= day + timedelta(days=max(THRESHOLDS)))
        .order_by(Recognition.valid_until, Recognition.id)
    )
    for row, product in rows:
        if row.valid_until is not None:
            yield Ending(
                f"recognition:{row.id}",
                "recognition",
                product.name_vi,
                row.valid_until,
                product.id,
                product.producer_id,
            )


def _papers(session: Session, day: date) -> Iterator[Ending]:
    rows = session.execute(
        select(Evidence, Product)
        .outerjoin(Product, Product.id == Evidence.product_id)
        .where(Evidence.valid_until >= day)
        .where(Evidence.valid_until <= day + timedelta(days=max(THRESHOLDS)))
        .order_by(Evidence.valid_until, Evidence.id)
    )
    for paper, product in rows:
        if paper.valid_until is not None:
            about = product.name_vi if product else paper.number or paper.kind.value
            maker = paper.producer_id or (product.producer_id if product else None)
            product_id = product.id if product else None
            yield Ending(
                f"evidence:{paper.id}", "paper", about, paper.valid_until, product_id, maker
            )


def _readers(session: Session, ending: Ending, day: date) -> list[str]:
    """E-mail addresses of the officers and of those who act for the producer."""
    wanted = (Grant.role == Role.OFFICER) & (Grant.scope == EVERYWHERE)
    if ending.producer_id is not None:
        own = producer_scope(ending.producer_id)
        wanted |= (Grant.role == Role.PRODUCER) & (Grant.scope == own)
    in_force = (Grant.valid_from <= day) & (Grant.valid_to.is_(None) | (Grant.valid_to >= day))
    query = (
        select(User.email)
        .join(Grant, Grant.user_id == User.id)
        .where(User.active, wanted, in_force)
    )
    return sorted(set(session.scalars(query)))
