"""What the page of a stamp says: a code is looked up, judged and, if a person asked, counted.

A serial that fits proves that the stamp was issued, not that the goods are what it stands on: a copy
of it reads the same. So the answer is what is known of it, and how often it was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from traceability import cases, foreign, issued, journal, serials, thresholds
from traceability.cells import Cell
from traceability.clones import Limits
from traceability.foreign_models import ForeignSerial
from traceability.issued import Keys, Stamp, StampState
from traceability.models import JournalEntry, Lot, LotStatus, Scan, StampItem


class VerdictKind(LabelledEnum):
    """The answers a code can get; only the first that holds is given, safety first."""

    MALFORMED = "malformed", N_("Not a stamp code")
    UNKNOWN = "unknown", N_("Not issued here")
    RECALLED = "recalled", N_("Recalled")
    VOID = "void", N_("Void")
    NOT_ACTIVATED = "not_activated", N_("Not activated")
    SUSPICIOUS = "suspicious", N_("Perhaps copied")
    HELD = "held", N_("On hold")
    SOLD = "sold", N_("Sold")
    LAPSED = "lapsed", N_("Recognition ended")
    ACTIVE = "active", N_("Issued")
    FOREIGN = "foreign", N_("Issued by others")


# Goods that a stamp vouches for; under any other answer no star is shown.
VOUCHED = {VerdictKind.HELD, VerdictKind.SOLD, VerdictKind.LAPSED, VerdictKind.ACTIVE} | {
    VerdictKind.FOREIGN
}


# Fewer scans than this are never looked through on the spot: a pack has a buyer and a household.
WATCHED_FROM = 3


@dataclass(frozen=True)
class Tally:
    """How often a stamp was looked up by people, this time included when it counts.

    `last_at` is the time before this one, `suspicion` the score of `clones`.
    """

    scans: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    suspicion: int = 0


@dataclass(frozen=True)
class Sighting:
    """What is kept of who scans: a token of the day, and about where, if that was told."""

    device: str | None = None
    cell: Cell | None = None


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
    scan_id: int | None = None  # of this look, when it counted
    foreign: ForeignSerial | None = None
    expired: bool = False

    @property
    def lot(self) -> Lot | None:
        """The lot that the stamp is bound to."""
        if self.foreign:
            return self.foreign.lot
        return self.stamp.lot if self.stamp else None

    @property
    def sku(self) -> Sku | None:
        """The article that the stamp was issued for."""
        if self.foreign:
            return self.foreign.sku
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
    sighting: Sighting | None,
) -> Verdict:
    """Judge a code, typed in any form. `gtin` (14 digits) is the product the address named.

    With a `sighting` the look-up counts as a scan, and the session must be one for writing. Raises
    `KeyMissing`.
    """
    serial = serials.parse_typed(code)
    stamp = issued.find(session, serial, keys) if serial else None
    if stamp is not None and gtin is not None and not _is_of(stamp, gtin):
        stamp = None
    if stamp is None and (code_of_others := foreign.find(session, code, gtin)) is not None:
        return _foreign(session, code_of_others, day, now, sighting)
    if stamp is None:
        # Under a GTIN any text is a serial that somebody may have issued; alone it is none.
        kind = VerdictKind.UNKNOWN if serial or gtin else VerdictKind.MALFORMED
        if sighting and kind is VerdictKind.UNKNOWN:
            session.add(_scan(sighting, kind, now))
        return Verdict(kind, serial)
    return _judge(session, stamp, day, now, sighting)


def _scan(sighting: Sighting, kind: VerdictKind, now: datetime) -> Scan:
    cell = sighting.cell
    lat10, lon10 = (cell.lat10, cell.lon10) if cell else (None, None)
    return Scan(at=now, verdict=kind.value, device=sighting.device, lat10=lat10, lon10=lon10)


def _foreign(
    session: Session, code: ForeignSerial, day: date, now: datetime, sighting: Sighting | None
) -> Verdict:
    """What is known of a code that others issued; a recall of its lot comes first here too."""
    kind, scan_id = VerdictKind.FOREIGN, None
    if code.lot is not None and code.lot.status is LotStatus.RECALLED:
        kind = VerdictKind.RECALLED
    tally = Tally(code.scan_count, code.first_scan_at, code.last_scan_at)
    if sighting:
        scan = _scan(sighting, kind, now)
        session.add(scan)
        session.flush()
        scan_id, tally = scan.id, Tally(*foreign.count(session, code, now), code.last_scan_at)
    producer = code.sku.product.producer
    area = producer.area if producer else None
    expires_on = code.lot.expires_on if code.lot else None
    return Verdict(
        kind,
        code.serial,
        recognition=recognitions.view(session, code.sku.product_id, day),
        journal=_journey(session, code.lot) if code.lot else (),
        area_now=today_unit(session, area) if area else None,
        tally=tally,
        scan_id=scan_id,
        expired=expires_on is not None and expires_on < day,
        foreign=code,
    )


def _is_of(stamp: Stamp, gtin: str) -> bool:
    return stamp.batch.has_gtin and stamp.batch.identity == gtin


def _judge(
    session: Session, stamp: Stamp, day: date, now: datetime, sighting: Sighting | None
) -> Verdict:
    view = recognitions.view(session, stamp.batch.sku.product_id, day)
    plain = _kind(stamp, view)
    tally, scan_id = _tally(stamp), None
    if sighting:
        tally, scan_id = _count(session, stamp, plain, now, sighting)
        tally = _watched(session, stamp, plain, tally, now)
    kind = _with_suspicion(plain, tally, thresholds.current(session) if tally.suspicion else None)
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
        tally=tally,
        scan_id=scan_id,
        expired=expires_on is not None and expires_on < day,
    )


def _journey(session: Session, lot: Lot) -> Sequence[JournalEntry]:
    """The public history as it happened, which is not always as it was written down."""
    entries = journal.entries(session, lot.id, public_only=True)
    return sorted(entries, key=lambda entry: (entry.occurred_at, entry.number))


def _kind(stamp: Stamp, view: RecognitionView) -> VerdictKind:
    answers = (
        (stamp.lot.status is LotStatus.RECALLED, VerdictKind.RECALLED),
        (stamp.state is StampState.RECALLED, VerdictKind.RECALLED),
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


# Answers that a suspicion of copies comes before; the graver ones come first.
_WEAKER = {VerdictKind.HELD, VerdictKind.SOLD, VerdictKind.LAPSED, VerdictKind.ACTIVE}


def _with_suspicion(kind: VerdictKind, tally: Tally, limits: Limits | None) -> VerdictKind:
    suspicious = limits is not None and tally.suspicion >= limits.suspicious
    return VerdictKind.SUSPICIOUS if suspicious and kind in _WEAKER else kind


def _tally(stamp: Stamp) -> Tally:
    item = stamp.item
    if item is None:
        return Tally()
    return Tally(item.scan_count, item.first_scan_at, item.last_scan_at, item.suspicion)


def _count(
    session: Session, stamp: Stamp, kind: VerdictKind, now: datetime, sighting: Sighting
) -> tuple[Tally, int]:
    key = {"batch_id": stamp.batch.id, "number": stamp.number}
    scan = _scan(sighting, kind, now)
    scan.batch_id, scan.number = stamp.batch.id, stamp.number
    session.add(scan)
    session.flush()
    first = {"scan_count": 1, "first_scan_at": now, "last_scan_at": now}
    if stamp.item is None and insert_if_new(session, StampItem, {**key, **first}):
        return Tally(1, now), scan.id
    # Added up by the database: two phones at once must both count.
    step = (
        update(StampItem)
        .filter_by(**key)
        .values(
            scan_count=StampItem.scan_count + 1,
            first_scan_at=func.coalesce(StampItem.first_scan_at, literal(now, UtcDateTime())),
            last_scan_at=now,
        )
        .returning(StampItem.scan_count, StampItem.first_scan_at, StampItem.suspicion)
        .execution_options(synchronize_session=False)
    )
    count, first_at, suspicion = session.execute(step).one()
    before = stamp.item.last_scan_at if stamp.item else None
    return Tally(count, first_at, before, suspicion), scan.id


def _watched(
    session: Session, stamp: Stamp, kind: VerdictKind, tally: Tally, now: datetime
) -> Tally:
    """Look through the scans so far, once there are enough of them or none should be."""
    if tally.scans < WATCHED_FROM and kind is not VerdictKind.NOT_ACTIVATED:
        return tally
    item = session.get_one(StampItem, (stamp.batch.id, stamp.number), populate_existing=True)
    finding = cases.judge_code(session, item, thresholds.current(session), now=now)
    return replace(tally, suspicion=max(tally.suspicion, finding.score))
