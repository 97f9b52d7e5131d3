"""Every fault of a calendar file is told beside its row; the rest of the file is read on."""

import json
from datetime import date
from pathlib import Path

import pytest

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.working_calendar.year_files import read_year_file


def written(tmp_path: Path, content: str | bytes, name: str = "2027.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


CSV = """日期,类型,名称
2027-01-01,放假,元旦
2027/1/2,off,元旦
2027-01-09,上班,元旦
2027-01-01,放假,元旦
2027-02-30,放假,春节
2027-01-04,上班,元旦
2028-01-01,放假,元旦
2027-03-01,也许,

2027-05-01,休,劳动节
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_row_of_a_csv_has_its_own_fault(tmp_path: Path, encoding: str) -> None:
    found = read_year_file(written(tmp_path, CSV.encode(encoding)))
    assert (found.year, found.status, found.source) == (2027, None, "")
    assert {row.number: row.problem for row in found.faulty} == {
        5: "2027-01-01 与第 2 行重复",
        6: "日期“2027-02-30”不存在，请核对",
        7: "2027-01-04 本来就是工作日，不能调休上班",
        9: "类型“也许”看不懂，应为 放假 或 上班（off 或 work）",
    }
    assert (found.years, [row.number for row in found.rows_of(2028)]) == ((2027, 2028), [8])
    assert [(row.day_on, row.kind) for row in found.rows_of(2027)] == [
        (date(2027, 1, 1), DayKind.DAY_OFF),
        (date(2027, 1, 2), DayKind.DAY_OFF),
        (date(2027, 1, 9), DayKind.MAKE_UP_WORKING_DAY),
        (date(2027, 5, 1), DayKind.DAY_OFF),
    ]


def test_a_json_is_read_with_its_status_notice_and_faults(tmp_path: Path) -> None:
    document = {
        "year": 2027,
        "status": "provisional",
        "source": "草案",
        "notice": "国办发明电〔2026〕7号",
        "days_off": [
            {"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"},
            {"name": "春节", "from": "2027-02-06", "to": "2027-02-01"},
            "春节",
        ],
        "make_up_working_days": [{"name": "春节", "on": "2027-02-14"}, {"name": "春节"}],
    }
    found = read_year_file(written(tmp_path, json.dumps(document), "anything.txt"))
    assert (found.year, found.status) == (2027, CalendarStatus.PROVISIONAL)
    assert found.source == "草案（国办发明电〔2026〕7号）"
    assert {row.number: row.problem for row in found.faulty} == {
        2: "止日早于起日，或一次放假超过 31 天",
        3: "日期“春节”看不懂，应写作 2027-01-01",
        5: "缺少日期",
    }
    assert len(found.rows) == 7


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ErrorCode.IMPORT_FILE_UNREADABLE),
        (b"PK\x03\x04\x00\x00", ErrorCode.IMPORT_FILE_UNREADABLE),
        (b"\xff\xff\xff", ErrorCode.IMPORT_FILE_UNREADABLE),
        (b"x" * 5_000_001, ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"{", ErrorCode.CALENDAR_DAMAGED),
        (b"[" * 100_000, ErrorCode.CALENDAR_DAMAGED),
        (b"[]", ErrorCode.CALENDAR_DAMAGED),
        (b'{"year": true}', ErrorCode.CALENDAR_DAMAGED),
        (b'{"year": 2027, "status": "perhaps"}', ErrorCode.CALENDAR_DAMAGED),
        (b'{"year": 2027, "days_off": {}}', ErrorCode.CALENDAR_DAMAGED),
        (b'{"year": 2027}', ErrorCode.CALENDAR_DAMAGED),
        (b'{"year": 12, "make_up_working_days": [{"on": "0012-01-01"}]}', ErrorCode.CALENDAR_DAMAGED),
        (b"what,kind\n2027-01-01,off\n", ErrorCode.CALENDAR_DAMAGED),
        (b"date,kind\n", ErrorCode.CALENDAR_DAMAGED),
        (b"\n\n", ErrorCode.CALENDAR_DAMAGED),
    ],
)
def test_what_is_no_calendar_year_is_refused(tmp_path: Path, content: bytes, code: ErrorCode) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        read_year_file(written(tmp_path, content))
    assert refused.value.code is code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(EnvironmentProblem) as refused:
            read_year_file(path)
        assert refused.value.code is ErrorCode.IMPORT_FILE_UNREADABLE
