"""Column types, declared once: money, quantities, aware UTC times, keys, enums by value."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, TypeDecorator
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from app.core.clock import now
from app.core.codes import uuid7
from app.core.enums import LabelledEnum


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC on both databases; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time without zone reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _new_key() -> UUID:
    return uuid7(now(), secrets.token_bytes)


# Keys sort by time of creation and can be made anywhere, so that data can be split later.
Pk = Annotated[UUID, mapped_column(primary_key=True, default=_new_key)]
# A running number for append-only tables, where the order of arrival matters.
BigInt = BigInteger().with_variant(Integer, "sqlite")
SerialPk = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]
Vnd = Annotated[int, mapped_column(BigInteger)]
Quantity = Annotated[int, mapped_column(BigInteger)]
Json = dict[str, Any]

JSON_COLUMN = JSON().with_variant(JSONB(), "postgresql")


def _values(enum: type[LabelledEnum]) -> list[str]:
    return [str(member.value) for member in enum]


ENUM_COLUMN = SqlEnum(LabelledEnum, native_enum=False, length=32, values_callable=_values)
