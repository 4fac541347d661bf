"""At midnight a recognition ends: the stars leave every page and no stamps are issued."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.clock import local_midnight
from app.core.db import transaction
from app.jobs import run_sweeps
from builders import NOW, STAMP_KEYS, TODAY, make_lot
from catalog.models import Sku
from catalog.recognition_models import Recognition
from pos.counter.models import Discrepancy
from support.browser import Browser
from support.world import World
from traceability import stamps

LAST_MOMENT = local_midnight(TODAY + timedelta(days=1)) - timedelta(seconds=5)
NEXT_DAY = local_midnight(TODAY + timedelta(days=1)) + timedelta(seconds=5)


def test_stars_end_with_their_last_day(visitor: Browser, world: World) -> None:
    with transaction() as session:
        session.scalars(select(Recognition)).one().valid_until = TODAY
    pages = ("/", "/san-pham", f"/san-pham/{world.slug}", f"/tem/{world.serials[0]}")
    with time_machine.travel(LAST_MOMENT, tick=True):
        assert all("OCOP 4 sao" in visitor.get(page).get_data(as_text=True) for page in pages)
    with time_machine.travel(NEXT_DAY, tick=True):
        shown = [page for page in pages if "OCOP 4 sao" in visitor.get(page).get_data(as_text=True)]
        assert shown == []


def test_no_stamps_are_issued_after_it(world: World) -> None:
    with transaction() as session:
        session.scalars(select(Recognition)).one().valid_until = TODAY
        lot = make_lot(session, session.get_one(Sku, world.sku_id))
        asked = {"now": NOW, "actor_id": None, "epoch": max(STAMP_KEYS), "randomness": bytes}
        tomorrow = TODAY + timedelta(days=1)
        with pytest.raises(stamps.NoRecognition):
            stamps.request(session, lot, 5, day=tomorrow, **asked)


def test_the_point_is_told_by_the_nightly_job(world: World) -> None:
    with transaction() as session:
        session.scalars(select(Recognition)).one().valid_until = TODAY
    run_sweeps({}, LAST_MOMENT)
    with transaction() as session:
        assert session.scalars(select(Discrepancy)).all() == []
    run_sweeps({}, NEXT_DAY)
    with transaction() as session:
        assert session.scalars(select(Discrepancy)).one().place_id == world.point_id
