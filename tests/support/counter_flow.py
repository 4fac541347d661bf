"""Opening a till and reporting a sale over HTTP, as its page does."""

from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from app.core.db import reading
from pos.counter.models import TillSession
from support.browser import Browser
from support.world import World


def open_till(app: Flask, world: World) -> tuple[Browser, str]:
    cashier = Browser(app).sign_in(world.cashier)
    answer = cashier.post(
        f"/pos/mo/{world.register_id}", {f"{world.register}-float_amount": "500.000"}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with reading() as session:
        return cashier, str(session.scalars(select(TillSession)).one().id)


def sale(session_id: str, world: World, **over: object) -> dict[str, object]:
    line = {
        "sku_id": str(world.sku_id),
        "quantity": 1,
        "unit_price": 125_000,
        "lot_id": str(world.lot_id),
        "serials": [world.serials[0]],
    }
    return {
        "session": session_id,
        "key": str(uuid4()),
        "lines": [line],
        "tendered": 200_000,
        "sold_at": "2026-11-24T03:00:00Z",
    } | over
