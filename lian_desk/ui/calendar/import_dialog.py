"""导入年份: read a file off the UI thread, show every fault or every effect of it, and take it in when a lead agrees."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.vocabulary import CalendarStatus
from lian_desk.services.calendar_files import YearFile, read_year_file
from lian_desk.services.calendar_views import CalendarPreview, preview_year
from lian_desk.services.calendar_years import SOURCE_LENGTH, CalendarYearInput, ImportCalendarYear, day_inputs
from lian_desk.services.wording import phrases
from lian_desk.ui.calendar.preview import PreviewPanel
from lian_desk.ui.common.chips import FilterChoice
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.form_dialog import FormDialog
from lian_desk.ui.common.forms import ChoiceField, FieldSpec, LineField
from lian_desk.ui.common.sentences import sentence
from lian_desk.ui.common.text import ElidedLabel

_UNNAMED = "来源待填写"


class ImportYearDialog(FormDialog):
    """One file with one year; ``saved`` carries the year that was taken in."""

    def __init__(self, context: UiContext, path: Path, parent: QWidget | None = None) -> None:
        super().__init__("导入工作日历", primary="收下这一年", width=900, parent=parent)
        self._context = context
        self._file: YearFile | None = None
        self._preview: CalendarPreview | None = None
        self._generation = 0
        self._command_id = context.desk.new_id()
        self.file_line = ElidedLabel(f"正在读取 {path.name}…", "secondary")
        self.form.add_widget(self.file_line)
        self.form.add_row(
            ChoiceField(
                FieldSpec(
                    name="status", label="状态", why="国务院办公厅通知已发布为“已公布”，否则为“暂定”（A4、A5）。"
                ),
                [FilterChoice(status.value, words) for status, words in phrases(CalendarStatus)],
            ),
            LineField(
                FieldSpec(
                    name="source",
                    label="来源",
                    why="写明通知的名称、文号与日期，随时限一起保存（A4）。",
                    placeholder="国务院办公厅关于2027年部分节假日安排的通知",
                    most=SOURCE_LENGTH,
                )
            ),
            stretches=(1, 3),
        )
        self.preview = PreviewPanel(context, with_faults=True)
        self.form.add_widget(self.preview)
        self.primary.setEnabled(False)
        self.form.fields["status"].edited.connect(self.refresh_preview)
        self.resize(940, 720)
        context.runner.read(self, partial(read_year_file, path), self._take_file, self._refuse_file)

    def refresh_preview(self) -> None:
        """Reckon the effects anew for the status that is chosen."""
        if self._file is None or self._file.faulty:
            return
        self._generation += 1
        self._preview = None
        self.primary.setEnabled(False)
        status = self.form.fields["status"].raw() or CalendarStatus.OFFICIAL.value
        content = self._content(CalendarStatus(status), str(self.form.fields["source"].raw()).strip() or _UNNAMED)
        work = partial(preview_year, self._context.desk, content)
        self._context.runner.read(self, work, partial(self._show_preview, self._generation), self._refuse_file)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: take in what was previewed."""
        if self._preview is None:
            self._set_busy(False)
            return
        command = ImportCalendarYear(
            command_id=self._command_id,
            content=self._content(CalendarStatus(values["status"]), values["source"]),
            accepted=self._preview.mark,
        )
        carry_out(self._context, self, command, lambda _outcome: self.finish(command.content.year), self.refuse)

    def refuse(self, error: BaseException) -> None:
        """Override: what moved meanwhile is reckoned again and shown before anybody may agree."""
        super().refuse(error)
        if isinstance(error, DeskError) and error.code is ErrorCode.IMPORT_PREVIEW_OUTDATED:
            self._command_id = self._context.desk.new_id()
            self.refresh_preview()

    def _content(self, status: CalendarStatus, source: str) -> CalendarYearInput:
        assert self._file is not None
        assert self._file.year is not None
        return CalendarYearInput(self._file.year, status, source, day_inputs(self._file.rows))

    def _take_file(self, found: YearFile) -> None:
        self._file = found
        year = f"{found.year} 年 · " if found.year is not None else ""
        self.file_line.setText(f"{found.name} · {year}{len(found.rows)} 天")
        self.form.set_values({"status": (found.status or CalendarStatus.OFFICIAL).value, "source": found.source})
        self.preview.show_faults(found.rows)
        if not found.faulty:
            self.refresh_preview()

    def _refuse_file(self, error: BaseException) -> None:
        self.file_line.setText("")
        self.preview.summary.set_notice("")
        self.show_banner(sentence(error))

    def _show_preview(self, generation: int, preview: CalendarPreview) -> None:
        if generation != self._generation:
            return
        self._preview = preview
        self.preview.show_preview(preview)
        self.primary.setEnabled(not preview.is_same or bool(preview.moves))
