"""The table of a file in a form: which sheet and row are read and why, what each column is, and its rows to be mended."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.adapters.tables.reading import HEAD_ROWS, FoundTable, TableChoice
from lian_desk.ui.common.forms.choice_fields import QuietCombo
from lian_desk.ui.common.forms.fields import Field, FieldSpec
from lian_desk.ui.common.imports.column_mapper import ColumnMapper
from lian_desk.ui.common.imports.mending_table import (
    FAULTY,
    NO_LINES,
    MendColumn,
    MendingModel,
    MendingTable,
    MendLine,
    MendLines,
)
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.text import ElidedLabel, label, restyle
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.look.visibility import set_shown

_SHEET_WIDTH: Final = 190
_HEAD_WIDTH: Final = 250
_LEAST_HEIGHT: Final = 300


def shown_columns(found: FoundTable, columns: Sequence[MendColumn]) -> tuple[MendColumn, ...]:
    """Return the columns to show of a table: those it has, and those it must have."""
    return tuple(
        column for column in columns if column.name in found.columns or found.schema.field(column.name).required
    )


class TableField(Field):
    """Everything a person can do with the table of a file. ``raw()`` is the choice, so that a draft keeps it.

    Signals:
        rechosen(object): another ``TableChoice``: the table is to be read anew.
        mended(int, str, str): place of a row, field, and what was written there.
    """

    rechosen = Signal(object)
    mended = Signal(int, str, str)

    def __init__(self, spec: FieldSpec, parts: Sequence[FilterChoice], parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.choice = TableChoice()
        self.found: FoundTable | None = None
        self._lines = NO_LINES
        self.told_by_hand = False
        self._shown: list[int] = []
        self._written: dict[int, Mapping[tuple[int, str], str]] = {}
        self.words = ElidedLabel("", "secondary")
        self.sheets = QuietCombo()
        self.heads = QuietCombo()
        self.map_button = small_button("列的对应…", self._toggle_mapper)
        self.mapper = ColumnMapper()
        self.summary = Notice("", Tone.INFO)
        self._parts: list[str | None] = [None, *(part.value for part in parts)]
        self.chips = FilterChips([FilterChoice(None, "全部"), *parts])
        self.fault_button = small_button("下一处有误（F8）", self._next_fault)
        self.model = MendingModel((), self)
        self.table = MendingTable(self.model, spec.label)
        self.line_words = ElidedLabel("", "secondary")
        self._lay_out()
        self.sheets.activated.connect(self._choose_sheet)
        self.heads.activated.connect(self._choose_head)
        self.mapper.told.connect(self._tell)
        self.chips.chosen.connect(self.show_part)
        self.model.mended.connect(self._mend)
        self.model.dataChanged.connect(lambda *_where: self._show_words())
        self.table.selectionModel().currentChanged.connect(lambda *_where: self._show_words())

    # --------------------------------------------------------------------------------------------------- showing

    def show_table(self, found: FoundTable, columns: Sequence[MendColumn]) -> None:
        """Show which table is read; its lines follow by :meth:`show_lines`."""
        self.found = found
        self.words.setText(found.words)
        self.words.setToolTip(found.words)
        self._fill_sheets(found)
        self._fill_heads(found)
        self.mapper.show_table(found)
        self._order_keys()
        wanted = shown_columns(found, columns)
        if wanted != self.model.columns:
            self.model.set_columns(wanted)
            self.table.fit_columns()
        if found.missing:
            self._show_mapper(shown=True)
            self.mapper.focus_first_unused()

    @property
    def lines(self) -> Sequence[MendLine]:
        """Every line, shown or not."""
        return self._lines.lines

    def show_lines(self, lines: MendLines) -> None:
        """Show what becomes of each row; the rows in sight stay there though a mended one is no fault any more."""
        is_other = len(lines.lines) != len(self._lines.lines)
        self._lines = lines
        for part in self._parts:
            self.chips.set_count(part, len(lines.lines) if part is None else lines.counts.get(part, 0))
        set_shown(self.fault_button, lines.has_faults)
        if is_other:
            self.show_part(FAULTY if lines.has_faults else None)
        else:
            self.model.set_lines(lines.lines, self._shown)

    def show_line(self, place: int, line: MendLine) -> None:
        """Show one row of the file anew; the lines of the file stand first, in its order."""
        self.show_lines(self._lines.with_line(place, line))

    def show_part(self, part: object) -> None:
        """Show the rows of one part, or all of them."""
        self.table.write_what_is_open()
        self.chips.set_value(part if isinstance(part, str) else None)
        self._shown = [at for at, line in enumerate(self.lines) if part is None or line.part == part]
        self.model.set_lines(self.lines, self._shown)

    # ------------------------------------------------------------------------------------------------- as a field

    def raw(self) -> Any:
        """Return the choice as plain data."""
        chosen = self.choice
        sheet = chosen.sheet
        if sheet < 0 and self.found is not None and chosen.mended:
            sheet = self.found.sheet_place
        return {
            "sheet": sheet,
            "head": chosen.head,
            "columns": None if chosen.columns is None else [list(pair) for pair in chosen.columns],
            "mended": [
                [place, row, name, text]
                for place, cells in sorted(self._written.items())
                for (row, name), text in sorted(cells.items())
            ],
        }

    def set_raw(self, raw: Any) -> None:
        """Take a choice back; the table is then read by it."""
        if not isinstance(raw, dict):
            return
        columns, sheet = raw.get("columns"), int(raw.get("sheet", -1))
        written: dict[int, dict[tuple[int, str], str]] = {}
        for place, row, name, text in raw.get("mended", ()):
            written.setdefault(int(place), {})[int(row), str(name)] = str(text)
        self._written = dict(written)
        self.choice = TableChoice(
            sheet,
            int(raw.get("head", -1)),
            None if columns is None else tuple((str(name), int(place)) for name, place in columns),
            written.get(sheet, {}),
        )
        self.told_by_hand = columns is not None

    def value(self) -> Any:
        """Return the choice, after an open editor was taken over."""
        self.table.write_what_is_open()
        return self.choice

    # ---------------------------------------------------------------------------------------------------- inside

    def _mend(self, place: int, name: str, text: str) -> None:
        assert self.found is not None
        self.choice = self.choice.with_cell(self.found.body[place].number, name, text)
        self._written[self.found.sheet_place] = self.choice.mended
        self.mended.emit(place, name, text)
        self._touched()

    def _choose(self, choice: TableChoice) -> None:
        """Another sheet or row is read; what was written into the cells of a sheet comes back with it."""
        self.choice = choice
        self.told_by_hand = False
        self._touched()
        self.rechosen.emit(choice)

    def _choose_sheet(self, at: int) -> None:
        sheet = int(self.sheets.itemData(at))
        self._choose(TableChoice(sheet=sheet, mended=self._written.get(sheet, {})))

    def _choose_head(self, at: int) -> None:
        assert self.found is not None
        self._choose(TableChoice(self.found.sheet_place, int(self.heads.itemData(at)), None, self.choice.mended))

    def _tell(self, columns: dict[str, int]) -> None:
        assert self.found is not None
        chosen = tuple(sorted(columns.items()))
        self.choice = replace(self.choice, columns=chosen)
        self.told_by_hand = True
        self._touched()
        self.rechosen.emit(self.choice)

    def _fill_sheets(self, found: FoundTable) -> None:
        self.sheets.clear()
        for place, sheet in enumerate(found.book.sheets):
            hidden = "（隐藏）" if sheet.is_hidden else ""
            self.sheets.addItem(f"{sheet.name or '文件'}{hidden} · {len(sheet.rows):,} 行", place)
        self.sheets.setCurrentIndex(found.sheet_place)
        set_shown(self.sheets, len(found.book.sheets) > 1)

    def _fill_heads(self, found: FoundTable) -> None:
        self.heads.clear()
        for row in found.sheet.rows[:HEAD_ROWS]:
            words = "、".join(" ".join(cell.text.split()) for cell in row.cells if cell.text)
            self.heads.addItem(f"第 {row.number} 行：{words}", row.number)
        self.heads.setCurrentIndex(self.heads.findData(found.head.number))

    def _show_words(self) -> None:
        """Say in full what stands behind the row the cursor is on, at a place of its own."""
        line = self.model.line(self.table.currentIndex().row())
        number = f"第 {line.number} 行：" if line is not None and line.number else ""
        self.line_words.setText(f"{number}{line.words}" if line is not None and line.words else "")
        self.line_words.setProperty("role", "error" if line is not None and line.is_faulty else "secondary")
        restyle(self.line_words)

    def start(self) -> bool:
        """Give the keyboard to the first cell at fault; False when nothing is wrong."""
        return self.table.go_to_fault(is_first=True)

    def _toggle_mapper(self) -> None:
        self._show_mapper(shown=self.mapper.isHidden())
        if not self.mapper.isHidden():
            self.mapper.focus_first_unused()

    def _show_mapper(self, *, shown: bool) -> None:
        set_shown(self.mapper, shown)
        self.map_button.setText("收起列的对应" if shown else "列的对应…")

    def _next_fault(self) -> None:
        self.table.write_what_is_open()
        if not self.table.go_to_fault() and self.chips.value is not None:
            self.show_part(None)
            self.table.go_to_fault()

    def _lay_out(self) -> None:
        self.sheets.setAccessibleName("工作表")
        self.sheets.setFixedWidth(_SHEET_WIDTH)
        self.heads.setAccessibleName("表头所在的行")
        self.heads.setFixedWidth(_HEAD_WIDTH)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        source = QHBoxLayout()
        source.setSpacing(8)
        source.addWidget(self.words, 1)
        source.addWidget(self.sheets)
        source.addWidget(label("表头", "muted"))
        source.addWidget(self.heads)
        source.addWidget(self.map_button)
        filters = QHBoxLayout()
        filters.addWidget(self.chips)
        filters.addStretch(1)
        filters.addWidget(self.fault_button)
        column.addLayout(source)
        column.addWidget(self.mapper)
        column.addWidget(self.summary)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        column.addWidget(self.line_words)
        self.mapper.hide()
        self.fault_button.hide()
        self._heading.hide()
        self._mark.hide()
        self.table.setMinimumHeight(_LEAST_HEIGHT)
        self._place(inside, self.table)
        self.column.setStretch(1, 1)
        self.table.setAccessibleName(self.spec.label)
        # Qt's Tab leaps over whatever stands before the part that a field is a proxy of, and would never come to it
        self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes none for "no proxy"
        QShortcut(QKeySequence(Qt.Key.Key_F8), self, self._next_fault)

    def _order_keys(self) -> None:
        """Tab walks as the eye does: the choices for the columns come before the rows, though they were made later."""
        before: QWidget = self.map_button
        for box in self.mapper.boxes:
            QWidget.setTabOrder(before, box)
            before = box

    def focus(self) -> None:
        """Override: the keyboard goes to the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
