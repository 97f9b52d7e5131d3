"""The preview of a table that is taken in: read with the columns told before, mended in place, kept as a draft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.adapters.tables.cells import Book
from lian_desk.adapters.tables.reading import FoundTable, TableChoice, find_table
from lian_desk.adapters.tables.schema import TableSchema
from lian_desk.services.desk.column_mappings import RememberColumns, load_mappings
from lian_desk.services.desk.desk import Desk
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.fields import FieldSpec
from lian_desk.ui.common.imports.imports import ImportDialog
from lian_desk.ui.common.imports.mending_table import NO_LINES, MendColumn, MendLine, MendLines
from lian_desk.ui.common.imports.table_field import TableField, shown_columns
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter

_DIGEST: Final = 32
Mappings = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class TableKind:
    """What one kind of list differs by from another.

    Attributes:
        columns: the fields shown, from left to right; those the file does not have are left out.
        parts: chips above the rows, besides 全部.
        open_book: returns the tables of a file and what else it says; runs off the UI thread.
        read_rows: returns the rows of a table as read; runs off the UI thread, may report and be stopped.
        make_lines: returns a line for each row of a reading, with what a plan (None: none yet) does to it; runs off the
            UI thread. The lines of the file come first, in its order.
    """

    schema: TableSchema
    columns: Sequence[MendColumn]
    parts: Sequence[FilterChoice]
    open_book: Callable[[Path], tuple[Book, Any]]
    read_rows: Callable[[FoundTable, Any, Reporter], Any]
    make_lines: Callable[[Any, Any, Sequence[str]], Sequence[MendLine]]


class TableImportDialog(ImportDialog):
    """Base of the previews of tables. A subclass says what the rows would do and what is agreed to."""

    def __init__(
        self,
        context: UiContext,
        path: Path,
        kind: TableKind,
        *,
        title: str,
        primary: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, title, primary=primary, file_name=path.name, parent=parent)
        self._path, self._kind = path, kind
        self._book: Book | None = None
        self._started = False
        self._mappings: Mappings = {}
        self.about: Any = None
        self.reading: Any = None
        spec = FieldSpec(name="table", label=f"{kind.schema.label}的行", optional=True)
        self.table_field = TableField(spec, kind.parts)
        self.table_field.rechosen.connect(self._read_again)
        self.table_field.mended.connect(self._mend)
        self.finished.connect(lambda _result: self._remember())

    # --------------------------------------------------------------------------------------------- for subclasses

    def mend_row(self, reading: Any, place: int, name: str, text: str) -> Any:
        """Return the reading with one cell written anew; quick, on the UI thread. Override."""
        raise NotImplementedError

    def line_of(self, place: int) -> MendLine:
        """Return the line of one row as it stands without a plan; quick, on the UI thread. Override."""
        raise NotImplementedError

    def plan_for(self) -> Callable[[], Any] | None:
        """Return what reckons the plan off the UI thread, None while there is nothing to reckon. Override."""
        return None

    def show_effects(self, plan: Any) -> None:
        """Show what taking in would do besides the lines. Override."""

    def take_about(self) -> None:
        """The file says something of itself (``self.about``): fill the form by it. Override."""

    def take_reading(self) -> None:
        """The table, another part of the file or a mended row was read (``self.reading``). Override."""

    def take_missing(self) -> None:
        """The table lacks columns that it must have: nothing is reckoned until somebody tells them. Override."""

    @property
    def preview_area(self) -> QWidget:
        """The part of the form that is not there until the file is read. Override where the table is only a part."""
        return self.table_field

    # --------------------------------------------------------------------------------------------------- the flow

    def begin(self) -> None:
        """Read the file; call when the form is built."""
        self.preview_area.hide()
        self.read(partial(_open, self._kind, self._context.desk, self._path), self._take_book)

    @property
    def names(self) -> list[str]:
        """The fields that are shown, from left to right."""
        return [column.name for column in self.table_field.model.columns]

    def plan_work(self) -> Callable[[], object] | None:
        """Override: the plan comes with its lines."""
        plan = self.plan_for()
        return None if plan is None else partial(_plan, self._kind, plan, self.reading, self.names)

    def show_plan(self, plan: Any) -> None:
        """Override: every row with what becomes of it."""
        self.plan, lines = plan
        self.table_field.show_lines(lines)
        self.show_effects(self.plan)

    def _take_book(self, opened: tuple[Book, Any, Mappings]) -> None:
        self._book, self.about, self._mappings = opened
        self.take_about()
        self.preview_area.show()
        key = f"import:{self._kind.schema.kind}:{self._book.digest[:_DIGEST]}"
        self.keep_draft(key, desk_drafts(self._context))
        self._read_again(self.table_field.choice)

    def _read_again(self, choice: object) -> None:
        assert isinstance(choice, TableChoice)
        assert self._book is not None
        self._generation += 1
        self.plan = None
        self.primary.setEnabled(False)
        work = partial(_read, self._kind, self._book, choice, self._mappings, self.about)
        self.read(work, partial(self._take_rows, self._generation))

    def _take_rows(self, generation: int, read: tuple[FoundTable, Any, MendLines]) -> None:
        if generation != self._generation:
            return
        found, self.reading, lines = read
        self.table_field.show_table(found, self._kind.columns)
        if found.missing:
            self.table_field.summary.set_notice(
                f"没有找到这些列：{'、'.join(found.missing)}。请在上面的“列的对应”里选出，或改选表头所在的行。",
                Tone.BROKEN,
            )
            self.table_field.show_lines(lines)
            self.take_missing()
            return
        self.table_field.summary.set_notice("")
        self.table_field.show_lines(lines)
        self.take_reading()
        self.replan()
        if not self._started:
            # the first thing to do: the first fault, else the first field that is empty
            self._started = True
            if not self.table_field.start():
                self.form.fields["source"].focus()

    def _mend(self, place: int, name: str, text: str) -> None:
        self.reading = self.mend_row(self.reading, place, name, text)
        self.plan = None
        self.table_field.show_line(place, self.line_of(place))
        self.take_reading()
        self.replan()

    def _remember(self) -> None:
        """Columns told by hand are kept when nothing required is missing, whether the list was taken in or not."""
        field = self.table_field
        found = field.found
        if found is None or not field.told_by_hand or found.missing:
            return
        command = RememberColumns(
            command_id=self._context.desk.new_id(),
            list_kind=self._kind.schema.kind,
            fingerprint=found.fingerprint,
            columns=tuple(sorted(found.columns.items())),
        )
        # the runner is the owner: the columns are kept though the dialog is gone by then
        carry_out(self._context, self._context.runner, command, lambda _outcome: None)


def _open(kind: TableKind, desk: Desk, path: Path, _reporter: Reporter) -> tuple[Book, Any, Mappings]:
    book, about = kind.open_book(path)
    return book, about, load_mappings(desk, kind.schema.kind)


def _read(
    kind: TableKind, book: Book, choice: TableChoice, mappings: Mappings, about: Any, reporter: Reporter
) -> tuple[FoundTable, Any, MendLines]:
    found = find_table(book, kind.schema, choice, mappings)
    if found.missing:
        return found, None, NO_LINES
    reading = kind.read_rows(found, about, reporter)
    names = [column.name for column in shown_columns(found, kind.columns)]
    return found, reading, MendLines.of(kind.make_lines(reading, None, names))


def _plan(kind: TableKind, reckon: Callable[[], Any], reading: Any, names: Sequence[str]) -> tuple[Any, MendLines]:
    plan = reckon()
    return plan, MendLines.of(kind.make_lines(reading, plan, names))
