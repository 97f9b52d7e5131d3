"""A searchable list ready to be filled with columns: search box, filter chips, count, table and its designed states."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.services.listings.base import FilterValue, ListQuery, RowSource
from lian_desk.ui.common.lists.columns import Column
from lian_desk.ui.common.lists.desk_table import ROW_HEIGHT, DeskTable
from lian_desk.ui.common.lists.windowed_table_model import WindowedTableModel
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.common.shell.window_memory import recall_widths, remember_widths

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

SEARCH_PAUSE_MS: Final = 180
_LOADING_AFTER_MS: Final = 250


@dataclass(frozen=True)
class EmptyWords:
    """What a list says when it has no row: heading, one sentence and the words of the next step (none without)."""

    title: str
    sentence: str = ""
    action: str = ""


@dataclass(frozen=True)
class ListSpec:
    """Everything a list needs to know.

    Attributes:
        source: where keys and rows come from.
        columns: the columns from left to right.
        empty: words for a list without any row and without a search.
        placeholder: hint in the search box; an empty one leaves the box out.
        query: the query at first: default sort and filters.
        filters: name of a filter and its choices, one row of chips each.
        name: under which the widths of the columns are kept for the user; empty keeps none.
        spoken: what a screen reader calls the table; a page may hold several.
        row_height: 44 for lists with a bar or a button, ``DENSE_ROW_HEIGHT`` for long quiet ones.
    """

    source: RowSource[Any]
    columns: Sequence[Column]
    empty: EmptyWords
    placeholder: str = ""
    query: ListQuery = field(default_factory=ListQuery)
    filters: Sequence[tuple[str, Sequence[FilterChoice]]] = ()
    row_height: int = ROW_HEIGHT
    name: str = ""
    spoken: str = "列表"


class RecordList(QWidget):
    """Search box, chips, count and table; usable inside a card or as a whole page.

    Signals:
        row_activated(object): double click or Enter on a row.
        action_pressed(object): the row whose button was pressed.
        current_row_changed(object): the row the cursor is on, or ``None``.
        next_step_requested(): the button of the empty state.
        counted(int): number of rows of the present query.
    """

    row_activated = Signal(object)
    action_pressed = Signal(object)
    current_row_changed = Signal(object)
    next_step_requested = Signal()
    counted = Signal(int)

    def __init__(self, context: UiContext, spec: ListSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        now = context.desk.clock.now
        self._spec = spec
        self._started = False
        self._stale = False
        self._failed = False
        self.model = WindowedTableModel(spec.source, spec.columns, context.runner, now, self)
        self.model.query = spec.query
        self.table = DeskTable(self.model, context.theme, now, row_height=spec.row_height)
        # the words of the empty state stand in its place, not in the name of a full list
        self.table.setAccessibleName(spec.spoken)
        self.search_box = QLineEdit(self)
        self.chips: dict[str, FilterChips] = {}
        self.count_label = label("", "muted")
        self.state = EmptyState("正在载入…")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.state)
        self._lay_out()
        self._pause = _single_shot(self, SEARCH_PAUSE_MS, self._search_typed)
        self._slow = _single_shot(self, _LOADING_AFTER_MS, self._show_loading)
        self._wire(context)

    # --------------------------------------------------------------------------------------------------- asking

    def start(self) -> None:
        """Search for the first time; called by itself when the list is first shown."""
        if not self._started:
            self._started = True
            self._search(self.model.query)

    def reload(self) -> None:
        """Search again with the same query."""
        self._started = True
        self._search(self.model.query)

    def search(self, text: str) -> None:
        """Search for words as if typed."""
        self.search_box.setText(text)
        self._pause.stop()
        self._search_typed()

    def set_filter(self, name: str, value: FilterValue) -> None:
        """Set a filter; ``None`` takes it off."""
        if name in self.chips and (value is None or isinstance(value, str)):
            self.chips[name].set_value(value)
        self._started = True
        self._search(self.model.query.with_filter(name, value))

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes; while hidden only remember them."""
        if not self._started or not changes.touches(self._spec.source.tables):
            return
        if self.isVisible():
            self.model.apply(changes)
        else:
            self._stale = True

    def mark_stale(self) -> None:
        """Search again when the list is shown the next time."""
        self._stale = self._started

    def selected_keys(self) -> list[int]:
        """Return the keys of the selected rows."""
        return self.table.keeper.selected_keys()

    def current_row(self) -> object | None:
        """Return the row the cursor is on."""
        return self.table.current_row()

    def showEvent(self, event: QShowEvent) -> None:
        """Override: catch up with what was missed."""
        super().showEvent(event)
        self.start()
        if self._stale:
            self._stale = False
            self.reload()

    # --------------------------------------------------------------------------------------------------- inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        if self._spec.placeholder:
            self.search_box.setPlaceholderText(self._spec.placeholder)
            self.search_box.setAccessibleName(self._spec.placeholder)
            self.search_box.setClearButtonEnabled(True)
            self.search_box.setMinimumWidth(220)
            self.search_box.setMaximumWidth(360)
            row.addWidget(self.search_box, 1)
        else:
            self.search_box.hide()
        for name, choices in self._spec.filters:
            chips = FilterChips(choices)
            held = self._spec.query.filter(name)
            chips.set_value(held if isinstance(held, str) else None)
            chips.chosen.connect(lambda value, name=name: self.set_filter(name, value))
            self.chips[name] = chips
            row.addWidget(chips)
        row.addStretch(1)
        row.addWidget(self.count_label)
        if self._spec.placeholder or self._spec.filters:
            column.addLayout(row)
        else:
            # a list inside a card has neither; what never gets a place goes with the list all the same
            self.count_label.setParent(self)
            self.count_label.hide()
        column.addWidget(self._stack, 1)

    def _wire(self, context: UiContext) -> None:
        self.search_box.textChanged.connect(lambda _text: self._pause.start())
        self.search_box.returnPressed.connect(self._enter_list)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search_box)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self._enter_list)
        self.model.searched.connect(self._show_found)
        self.model.counted.connect(self._show_count)
        self.model.failed.connect(self._show_failure)
        self.table.row_activated.connect(self.row_activated)
        self.table.action_pressed.connect(self.action_pressed)
        self.table.current_row_changed.connect(self.current_row_changed)
        if self._spec.name:
            self.table.set_widths(recall_widths(self._spec.name, QSettings()))
            self.table.widths_changed.connect(self._remember_widths)
        self.table.text_typed.connect(self._type_ahead)
        self.state.triggered.connect(self._next_step)
        context.bus.committed.connect(self.apply)

    def _search_typed(self) -> None:
        query = self.model.query.with_text(self.search_box.text())
        if query != self.model.query or not self._started:
            self._started = True
            self._search(query)

    def _search(self, query: ListQuery) -> None:
        self._slow.start()
        self.model.search(query)

    def _remember_widths(self) -> None:
        remember_widths(self._spec.name, self.table.widths, QSettings())

    def _type_ahead(self, text: str) -> None:
        """Letters typed in the list go to the search box."""
        if self._spec.placeholder and text.strip():
            self.search_box.setFocus()
            self.search_box.insert(text)

    def _enter_list(self) -> None:
        self._pause.stop()
        self._search_typed()
        if self.model.row_count:
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)

    def _show_loading(self) -> None:
        if not self.model.row_count:
            self._failed = False
            self.state.show_state("正在载入…", "列表较长时需要一点时间，窗口可以继续使用。")
            self._stack.setCurrentWidget(self.state)

    def _show_found(self) -> None:
        self._slow.stop()
        self._failed = False
        if self.model.row_count:
            self._stack.setCurrentWidget(self.table)
            return
        query = self.model.query
        if query.text or query.filters != self._spec.query.filters:
            self.state.show_state("没有符合条件的记录", "换一个词，或清除搜索与筛选后再看。", "清除搜索与筛选")
        else:
            empty = self._spec.empty
            self.state.show_state(empty.title, empty.sentence, empty.action)
        self._stack.setCurrentWidget(self.state)

    def _show_count(self, count: int) -> None:
        self.count_label.setText(f"共 {count:,} 条")
        self.counted.emit(count)

    def _show_failure(self, error: BaseException) -> None:
        self._slow.stop()
        self._failed = True
        self.state.show_state("没有读到列表", sentence(error), "重试")
        self._stack.setCurrentWidget(self.state)

    def _next_step(self) -> None:
        query = self.model.query
        if self._failed:
            self.reload()
        elif query.text or query.filters != self._spec.query.filters:
            self._clear_search()
        else:
            self.next_step_requested.emit()

    def _clear_search(self) -> None:
        self.search_box.clear()
        self._pause.stop()
        for name, chips in self.chips.items():
            held = self._spec.query.filter(name)
            chips.set_value(held if isinstance(held, str) else None)
        self._search(self._spec.query)


