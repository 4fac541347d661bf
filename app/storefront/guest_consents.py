"""Consents of guests: given one by one with an order, taken back on its page.

Law 91/2025/QH15 and Decree 356/2025 ask for a consent of its own for each purpose, and that it can be
shown later what was agreed to and when. Members have `app.accounts.consents`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.consents import TEXT_VERSION
from app.accounts.models import ConsentPurpose
from app.storefront.consent_models import GuestConsent


def history(session: Session, order_id: UUID) -> Sequence[GuestConsent]:
    """Everything that was given with an order and taken back, in order."""
    query = select(GuestConsent).filter_by(order_id=order_id).order_by(GuestConsent.id)
    return session.scalars(query).all()


def held(session: Session, order_id: UUID) -> list[GuestConsent]:
    """What is agreed to now, as it was said then."""
    newest = {row.purpose: row for row in history(session, order_id)}
    return [row for row in newest.values() if row.given_at is not None]


def keep(
    session: Session,
    order_id: UUID,
    said: Mapping[ConsentPurpose, str],
    *,
    language: str,
    now: datetime,
) -> None:
    """Note what a guest has agreed to, with the sentences that were shown. An order placed once more
    by the same form adds nothing."""
    known = {row.purpose for row in history(session, order_id)}
    session.add_all(
        GuestConsent(
            order_id=order_id,
            purpose=purpose,
            given_at=now,
            withdrawn_at=None,
            text_version=TEXT_VERSION,
            language=language,
            said=text,
        )
        for purpose, text in said.items()
        if purpose not in known
    )
    session.flush()


def withdraw(session: Session, order_id: UUID, purpose: ConsentPurpose, *, now: datetime) -> None:
    """The guest takes a consent back; what is not held stays as it is."""
    for row in held(session, order_id):
        if row.purpose is purpose:
            session.add(
                GuestConsent(
                    order_id=order_id,
                    purpose=purpose,
                    given_at=None,
                    withdrawn_at=now,
                    text_version=row.text_version,
                    language=row.language,
                    said=row.said,
                )
            )
    session.flush()
