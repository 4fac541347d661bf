"""Several queries in one round trip: each comes back as a JSON array in one row.

A page that says a dozen things about one product would ask the database a dozen times; each of those
costs more in drivers and network than in the database. Queries select plain columns. Build a `Batch`
once, with bound parameters for what differs, and keep it: its SQL is then prepared only once.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Dialect, ScalarSelect, Select, Text, func, select
from sqlalchemy import cast as cast_sql
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

Decode = Callable[[Any], Any]


class _Part(NamedTuple):
    row: Any  # a named tuple of the columns
    types: Sequence[TypeEngine[Any]]


class Batch:
    """Named queries, to be run together any number of times."""

    def __init__(self, queries: Mapping[str, Select[Any]]) -> None:
        self._parts = {name: _part(query) for name, query in queries.items()}
        self._queries = dict(queries)
        self._statements: dict[str, Select[Any]] = {}
        self._decoders: dict[str, dict[str, list[Decode | None]]] = {}

    def run(self, session: Session, **values: Any) -> dict[str, list[Any]]:
        """The rows of each query, in its order, as named tuples. One statement."""
        return self.read(session, **values).rows()

    def read(self, session: Session, **values: Any) -> "Raw":
        """What the database answers, as yet unread: cheap to compare. One statement."""
        dialect = session.get_bind().dialect
        if dialect.name not in self._statements:
            self._prepare(dialect)
        row = session.execute(self._statements[dialect.name], values).one()
        return Raw(self, dialect.name, tuple(row))

    def decoded(self, dialect: str, cells: Sequence[str | None]) -> dict[str, list[Any]]:
        """The rows of each query in what the database answered."""
        decoders = self._decoders[dialect]
        return {
            name: _decoded(_parsed(cell), part.row, decoders[name])
            for (name, part), cell in zip(self._parts.items(), cells, strict=True)
        }

    def _prepare(self, dialect: Dialect) -> None:
        columns = [_array(query, dialect).label(name) for name, query in self._queries.items()]
        self._decoders[dialect.name] = {
            name: [_decoder(kind, dialect) for kind in part.types]
            for name, part in self._parts.items()
        }
        self._statements[dialect.name] = select(*columns)


class Raw(NamedTuple):
    """An answer as text, one cell for each query; equal answers are equal values."""

    batch: Batch
    dialect: str
    cells: tuple[str | None, ...]

    def rows(self) -> dict[str, list[Any]]:
        """The rows of each query, in its order, as named tuples."""
        return self.batch.decoded(self.dialect, self.cells)


def _part(query: Select[Any]) -> _Part:
    columns = query.selected_columns
    row = namedtuple("row", [str(column.key) for column in columns])  # type: ignore[misc]
    return _Part(row, [column.type for column in columns])


def _array(query: Select[Any], dialect: Dialect) -> ScalarSelect[Any]:
    rows = query.subquery()
    if dialect.name == "sqlite":
        return select(func.json_group_array(func.json_array(*rows.c))).scalar_subquery()
    # As text: the driver would parse it, and often nobody needs it parsed.
    array = func.json_agg(func.json_build_array(*rows.c))
    return select(cast_sql(array, Text)).scalar_subquery()


def _parsed(cell: str | None) -> list[list[Any]]:
    rows = json.loads(cell) if cell else []
    # SQLite nests an array that it made itself as text.
    return [json.loads(row) if isinstance(row, str) else row for row in rows]


def _decoded(rows: list[list[Any]], row: Any, decoders: Sequence[Decode | None]) -> list[Any]:
    return [
        row(
            *(
                value if decode is None or value is None else decode(value)
                for value, decode in zip(values, decoders, strict=True)
            )
        )
        for values in rows
    ]


def _decoder(kind: TypeEngine[Any], dialect: Dialect) -> Decode | None:
    """How a value comes back from JSON: dates and keys are text there, numbers may be anything."""
    if dialect.name == "sqlite":
        return _numbers(kind) or cast(
            "Decode | None", kind.dialect_impl(dialect).result_processor(dialect, None)
        )
    return _numbers(kind) or _by_type(kind, dialect)


def _numbers(kind: TypeEngine[Any]) -> Decode | None:
    return (lambda value: Decimal(str(value))) if _python_type(kind) is Decimal else None


def _by_type(kind: TypeEngine[Any], dialect: Dialect) -> Decode | None:
    simple: dict[type, Decode] = {
        UUID: UUID,
        date: date.fromisoformat,
        datetime: lambda text: datetime.fromisoformat(text).astimezone(UTC),
    }
    known = simple.get(_python_type(kind))
    if known is not None or _python_type(kind) in (dict, list):
        return known
    return cast("Decode | None", kind.dialect_impl(dialect).result_processor(dialect, None))


def _python_type(kind: TypeEngine[Any]) -> type:
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    try:
        return plain.python_type
    except RuntimeError:  # a type that has no counterpart in Python
        return object
