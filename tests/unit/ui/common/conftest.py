"""A dressed application, a real task runner, a desk that only tells the time, and a counting row source."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.listings.base import ListQuery
from lian_desk.ui.application import dress
from lian_desk.ui.common.look.theme import Theme
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.task_runner import TaskRunner

NOW = datetime(2026, 9, 30, 6, 20, tzinfo=UTC)


class ShownRow(NamedTuple):
    key: int
    name: str
    number: int


class CountingSource:
    """Rows in memory; counts what a database would be asked, and on which threads."""

    tables = frozenset({"booking", "hospital"})

    def __init__(self, count: int = 1000) -> None:
        self.names = {1_000_000_000_000 + place: f"甲{place:06d}" for place in range(count)}
        self.key_statements = 0
        self.row_statements = 0
        self.row_batches: list[int] = []
        self.error: Exception | None = None

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        self.key_statements += 1
        if self.error is not None:
            raise self.error
        found = [key for key, name in self.names.items() if query.text in name]
        found.sort(key=lambda key: (self.names[key], key), reverse=query.descending)
        return array("q", found if limit is None else found[:limit])

    def rows(self, keys: Sequence[int]) -> dict[int, ShownRow]:
        self.row_statements += 1
        self.row_batches.append(len(keys))
        return {key: ShownRow(key, self.names[key], place) for place, key in enumerate(keys) if key in self.names}


@dataclass
class TimeDesk:
    """The part of the desk that lists need."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return dress(qapp)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.shut_down()


@pytest.fixture
def source() -> CountingSource:
    return CountingSource()


@pytest.fixture
def context(theme: Theme, runner: TaskRunner) -> UiContext:
    return UiContext(TimeDesk(), runner, ChangeBus(), Navigator(), theme)
