"""What the page of a stamp says: a code is looked up, judged and, if a person asked, counted.

A serial that fits proves that the stamp was issued, not that the goods are what it stands on: a copy
of it reads the same. So the answer is what is known of it, and how often it was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, update
from sqlalchemy.orm import Session

from app.areas.lookup import today_unit
from app.areas.models import AreaUnit
from app.core.db import insert_if_new
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import UtcDateTime
from catalog import recognitions
from catalog.models import Producer, Product, Sku
from catalog.recognition_models import Recognition
from catalog.recognitions import RecognitionState, RecognitionView
from traceability import issued, journal, serials
from traceability.issued import Keys, Stamp, StampState
from traceability.models import JournalEntry, Lot, LotStatus, Scan, StampItem


class VerdictKind(LabelledEnum):
    """The answers a code can get; only the first that holds is given, safety first."""

    MALFORMED = "malformed", N_("Not a stamp code")
    UNKNOWN = "unknown", N_("Not issued here")
    RECALLED = "recalled", N_("Recalled")
    VOID = "void", N_("Void")
    NOT_ACTIVATED = "not_activated", N_("Not activated")
    HELD = "held", N_("On hold")
    SOLD = "sold", N_("Sold")
    LAPSED = "lapsed", N_("Recognition ended")
    ACTIVE = "active", N_("Issued")


# Goods that a stamp vouches for; under any other answer no star is shown.
VOUCHED = {VerdictKind.HELD, VerdictKind.SOLD, VerdictKind.LAPSED, VerdictKind.ACTIVE}


@dataclass(frozen=True)
class Tally:
    """How often a stamp was looked up by people, this time included when it counts."""

    scans: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """All that the page says. Everything about goods is None when no stamp was found."""

    kind: VerdictKind
    serial: str | None = None
    stamp: Stamp | None = None
    recognition: RecognitionView = recognitions.NO_RECOGNITION
    recognition_ended_on: date | None = None
    journal: Sequence[JournalEntry] = ()
    area_now: AreaUnit | None = None
    tally: Tally = Tally()
    expired: bool = False

    @property
    def lot(self) -> Lot | None:
        """The lot that the stamp is bound to."""
        return self.stamp.lot if self.stamp else None

    @property
    def sku(self) -> Sku | None:
        """The article that the stamp was issued for."""
        return self.stamp.batch.sku if self.stamp else None

    @property
    def product(self) -> Product | None:
        """What is in the pack."""
        return self.sku.product if self.sku else None

    @property
    def producer(self) -> Producer | None:
        """Who makes it."""
        return self.product.producer if self.product else None

    @property
    def sold_at(self) -> datetime | None:
        """When the pack was sold, if a sales point told."""
        return self.stamp.item.sold_at if self.stamp and self.stamp.item else None

    @property
    def sold_place(self) -> str | None:
        """Where the pack was sold."""
        return self.stamp.item.sold_place if self.stamp and self.stamp.item else None

    @property
    def vouched(self) -> bool:
        """Whether recognition and journey may stand under the answer."""
        return self.kind in VOUCHED


def look_up(
    session: Session,
    code: str,
    *,
    day: date,
    now: datetime,
    keys: Keys,
    gtin: str | None = None,
    record: bool,
) -> Verdict:
    """Judge a code, typed in any form. `gtin` (14 digits) is the product the address named.

    With `record`, the session must be one for writing. Raises `KeyMissing`.
    """
    serial = serials.parse_typed(code)
    stamp = issued.find(session, serial, keys) if serial else None
    if stamp is not None and gtin is not None and not _is_of(stamp, gtin):
        stamp = None
    if stamp is None:
        # Under a GTIN any text is a serial that somebody may have issued; alone it is none.
        kind = VerdictKind.UNKNOWN if serial or gtin else VerdictKind.MALFORMED
        if record and kind is VerdictKind.UNKNOWN:
            session.add(Scan(at=now, verdict=kind.value))
        return Verdict(kind, serial)
    return _judge(session, stamp, day, now, record)


def _is_of(stamp: Stamp, gtin: str) -> bool:
    return stamp.batch.has_gtin and stamp.batch.identity == gtin


def _judge(session: Session, stamp: Stamp, day: date, now: datetime, record: bool) -> Verdict:
    view = recognitions.view(session, stamp.batch.sku.product_id, day)
    kind = _kind(stamp, view)
    producer, expires_on = stamp.batch.sku.product.producer, stamp.lot.expires_on
    area = producer.area if producer else None
    return Verdict(
        kind,
        stamp.serial,
        stamp,
        recognition=view,
        recognition_ended_on=_ended_on(session, view),
        journal=_journey(session, stamp.lot),
        area_now=today_unit(session, area) if area else None,
        tally=_count(session, stamp, kind, now) if record else _tally(stamp),
        expired=expires_on is not None and expires_on < day,
    )


def _journey(session: Session, lot: Lot) -> Sequence[JournalEntry]:
    """The public history as it happened, which is not always as it was written down."""
    entries = journal.entries(session, lot.id, public_only=True)
    return sorted(entries, key=lambda entry: (entry.occurred_at, entry.number))


def _kind(stamp: Stamp, view: RecognitionView) -> VerdictKind:
    answers = (
        (stamp.lot.status is LotStatus.RECALLED, VerdictKind.RECALLED),
        (stamp.state is StampState.VOID, VerdictKind.VOID),
        (stamp.state is StampState.NOT_ACTIVATED, VerdictKind.NOT_ACTIVATED),
        (stamp.lot.status is not LotStatus.RELEASED, VerdictKind.HELD),
        (stamp.state is StampState.SOLD, VerdictKind.SOLD),
        (view.shown_stars is None, VerdictKind.LAPSED),
    )
    return next((kind for holds, kind in answers if holds), VerdictKind.ACTIVE)


def _ended_on(session: Session, view: RecognitionView) -> date | None:
    """Last day of a lapsed recognition, first day of a revocation; None while neither is so."""
    if view.state is RecognitionState.REVOKED and view.id is not None:
        return session.get_one(Recognition, view.id).revoked_on
    return view.valid_until if view.state is RecognitionState.LAPSED else None


def _tally(stamp: Stamp) -> Tally:
    item = stamp.item
    return Tally(item.scan_count, item.first_scan_at) if item else Tally()


def _count(session: Session, stamp: Stamp, kind: VerdictKind, now: datetime) -> Tally:
    key = {"batch_id": stamp.batch.id, "number": stamp.number}
    session.add(Scan(at=now, verdict=kind.value, **key))
    session.flush()
    first = {"scan_count": 1, "first_scan_at": now, "last_scan_at": now}
    if stamp.item is None and insert_if_new(session, StampItem, {**key, **first}):
        return Tally(1, now)
    # Added up by the database: two phones at once must both count.
    step = (
        update(StampItem)
        .filter_by(**key)
        .values(
            scan_count=StampItem.scan_count + 1,
            first_scan_at=func.coalesce(StampItem.first_scan_at, literal(now, UtcDateTime())),
            last_scan_at=now,
        )
        .returning(StampItem.scan_count, StampItem.first_scan_at)
        .execution_options(synchronize_session=False)
    )
    return Tally(*session.execute(step).one())
