"""Daily anchors: one signed digest over the ends of all histories of lots.

Whoever kept yesterday's anchor can tell whether a history was written anew since: its hash leads to
the root no more. The leaves are lines `lot number hash`; the tree is that of RFC 6962 (leaves begin
with a zero byte, nodes with a one), the signature Ed25519 (RFC 8032) over `statement`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.core.clock import local_day, local_midnight
from app.core.db import insert_if_new
from app.core.errors import NotFound
from app.core.text import N_
from traceability.history_models import Anchor
from traceability.models import JournalEntry

VERSION = "phohien-anchor-1"
NOTHING = "0" * 64
# Days that a sweep makes up for at most, after the worker stood still.
CATCH_UP = 31


class UnknownAnchor(NotFound):
    """No anchor was made for this day, or the lot had no history then."""

    code = "unknown_anchor"
    message = N_("There is no anchor for this.")


@dataclass(frozen=True)
class Proof:
    """How the line of a lot leads to the root: from the leaf up, each neighbour and its side."""

    line: str
    path: Sequence[tuple[str, str]]  # ("left" or "right", hexadecimal digits)
    anchor: Anchor


def make_due(session: Session, key: bytes, *, now: datetime) -> int:
    """Make the anchors of days that are over and have none; returns how many."""
    yesterday = local_day(now) - timedelta(days=1)
    last = session.scalar(select(func.max(Anchor.day)))
    first = last + timedelta(days=1) if last else yesterday
    days = min((yesterday - first).days + 1, CATCH_UP)
    return sum(make(session, first + timedelta(days=n), key, now=now) for n in range(days))


def make(session: Session, day: date, key: bytes, *, now: datetime) -> bool:
    """Make the anchor of a day that is over, unless there is one. `key`: 32 bytes of Ed25519."""
    lines = lines_of(session, day)
    before = session.scalar(
        select(Anchor).where(Anchor.day < day).order_by(Anchor.day.desc()).limit(1)
    )
    previous = digest(before) if before else NOTHING
    found = root(lines)
    signer = Ed25519PrivateKey.from_private_bytes(key)
    text = statement(day, len(lines), found, previous)
    values = {
        "day": day,
        "lots": len(lines),
        "root": found,
        "previous": previous,
        "signature": signer.sign(text.encode()).hex(),
        "public_key": signer.public_key().public_bytes_raw().hex(),
        "at": now,
    }
    return insert_if_new(session, Anchor, values)


def statement(day: date, lots: int, found: str, previous: str) -> str:
    """What is signed."""
    return f"{VERSION}\n{day.isoformat()}\n{lots}\n{found}\n{previous}\n"


def digest(anchor: Anchor) -> str:
    """What the next anchor calls this one."""
    text = statement(anchor.day, anchor.lots, anchor.root, anchor.previous)
    return hashlib.sha256(text.encode()).hexdigest()


def lines_of(session: Session, day: date) -> list[str]:
    """The end of each history as it was at the end of the day, in order; one query."""
    end = local_midnight(day + timedelta(days=1))
    last = (
        select(JournalEntry.lot_id, func.max(JournalEntry.number).label("number"))
        .where(JournalEntry.recorded_at < end)
        .group_by(JournalEntry.lot_id)
        .subquery()
    )
    query = select(JournalEntry.lot_id, JournalEntry.number, JournalEntry.hash).join(
        last,
        and_(JournalEntry.lot_id == last.c.lot_id, JournalEntry.number == last.c.number),
    )
    return sorted(f"{lot_id} {number} {mark}" for lot_id, number, mark in session.execute(query))


def root(lines: Sequence[str]) -> str:
    """Merkle root in hexadecimal digits; of nothing it is the hash of nothing (RFC 6962, 2.1)."""
    level = [leaf(line) for line in lines]
    while len(level) > 1:
        level = _up(level)
    return level[0].hex() if level else hashlib.sha256().hexdigest()


def leaf(line: str) -> bytes:
    """Hash of one line."""
    return hashlib.sha256(b"\0" + line.encode()).digest()


def _up(level: Sequence[bytes]) -> list[bytes]:
    """The next level; an odd last node goes up as it is, as in RFC 6962."""
    pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
    return [node(*pair) if len(pair) == 2 else pair[0] for pair in pairs]


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two neighbours."""
    return hashlib.sha256(b"\1" + left + right).digest()


def prove(session: Session, day: date, lot_id: object) -> Proof:
    """How the end of a lot's history on that day leads to the anchor. Raises `UnknownAnchor`."""
    anchor = session.get(Anchor, day)
    lines = lines_of(session, day) if anchor else []
    at = next((n for n, line in enumerate(lines) if line.startswith(f"{lot_id} ")), None)
    if anchor is None or at is None:
        raise UnknownAnchor
    return Proof(lines[at], path(lines, at), anchor)


def path(lines: Sequence[str], at: int) -> list[tuple[str, str]]:
    """Neighbours of a line from the leaf up, with the side on which each stands."""
    level, found = [leaf(line) for line in lines], []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            found.append(("left" if beside < at else "right", level[beside].hex()))
        level, at = _up(level), at // 2
    return found


def latest(session: Session, most: int) -> Sequence[Anchor]:
    """The newest anchors."""
    return session.scalars(select(Anchor).order_by(Anchor.day.desc()).limit(most)).all()
