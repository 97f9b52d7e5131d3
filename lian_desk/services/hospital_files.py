"""A hospital list as it lies in a file: columns by their headings, every row with its own fault (R31).

Headings are known by many names, words of level and specialty too. Nothing is guessed: what cannot be read is a fault of
its row and the other rows are read on.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.providers import HospitalInput
from lian_desk.services.regions import find_city
from lian_desk.services.search import fold
from lian_desk.services.spreadsheets import Cell, Report, SheetRow, read_sheet
from lian_desk.services.storage.vault import Cancelled
from lian_desk.services.wording import phrase

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("编号", "医院编号", "医院编码", "机构编码", "院区编号", "医院代码", "代码", "code"),
    "name": ("医院名称", "医院", "名称", "机构名称", "医疗机构名称", "医疗机构", "name"),
    "campus": ("院区", "院区名称", "分院", "campus"),
    "province": ("省份", "省", "省市", "所在省份", "province"),
    "city": ("城市", "市", "所在城市", "地市", "地级市", "city"),
    "level": ("等级", "医院等级", "级别", "医院级别", "level"),
    "specialty": ("专科", "专科类型", "类型", "医院类型", "医院类别", "类别", "specialty"),
    "aliases": ("别名", "简称", "曾用名", "其他名称", "aliases"),
    "on_list_from": ("列入日期", "生效日期", "起始日期", "on_list_from"),
    "on_list_to": ("移出日期", "失效日期", "截止日期", "on_list_to"),
}
_REQUIRED: Final = {"name": "医院名称", "city": "城市", "level": "等级"}
_LEVELS: Final[Mapping[HospitalLevel, tuple[str, ...]]] = {
    HospitalLevel.CLASS_A_TERTIARY: ("三甲", "三级甲等", "三级甲", "3甲"),
    HospitalLevel.OTHER_TERTIARY: ("三级", "三乙", "三级乙等", "三丙", "三级丙等", "三特", "其他三级"),
    HospitalLevel.SECONDARY: ("二级", "二甲", "二级甲等", "二乙", "二级乙等"),
    HospitalLevel.OTHER: ("其他", "一级", "一甲", "未定级", "未评级", "无"),
}
_SPECIALTIES: Final[Mapping[HospitalSpecialty, tuple[str, ...]]] = {
    HospitalSpecialty.GENERAL: ("", "综合", "综合医院"),
    HospitalSpecialty.CANCER: ("肿瘤", "肿瘤专科", "肿瘤医院", "肿瘤专科医院"),
    HospitalSpecialty.TRADITIONAL_CHINESE_MEDICINE: ("中医", "中医医院", "中西医结合"),
    HospitalSpecialty.CHILDREN: ("儿童", "儿科", "儿童医院"),
    HospitalSpecialty.OTHER: ("其他", "其他专科", "专科", "专科医院"),
}
_LENGTHS: Final = {"code": 40, "name": 200, "campus": 100, "province": 40, "city": 40, "aliases": 2000}
_NAMES: Final = {
    "code": "编号",
    "name": "医院名称",
    "campus": "院区",
    "province": "省份",
    "city": "城市",
    "level": "等级",
    "specialty": "专科",
    "aliases": "别名",
}
_HEAD_ROWS: Final = 12
_REPORT_EVERY: Final = 200
_SEPARATORS: Final = str.maketrans(dict.fromkeys(";；,，|/", "、"))
_WordT = TypeVar("_WordT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ListedHospital:
    """One row of a file: the campus when it can be read, else what is wrong, and what is only worth a word.

    ``identity`` is set whenever name and campus could be read: a campus with a faulty row is not taken off the list.
    """

    number: int
    name: str
    campus: str
    hospital: HospitalInput | None
    problem: str = ""
    note: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """Name and campus in their one spelling, by which a campus without a code is recognised."""
        return identity_of(self.name, self.campus)


def identity_of(name: str, campus: str) -> tuple[str, str]:
    """Return name and campus in the spelling by which two lists are compared."""
    return fold(name), fold(campus)


def read_hospital_file(
    path: Path, *, report: Report | None = None, cancel: Event | None = None
) -> tuple[ListedHospital, ...]:
    """Return every row of the list in ``path``; ``report`` gets rows done and rows in all.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``, ``IMPORT_FILE_TOO_LARGE``; ``IMPORT_COLUMNS_MISSING``.
        Cancelled: ``cancel`` was set.
    """
    sheet = read_sheet(path)
    head, columns = _columns(sheet)
    rows: list[ListedHospital] = []
    seen: dict[tuple[str, ...], int] = {}
    body = sheet[head + 1 :]
    for place, row in enumerate(body):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if report is not None and place % _REPORT_EVERY == 0:
            report(place, len(body))
        rows.append(_without_twins(_read_row(row, columns), seen))
    if report is not None:
        report(len(body), len(body))
    return tuple(rows)


def _columns(sheet: tuple[SheetRow, ...]) -> tuple[int, dict[str, int]]:
    """Find the row of headings among the first rows: lists often begin with a title."""
    known = {fold(heading): name for name, headings in _HEADINGS.items() for heading in headings}
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(sheet[:_HEAD_ROWS]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row.cells):
            name = known.get(fold("".join(cell.text.split())).rstrip("*"))
            if name is not None:
                columns.setdefault(name, at)
        if len(columns) > len(best[1]):
            best = (place, columns)
    missing = [words for name, words in _REQUIRED.items() if name not in best[1]]
    if missing:
        raise EnvironmentProblem(ErrorCode.IMPORT_COLUMNS_MISSING, missing="、".join(missing))
    return best


class _Fault(Exception):
    """A row cannot be read; the text says why, for the eye."""


def _read_row(row: SheetRow, columns: Mapping[str, int]) -> ListedHospital:
    def cell(name: str) -> Cell:
        place = columns.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else Cell("")

    found = ListedHospital(row.number, cell("name").text, cell("campus").text, None)
    try:
        texts = {name: _text(name, cell(name)) for name in _NAMES}
        city, province, note = _place(texts["city"], texts["province"])
        hospital = HospitalInput(
            code=texts["code"] or made_code(texts["name"], texts["campus"]),
            name=texts["name"],
            campus=texts["campus"],
            province=province,
            city=city,
            level=_word(texts["level"], _LEVELS, "等级"),
            specialty=_word(texts["specialty"], _SPECIALTIES, "专科"),
            aliases="、".join(
                filter(None, (part.strip() for part in texts["aliases"].translate(_SEPARATORS).split("、")))
            ),
            on_list_from=_day(cell("on_list_from"), "列入日期"),
            on_list_to=_day(cell("on_list_to"), "移出日期"),
            source="",
        )
        _check_whole(hospital)
    except _Fault as fault:
        return replace(found, problem=str(fault))
    return replace(found, hospital=hospital, note=note)


def _check_whole(hospital: HospitalInput) -> None:
    if not hospital.name:
        raise _Fault("没有医院名称")
    if hospital.on_list_from and hospital.on_list_to and hospital.on_list_to <= hospital.on_list_from:
        raise _Fault("移出日期不晚于列入日期")


def _text(name: str, cell: Cell) -> str:
    text = " ".join(cell.text.split())
    if cell.is_number:
        raise _Fault(f"{_NAMES[name]}“{text}”是数字格式，前导零可能已丢失；请把该列设为文本格式后重新填写")
    if name == "code" and text and _is_scientific(text):
        raise _Fault(f"编号“{text}”已被改写为科学计数；请把该列设为文本格式后重新填写")
    if len(text) > _LENGTHS.get(name, 200):
        raise _Fault(f"{_NAMES[name]}超过 {_LENGTHS.get(name, 200)} 个字")
    if any(not letter.isprintable() for letter in text):
        raise _Fault(f"{_NAMES[name]}含有看不见的控制字符")
    return text


def _is_scientific(text: str) -> bool:
    mantissa, mark, exponent = text.casefold().partition("e+")
    return bool(mark) and mantissa.replace(".", "", 1).isdecimal() and exponent.isdecimal()


def _place(city_text: str, province_text: str) -> tuple[str, str, str]:
    """Return city, province and a note; a city outside the known regions is believed when its province stands beside."""
    if not city_text:
        raise _Fault("没有城市")
    found = find_city(city_text)
    if found is None:
        if not province_text:
            raise _Fault(f"城市“{city_text}”不在服务地区之内，请补充省份")
        return city_text, province_text, "城市不在服务地区之内，以清单为准"
    stated = province_text.rstrip("省市")
    if stated and stated != found.province.rstrip("省市"):
        raise _Fault(f"{found.name}属于{found.province}，与所填省份“{province_text}”不符")
    return found.name, found.province, ""


def _word(text: str, words: Mapping[_WordT, tuple[str, ...]], name: str) -> _WordT:
    plain = fold("".join(text.split()))
    for member, spellings in words.items():
        if text.casefold() == member.value or plain in {fold(word) for word in (*spellings, phrase(member))}:
            return member
    if not text:
        raise _Fault(f"没有{name}")
    examples = "、".join(phrase(member) for member in words)
    raise _Fault(f"{name}“{text}”看不懂，应为 {examples}")


def _day(cell: Cell, name: str) -> date | None:
    if not cell.text:
        return None
    parts = cell.text.replace("/", "-").replace(".", "-").split("-")
    try:
        if not cell.is_number and len(parts) == len(("y", "m", "d")):
            return date(*(int(part) for part in parts))
    except (ValueError, OverflowError):
        pass
    raise _Fault(f"{name}“{cell.text}”不是日期，应写作 2026-11-01")


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
