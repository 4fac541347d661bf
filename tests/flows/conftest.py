"""One small world for each flow."""

import pytest

from app.core import db
from app.core.db import transaction
from support.world import World, build


@pytest.fixture
def world(database: db.Database) -> World:
    """The world inside the rolled-back transaction of a test."""
    with transaction() as session:
        return build(session)


@pytest.fixture
def live_world(real_database: db.Database) -> World:
    """The world in a database of its own, for a browser."""
    with transaction() as session:
        return build(session)
