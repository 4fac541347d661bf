"""Engines, sessions and the one `transaction()`; the only module that commits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    MetaData,
    Text,
    bindparam,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from app.core.enums import LabelledEnum
from app.core.types import ENUM_COLUMN, JSON_COLUMN, Json, UtcDateTime

# Named constraints, so that migrations can drop them on either database.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS = 15
# Our statements look rows up by their keys, whichever these are: planning them anew for each value,
# as PostgreSQL does by itself, cost more than running them (a product page: 4 of 9 ms).
_PLAN_ONCE = "-c plan_cache_mode=force_generic_plan"
READ_ONLY = "phohien_read"


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it as a class attribute)
        str: Text(),
        datetime: UtcDateTime(),
        Json: JSON_COLUMN,
        LabelledEnum: ENUM_COLUMN,
    }


class Database:
    """The engine of one database with a session factory for writing and one for reading."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.engine = _make_engine(url, pool_size)
        self._readers: Engine = self.engine.execution_options(**_read_options(self.engine))
        self.write_sessions = sessionmaker(self.engine, expire_on_commit=False)
        self.read_sessions = sessionmaker(self._readers, expire_on_commit=False, autoflush=False)

    def bind(self, connection: Connection | None) -> None:
        """Run all sessions inside `connection`'s open transaction; None: on the engine again.

        Reading must not set a savepoint there: closing it would undo what was written meanwhile.
        """
        self.write_sessions.configure(
            bind=connection or self.engine,
            join_transaction_mode="create_savepoint" if connection else "conditional_savepoint",
        )
        self.read_sessions.configure(
            bind=connection or self._readers,
            join_transaction_mode="rollback_only" if connection else "conditional_savepoint",
        )

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _make_engine(url: str, pool_size: int) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=5,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": _PLAN_ONCE},
        )
    # Values stay out of error texts, which end in logs.
    engine = create_engine(
        url,
        pool_size=pool_size,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when another wrote in
    # between, whatever the busy timeout; taking the write lock at the start waits instead.
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _read_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {READ_ONLY: True}
    # No BEGIN and ROLLBACK round trips around reads: a third less time on PostgreSQL.
    return {"isolation_level": "AUTOCOMMIT", READ_ONLY: True}


_lock = threading.Lock()
_active: Database | None = None


def use(database: Database) -> None:
    """Make `database` the one that `transaction()` and `reading()` work on."""
    global _active
    with _lock:
        _active = database


def active() -> Database:
    """The database in use; the factory sets it."""
    if _active is None:
        raise RuntimeError("no database: create the application first")
    return _active


@contextmanager
def transaction() -> Iterator[Session]:
    """One business act: commits at the end of the block, rolls everything back on any error."""
    session = active().write_sessions()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reading outside a request."""
    session = active().read_sessions()
    try:
        yield session
    finally:
        session.close()


def insert_if_new(session: Session, table: type[Model], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique key forbids it; True when it was inserted.

    Waits for a rival that is inserting the same key, so False means that the other row is there.
    """
    statement = _if_new(session.get_bind().dialect.name, table, tuple(values))
    given = {f"new_{name}": value for name, value in values.items()}
    return session.execute(statement, given).first() is not None


@lru_cache(maxsize=64)
def _if_new(database: str, table: type[Model], names: tuple[str, ...]) -> Executable:
    dialect = sqlite if database == "sqlite" else postgresql
    key = next(iter(inspect(table).primary_key))
    given: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    made: Executable = dialect.insert(table).values(**given).on_conflict_do_nothing().returning(key)
    return made
