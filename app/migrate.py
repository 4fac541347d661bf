"""Bringing a database to the newest schema, and proving that models and migrations agree."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.types import TypeDecorator

from app.config import ROOT
from app.core.types import JSON_COLUMN
from app.models import Model


def _render(kind: str, obj: Any, context: Any) -> Any:
    # Migrations must stay readable when our column types move: they name SQL types only.
    if kind == "type" and obj is JSON_COLUMN:
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "type" and isinstance(obj, TypeDecorator):
        return f"sa.{obj.impl_instance!r}"
    if kind == "type" and type(obj).__name__ == "Enum":
        return f"sa.String({obj.length})"
    return False


# Full-text search lives in tables and indexes that models cannot describe.
_NOT_MODELLED = re.compile("(product_search|product_word|search_word)")


def _modelled(name: str | None, _kind: str, _parents: Any) -> bool:
    return name is None or _NOT_MODELLED.match(name) is None


OPTIONS: dict[str, Any] = {
    "include_name": _modelled,
    "render_as_batch": True,  # SQLite alters a table by copying it
    "compare_type": True,
    "render_item": _render,
}


def _config(connection: Connection) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that are missing."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to `revision`."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, step: Callable[[Config, str], None], revision: str) -> None:
    with engine.connect() as connection, _unguarded(connection), connection.begin():
        step(_config(connection), revision)
        _check_references(connection)


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it and dropping the old one, which other rows point to.

    Its checks can only be switched outside a transaction; they are made up for before the commit.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration left rows that point nowhere: {broken[:3]}")


def new_revision(engine: Engine, number: str, message: str) -> None:
    """Write migration `number` from the difference between models and database."""
    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)


def differences(engine: Engine) -> list[Any]:
    """What the models declare and the database lacks, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        return list(compare_metadata(context, Model.metadata))


def is_current(connection: Connection) -> bool:
    """Whether the database is at the newest revision that this code knows."""
    heads = MigrationContext.configure(connection).get_current_heads()
    return heads == script_heads()


def script_heads() -> tuple[str, ...]:
    """Newest revision among the migration files."""
    return tuple(ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml")).get_heads())
