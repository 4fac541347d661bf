"""What a watcher of the process is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app import migrate
from app.core import db
from support.browser import Browser


@contextmanager
def working_on(url: str) -> Iterator[db.Database]:
    before, own = db.active(), db.Database(url)
    db.use(own)
    try:
        yield own
    finally:
        db.use(before)
        own.dispose()


def test_a_living_process_says_so_even_without_a_database(visitor: Browser) -> None:
    with working_on("sqlite:////nowhere/at/all.sqlite3"):
        response = visitor.get("/health/live")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_ready_means_a_database_with_the_newest_schema(visitor: Browser) -> None:
    response = visitor.get("/health/ready")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_not_ready_without_a_database(visitor: Browser) -> None:
    with working_on("sqlite:////nowhere/at/all.sqlite3"):
        response = visitor.get("/health/ready")
    assert (response.status_code, response.json) == (503, {"status": "no database"})


def test_not_ready_before_the_first_migration(visitor: Browser, tmp_path: Path) -> None:
    with working_on(f"sqlite:///{tmp_path / 'empty.sqlite3'}"):
        response = visitor.get("/health/ready")
    assert (response.status_code, response.json) == (503, {"status": "schema is not current"})


def test_not_ready_while_the_schema_is_behind(
    visitor: Browser, new_database: Callable[[], str]
) -> None:
    with working_on(new_database()) as database:
        migrate.downgrade(database.engine, "-1")
        assert visitor.get("/health/ready").status_code == 503
