"""Stamps of packs that came back and go on sale again, as staff read them from the packs."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import Rejected
from app.core.text import N_
from pos.aftersales.models import Case
from pos.aftersales.moves import By
from pos.sales import orders
from traceability import returned


class NotTheseStamps(Rejected):
    """A stamp of another sale, or more stamps than packs that go on sale."""

    code = "not_these_stamps"
    message = N_("%(name)s: more stamps are ticked than packs of their lot go back on sale.")


@dataclass(frozen=True)
class Stamped:
    """A pack of a line of the case whose stamp was read when it was sold."""

    case_line_id: UUID
    lot_id: UUID
    serial: str
    name: str


def sold_with(case: Case) -> Sequence[Stamped]:
    """The stamped packs that the case may be about."""
    return [
        Stamped(row.id, pick.lot_id, pick.serial, row.line.name)
        for row in case.lines
        if row.accepted
        for pick in row.line.picks
        if pick.serial
    ]


def check(
    case: Case, serials: Collection[str], on_sale: Mapping[tuple[UUID, UUID | None], int]
) -> None:
    """Demand that there is a pack for each stamp; `on_sale` are units that go back on sale, by line
    of the case and lot. Raises `NotTheseStamps`."""
    known = {pack.serial: pack for pack in sold_with(case)}
    if set(serials) - set(known):
        raise NotTheseStamps(name=case.number)
    ticked = Counter((known[one].case_line_id, known[one].lot_id) for one in set(serials))
    for pack in known.values():
        key = (pack.case_line_id, pack.lot_id)
        if ticked[key] > on_sale.get(key, 0):
            raise NotTheseStamps(name=pack.name)


def note(
    session: Session, case: Case, serials: Collection[str], by: By, keys: Mapping[int, bytes]
) -> None:
    """End the sales of these packs: their stamps answer as before it."""
    order = case.order
    back = returned.Return(
        orders.reference_of(order), f"case:{case.number}", order.place.name, by.now, by.actor_id
    )
    returned.mark_all(session, serials, back, keys)
