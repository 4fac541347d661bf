"""Lots: open, release, hold, recall."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.clock import local_midnight
from app.core.errors import Conflict, NotFound, Rejected
from app.core.states import Moves
from app.core.text import N_
from catalog import bundles
from catalog.models import Producer, Sku
from traceability import journal
from traceability.models import JournalKind, Lot, LotStatus

LOT_MOVES = Moves(
    {
        LotStatus.DRAFT: {LotStatus.RELEASED, LotStatus.HELD},
        LotStatus.RELEASED: {LotStatus.HELD, LotStatus.RECALLED},
        LotStatus.HELD: {LotStatus.RELEASED, LotStatus.RECALLED},
    }
)

UNIDENTIFIED = "KHONG-RO-LO"
# Begins the code of the lot that stands for all goods of an article that needs no lot.
STANDING = "KHONG-LO"


class UnknownLot(NotFound):
    """No such lot."""

    code = "unknown_lot"
    message = N_("This lot does not exist.")


class LotCodeTaken(Conflict):
    """The SKU already has a lot with this code."""

    code = "lot_code_taken"
    message = N_("This article already has a lot %(lot)s.")


class DatesReversed(Rejected):
    """Expiry lies before production."""

    code = "dates_reversed"
    message = N_("The lot expires before it was made; check the two dates.")


class BadQuantity(Rejected):
    """A quantity is a positive whole number."""

    code = "bad_quantity"
    message = N_("The quantity must be a whole number above zero.")


class SetHasNoLot(Rejected):
    """A gift set has neither stock nor lots of its own: its parts have."""

    code = "set_has_no_lot"
    message = N_("%(code)s is a gift set, so it has no lot of its own. Open lots of its parts.")


class NotDraft(Conflict):
    """The lot was released or stopped: its dates are printed on packs by now."""

    code = "lot_not_draft"
    message = N_("Only the dates of a draft can be filled in.")


class NotReleasable(Rejected):
    """Data that a consumer must see are missing; `detail` lists them."""

    code = "not_releasable"
    message = N_("The lot cannot be released yet: %(missing)s.")


def open_lot(
    session: Session,
    sku: Sku,
    code: str,
    *,
    owner: Producer | None,
    made_on: date | None,
    expires_on: date | None,
    quantity_declared: int,
    now: datetime,
    actor_id: UUID | None,
    unit_cost: int | None = None,
) -> Lot:
    """Describe a production run. Without an expiry it follows from the SKU's shelf life.

    Raises `BadQuantity`, `DatesReversed`, `LotCodeTaken`, `SetHasNoLot`.
    """
    if quantity_declared < 1:
        raise BadQuantity
    if session.scalar(select(bundles.is_set(sku.id))):
        raise SetHasNoLot(code=sku.code)
    expires_on = _expiry(sku, made_on, expires_on)
    text = code.strip().upper()
    if session.scalar(select(Lot.id).filter_by(sku_id=sku.id, code=text)):
        raise LotCodeTaken(lot=text)
    lot = Lot(
        sku=sku,
        code=text,
        owner=owner,
        made_on=made_on,
        expires_on=expires_on,
        sell_by=_last_day(sku, expires_on),
        quantity_declared=quantity_declared,
        unit_cost=unit_cost,
        status=LotStatus.DRAFT,
        created_at=now,
    )
    session.add(lot)
    session.flush()
    audit.record(session, "lot.open", ("lot", lot.id), actor_id=actor_id, now=now)
    _note_made(session, lot, now, actor_id)
    return lot


def complete(
    session: Session,
    lot: Lot,
    *,
    made_on: date | None,
    expires_on: date | None,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Fill in dates that were not known when the draft was opened; a known one is never replaced.

    Raises `NotDraft`, `DatesReversed`.
    """
    if lot.status is not LotStatus.DRAFT:
        raise NotDraft
    had_made = lot.made_on is not None
    made_on = lot.made_on or made_on
    expires_on = _expiry(lot.sku, made_on, lot.expires_on or expires_on)
    lot.made_on, lot.expires_on = made_on, expires_on
    lot.sell_by = _last_day(lot.sku, expires_on)
    detail = {"made_on": str(made_on), "expires_on": str(expires_on)}
    obj = ("lot", lot.id)
    audit.record(session, "lot.complete", obj, actor_id=actor_id, now=now, detail=detail)
    if not had_made:
        _note_made(session, lot, now, actor_id)


def _expiry(sku: Sku, made_on: date | None, stated: date | None) -> date | None:
    """The stated expiry, else the one that follows from the shelf life."""
    if stated is None and made_on is not None and sku.shelf_life_days is not None:
        return made_on + timedelta(days=sku.shelf_life_days)
    if made_on and stated and stated < made_on:
        raise DatesReversed
    return stated


def _last_day(sku: Sku, expires_on: date | None) -> date | None:
    return expires_on - timedelta(days=sku.sell_by_buffer_days) if expires_on else None


