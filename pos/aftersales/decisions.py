"""What the shop decides about a case, and how it ends: money back, goods again, or words."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.codes import Randomness
from app.core.errors import Rejected
from app.core.text import N_
from pos.aftersales import cases, claims, exchanges, money, moves
from pos.aftersales.cases import NothingSaid
from pos.aftersales.models import Case
from pos.aftersales.moves import By
from pos.aftersales.status import CaseStatus, Wish


class NothingGranted(Rejected):
    """Granting nothing is turning down."""

    code = "nothing_granted"
    message = N_("Grant from 1 unit up to what was asked for, or turn the case down.")


@dataclass(frozen=True)
class Decision:
    """What is granted and why. `units` in base units by line of the case."""

    remedy: Wish
    reason: str
    units: Mapping[UUID, int]
    goods_back: bool


def accept(session: Session, case: Case, decision: Decision, by: By) -> None:
    """Grant all or a part of what was asked. Words alone settle the case at once.

    Raises `NothingSaid`, `NothingGranted`, `TooManyUnits`, `ForbiddenMove`.
    """
    if not decision.reason:
        raise NothingSaid
    words = decision.remedy is Wish.EXPLANATION
    case.remedy, case.decision = decision.remedy, decision.reason
    case.decided_at, case.decided_by = by.now, by.actor_id
    case.goods_back = decision.goods_back and not words
    moves.move(session, case, CaseStatus.ACCEPTED, by, decision.reason)
    for row in case.lines:
        units = 0 if words else decision.units.get(row.id, 0)
        if not 0 <= units <= row.asked:
            raise NothingGranted
        row.accepted = units
        claims.hold(session, row, units)
    if words:
        moves.move(session, case, CaseStatus.SETTLED, by, tell=False)
    elif not any(row.accepted for row in case.lines):
        raise NothingGranted
    elif case.goods_back:
        moves.move(session, case, CaseStatus.AWAITED, by, tell=False)


def refuse(session: Session, case: Case, reason: str, by: By) -> None:
    """Turn it down; its units are free again. Raises `NothingSaid`, `ForbiddenMove`."""
    if not reason:
        raise NothingSaid
    case.decision, case.decided_at, case.decided_by = reason, by.now, by.actor_id
    moves.move(session, case, CaseStatus.REFUSED, by, reason)
    cases.release(session, case)


def settle(
    session: Session, case: Case, by: By, *, randomness: Randomness, money_instead: bool = False
) -> None:
    """Pay back or send again what was granted; `money_instead` when the goods have run out.

    Raises `OutOfStock`, `NobodyToSendTo`, `MoneyNotThere`, `ForbiddenMove`.
    """
    moves.move(session, case, CaseStatus.SETTLED, by)
    if money_instead:
        case.remedy = Wish.MONEY
    if case.remedy is Wish.EXCHANGE:
        case.exchange_id = exchanges.make(session, case, by, randomness=randomness).id
    elif case.remedy is Wish.MONEY:
        case.amount = money.pay_back(session, case, now=by.now, actor_id=by.actor_id)
    session.flush()
