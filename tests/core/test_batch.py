"""Several queries at once give what each gives by itself."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.batch import Batch
from app.core.db import Database
from builders import make_offered, make_place, recognise, stock_up
from catalog.models import Product, Sku
from catalog.recognition_models import Decision, Recognition
from pos.stock.models import Balance, Place
from support.statements import counted
from traceability.models import Lot

EVERY = (Product, Sku, Recognition, Decision, Place, Balance, Lot)


def by_itself(session: Session, query: Any, **values: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(query, values)]


def test_every_column_of_every_kind_comes_back_as_it_is(
    session: Session, database: Database
) -> None:
    sku = make_offered(session, name_vi='Trà "sen" \\ ướp')
    sku.product.facts = {"abv": {"value": "29.5"}}
    recognise(session, sku.product, 4)
    session.scalars(select(Recognition)).one().score = Decimal("87.25")
    stock_up(session, make_place(session), sku, 5)
    session.flush()
    queries = {t.__tablename__: select(*t.__table__.c) for t in EVERY}
    batch = Batch(queries)
    with counted(database) as statements:
        found = batch.run(session)
    assert len(statements) == 1
    for name, query in queries.items():
        assert [row._asdict() for row in found[name]] == by_itself(session, query), name
        assert found[name], name


def test_order_limits_and_values_are_kept(session: Session) -> None:
    for name in ("B", "C", "A"):
        make_offered(session, name_vi=name)
    query = select(Product.name_vi).where(Product.name_vi >= bindparam("least"))
    batch = Batch({"names": query.order_by(Product.name_vi).limit(2), "none": query.limit(0)})
    for least, names in (("A", ["A", "B"]), ("B", ["B", "C"])):
        found = batch.run(session, least=least)
        assert [row.name_vi for row in found["names"]] == names
        assert found["none"] == []


def test_computed_columns_need_no_type(session: Session) -> None:
    sku = make_offered(session)
    query = select(
        Sku.id, (Sku.position + 1).label("next"), bindparam("day", type_=None).label("d")
    )
    found = Batch({"skus": query}).run(session, day=date(2026, 1, 2).isoformat())
    assert [tuple(row) for row in found["skus"]] == [(sku.id, 1, "2026-01-02")]
