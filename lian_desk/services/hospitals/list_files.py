"""A hospital list as it lies in a file: columns by their headings, every row with its own fault (R31).

Headings are known by many names, words of level and specialty too. Nothing is guessed: what cannot be read is a fault of
its row, the other rows are read on, and a person mends the fault where it stands.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from lian_desk.adapters.storage.vault import Cancelled
from lian_desk.adapters.tables.book import read_book
from lian_desk.adapters.tables.cells import Cell, SheetRow
from lian_desk.adapters.tables.reading import FoundTable, find_table, require_columns
from lian_desk.adapters.tables.schema import ColumnField, TableSchema
from lian_desk.models.plain_text import fold, kept_as_typed, plain, plain_number
from lian_desk.services.hospitals.hospital_list import HospitalInput
from lian_desk.services.words.as_written import Fault, NotWritten, read_day
from lian_desk.services.words.hospital_words import (
    LevelRead,
    NotUnderstood,
    PlaceRead,
    SpecialtyRead,
    read_level,
    read_place,
    read_specialty,
)

Report = Callable[[int, int], None]
ReadT = TypeVar("ReadT")

HOSPITAL_LIST: Final = TableSchema(
    "hospital_list",
    "医院清单",
    (
        ColumnField(
            "name",
            "医院名称",
            (
                *("医院", "名称", "机构名称", "医疗机构名称", "医疗机构", "医院全称", "全称", "机构全称", "单位名称"),
                *("医院名", "合作医院", "网络医院", "定点医院", "医院清单", "医院名录", "hospital", "hospital name"),
            ),
            required=True,
        ),
        ColumnField("campus", "院区", ("院区名称", "分院", "分院区", "所属院区", "院址")),
        ColumnField(
            "province", "省份", ("省", "省市", "所在省份", "所在省", "省直辖市", "省自治区直辖市", "省级", "所属省份")
        ),
        ColumnField(
            "city",
            "城市",
            (
                *(
                    "市",
                    "所在城市",
                    "地市",
                    "地级市",
                    "所在市",
                    "所属城市",
                    "城市名称",
                    "市州",
                    "地市州",
                    "市级",
                    "地区",
                ),
                *("所在地", "所在地区", "所在地市", "省市区", "行政区划", "属地"),
            ),
            required=True,
        ),
        ColumnField("county", "区县", ("县区", "区", "县", "县市区", "所在区县", "区县名称", "所在区", "county")),
        ColumnField(
            "level",
            "等级",
            (
                "医院等级",
                "级别",
                "医院级别",
                "医院级别等次",
                "级别等次",
                "等级级别",
                "评审等级",
                "机构等级",
                "医院评级",
            ),
            required=True,
        ),
        ColumnField("grade", "等次", ("医院等次", "等别", "级别等", "评审等次")),
        ColumnField(
            "specialty",
            "专科",
            (
                *("专科类型", "类型", "医院类型", "医院类别", "类别", "医院性质", "性质", "机构类别", "机构类型"),
                *("综合专科", "专科类别", "医院分类", "专科综合"),
            ),
        ),
        ColumnField(
            "code", "编号", ("医院编号", "医院编码", "机构编码", "院区编号", "医院代码", "机构代码", "代码", "编码")
        ),
        ColumnField("aliases", "别名", ("简称", "曾用名", "其他名称", "又名", "医院简称", "其他名", "第二名称")),
        ColumnField(
            "on_list_from",
            "列入日期",
            ("生效日期", "起始日期", "列入时间", "纳入日期", "生效时间", "开始日期", "加入日期", "入网日期"),
        ),
        ColumnField(
            "on_list_to",
            "移出日期",
            ("失效日期", "截止日期", "终止日期", "移出时间", "失效时间", "结束日期", "退出日期", "退网日期"),
        ),
    ),
)
_LENGTHS: Final = {"code": 40, "name": 200, "campus": 100, "province": 40, "city": 40, "aliases": 2000}
_MOST_DIGITS: Final = 15
"""A spreadsheet keeps no more digits of a number."""
_SERIAL_DIGITS: Final = re.compile(r"[0-9]{5}")
_WITHOUT_DAY: Final = re.compile(r"[0-9]{4}\s*[年./-]\s*[0-9]{1,2}\s*月?")
_NO_DAY: Final = frozenset({"-", "--", "/", "无", "长期", "长期有效", "至今", "永久", "永久有效"})
_BREAK: Final = re.compile(r"(?<=[\u3400-\u9fff）)])[ \t]*[\r\n]+\s*(?=[\u3400-\u9fff（(])")
_SEPARATORS: Final = str.maketrans(dict.fromkeys(";；,，|/\n", "、"))
_REPORT_EVERY: Final = 200


@dataclass(frozen=True, slots=True)
class ListedHospital:
    """One row of a file: the campus when it can be read, else what is wrong, and what is only worth a word.

    ``identity`` is set whenever name and campus could be read: a campus with a faulty row is not taken off the list.
    ``at``: the field whose cell is at fault, empty when it is the row as a whole.
    """

    number: int
    name: str
    campus: str
    hospital: HospitalInput | None
    problem: str = ""
    note: str = ""
    at: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """Name and campus in their one spelling, by which a campus without a code is recognised."""
        return identity_of(self.name, self.campus)


def identity_of(name: str, campus: str) -> tuple[str, str]:
    """Return name and campus in the spelling by which two lists are compared."""
    return fold(name), fold(campus)


@dataclass(frozen=True)
class HospitalReading:
    """A list with its table and every row as it was read by itself; what is mended is read again alone."""

    table: FoundTable
    alone: tuple[ListedHospital, ...]

    @cached_property
    def rows(self) -> tuple[ListedHospital, ...]:
        """Every row, a second one of the same campus with its fault."""
        seen: dict[tuple[str, ...], int] = {}
        return tuple(_without_twins(row, seen) for row in self.alone)

    def mended(self, place: int, name: str, text: str) -> "HospitalReading":
        """Return the list with one cell of row ``place`` (from 0) written anew."""
        line = self.table.body[place]
        table = replace(self.table, mended={**self.table.mended, (line.number, name): text})
        alone = list(self.alone)
        alone[place] = _read_row(line, table)
        return HospitalReading(table, tuple(alone))


def read_hospital_file(
    path: Path, *, report: Report | None = None, cancel: Event | None = None
) -> tuple[ListedHospital, ...]:
    """Return every row of the list in ``path``; ``report`` gets rows done and rows in all.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``, ``IMPORT_FILE_TOO_LARGE``; ``IMPORT_COLUMNS_MISSING``.
        Cancelled: ``cancel`` was set.
    """
    found = require_columns(find_table(read_book(path), HOSPITAL_LIST))
    return read_hospitals(found, report=report, cancel=cancel).rows


def read_hospitals(found: FoundTable, *, report: Report | None = None, cancel: Event | None = None) -> HospitalReading:
    """Return every row of a table; ``report`` gets rows done and rows in all.

    Raises:
        Cancelled: ``cancel`` was set.
    """
    rows: list[ListedHospital] = []
    for place, row in enumerate(found.body):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if report is not None and place % _REPORT_EVERY == 0:
            report(place, len(found.body))
        rows.append(_read_row(row, found))
    if report is not None:
        report(len(rows), len(rows))
    return HospitalReading(found, tuple(rows))


class _Fault(Exception):
    """A row cannot be read; the text says why, for the eye, ``at`` names the field."""

    def __init__(self, words: str, at: str = "") -> None:
        super().__init__(words)
        self.at = at


class _RowReader:
    """The cells of one row by the fields of a list, each read with its own fault."""

    def __init__(self, row: SheetRow, found: FoundTable) -> None:
        self._row, self._found = row, found

    def cell(self, name: str) -> Cell:
        """Return the cell of a field, refusing one that hides what it holds."""
        cell = self._found.cell(self._row, name)
        if cell.fault:
            raise _Fault(f"{_label(name)}{cell.fault}", name)
        return cell

    def text(self, name: str) -> str:
        """Return the words of a field as they are kept."""
        cell = self.cell(name)
        words = seen_text(cell.text)
        if cell.is_answer:
            raise _Fault(f"{_label(name)}“{words}”是逻辑值（真或假），应为文字", name)
        if cell.is_number and name == "name":
            raise _Fault(f"{_label(name)}“{words}”是数字，应为文字", name)
        if name == "code":
            return _code(cell, words)
        if len(words) > _LENGTHS.get(name, 200):
            raise _Fault(f"{_label(name)}超过 {_LENGTHS.get(name, 200)} 个字", name)
        if any(not letter.isprintable() for letter in words):
            raise _Fault(f"{_label(name)}含有看不见的控制字符", name)
        return words

    def level(self) -> LevelRead:
        """Return the level and what its words say of the specialty."""
        words = self.text("level")
        if not words:
            raise _Fault("没有等级", "level")
        with_grade = self.text("grade")
        return _understood("level", "等级", lambda: read_level(words, with_grade))

    def specialty(self, by_level: LevelRead) -> SpecialtyRead:
        """Return the specialty; where its own column is empty the words of the level may name it."""
        words = self.text("specialty")
        if not words and by_level.specialty is not None:
            return SpecialtyRead(by_level.specialty)
        return _understood("specialty", "专科", lambda: read_specialty(words))

    def place(self) -> PlaceRead:
        """Return city and province."""
        city, province, county = self.text("city"), self.text("province"), self.text("county")
        try:
            return read_place(city, province, county)
        except NotUnderstood as problem:
            words = str(problem)
            sentence = f"城市{words}" if words.startswith("“") else words or "没有城市"
            raise _Fault(sentence, "city") from None

    def day(self, name: str) -> date | None:
        """Return a day, None where nothing or "for good" stands there."""
        cell = self.cell(name)
        if cell.day is not None:
            return cell.day
        words = plain(cell.text)
        if not words or words in _NO_DAY or not words.strip("-—–－"):
            return None
        try:
            return read_day(words, is_number=cell.is_number or _SERIAL_DIGITS.fullmatch(words) is not None)
        except NotWritten as problem:
            raise _Fault(f"{_label(name)}“{words}”{_day_fault(problem, words)}", name) from None


def _understood(name: str, label: str, read: Callable[[], ReadT]) -> ReadT:
    try:
        return read()
    except NotUnderstood as problem:
        raise _Fault(f"{label}{problem}", name) from None


def seen_text(text: str) -> str:
    """Return words as a list keeps them: nothing unseen, no line broken within a Chinese word, single blanks."""
    return " ".join(_BREAK.sub("", kept_as_typed(text).strip()).split())


def _label(name: str) -> str:
    return HOSPITAL_LIST.field(name).label


def _day_fault(problem: NotWritten, words: str) -> str:
    if problem.fault is Fault.NO_SUCH_DAY:
        return "这一天不存在，请核对"
    if problem.fault is Fault.NO_YEAR:
        return "没有年份，应写作 2026-11-01"
    if _WITHOUT_DAY.fullmatch(words):
        return "没有写明哪一日，应写作 2026-11-01"
    return "不是日期，应写作 2026-11-01"


def _read_row(row: SheetRow, found: FoundTable) -> ListedHospital:
    listed = ListedHospital(
        row.number, seen_text(found.cell(row, "name").text), seen_text(found.cell(row, "campus").text), None
    )
    try:
        hospital, note = _hospital(_RowReader(row, found))
    except _Fault as fault:
        return replace(listed, problem=str(fault), at=fault.at)
    return replace(listed, hospital=hospital, note=note)


def _hospital(read: _RowReader) -> tuple[HospitalInput, str]:
    name, campus = read.text("name"), read.text("campus")
    code, aliases = read.text("code"), read.text("aliases")
    place, level = read.place(), read.level()
    specialty = read.specialty(level)
    starts, ends = read.day("on_list_from"), read.day("on_list_to")
    if not name:
        raise _Fault("没有医院名称", "name")
    if starts and ends and ends <= starts:
        raise _Fault("移出日期不晚于列入日期", "on_list_to")
    hospital = HospitalInput(
        code=code or made_code(name, campus),
        name=name,
        campus=campus,
        province=place.province,
        city=place.city,
        level=level.level,
        specialty=specialty.specialty,
        aliases="、".join(filter(None, (part.strip() for part in aliases.translate(_SEPARATORS).split("、")))),
        on_list_from=starts,
        on_list_to=ends,
        source="",
    )
    return hospital, "；".join(filter(None, (place.note, specialty.note)))


def _code(cell: Cell, words: str) -> str:
    """Return a code; a number is its digits as long as a spreadsheet keeps them all."""
    code = plain_number(words)
    if _is_scientific(words) or (cell.is_number and (not code.isdecimal() or len(code) > _MOST_DIGITS)):
        raise _Fault(f"编号“{words}”已被改写为科学计数或四舍五入；请把该列设为文本格式后重新填写", "code")
    if len(code) > _LENGTHS["code"]:
        raise _Fault(f"编号超过 {_LENGTHS['code']} 个字", "code")
    return code


def _is_scientific(text: str) -> bool:
    mantissa, mark, exponent = text.casefold().partition("e+")
    return bool(mark) and mantissa.replace(".", "", 1).isdecimal() and exponent.isdecimal()


def made_code(name: str, campus: str) -> str:
    """Return the code of a campus whose list has none: always the same for the same name and campus."""
    return f"N-{hashlib.sha256(' '.join(identity_of(name, campus)).encode()).hexdigest()[:12]}"


def _without_twins(row: ListedHospital, seen: dict[tuple[str, ...], int]) -> ListedHospital:
    if row.hospital is None:
        return row
    for key in ((row.hospital.code,), row.identity):
        if key in seen:
            return replace(row, hospital=None, problem=f"与第 {seen[key]} 行重复")
    seen[(row.hospital.code,)] = seen[row.identity] = row.number
    return row
