"""What the desk of cases shows: queues by whose turn it is, the overdue ones first."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.enums import LabelledEnum
from app.core.paging import Page
from app.core.text import N_
from pos.aftersales.models import Case
from pos.aftersales.status import DONE, OURS, CaseStatus
from pos.sales.models import Order

PAGE_SIZE = 30


class Queue(LabelledEnum):
    """Where a case waits."""

    OURS = "ours", N_("To answer")
    OVERDUE = "overdue", N_("Overdue")
    SETTLE = "settle", N_("To settle")
    BUYER = "buyer", N_("Waiting for the buyer")
    GOODS = "goods", N_("Goods awaited")
    DONE = "done", N_("Ended")


def is_overdue(one: Case, day: date) -> bool:
    """Whether the shop should have answered before `day`."""
    return one.status in OURS and one.due_on < day


def _conditions(day: date) -> dict[Queue, ColumnElement[bool]]:
    ours = Case.status.in_(OURS)
    return {
        Queue.OURS: ours,
        Queue.OVERDUE: ours & (Case.due_on < day),
        Queue.SETTLE: Case.status.in_((CaseStatus.ACCEPTED, CaseStatus.RECEIVED)),
        Queue.BUYER: Case.status == CaseStatus.ASKED,
        Queue.GOODS: Case.status == CaseStatus.AWAITED,
        Queue.DONE: Case.status.in_(DONE),
    }


def queue_named(text: str | None) -> Queue:
    """The queue of this name; the first one for anything else."""
    return next((queue for queue in Queue if queue.value == text), Queue.OURS)


def _at(places: frozenset[UUID] | None) -> list[ColumnElement[bool]]:
    return [] if places is None else [Order.place_id.in_(places)]


def listing(
    session: Session,
    queue: Queue,
    text: str,
    places: frozenset[UUID] | None,
    number: int,
    *,
    day: date,
) -> Page[Case]:
    """Cases of one queue about orders from these places (None: everywhere): what is due first comes
    first, what has ended newest first. `text` is part of a number and looks through all queues."""
    wanted = _at(places)
    if text:
        fields = (Case.number, Order.number, Case.contact_phone, Case.contact_name)
        wanted.append(or_(*(field.icontains(text, autoescape=True) for field in fields)))
    else:
        wanted.append(_conditions(day)[queue])
    base = select(Case).join(Order, Order.id == Case.order_id).where(*wanted)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    first = Case.opened_at.desc() if text or queue is Queue.DONE else Case.due_on
    query = base.options(joinedload(Case.order).joinedload(Order.place))
    query = query.order_by(first, Case.number)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def counts(session: Session, places: frozenset[UUID] | None, *, day: date) -> Mapping[str, int]:
    """How many cases wait in each queue that has not ended."""
    open_ones = {q: c for q, c in _conditions(day).items() if q is not Queue.DONE}
    sums = [func.coalesce(func.sum(case((c, 1), else_=0)), 0) for c in open_ones.values()]
    query = select(*sums).join(Order, Order.id == Case.order_id)
    row = session.execute(query.where(Case.status.not_in(DONE), *_at(places))).one()
    return {queue.value: int(number) for queue, number in zip(open_ones, row, strict=True)}
