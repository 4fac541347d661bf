"""Publish or withdraw many products at once, each on its own: one refused does not stop the rest."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import operations
from app.core.clock import local_day
from app.core.errors import DomainError, Rejected
from app.core.text import N_
from app.core.types import Json
from catalog import products
from catalog.models import Product

MOST = 200


class BadBulk(Rejected):
    """Nothing that can be done with many products, or with so many."""

    code = "bad_bulk"
    message = N_("Choose between 1 and %(most)s products, what to do, and why when withdrawing.")


def run(
    session: Session,
    act: str,
    ids: Sequence[UUID],
    *,
    reason: str,
    key: str,
    now: datetime,
    actor_id: UUID | None,
) -> list[Json]:
    """`act` is `publish` or `withdraw`. Answers a row for each product: id, name, and the refusal as
    msgid and parameters, or None. Repeatable by key. Raises `BadBulk`, `KeyReused`, `BadKey`."""
    if act not in {"publish", "withdraw"} or not 1 <= len(ids) <= MOST:
        raise BadBulk(most=MOST)
    if act == "withdraw" and not reason:
        raise BadBulk(most=MOST)

    def one(product: Product) -> None:
        if act == "publish":
            day = local_day(now)
            products.publish(session, product, day=day, now=now, actor_id=actor_id)
        else:
            products.withdraw(session, product, reason=reason, now=now, actor_id=actor_id)

    def effect(_operation_id: UUID) -> Json:
        return {"rows": [_row(session, product_id, one) for product_id in dict.fromkeys(ids)]}

    body = [act, sorted(str(i) for i in ids), reason]
    done = operations.once(session, kind="product.bulk", key=key, body=body, now=now, effect=effect)
    return list(done.result["rows"])


def _row(session: Session, product_id: UUID, one: Callable[[Product], None]) -> Json:
    product = products.get(session, product_id)
    answer: Json = {"id": str(product_id), "name": product.name_vi, "refused": None, "params": {}}
    try:
        with session.begin_nested():
            one(product)
            session.flush()
    except DomainError as error:
        return answer | {"refused": error.message, "params": error.params}
    return answer
