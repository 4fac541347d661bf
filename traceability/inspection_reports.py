"""What inspectors send home: kept as doubts. The bundle they took along is their pass."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import links
from app.core.errors import Forbidden
from app.core.text import N_

# A report may wait longer than the bundle is good for: some places have no network for weeks.
GRACE = timedelta(days=60)
_PURPOSE = "inspection"


class NoPass(Forbidden):
    """The report does not come from somebody who took a bundle along."""

    code = "no_inspection_pass"
    message = N_(
        "This report does not come with a valid bundle. Take a new one along and send it again."
    )


@dataclass(frozen=True)
class Pass:
    """Who took a bundle along, and on which day."""

    user_id: UUID
    day: date


def issue(secret: str, user_id: UUID, day: date) -> str:
    """The pass as text, to lie inside the bundle."""
    return f"{day.isoformat()}.{links.signed(secret, _purpose(day), user_id)}"


def holder(session: Session, secret: str, text: str, day: date) -> User:
    """The account that a pass was given to. Raises `NoPass` for a forged or old one."""
    day_text, _dot, signed = text.partition(".")
    try:
        given = date.fromisoformat(day_text)
    except ValueError:
        raise NoPass from None
    user_id = links.opened(secret, _purpose(given), signed)
    user = session.get(User, user_id) if user_id else None
    if user is None or not user.active or not given <= day <= given + GRACE:
        raise NoPass
    return user


def _purpose(day: date) -> str:
    return f"{_PURPOSE} {day.isoformat()}"
