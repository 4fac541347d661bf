"""Lines of the shop's bank account: kept once each and matched with the payments that wait for them.

A line is matched when its text holds the reference of exactly one payment. Another amount counts,
too: what is missing stays missing, what is too much goes back (`paying.money_came`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.enums import LabelledEnum
from app.core.errors import Conflict, NotFound
from app.core.text import N_
from pos.sales import paying
from pos.sales.bank_lines import Line
from pos.sales.models import Payment
from pos.sales.payment_codes import references
from pos.sales.payment_models import BankEntry, MoneyIn
from pos.sales.payment_status import ENTRY_MOVES, EntryStatus

# The same transfer told by two messengers may bear two dates.
NEARBY = timedelta(days=2)
TWICE = N_("Looks like an entry that another source has told already.")
SAME = N_("The same transfer was told by another source.")
SEVERAL = N_("The text names several payments.")
BEFORE = N_("Staff had confirmed it before.")


class UnknownEntry(NotFound):
    """No such line."""

    code = "unknown_entry"
    message = N_("There is no such entry.")


class EntryDone(Conflict):
    """It was matched already."""

    code = "entry_done"
    message = N_("This entry was matched already.")


class Fit(LabelledEnum):
    """How an amount fits to what is missing."""

    EXACT = "exact", N_("Fits")
    UNDER = "under", N_("Too little")
    OVER = "over", N_("Too much")


def judge(missing: int, amount: int) -> Fit:
    """Compare what came with what is still missing. Pure."""
    if amount == missing:
        return Fit.EXACT
    return Fit.UNDER if amount < missing else Fit.OVER


def take(session: Session, source: str, line: Line, *, now: datetime) -> BankEntry | None:
    """Keep a line of money that came in and match it; None when it is known or went out."""
    if line.amount <= 0:
        return None
    values = {
        "id": uuid4(),
        "source": source,
        "provider_id": line.provider_id,
        "bank_ref": line.ref,
        "account": line.account,
        "amount": line.amount,
        "text": line.text,
        "at": line.at,
        "recorded_at": now,
        "status": EntryStatus.NEW,
        "counted": True,
    }
    if not insert_if_new(session, BankEntry, values):
        return None
    entry = session.get_one(BankEntry, values["id"])
    _match(session, entry, now)
    session.flush()
    return entry


def _match(session: Session, entry: BankEntry, now: datetime) -> None:
    if _told_before(session, entry):
        return
    found = named(session, entry.text)
    if len(found) > 1:
        entry.reason = SEVERAL
    if len(found) == 1 and not _maybe_twice(session, entry, found[0]):
        _count(session, entry, found[0], now, None)


def named(session: Session, text: str) -> Sequence[Payment]:
    """The payments whose reference stands in a bank's text."""
    codes = references(text)
    if not codes:
        return []
    return session.scalars(select(Payment).where(Payment.code.in_(codes))).all()


def _told_before(session: Session, entry: BankEntry) -> bool:
    """Put aside what another source told under the same number of the bank."""
    if entry.bank_ref is None:
        return False
    other = select(BankEntry.id).where(
        BankEntry.bank_ref == entry.bank_ref,
        BankEntry.amount == entry.amount,
        BankEntry.source != entry.source,
    )
    if session.scalar(other.limit(1)) is None:
        return False
    entry.status, entry.reason = EntryStatus.IGNORED, SAME
    return True


def _maybe_twice(session: Session, entry: BankEntry, payment: Payment) -> bool:
    """Leave to staff what another source may have told, by the same amount at about the same time."""
    other = select(BankEntry.id).where(
        BankEntry.payment_id == payment.id,
        BankEntry.amount == entry.amount,
        BankEntry.source != entry.source,
        BankEntry.at.between(entry.at - NEARBY, entry.at + NEARBY),
    )
    if session.scalar(other.limit(1)) is None:
        return False
    entry.reason = TWICE
    return True


def _count(
    session: Session, entry: BankEntry, payment: Payment, now: datetime, actor_id: UUID | None
) -> None:
    entry.payment_id = payment.id
    if _confirmed_before(session, entry, payment):
        entry.status = ENTRY_MOVES.to(entry.status, EntryStatus.MATCHED)
        entry.counted, entry.reason = False, entry.reason or BEFORE
        return
    fit = judge(paying.missing(payment), entry.amount)
    to = EntryStatus.MATCHED if fit is Fit.EXACT else EntryStatus.MISMATCHED
    entry.status = ENTRY_MOVES.to(entry.status, to)
    paying.money_came(
        session,
        payment,
        entry.amount,
        source=f"bank:{entry.source}",
        key=entry.provider_id,
        now=now,
        came_at=entry.at,
        actor_id=actor_id,
        reason=entry.reason,
    )


def _confirmed_before(session: Session, entry: BankEntry, payment: Payment) -> bool:
    """Whether staff confirmed this very money, and no other line has stood for that yet."""
    by_staff = select(func.count(MoneyIn.id)).where(
        MoneyIn.payment_id == payment.id,
        MoneyIn.source == "staff",
        MoneyIn.amount == entry.amount,
    )
    stood = select(func.count(BankEntry.id)).where(
        BankEntry.payment_id == payment.id,
        BankEntry.amount == entry.amount,
        BankEntry.counted.is_(False),
        BankEntry.id != entry.id,
    )
    return (session.scalar(by_staff) or 0) > (session.scalar(stood) or 0)


def match_by_hand(
    session: Session,
    entry: BankEntry,
    payment: Payment,
    reason: str,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Staff say what a line was for. Raises `NoReason`, `EntryDone`."""
    if not reason:
        raise paying.NoReason
    _check_open(entry)
    entry.actor_id, entry.reason = actor_id, reason
    _count(session, entry, payment, now, actor_id)
    session.flush()
    _note(session, entry, "bank_entry.match", now, actor_id)


def ignore(
    session: Session, entry: BankEntry, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Staff put a line aside: it is for no order. Raises `NoReason`, `EntryDone`."""
    if not reason:
        raise paying.NoReason
    if entry.status is not EntryStatus.NEW:
        raise EntryDone
    entry.status = ENTRY_MOVES.to(entry.status, EntryStatus.IGNORED)
    entry.actor_id, entry.reason = actor_id, reason
    session.flush()
    _note(session, entry, "bank_entry.ignore", now, actor_id)


def _check_open(entry: BankEntry) -> None:
    if entry.status not in (EntryStatus.NEW, EntryStatus.IGNORED):
        raise EntryDone


def get(session: Session, entry_id: UUID, *, lock: bool = False) -> BankEntry:
    """Raises `UnknownEntry`."""
    query = select(BankEntry).where(BankEntry.id == entry_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    entry = session.scalar(query)
    if entry is None:
        raise UnknownEntry
    return entry


def _note(
    session: Session, entry: BankEntry, action: str, now: datetime, actor_id: UUID | None
) -> None:
    detail = {"amount": entry.amount, "payment": str(entry.payment_id), "reason": entry.reason}
    obj = ("bank_entry", entry.id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)
