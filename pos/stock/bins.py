"""Where articles stand at a place, so that nobody walks twice."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Rejected
from app.core.text import N_
from pos.stock.models import Bin

LONGEST = 40


class BadBin(Rejected):
    """The name of the shelf is too long."""

    code = "bad_bin"
    message = N_("Name the shelf in %(most)s signs at most.")


def set_bin(session: Session, place_id: UUID, sku_id: UUID, code: str) -> None:
    """Say where an article stands at a place; an empty text forgets it. Raises `BadBin`."""
    text = " ".join(code.split())
    if len(text) > LONGEST:
        raise BadBin(most=LONGEST)
    known = session.get(Bin, (place_id, sku_id))
    if known is not None and not text:
        session.delete(known)
    elif known is not None:
        known.code = text
    elif text:
        session.add(Bin(place_id=place_id, sku_id=sku_id, code=text))
    session.flush()


def of(session: Session, place_id: UUID, sku_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where these articles stand at the place, as far as anyone has said."""
    query = select(Bin.sku_id, Bin.code).where(
        Bin.place_id == place_id, Bin.sku_id.in_(set(sku_ids))
    )
    return {row.sku_id: row.code for row in session.execute(query)}