def _note_made(session: Session, lot: Lot, now: datetime, actor_id: UUID | None) -> None:
    if lot.made_on is None:
        return
    at, place = local_midnight(lot.made_on), lot.owner.area_text if lot.owner else None
    kind = JournalKind.MADE
    journal.append(session, lot, kind, occurred_at=at, place=place, now=now, actor_id=actor_id)


def missing_for_release(lot: Lot) -> list[str]:
    """Msgids of the minimum data that a consumer must find (national portal's list, without the
    picture, which every product has): producer, its address, time of production, shelf life."""
    product = lot.sku.product
    producer = product.producer
    dated = not product.needs_lot
    checks = (
        (producer is not None, N_("producer")),
        (
            bool(producer and (producer.area_text or producer.address)),
            N_("address of the producer"),
        ),
        (dated or lot.made_on is not None, N_("production date")),
        (
            dated or lot.sku.shelf_life_days is None or lot.expires_on is not None,
            N_("expiry date"),
        ),
    )
    return [name for present, name in checks if not present]


def check_minimum(lot: Lot) -> None:
    """Raise `NotReleasable` when data that a consumer must find are missing."""
    missing = missing_for_release(lot)
    if missing:
        raise NotReleasable(missing=missing, detail=missing)


def release(session: Session, lot: Lot, *, now: datetime, actor_id: UUID | None) -> None:
    """Allow the lot to be sold and stamped. Raises `NotReleasable`, `ForbiddenMove`."""
    check_minimum(lot)
    _move(session, lot, LotStatus.RELEASED, JournalKind.RELEASED, None, now, actor_id)


def hold(session: Session, lot: Lot, *, reason: str, now: datetime, actor_id: UUID | None) -> None:
    """Stop sale for now. Raises `ForbiddenMove`."""
    _move(session, lot, LotStatus.HELD, JournalKind.HELD, reason, now, actor_id)


def recall(
    session: Session, lot: Lot, *, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    """Stop sale for good; every till and every stamp of the lot says so. Raises `ForbiddenMove`."""
    _move(session, lot, LotStatus.RECALLED, JournalKind.RECALLED, reason, now, actor_id)


def _move(
    session: Session,
    lot: Lot,
    to: LotStatus,
    kind: JournalKind,
    reason: str | None,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    before = lot.status
    lot.status, lot.status_reason = LOT_MOVES.to(before, to), reason
    journal.append(session, lot, kind, occurred_at=now, text=reason, now=now, actor_id=actor_id)
    detail = {"before": before.value, "after": to.value, "reason": reason}
    audit.record(session, "lot.move", ("lot", lot.id), detail=detail, now=now, actor_id=actor_id)


def unidentified(session: Session, sku: Sku, *, now: datetime) -> Lot:
    """The lot for goods that were sold though nobody knows which lot they were. Never saleable."""
    found = session.scalar(select(Lot).filter_by(sku_id=sku.id, code=UNIDENTIFIED))
    if found is not None:
        return found
    lot = Lot(
        sku_id=sku.id,
        code=UNIDENTIFIED,
        quantity_declared=1,
        status=LotStatus.HELD,
        created_at=now,
    )
    session.add(lot)
    session.flush()
    return lot


def standing(
    session: Session, sku: Sku, owner: Producer | None, *, now: datetime, actor_id: UUID | None
) -> Lot:
    """The one lot of goods that need none, such as plants: released, without dates, by owner.

    Raises `NotReleasable`.
    """
    code = f"{STANDING}-{str(owner.id)[:8] if owner else 'PH'}".upper()
    found = session.scalar(select(Lot).filter_by(sku_id=sku.id, code=code))
    if found is not None:
        return found
    lot = open_lot(
        session,
        sku,
        code,
        owner=owner,
        made_on=None,
        expires_on=None,
        quantity_declared=1,
        now=now,
        actor_id=actor_id,
    )
    release(session, lot, now=now, actor_id=actor_id)
    return lot


def named() -> ColumnElement[bool]:
    """SQL condition: a lot that says something to a buyer, not a stand-in for goods without one."""
    return ~Lot.code.startswith(STANDING) & (Lot.code != UNIDENTIFIED)


def saleable(lot: Lot, day: date) -> bool:
    """Whether the lot may be sold on `day`: released and not past its last day of sale."""
    return lot.status is LotStatus.RELEASED and (lot.sell_by is None or day <= lot.sell_by)


def saleable_on(day: date) -> ColumnElement[bool]:
    """SQL condition with the same rule as `saleable`."""
    return (Lot.status == LotStatus.RELEASED) & (Lot.sell_by.is_(None) | (Lot.sell_by >= day))


def get(session: Session, lot_id: UUID) -> Lot:
    """The lot; raises `UnknownLot`."""
    found = session.get(Lot, lot_id)
    if found is None:
        raise UnknownLot
    return found
