"""Migrated databases of both kinds for measuring, and the time that things take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from app.core import db
from app.migrate import upgrade
from tests.support import postgres

# The address of a new empty database with this name, migrated.
Maker = Callable[[str], str]


@contextmanager
def makers(folder: Path) -> Iterator[dict[str, Maker]]:
    """A maker for each kind of database; PostgreSQL runs as long as the block."""
    with postgres.server() as address:

        def on_server(name: str) -> str:
            execute(address.format(name="postgres"), f"CREATE DATABASE {name}")
            return address.format(name=name)

        def in_folder(name: str) -> str:
            return f"sqlite:///{folder / name}.sqlite3"

        yield {
            "SQLite": lambda name: _migrated(in_folder(name)),
            "PostgreSQL": lambda name: _migrated(on_server(name)),
        }


def execute(url: str, statement: str) -> str:
    """Run one statement outside of transactions; the first value that it gives, as text."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        value = str(result.scalar()) if result.returns_rows else ""
    engine.dispose()
    return value


def _migrated(url: str) -> str:
    database = db.Database(url)
    upgrade(database.engine)
    database.dispose()
    return url


@contextmanager
def used(url: str, pool_size: int = 20) -> Iterator[db.Database]:
    """Let `transaction()` and `reading()` work on this database."""
    database = db.Database(url, pool_size=pool_size)
    db.use(database)
    yield database
    database.dispose()


def version(make: Maker) -> str:
    """Version of the server behind a maker."""
    return execute(make("version"), "SHOW server_version").split()[0]
