"""Migrations make exactly what the models declare, and can be undone."""

from collections.abc import Callable
from uuid import UUID, uuid4

from sqlalchemy import MetaData, insert, inspect, select

from app import migrate
from app.accounts.models import User
from app.core.db import Database
from builders import NOW
from catalog.recognition_models import Evidence, Recognition


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


def test_rows_survive_the_migrations_that_change_their_tables(
    new_database: Callable[[], str],
) -> None:
    database = Database(new_database())
    migrate.downgrade(database.engine, "0002")
    tables = MetaData()
    tables.reflect(database.engine)
    keys = {name: uuid4() for name in ("category", "product", "recognition", "evidence", "user")}
    plain = database.engine.dialect.name == "sqlite"
    with database.engine.begin() as connection:
        for name, values in _rows(keys):
            # A reflected column of SQLite knows text only.
            known = {
                column: value.hex if plain and isinstance(value, UUID) else value
                for column, value in values.items()
            }
            connection.execute(insert(tables.tables[name]).values(**known))
    migrate.upgrade(database.engine)
    with database.engine.connect() as connection:
        pointing = select(Evidence.recognition_id).where(Evidence.id == keys["evidence"])
        assert connection.scalar(pointing) == keys["recognition"]
        assert connection.scalar(select(Recognition.potential_five)) is False
        assert connection.scalar(select(User.email)) == "lan@example.vn"
    database.dispose()


def _rows(keys: dict[str, UUID]) -> list[tuple[str, dict[str, object]]]:
    category = {"id": keys["category"], "slug": "a", "name_vi": "A", "name_en": "A"}
    product = {
        "id": keys["product"],
        "slug": "p",
        "name_vi": "P",
        "category_id": keys["category"],
        "status": "draft",
        "illustration": "longan",
        "needs_lot": True,
        "search_text": "p",
        "sort_key": "p",
        "created_at": NOW,
    }
    recognition = {
        "id": keys["recognition"],
        "product_id": keys["product"],
        "stars": 4,
        "created_at": NOW,
    }
    evidence = {
        "id": keys["evidence"],
        "recognition_id": keys["recognition"],
        "kind": "source",
        "created_at": NOW,
    }
    user = {
        "id": keys["user"],
        "email": "lan@example.vn",
        "name": "Lan",
        "password_hash": "x",
        "search_text": "lan",
        "active": True,
        "created_at": NOW,
    }
    return [
        ("category", category | {"illustration": "longan", "position": 0}),
        ("product", product),
        ("recognition", recognition),
        ("evidence", evidence),
        ("user_account", user),
    ]
