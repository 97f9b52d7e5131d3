"""The declarative base: constraint names, shared column types and the key of every row."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, Dialect, Enum, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: A 64-bit integer. On SQLite it must be spelled INTEGER to be the rowid itself.
Identifier = BigInteger().with_variant(Integer, "sqlite")


class AwareTime(TypeDecorator[datetime]):
    """An aware moment, stored as microseconds since 1970-01-01 UTC; read back in UTC.

    SQLite drops time zones, and an integer sorts and indexes the same on every engine.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a time without a zone: it would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a stored time needs a zone"
            raise ValueError(message)
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Give the moment back, aware, in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Base(DeclarativeBase):
    """Base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING)


def word_of(vocabulary: type[StrEnum]) -> Enum:
    """Return the column type that stores a member of ``vocabulary`` by its value."""
    return Enum(
        vocabulary,
        native_enum=False,
        length=48,
        create_constraint=False,
        validate_strings=True,
        values_callable=_values,
    )


def _values(vocabulary: Any) -> list[str]:
    return [member.value for member in vocabulary]


def reference(column: str, **options: Any) -> Any:
    """Return a foreign key column to ``table.id``."""
    return mapped_column(Identifier, ForeignKey(column), **options)


Key = Annotated[int, mapped_column(Identifier, primary_key=True, autoincrement=False)]
Moment = Annotated[datetime, mapped_column(AwareTime)]
ShortText = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
