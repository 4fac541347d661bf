"""Migrated databases for tests, SQLite or PostgreSQL by `PHOHIEN_TEST_DB`."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from app.core.db import Database
from app.migrate import upgrade
from support import postgres

KIND = os.environ.get("PHOHIEN_TEST_DB", "sqlite")
TEMPLATE = "phohien_template"

_numbers = count(1)


@contextmanager
def maker(folder: Path) -> Iterator[Callable[[], str]]:
    """Yield a function that makes a new migrated database and returns its address."""
    if KIND == "sqlite":
        template = folder / "template.sqlite3"
        _migrate(f"sqlite:///{template}")
        yield lambda: _copy_file(template, folder / f"copy{next(_numbers)}.sqlite3")
        return
    with postgres.server() as address:
        prefix = f"phohien_{os.getpid()}"
        template_name = f"{prefix}_template"
        _execute(address, f"CREATE DATABASE {template_name}")
        _migrate(address.format(name=template_name))
        yield lambda: _copy_database(address, template_name, f"{prefix}_{next(_numbers)}")


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database.engine)
    database.dispose()


def _copy_file(template: Path, copy: Path) -> str:
    shutil.copy(template, copy)
    return f"sqlite:///{copy}"


def _copy_database(address: str, template: str, name: str) -> str:
    _execute(address, f"CREATE DATABASE {name} TEMPLATE {template}")
    return address.format(name=name)


def _execute(address: str, statement: str) -> None:
    engine = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