def _single_shot(owner: RecordList, interval_ms: int, then: Any) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(then)
    return timer


class ListPage(Page):
    """A whole page that is one list: title, buttons at the right, the list in a card.

    A subclass calls ``super().__init__(context, spec)`` and may add buttons to ``self.head``.
    """

    def __init__(self, context: UiContext, spec: ListSpec, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.tables = spec.source.tables
        self.list = RecordList(context, spec)
        self.head = QHBoxLayout()
        self.head.setSpacing(10)
        self.head.addWidget(label(self.title, "title"))
        self.head.addStretch(1)
        card = Card()
        card.add(self.list, 1)
        self.body.addLayout(self.head)
        self.body.addWidget(card, 1)

    def reload(self) -> None:
        """Override: the list searches again."""
        self.list.reload()

    def refresh(self, changes: "Changes") -> None:
        """Override: the list listens to the bus itself and reloads only what was touched."""

    def activate(self) -> None:
        """Override: the list catches up when it is shown."""

    def new_day(self) -> None:
        """Override: the list itself remembers that it is stale while nobody looks."""
        super().new_day()
        if not self.isVisible():
            self.list.mark_stale()

    def primary_focus(self) -> QWidget | None:
        """Override: start with the search box where there is one."""
        return self.list.search_box if self.list.search_box.placeholderText() else self.list.table
