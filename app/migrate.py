"""Bringing a database to the newest schema, and proving that models and migrations agree."""

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


OPTIONS: dict[str, Any] = {
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
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to `revision`."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


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
