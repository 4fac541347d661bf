from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.loading import load
from app.areas.models import SINCE_2025, AreaUnit
from builders import make_place, make_sku, stock_up
from pos.stock import whereabouts
from traceability.cells import Cell


def test_goods_are_known_where_their_places_are(session: Session) -> None:
    load(session)
    query = select(AreaUnit).filter_by(snapshot=SINCE_2025, code="13141")
    shop = make_place(session, area_id=session.scalars(query).one().id)
    lot = stock_up(session, shop, make_sku(session), 5)
    other = stock_up(session, make_place(session), make_sku(session), 5)
    found = whereabouts.of_lots(session, [lot.id, other.id])
    assert set(found[lot.id]) == {Cell(204, 1063)}
    assert other.id not in found
