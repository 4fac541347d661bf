"""Migrations make exactly what the models declare, and can be undone."""

from collections.abc import Callable

from sqlalchemy import inspect

from app import migrate
from app.core.db import Database


def test_models_and_migrations_agree(new_database: Callable[[], str]) -> None:
    database = Database(new_database())
    assert migrate.differences(database.engine) == []
    database.dispose()


def test_migrations_can_be_undone_and_done_again(new_database: Callable[[], str]) -> None:
    database = Database(new_database())
    migrate.downgrade(database.engine, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database.engine)
    assert migrate.differences(database.engine) == []
    with database.engine.connect() as connection:
        assert migrate.is_current(connection)
    database.dispose()
