"""Cases of buyers: opened, asked back, answered, withdrawn, found.

Whoever changes a case locks its order first and then the case, so acts about one order follow each
other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.clock import local_day
from app.core.codes import Randomness, check_character, random_code
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from pos.aftersales import claims, moves, rules
from pos.aftersales.models import Case, CaseGoods, CaseLine
from pos.aftersales.moves import By
from pos.aftersales.rules import Rules
from pos.aftersales.status import UNDECIDED, CaseStatus, Reason, Wish
from pos.sales import orders
from pos.sales.models import Order, OrderLine
from pos.sales.status import OrderStatus

HAS_GOODS = (OrderStatus.DELIVERED, OrderStatus.COMPLETED)


class UnknownCase(NotFound):
    """No such case, or not for this person."""

    code = "unknown_case"
    message = N_("There is no such case.")


class NoGoodsYet(Conflict):
    """The buyer does not have the goods."""

    code = "no_goods_yet"
    message = N_("A case can be opened once the goods have been delivered.")


class TooLate(Conflict):
    """The time of the returns policy is over."""

    code = "too_late"
    message = N_("The time for this ended on %(day)s. Call the shop if something is wrong.")


class OnlyForFaults(Rejected):
    """Fresh goods come back only with a fault."""

    code = "only_for_faults"
    message = N_("%(name)s is taken back only when something is wrong with it.")


class NothingNamed(Rejected):
    """A case is about goods."""

    code = "nothing_named"
    message = N_("Say how many of which goods it is about.")


class BadUnits(Rejected):
    """Not a number from 1 to what was sold."""

    code = "bad_units"
    message = N_("%(name)s: enter a whole number from 0 to %(most)s.")


class NothingSaid(Rejected):
    """Words are needed."""

    code = "nothing_said"
    message = N_("Say it in words.")


@dataclass(frozen=True)
class Contact:
    """Whom to tell; of the order, or as staff wrote it down at the counter."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Claim:
    """What the buyer says and wishes. `units` in base units by line of the order."""

    reason: Reason
    wish: Wish
    text: str
    units: Mapping[UUID, int]
    contact: Contact = Contact()


def open_case(
    session: Session, order: Order, claim: Claim, by: By, rule: Rules, *, randomness: Randomness
) -> Case:
    """Open a case about goods that the buyer has; `order` must be locked. Staff know no deadline.

    Raises `NoGoodsYet`, `NothingSaid`, `NothingNamed`, `BadUnits`, `TooLate`, `OnlyForFaults`,
    `TooManyUnits`.
    """
    if order.status not in HAS_GOODS:
        raise NoGoodsYet
    if not claim.text:
        raise NothingSaid
    named = _named(order, claim)
    _check_rules(session, order, claim, named, by, rule)
    case = _new(order, claim, by, rule, randomness)
    session.add(case)
    session.flush()
    for line, units in named:
        row = CaseLine(line=line, asked=units, accepted=0, received=0, held=0)
        case.lines.append(row)
        session.flush()
        if claim.wish.takes_units:
            claims.hold(session, row, units)
    moves.note(session, case, by, claim.text)
    return case


def _named(order: Order, claim: Claim) -> list[tuple[OrderLine, int]]:
    by_id = {line.id: line for line in order.lines}
    if set(claim.units) - set(by_id):
        raise NothingNamed
    for line_id, units in claim.units.items():
        if not 0 <= units <= by_id[line_id].quantity:
            raise BadUnits(name=by_id[line_id].name, most=by_id[line_id].quantity)
    named = [(x, claim.units[x.id]) for x in order.lines if claim.units.get(x.id)]
    if not named:
        raise NothingNamed
    return named


def _check_rules(
    session: Session,
    order: Order,
    claim: Claim,
    named: Sequence[tuple[OrderLine, int]],
    by: By,
    rule: Rules,
) -> None:
    last = rules.last_day(order, claim.reason, rule)
    if by.buyer and local_day(by.now) > last:
        raise TooLate(day=f"{last:%d/%m/%Y}")
    if claim.reason.is_fault:
        return
    kept = rules.kept(session, [line.sku_id for line, _units in named], rule)
    for line, _units in named:
        if line.sku_id in kept:
            raise OnlyForFaults(name=line.name)


