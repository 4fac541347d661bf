"""The application once, a rolled-back transaction for each test, a fixed morning in November."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.config import DEMO_STAMP_KEY, Settings
from app.core import db
from app.factory import create_app
from app.storefront import index
from support import databases
from support.browser import Browser

pytest_plugins = ["support.live"]

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # ten in the morning in Hưng Yên
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Make a migrated database of its own."""
    with databases.maker(tmp_path_factory.mktemp("databases")) as make:
        yield make


def test_settings(database_url: str, folder: Path) -> Settings:
    """Settings of an installation for tests."""
    return Settings(
        mode="test",
        secret_key="a secret only the tests know, 32+",
        database_url=database_url,
        base_url="http://localhost",
        instance_dir=folder,
        stamp_keys={1: DEMO_STAMP_KEY},
        index_seconds=0,
        page_seconds=0,
    )


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def app(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    application = create_app(test_settings(new_database(), tmp_path_factory.mktemp("instance")))
    application.testing = True
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


@pytest.fixture(autouse=True)
def _still_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "_absent", [])


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[db.Database]:
    """The database inside a transaction that is rolled back after the test."""
    request.getfixturevalue("app")
    database = db.active()
    with database.engine.connect() as connection:
        outer = connection.begin()
        database.bind(connection)
        yield database
        database.bind(None)
        outer.rollback()


@pytest.fixture
def session(database: db.Database) -> Iterator[Session]:
    """A session for calling verbs directly."""
    opened = database.write_sessions()
    yield opened
    opened.close()


@pytest.fixture
def real_database(new_database: Callable[[], str], app: Flask) -> Iterator[db.Database]:
    """A database of its own in which commits are real; for races, workers and browsers."""
    before = db.active()
    own = db.Database(new_database(), pool_size=20)
    db.use(own)
    yield own
    db.use(before)
    own.dispose()


@pytest.fixture
def visitor(app: Flask, database: db.Database) -> Browser:
    """Someone who is not signed in."""
    return Browser(app)


@pytest.fixture
def kept_index(app: Flask) -> Iterator[None]:
    """The index of products is kept between requests, as it is in a shop."""
    before = app.extensions["phohien_settings"]
    app.extensions["phohien_settings"] = replace(before, index_seconds=60)
    yield
    app.extensions["phohien_settings"] = before
    index.forget()
