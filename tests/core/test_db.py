"""Transactions, sessions and keys on the real databases."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core.db import Database, active, insert_if_new, reading, transaction
from app.core.series import NumberSeries, next_number


def test_a_failed_block_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), transaction() as session:
        next_number(session, "orders")
        raise RuntimeError
    with reading() as session:
        assert session.scalars(select(NumberSeries)).all() == []


def test_a_series_counts_from_one_without_gaps(database: Database) -> None:
    with transaction() as session:
        assert [next_number(session, "a") for _ in range(3)] == [1, 2, 3]
        assert next_number(session, "b") == 1


def test_the_second_insert_of_a_key_says_no(database: Database) -> None:
    with transaction() as session:
        assert insert_if_new(session, NumberSeries, {"name": "x", "last": 5})
        assert not insert_if_new(session, NumberSeries, {"name": "x", "last": 9})
        assert session.get_one(NumberSeries, "x").last == 5


def test_foreign_keys_are_enforced(real_database: Database) -> None:
    with pytest.raises(DBAPIError), active().engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cart_line (cart_id, sku_id, quantity, added_at) "
                "VALUES ('00000000000000000000000000000001', '00000000000000000000000000000002',"
                " 1, '2026-01-01')"
            )
        )


def test_readers_do_not_see_what_is_not_committed(real_database: Database) -> None:
    with transaction() as session:
        next_number(session, "a")
        with reading() as other:
            assert other.scalars(select(NumberSeries)).all() == []
    with reading() as other:
        assert other.scalars(select(NumberSeries)).one().last == 1
