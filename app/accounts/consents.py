"""Consents: voluntary, one by one, as easy to withdraw as to give (Law 91/2025/QH15, Decree
356/2025). Rows are only added, so that it can be shown what was agreed to and when."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Consent, ConsentPurpose
from app.core.text import N_

# The wording in force; whoever changes it changes the version too.
TEXT_VERSION = "2026-11"
TEXTS = {
    ConsentPurpose.NEWS: N_(
        "The shop may write to my e-mail address about seasons, new stars and fairs, "
        "at most four times a month."
    ),
    ConsentPurpose.PERSONAL_OFFERS: N_(
        "The shop may look at my past orders to choose offers for me. "
        "Nobody outside the shop sees them."
    ),
}


def history(session: Session, user_id: UUID) -> Sequence[Consent]:
    """Everything that was given and withdrawn, in order."""
    return session.scalars(select(Consent).filter_by(user_id=user_id).order_by(Consent.id)).all()


def given(session: Session, user_id: UUID) -> dict[ConsentPurpose, datetime]:
    """The purposes agreed to now, with the moment of agreement."""
    newest = {row.purpose: row.given_at for row in history(session, user_id)}
    return {purpose: at for purpose, at in newest.items() if at is not None}


def change(
    session: Session, user_id: UUID, wanted: Collection[ConsentPurpose], *, now: datetime
) -> None:
    """Note what is agreed to from now on; what stays as it is adds no row."""
    held = given(session, user_id)
    for purpose in ConsentPurpose:
        if (purpose in wanted) == (purpose in held):
            continue
        is_new = purpose in wanted
        session.add(
            Consent(
                user_id=user_id,
                purpose=purpose,
                given_at=now if is_new else None,
                withdrawn_at=None if is_new else now,
                text_version=TEXT_VERSION,
            )
        )
    session.flush()
