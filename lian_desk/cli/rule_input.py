"""What ``lian-desk rules`` takes: times, periods and words; and by which rules and calendar it answers."""

import argparse
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lian_desk.cli.workspaces import PASSWORD_DESCRIPTOR, opened_desk

if TYPE_CHECKING:
    from lian_desk.models.rules.catalogue import RulePack
    from lian_desk.models.rules.working_time import CalendarYear, WorkCalendar

_RULES_MEGABYTES = 2


@dataclass(frozen=True, slots=True)
class Sources:
    """The edition and the calendar that an answer stands on; ``list_notice``: what is to be said of the hospital list."""

    pack: "RulePack"
    calendar: "WorkCalendar"
    list_notice: str = ""


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the options that name other rules or a further calendar year than those that travel with the program."""
    parser.add_argument(
        "--calendar",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="另加放假安排（表格、JSON 或 ICS，与“工作日历”页导入的文件相同），可重复",
    )
    parser.add_argument("--rules", type=Path, metavar="FILE", help="改用这份规则包（TOML），而不是现行版本")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="按这个工作区的手册版本与工作日历回答")
    parser.add_argument(PASSWORD_DESCRIPTOR, type=int, metavar="N", help="从这个文件描述符读取工作区的密码")


def load_sources(arguments: argparse.Namespace) -> Sources:
    """Return the rules and the calendar that the arguments name; by default those in effect today.

    Raises:
        RuleViolation: ``VALUE_NOT_UNDERSTOOD`` for a day of a file that is none.
        EnvironmentProblem: a file cannot be read or is damaged; the workspace does not open.
    """
    from lian_desk.adapters.disk.import_files import decode, read_bounded
    from lian_desk.services.hospitals.hospital_lists import SAMPLE_NOTICE, sample_notice
    from lian_desk.services.rules.calendars import build_calendar, stored_years
    from lian_desk.services.rules.rule_pack_reader import read_rule_pack
    from lian_desk.services.rules.rule_packs import load_current_pack

    years: tuple[CalendarYear, ...] = ()
    list_notice = SAMPLE_NOTICE
    if arguments.workspace is not None:
        with opened_desk(arguments) as desk, desk.read() as session:
            pack, years, list_notice = desk.pack, stored_years(session), sample_notice(session)
    else:
        pack = load_current_pack()
    if arguments.rules is not None:
        pack = read_rule_pack(decode(read_bounded(arguments.rules, _RULES_MEGABYTES)).encode())
    for path in arguments.calendar:
        years = (*years, *_years_of(path, years))
    return Sources(pack, build_calendar(years).with_hours(pack.service_hours), list_notice)


def _years_of(path: Path, known: "Iterable[CalendarYear]") -> "list[CalendarYear]":
    """Return every year a file has days of; the edge of a further year is put into what is known of that year."""
    from lian_desk.models.rules.working_time import CalendarYear
    from lian_desk.models.vocabulary import CalendarStatus
    from lian_desk.services.rules.calendars import shipped_years
    from lian_desk.services.working_calendar.year_files import read_year_file
    from lian_desk.services.working_calendar.years import (
        CalendarYearInput,
        as_calendar_year,
        checked_year,
        day_inputs,
        with_days,
    )

    found = read_year_file(path)
    if found.faulty or not found.years:
        row = found.faulty[0] if found.faulty else None
        raise not_understood(path.name, f"第 {row.number} 行：{row.problem}" if row else "没有任何日期")
    held = {year.year: year for year in (*shipped_years(), *known)}
    status, source = found.status or CalendarStatus.OFFICIAL, found.source or path.name
    years: list[CalendarYear] = []
    for year in found.years:
        given = checked_year(CalendarYearInput(year, status, source, day_inputs(found.rows_of(year))))
        if found.is_fragment(year):
            given = with_days(held.get(year) or CalendarYear(year, CalendarStatus.PROVISIONAL, "", {}), given)
        years.append(as_calendar_year(given))
    return years


def not_understood(value: str, expected: str) -> Exception:
    """Return the refusal of a word, shortened where it is long."""
    from lian_desk.models.errors import ErrorCode, RuleViolation

    shown = value if len(value) <= len("一二三四五六七八九十" * 4) else f"{value[:40]}…"
    return RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, value=shown, expected=expected)


def plain(text: str) -> str:
    """Return ``text`` in one width and without blanks around it.

    Raises:
        ArgumentTypeError: it holds bytes that are no text.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("含有无法识别的字符") from None
    return unicodedata.normalize("NFKC", text).strip()


def day(text: str) -> date:
    """Return the date in ``text``, such as 2026-11-20."""
    text = plain(text)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应写作 2026-11-20")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期 {text} 不存在") from None


def moment(text: str) -> datetime:
    """Return the time in ``text``; without a zone it is Asia/Shanghai, a date alone is its 00:00."""
    from lian_desk.models.rules.working_time import SHANGHAI

    text = plain(text)
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:$|[T ])", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是时间，应写作 2026-11-20T20:58")
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"“{text}”不是时间，应写作 2026-11-20T20:58") from None


def period(text: str) -> tuple[datetime, datetime | None]:
    """Return FROM and TO of ``text``; without TO the period lasts."""
    first, separator, last = plain(text).partition("/")
    if not separator:
        raise argparse.ArgumentTypeError(f"“{text}”不是期间，应写作 起/止，例如 2026-02-24/2026-02-26")
    start, end = moment(first), moment(last) if last else None
    if end is not None and start >= end:
        raise argparse.ArgumentTypeError(f"期间 {text} 的起点须早于终点")
    return start, end


def word(text: str) -> str:
    """Return a word that is not empty, in one width."""
    if not plain(text):
        raise argparse.ArgumentTypeError("不能为空")
    return plain(text)
