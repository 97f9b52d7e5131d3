"""A row of chips over lists that are in memory already: clauses, differences, worked examples."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.ui.common.lists.columns import Column
from lian_desk.ui.common.lists.desk_table import DENSE_ROW_HEIGHT
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.running.context import UiContext


class FactPart(NamedTuple):
    """One list: its name, the words of its chip, its columns, its words when empty, the hint of its search box."""

    name: str
    words: str
    columns: Sequence[Column]
    empty: EmptyWords
    placeholder: str = ""


class FactLists(QWidget):
    """Several lists of which one is in front; each chip counts its rows."""

    def __init__(self, context: UiContext, parts: Sequence[FactPart], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: dict[str, MemoryRows[Any]] = {}
        self.lists: dict[str, RecordList] = {}
        self._stack = QStackedWidget()
        for part in parts:
            source: MemoryRows[Any] = MemoryRows()
            spec = ListSpec(
                source,
                part.columns,
                part.empty,
                placeholder=part.placeholder,
                row_height=DENSE_ROW_HEIGHT,
                spoken=part.words,
            )
            shown = RecordList(context, spec)
            self._sources[part.name], self.lists[part.name] = source, shown
            self._stack.addWidget(shown)
        self.chips = FilterChips([FilterChoice(part.name, part.words) for part in parts])
        self.chips.chosen.connect(self.show_part)
        row = QHBoxLayout()
        row.addWidget(self.chips)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._stack, 1)

    def show_rows(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """Put rows into the lists that are named."""
        for name, found in rows.items():
            self._sources[name].replace(found)
            self.chips.set_count(name, len(found))
            self.lists[name].reload()

    def show_part(self, name: object) -> None:
        """Bring one list to the front."""
        if isinstance(name, str):
            self.chips.set_value(name)
            self._stack.setCurrentWidget(self.lists[name])