def _new(order: Order, claim: Claim, by: By, rule: Rules, randomness: Randomness) -> Case:
    code = random_code(7, randomness)
    return Case(
        number=f"KN-{code}{check_character(code)}",
        order=order,
        status=CaseStatus.OPEN,
        reason=claim.reason,
        wish=claim.wish,
        text=claim.text,
        language=order.language or "vi",
        contact_name=order.contact_name or claim.contact.name,
        contact_phone=order.contact_phone or claim.contact.phone,
        contact_email=order.contact_email or claim.contact.email,
        by_buyer=by.buyer,
        opened_at=by.now,
        opened_by=by.actor_id,
        due_on=rules.answer_by(local_day(by.now), rule),
        goods_back=False,
        amount=0,
    )


def ask(session: Session, case: Case, text: str, by: By) -> None:
    """Staff need to know more. Raises `NothingSaid`, `ForbiddenMove`."""
    if not text:
        raise NothingSaid
    moves.move(session, case, CaseStatus.ASKED, by, text)


def answer(session: Session, case: Case, text: str, by: By, rule: Rules) -> None:
    """The buyer says more; the shop's time to answer begins anew.

    What comes unasked while nothing is decided is added, too. Raises `NothingSaid`, `ForbiddenMove`.
    """
    if not text:
        raise NothingSaid
    if case.status is CaseStatus.OPEN or case.status is CaseStatus.ANSWERED:
        moves.note(session, case, by, text, tell=False)
        return
    moves.move(session, case, CaseStatus.ANSWERED, by, text, tell=False)
    case.due_on = rules.answer_by(local_day(by.now), rule)
    session.flush()


def withdraw(session: Session, case: Case, by: By) -> None:
    """The buyer ends it; its units are free for another case. Raises `ForbiddenMove`."""
    moves.move(session, case, CaseStatus.WITHDRAWN, by)
    release(session, case)


def release(session: Session, case: Case) -> None:
    """The case speaks for nothing any more."""
    for row in case.lines:
        claims.hold(session, row, 0)


def may_say_more(case: Case) -> bool:
    """Whether the buyer can add words and pictures."""
    return case.status in UNDECIDED


_PARTS = (
    joinedload(Case.order).selectinload(Order.lines).selectinload(OrderLine.picks),
    joinedload(Case.order).selectinload(Order.payments),
    joinedload(Case.order).joinedload(Order.place),
    joinedload(Case.exchange),
    selectinload(Case.lines).selectinload(CaseLine.goods).joinedload(CaseGoods.lot),
    selectinload(Case.lines).joinedload(CaseLine.line),
    selectinload(Case.events),
    selectinload(Case.photos),
)


def get(session: Session, case_id: UUID) -> Case:
    """The case with all that belongs to it. Raises `UnknownCase`."""
    return _found(session.scalar(select(Case).filter_by(id=case_id).options(*_PARTS)))


def of_number(session: Session, order: Order, number: str) -> Case:
    """A case of this order. Raises `UnknownCase`."""
    query = select(Case).filter_by(order_id=order.id, number=number)
    return _found(session.scalar(query.options(*_PARTS)))


def locked(session: Session, case_id: UUID) -> Case:
    """The case, locked together with its order until the transaction ends. Raises `UnknownCase`."""
    order_id = session.scalar(select(Case.order_id).filter_by(id=case_id))
    if order_id is None:
        raise UnknownCase
    orders.get(session, order_id, lock=True)
    query = select(Case).filter_by(id=case_id).with_for_update(of=Case)
    session.scalars(query.execution_options(populate_existing=True)).one()
    return get(session, case_id)


def _found(case: Case | None) -> Case:
    if case is None:
        raise UnknownCase
    return case


def of_order(session: Session, order_id: UUID) -> Sequence[Case]:
    """Every case about an order, the newest first."""
    query = select(Case).filter_by(order_id=order_id).options(selectinload(Case.lines))
    return session.scalars(query.order_by(Case.opened_at.desc(), Case.number)).all()
