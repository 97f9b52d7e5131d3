"""更正此日: one day is set otherwise, with a reason; what moves is shown before."""

from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.vocabulary import DayKind
from lian_desk.services.words.wording import phrase
from lian_desk.services.working_calendar.calendar_shapes import LABEL_LENGTH
from lian_desk.services.working_calendar.views import CalendarPreview, DayLine, preview_correction
from lian_desk.services.working_calendar.years import CorrectCalendarDay
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import ChoiceField, FieldSpec, LineField, TextField
from lian_desk.ui.common.look import formats
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.working_calendar.preview import PreviewPanel

_BY_WEEKDAY: Final = "by_weekday"
_WORKING_WEEKDAYS: Final = 5
_REASON: Final = "原因待填写"


class CorrectDayDialog(FormDialog):
    """One day of the calendar; ``saved`` carries its date."""

    def __init__(self, context: UiContext, line: DayLine, parent: QWidget | None = None) -> None:
        super().__init__("更正工作日历", primary="保存更正", width=820, parent=parent)
        self._context = context
        self._line = line
        self._preview: CalendarPreview | None = None
        self._generation = 0
        self._command_id = context.desk.new_id()
        self.form.add_widget(label(f"现在：{line.why}", "secondary", wrap=True))
        self.form.add_row(
            ChoiceField(FieldSpec(name="kind", label="改为"), _choices(line)),
            LineField(FieldSpec(name="label", label="节日名称", optional=True, most=LABEL_LENGTH)),
            stretches=(2, 1),
        )
        self.form.add_row(
            TextField(
                FieldSpec(
                    name="reason",
                    label="更正原因",
                    why="更正作为新的一次导入保存，原内容保留（A4）。",
                    placeholder="例如：补发通知调整了放假安排",
                    most=120,
                ),
                lines=2,
            )
        )
        self.preview = PreviewPanel(context)
        self.form.add_widget(self.preview)
        self.form.set_values({"kind": (line.kind.value if line.kind else _BY_WEEKDAY), "label": line.label})
        self.form.fields["kind"].edited.connect(self.refresh_preview)
        self.form.fields["label"].edited.connect(self.refresh_preview)
        self.resize(860, 720)
        self.refresh_preview()

    def refresh_preview(self) -> None:
        """Reckon what the present choice would change."""
        self._generation += 1
        self._preview = None
        self.primary.setEnabled(False)
        work = partial(
            preview_correction,
            self._context.desk,
            self._line.day_on,
            self._kind(),
            str(self.form.fields["label"].raw())[:LABEL_LENGTH],
            _REASON,
        )
        self._context.runner.read(self, work, partial(self._show_preview, self._generation), super().refuse)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: correct what was previewed."""
        if self._preview is None:
            self._set_busy(False)
            return
        command = CorrectCalendarDay(
            command_id=self._command_id,
            day_on=self._line.day_on,
            kind=self._kind(),
            label=values["label"] or "",
            reason=values["reason"],
            accepted=self._preview.mark,
        )
        carry_out(self._context, self, command, lambda _outcome: self.finish(command.day_on), self.refuse)

    def refuse(self, error: BaseException) -> None:
        """Override: what moved meanwhile is reckoned again and shown before anybody may agree."""
        super().refuse(error)
        if isinstance(error, DeskError) and error.code is ErrorCode.IMPORT_PREVIEW_OUTDATED:
            self._command_id = self._context.desk.new_id()
            self.refresh_preview()

    def _kind(self) -> DayKind | None:
        chosen = self.form.fields["kind"].raw()
        return None if chosen in {None, _BY_WEEKDAY} else DayKind(chosen)

    def _show_preview(self, generation: int, preview: CalendarPreview) -> None:
        if generation != self._generation:
            return
        self._preview = preview
        self.preview.show_preview(preview)
        self.primary.setEnabled(bool(preview.differences))


def _choices(line: DayLine) -> list[FilterChoice]:
    """Return what the day may become; a weekday is a working day anyway, so it cannot become a make-up day."""
    weekday = formats.weekday(line.day_on)
    is_weekend = line.day_on.weekday() >= _WORKING_WEEKDAYS
    choices = [
        FilterChoice(_BY_WEEKDAY, f"按{weekday}：{'休息' if is_weekend else '工作日'}"),
        FilterChoice(DayKind.DAY_OFF.value, phrase(DayKind.DAY_OFF)),
    ]
    if is_weekend:
        choices.append(FilterChoice(DayKind.MAKE_UP_WORKING_DAY.value, phrase(DayKind.MAKE_UP_WORKING_DAY)))
    return choices
