"""Rows in memory answer a list as stored rows do: in order, by words, by key."""

from typing import NamedTuple

from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.memory_rows import MemoryRows


class Line(NamedTuple):
    key: int
    name: str
    city: str


ROWS = (Line(7, "北京协和医院", "北京市"), Line(3, "中山医院", "上海市"), Line(5, "北京大学第一医院", "北京市"))


def test_rows_keep_their_order_and_are_found_by_every_word() -> None:
    source = MemoryRows(ROWS)
    assert list(source.keys(ListQuery())) == [7, 3, 5]
    assert list(source.keys(ListQuery(), 2)) == [7, 3]
    assert list(source.keys(ListQuery(text="北京 协和"))) == [7]
    assert list(source.keys(ListQuery(text="广州"))) == []
    assert source.rows([3, 99]) == {3: ROWS[1]}


def test_other_rows_replace_the_first_ones() -> None:
    source = MemoryRows(ROWS)
    source.replace(ROWS[:1])
    assert list(source.keys(ListQuery())) == [7]
    assert source.rows([3]) == {}
