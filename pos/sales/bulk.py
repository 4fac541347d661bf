"""The same step for many orders, each on its own: one refused does not stop the rest."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import operations
from app.core.errors import DomainError, Rejected
from app.core.text import N_
from app.core.types import Json
from pos.sales import fulfilment, orders
from pos.sales.models import Order

MOST = 100

Step = Callable[[Session, Order, datetime, UUID | None], None]


class BadBulk(Rejected):
    """Nothing that can be done with many orders, or with so many."""

    code = "bad_bulk_of_orders"
    message = N_("Choose between 1 and %(most)s orders, and what to do with them.")


def _accept(session: Session, order: Order, now: datetime, actor_id: UUID | None) -> None:
    orders.accept(session, order, now=now, actor_id=actor_id)


def _pack(session: Session, order: Order, now: datetime, actor_id: UUID | None) -> None:
    fulfilment.pack(session, order, now=now, actor_id=actor_id)


def _complete(session: Session, order: Order, now: datetime, actor_id: UUID | None) -> None:
    fulfilment.complete(session, order, now=now, actor_id=actor_id)


STEPS: Mapping[str, Step] = {"accept": _accept, "pack": _pack, "complete": _complete}


def run(
    session: Session,
    act: str,
    ids: Sequence[UUID],
    *,
    key: str,
    now: datetime,
    actor_id: UUID | None,
) -> list[Json]:
    """Answers a row for each order: number, and the refusal as msgid and parameters, or None.

    Orders are locked in the order of their keys. Repeatable by key. Raises `BadBulk`, `KeyReused`,
    `BadKey`.
    """
    if act not in STEPS or not 1 <= len(ids) <= MOST:
        raise BadBulk(most=MOST)

    def effect(_operation_id: UUID) -> Json:
        each = (_one(session, STEPS[act], key, now, actor_id) for key in sorted(set(ids)))
        return {"rows": list(each)}

    body = [act, sorted(map(str, ids))]
    done = operations.once(session, kind="order.bulk", key=key, body=body, now=now, effect=effect)
    return list(done.result["rows"])


def _one(
    session: Session, step: Step, order_id: UUID, now: datetime, actor_id: UUID | None
) -> Json:
    order = orders.get(session, order_id, lock=True)
    refusal = None
    try:
        with session.begin_nested():
            step(session, order, now, actor_id)
    except DomainError as error:
        session.refresh(order)
        refusal = [error.message, {name: str(value) for name, value in error.params.items()}]
    return {"number": order.number, "refusal": refusal}
