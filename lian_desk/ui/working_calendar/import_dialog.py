"""导入年份: read a file off the UI thread, mend its rows, show every effect, and take it in year by year as a lead agrees."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.adapters.tables.reading import FoundTable
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.services.working_calendar.calendar_shapes import CALENDAR_YEAR, YearAbout, open_year_file
from lian_desk.services.working_calendar.views import CalendarPreview, preview_year
from lian_desk.services.working_calendar.year_files import FileRow, YearFile, mended_year, read_year
from lian_desk.services.working_calendar.years import SOURCE_LENGTH, CalendarYearInput, ImportCalendarYear, day_inputs
from lian_desk.ui.common.forms.forms import CheckField, ChoiceField, ComboField, FieldSpec, LineField
from lian_desk.ui.common.imports.mending_table import FAULTY, MendColumn, MendLine
from lian_desk.ui.common.imports.table_import import TableImportDialog, TableKind
from lian_desk.ui.common.look import formats
from lian_desk.ui.common.look.chips import ChipText, FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.look.visibility import set_shown
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter
from lian_desk.ui.working_calendar.preview import PreviewPanel

_UNNAMED: Final = "来源待填写"
_PLAIN, _ELSEWHERE = "plain", "elsewhere"
_PARTS: Final = (
    FilterChoice(FAULTY, "有误"),
    FilterChoice(DayKind.DAY_OFF.value, phrase(DayKind.DAY_OFF)),
    FilterChoice(DayKind.MAKE_UP_WORKING_DAY.value, phrase(DayKind.MAKE_UP_WORKING_DAY)),
    FilterChoice(_ELSEWHERE, "其他年份"),
    FilterChoice(_PLAIN, "与星期一致"),
)
_CHIPS: Final = {
    FAULTY: ChipText("有误", Tone.BROKEN),
    DayKind.DAY_OFF.value: ChipText(phrase(DayKind.DAY_OFF), Tone.ACCENT),
    DayKind.MAKE_UP_WORKING_DAY.value: ChipText(phrase(DayKind.MAKE_UP_WORKING_DAY), Tone.RISK),
    _ELSEWHERE: ChipText("其他年份", Tone.INFO),
    _PLAIN: ChipText("与星期一致"),
}
_COLUMNS: Final = (
    MendColumn("date", "日期", 210),
    MendColumn("from", "起始日期", 130),
    MendColumn("to", "截止日期", 130),
    MendColumn("kind", "类型", 110),
    MendColumn("is_off", "是否放假", 90),
    MendColumn("is_work", "是否上班", 90),
    MendColumn("name", "名称", 130),
)


class ImportYearDialog(TableImportDialog):
    """One file with the days of a year, or of several; ``saved`` carries each year that was taken in."""

    def __init__(self, context: UiContext, path: Path, parent: QWidget | None = None) -> None:
        kind = TableKind(CALENDAR_YEAR, _COLUMNS, _PARTS, open_year_file, _read, _lines)
        super().__init__(context, path, kind, title="导入工作日历", primary="导入这一年", parent=parent)
        self._taken: set[int] = set()
        self.year_field = ComboField(
            FieldSpec(name="year", label="年份", why="一份通知可能含有上一年或下一年的日子；逐年核对后导入（A4）。")
        )
        self.whole_field = CheckField(
            FieldSpec(
                name="is_whole",
                label="这是该年的完整安排（不勾选：只把这些日子并入现行安排，状态不变）",
                optional=True,
            )
        )
        self.preview = PreviewPanel(context, rows=self.table_field)
        self._build_form()
        self.resize(1000, 760)
        self.begin()

    def plan_for(self) -> Callable[[], CalendarPreview] | None:
        """Override: reckon the effects of the chosen year with the status and completeness in the form."""
        reading, year = self.reading, self._year()
        if not isinstance(reading, YearFile) or reading.faulty or year is None:
            return None
        self.preview.summary.set_notice("正在计算变动…", Tone.INFO)
        source = str(self.form.fields["source"].raw()).strip() or _UNNAMED
        return partial(preview_year, self._context.desk, self._content(year, source))

    def show_effects(self, plan: CalendarPreview) -> None:
        """Override: the days and deadlines that would change."""
        self.preview.show_preview(plan, self._left())
        self.primary.setEnabled(not plan.is_same or bool(plan.moves))

    def submit(self, values: dict[str, Any]) -> None:
        """Override: take in what was previewed."""
        year = self._year()
        if self.plan is None or year is None:
            self.stay()
            return
        command = ImportCalendarYear(
            command_id=self.command_id, content=self._content(year, values["source"]), accepted=self.plan.mark
        )
        carry_out(self._context, self, command, lambda _outcome: self._took(year), self.refuse)

    def mend_row(self, reading: Any, place: int, name: str, text: str) -> YearFile:
        """Override: a year has few days, so all of them are read again."""
        return mended_year(reading, self.about, reading.table.body[place].number, name, text)

    def line_of(self, place: int) -> MendLine:
        """Override: a year has few lines, so all of them are made."""
        return _lines(self.reading, None, self.names)[place]

    def take_about(self) -> None:
        """Override: status and source, as far as the file says them."""
        assert isinstance(self.about, YearAbout)
        status = (self.about.status or CalendarStatus.OFFICIAL).value
        self.form.set_values({"status": status, "source": self.about.source})

    def take_reading(self) -> None:
        """Override: offer every year the file has days of; while a row is at fault nothing else is reckoned."""
        reading = self.reading
        assert isinstance(reading, YearFile)
        self._offer_years(reading)
        if not reading.faulty:
            self.preview.summary.set_notice("")
        self.preview.show_faults(len({row.number for row in reading.faulty}), len(reading.rows))
        if not reading.rows and not reading.plain_days:
            self.preview.show_missing("表头下面没有任何日子，没有可收取的；请核对文件，或改选表头所在的行。")

    def take_missing(self) -> None:
        """Override: the columns are told in the rows of the file; there is nothing else to look at yet."""
        self.preview.show_missing()

    @property
    def preview_area(self) -> QWidget:
        """Override: the table lies among the lists of the preview, and one of them is in front at a time."""
        return self.preview

    # ---------------------------------------------------------------------------------------------------- inside

    def _year(self) -> int | None:
        chosen = self.year_field.combo.currentData()
        return chosen if isinstance(chosen, int) else None

    def _left(self) -> list[tuple[int, int]]:
        """Return the other years with the number of their days, as far as they are not taken in yet."""
        reading: YearFile = self.reading
        waiting = [year for year in reading.years if year not in self._taken and year != self._year()]
        return [(year, len(reading.rows_of(year))) for year in waiting]

    def _offer_years(self, reading: YearFile) -> None:
        held = self._year()
        offered = [year for year in reading.years if year not in self._taken]
        combo = self.year_field.combo
        if [combo.itemData(at) for at in range(combo.count())] != offered:
            self.year_field.set_choices([(year, f"{year} 年（{len(reading.rows_of(year))} 天）") for year in offered])
            chosen = held if held in offered else offered[0] if offered else None
            self.year_field.set_value(chosen)
            self._choose_wholeness()
        set_shown(self.year_field, len(reading.years) > 1)
        more = f"，另有 {reading.plain_days} 天与星期一致、不需登记" if reading.plain_days else ""
        years = "、".join(f"{year} 年 {len(reading.rows_of(year))} 天" for year in reading.years)
        self.file_line.setText(f"{self._path.name} · {years or '没有日期'}{more}")

    def _choose_wholeness(self) -> None:
        year = self._year()
        is_whole = year is None or not self.reading.is_fragment(year)
        self.whole_field.set_value(is_whole)
        self.primary.setText("导入这一年" if is_whole else f"并入 {year} 年")

    def _content(self, year: int, source: str) -> CalendarYearInput:
        status = CalendarStatus(self.form.fields["status"].raw() or CalendarStatus.OFFICIAL.value)
        days = day_inputs(self.reading.rows_of(year))
        return CalendarYearInput(year, status, source, days, bool(self.whole_field.raw()))

    def _took(self, year: int) -> None:
        """A year is in: the days of the other years are offered next, never dropped without a word."""
        self._taken.add(year)
        left = self._left()
        if not left:
            self.finish(year)
            return
        self.saved.emit(year)
        self.stay()
        self.command_id = self._context.desk.new_id()
        self._offer_years(self.reading)
        self.show_banner(
            f"{year} 年已导入。这份文件还有 {'、'.join(f'{other} 年 {count} 天' for other, count in left)}，"
            "请核对后导入，或关闭不导入。",
            Tone.INFO,
        )
        self.replan()

    def _build_form(self) -> None:
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
            stretches=(2, 5),
        )
        self.form.add_row(self.whole_field, self.year_field, stretches=(3, 1))
        self.form.add_widget(self.progress)
        self.form.adopt(self.table_field)
        self.form.add_widget(self.preview)
        self.year_field.hide()
        self.whole_field.set_value(True)
        self.year_field.edited.connect(self._choose_wholeness)
        self.whole_field.edited.connect(lambda: self.primary.setText(self._verb()))
        for name in ("year", "status", "is_whole"):
            self.form.fields[name].edited.connect(self.replan)

    def _verb(self) -> str:
        return "导入这一年" if self.whole_field.raw() else f"并入 {self._year()} 年"


def _lines(reading: YearFile, _plan: object, names: Sequence[str]) -> list[MendLine]:
    """Return one line for each row of the file, whatever days it names."""
    table = reading.table
    assert table is not None
    days: dict[int, list[FileRow]] = {}
    for row in reading.rows:
        days.setdefault(row.number, []).append(row)
    return [
        _line(
            reading, (row.number, place), tuple(table.cell(row, name).text for name in names), days.get(row.number, [])
        )
        for place, row in enumerate(table.body)
    ]


def _line(reading: YearFile, where: tuple[int, int], cells: tuple[str, ...], days: list[FileRow]) -> MendLine:
    def line(part: str, words: str = "", at: str = "") -> MendLine:
        return MendLine(*where, _CHIPS[part], cells, words, at, part)

    fault = next((day for day in days if day.problem), None)
    if fault is not None:
        return line(FAULTY, fault.problem, fault.at)
    known = [day.day_on for day in days if day.day_on is not None]
    words = "、".join(f"{formats.iso_day(day)} {formats.weekday(day)}" for day in known)
    words = "；".join(filter(None, (words, *dict.fromkeys(day.note for day in days))))
    if any(day.year != reading.year for day in known):
        return line(_ELSEWHERE, words)
    kind = days[0].kind if days else None
    return line(kind.value if kind is not None else _PLAIN, words)


def _read(found: FoundTable, about: YearAbout, _reporter: Reporter) -> YearFile:
    return read_year(found, about)
