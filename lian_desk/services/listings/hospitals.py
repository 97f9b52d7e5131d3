"""The hospital list (医院名录): by name, city and level."""

from array import array
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from lian_desk.models.plain_text import fold
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_lists import sample_holds
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys


class HospitalRow(NamedTuple):
    """One campus of the list."""

    key: int
    name: str
    campus: str
    province: str
    city: str
    level: HospitalLevel
    specialty: HospitalSpecialty
    aliases: str
    is_on_list: bool
    on_list_from: date | None
    on_list_to: date | None
    is_sample: bool = False
    """The row stands in the sample that ships, and no real list was taken in yet."""


class HospitalSource:
    """Row source of the hospital list.

    Sorts: ``name`` (default), ``city``. Filters: ``province``; ``scope``, one of ``listed`` and ``cancer``.
    """

    tables = frozenset({"hospital", "hospital_list"})

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> Select[int]:
        """Return the statement behind ``keys``. The list is short (thousands), words may stand anywhere in it."""
        statement = select(Hospital.id)
        for word in query.text.split():
            statement = statement.where(Hospital.search_text.contains(fold(word), autoescape=True))
        province = query.filter("province")
        if province is not None:
            statement = statement.where(Hospital.province == province)
        scope = query.filter("scope")
        if scope == "listed":
            today = self._desk.today
            statement = statement.where(
                Hospital.on_list_from <= today, or_(Hospital.on_list_to.is_(None), Hospital.on_list_to > today)
            )
        if scope == "cancer":
            statement = statement.where(Hospital.specialty == HospitalSpecialty.CANCER)
        columns = (
            (Hospital.province, Hospital.city, Hospital.sort_name, Hospital.id)
            if query.sort == "city"
            else (Hospital.sort_name, Hospital.id)
        )
        ordered = [column.desc() if query.descending else column.asc() for column in columns]
        return statement.order_by(*ordered).limit(limit)

    def rows(self, keys: Sequence[int]) -> dict[int, HospitalRow]:
        """Return the rows of one page in one statement."""
        today = self._desk.today
        with self._desk.read() as session:
            found = session.execute(
                select(
                    Hospital.id,
                    Hospital.name,
                    Hospital.campus,
                    Hospital.province,
                    Hospital.city,
                    Hospital.level,
                    Hospital.specialty,
                    Hospital.aliases,
                    Hospital.on_list_from,
                    Hospital.on_list_to,
                    sample_holds().label("is_sample"),
                ).where(Hospital.id.in_(list(keys)))
            ).all()
        return {
            row.id: HospitalRow(
                row.id,
                row.name,
                row.campus,
                row.province,
                row.city,
                row.level,
                row.specialty,
                row.aliases,
                row.on_list_from is not None
                and row.on_list_from <= today
                and (row.on_list_to is None or row.on_list_to > today),
                row.on_list_from,
                row.on_list_to,
                row.is_sample,
            )
            for row in found
        }
