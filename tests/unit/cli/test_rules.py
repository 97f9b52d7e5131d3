import json
import re
import time

import pytest

from lian_desk.cli.main import main
from lian_desk.services.rules.calendars import build_calendar
from lian_desk.services.rules.rule_packs import load_current_pack

Capture = pytest.CaptureFixture[str]


def ask(capsys: Capture, question: str) -> dict[str, object]:
    assert main(["rules", *question.split(), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


def deadlines(capsys: Capture, question: str) -> dict[str, object]:
    answer = ask(capsys, f"deadlines {question}")
    assert set(answer) == {"notice_due", "notice_internal_due", "booking_due", "provisional", "derivation"}
    return answer


@pytest.mark.parametrize(
    ("question", "booking_due", "provisional"),
    [
        ("--service outpatient_coordination --confirmed 2026-02-13T10:00", "2026-03-02T21:00:00+08:00", False),
        ("--service expedited_examination --confirmed 2026-09-30T10:00", "2026-10-10T21:00:00+08:00", False),
        ("--service surgery_coordination --confirmed 2026-12-28T10:00", "2027-01-18T21:00:00+08:00", True),
        (
            "--service outpatient_coordination --renowned --confirmed 2026-09-28T16:20",
            "2026-10-23T21:00:00+08:00",
            False,
        ),
        ("--service inpatient_coordination --confirmed 2026-02-13T02:00+00:00", "2026-03-02T21:00:00+08:00", False),
        (
            "--service outpatient_coordination --confirmed 2026-02-13T10:00 --pause 2026-02-24/2026-02-26 --pause 2026-02-25/2026-02-27",
            "2026-03-05T21:00:00+08:00",
            False,
        ),
    ],
)
def test_deadlines(capsys: Capture, question: str, booking_due: str, provisional: bool) -> None:
    answer = deadlines(capsys, question)
    assert (answer["booking_due"], answer["provisional"]) == (booking_due, provisional)
    assert "工作日" in str(answer["derivation"])


def test_the_feedback_and_its_internal_end(capsys: Capture) -> None:
    answer = deadlines(capsys, "--service outpatient_coordination --confirmed 2026-11-18T10:00")
    assert answer["notice_due"] == answer["notice_internal_due"] == "2026-11-20T10:00:00+08:00"
    weekend = deadlines(capsys, "--service surgery_coordination --confirmed 2026-11-20T10:00")
    assert weekend["notice_due"] == "2026-11-22T10:00:00+08:00"
    assert weekend["notice_internal_due"] == "2026-11-20T21:00:00+08:00"


def test_a_pause_that_waits_for_the_customer_moves_the_booking_only(capsys: Capture) -> None:
    base = "--service outpatient_coordination --confirmed 2026-11-18T10:00 --pause 2026-11-19T00:00/2026-11-19T22:00"
    waiting = deadlines(capsys, base)
    assert waiting["notice_due"] == "2026-11-20T10:00:00+08:00"
    suspended = deadlines(capsys, f"{base} --pause-reason policy_suspended")
    assert suspended["notice_due"] == "2026-11-21T08:00:00+08:00"
    assert waiting["booking_due"] == suspended["booking_due"] == "2026-11-30T21:00:00+08:00"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20T20:58", "2026-11-23T09:03:00+08:00"),
        ("2026-10-10T10:00", "2026-10-10T10:05:00+08:00"),
        ("2026-11-23T08:30", "2026-11-23T09:05:00+08:00"),
        ("2026-11-23T00:30Z", "2026-11-23T09:05:00+08:00"),
    ],
)
def test_response(capsys: Capture, received: str, due: str) -> None:
    assert ask(capsys, f"response --received {received}") == {"response_due": due}


@pytest.mark.parametrize(
    ("question", "eligible", "year", "reasons"),
    [
        ("--effective 2024-11-20 --at 2034-11-19T23:59:59", True, 10, []),
        ("--effective 2024-11-20 --at 2034-11-20T00:00:00", False, None, [("outside_policy_years", "R3")]),
        ("--effective 2024-11-20 --at 2024-11-19T23:59:59", False, None, [("before_effective_date", "R3")]),
        ("--effective 2024-02-29 --at 2034-02-27T23:59:59", True, 10, []),
        ("--effective 2024-02-29 --at 2034-02-28", False, None, [("outside_policy_years", "R3")]),
        (
            "--effective 2024-11-20 --at 2026-03-31 --suspended 2026-03-01/2026-04-01",
            False,
            2,
            [("policy_suspended", "R5")],
        ),
        ("--effective 2024-11-20 --at 2026-04-01 --suspended 2026-03-01/2026-04-01", True, 2, []),
        ("--effective 2024-11-20 --at 2029-04-01 --suspended 2026-03-01/", False, 5, [("policy_suspended", "R5")]),
        (
            "--effective 2024-11-20 --at 2026-04-01T00:00 --terminated 2026-04-01",
            False,
            2,
            [("policy_terminated", "R7")],
        ),
        ("--effective 2024-11-20 --at 2026-03-31T23:59:59 --terminated 2026-04-01", True, 2, []),
    ],
)
def test_eligibility(
    capsys: Capture, question: str, eligible: bool, year: int | None, reasons: list[tuple[str, str]]
) -> None:
    assert ask(capsys, f"eligibility {question}") == {
        "eligible": eligible,
        "policy_year": year,
        "reasons": [{"code": code, "clause": clause} for code, clause in reasons],
    }


@pytest.mark.parametrize(
    ("question", "reasons"),
    [
        ("--city 苏州 --level 三甲", []),
        ("--city 苏州市 --level 三甲", []),
        ("--city 昆山 --level 三甲", []),
        ("--city 重庆 --level 三甲", [("city_out_of_scope", "R29")]),
        ("--city 阿坝州 --level 三甲", [("city_out_of_scope", "R29")]),
        ("--city 南京 --level 二甲", [("hospital_level_out_of_scope", "R30")]),
        ("--city 南京 --level 二甲 --cancer", []),
        ("--city 苏州 --level 三甲 --department 口腔科", [("department_excluded", "R34")]),
        ("--city 苏州 --level 三甲 --department 口腔科 --service expedited_examination", []),
        ("--city 苏州 --level 三甲 --department 急诊 --service surgery_coordination", [("department_excluded", "R34")]),
        ("--city 苏州 --level 三甲 --department 妇科肿瘤", []),
    ],
)
def test_scope(capsys: Capture, question: str, reasons: list[tuple[str, str]]) -> None:
    assert ask(capsys, f"scope {question}") == {
        "in_scope": not reasons,
        "reasons": [{"code": code, "clause": clause} for code, clause in reasons],
        "hospital_list_is_sample": True,
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("--title 主任医师", (True, False, 7)),
        ("--title 主任医师 --honour 博士生导师", (True, True, 15)),
        ("--title 副主任医师 --honour 副教授 --honour 院士", (True, True, 15)),
        ("--title 主任医师 --honour 副教授", (True, False, 7)),
        ("--title 主任医师 --honour 长江学者", (True, False, 7)),
        ("--title 主任医师 --honour 副教授、博士生导师", (True, True, 15)),
        ("--title 正高级 --honour 教授，院士", (True, True, 15)),
        ("--title 医士", (False, False, 7)),
        ("--title 主治医师", (False, False, 7)),
    ],
)
def test_expert(capsys: Capture, question: str, expected: tuple[bool, bool, int]) -> None:
    answer = ask(capsys, f"expert {question}")
    assert (answer["allowed"], answer["renowned"], answer["limit_working_days"]) == expected
    assert len(answer) == 3


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            "deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --pause 2026-02-24/2026-02-26",
            "暂停 2 个工作日不计",
        ),
        ("response --received 2026-11-20T20:58", "11月23日 09:03"),
        ("eligibility --effective 2024-11-20 --at 2034-11-20", "依据 二·2·4) 服务条件"),
        ("scope --city 昆山 --level 三甲", "县级市"),
        ("expert --title 主任医师 --honour 博导", "知名专家（博士生导师）"),
    ],
)
def test_answers_for_people_name_the_clause(capsys: Capture, question: str, words: str) -> None:
    assert main(["rules", *question.split()]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    "question",
    [
        "response",
        "response --received",
        "response --received yesterday",
        "response --received 2026-02-30T10:00",
        "response --received 2026-11-20T25:00",
        "response --received 9999-12-31T21:00",
        "response --received 20261120",
        "deadlines --service case_management --confirmed 2026-11-20T10:00",
        "deadlines --service outpatient_coordination --confirmed 2026-11-20T10:00 --pause 2026-11-21",
        "deadlines --service outpatient_coordination --confirmed 2026-11-20T10:00 --pause 2026-11-22/2026-11-21",
        "deadlines --service outpatient_coordination --confirmed 2026-11-20T10:00 --pause 2026-11-22/2026-11-22",
        "deadlines --service outpatient_coordination --confirmed 9999-12-30T10:00",
        "eligibility --effective 2024-13-01 --at 2026-01-01",
        "eligibility --effective 2024-11-20T00:00 --at 2026-01-01",
        "eligibility --effective 9995-11-20 --at 9996-01-01",
        "scope --city 苏州 --level 五星",
        "scope --city 苏州 --level 三甲 --service haircut",
        "expert --title 院长",
        "expert --title 教授",
    ],
)
def test_wrong_input_ends_with_two_and_one_sentence(capsys: Capture, question: str) -> None:
    assert main(["rules", *question.split(), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert re.search(r"[\u4e00-\u9fff]", err)
    assert err.rstrip().endswith("。")


def test_an_empty_word_is_refused(capsys: Capture) -> None:
    assert main(["rules", "scope", "--city", " ", "--level", "三甲"]) == 2
    assert "不能为空" in capsys.readouterr().err


def test_a_hundred_thousand_deadlines_a_second_stay_in_reach() -> None:
    from datetime import datetime

    from lian_desk.models.rules.clocks import booking_clock
    from lian_desk.models.rules.working_time import SHANGHAI
    from lian_desk.models.vocabulary import ServiceKind

    pack, calendar = load_current_pack(), build_calendar()
    confirmed = datetime(2026, 9, 28, 16, 20, tzinfo=SHANGHAI)
    best = 1.0
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(2000):
            booking_clock(confirmed, pack, calendar, kind=ServiceKind.OUTPATIENT_COORDINATION, is_renowned=True)
        best = min(best, time.perf_counter() - begun)
    # 150,000 a second on a quiet core; the bound leaves room for a busy one and still fails for a walk over days
    assert 2000 / best > 40_000


def test_an_honour_that_is_not_on_the_list_is_named(capsys: Capture) -> None:
    assert main(["rules", "expert", "--title", "主任医师", "--honour", "长江学者"]) == 0
    out = capsys.readouterr().out
    assert "“长江学者”不在名单内" in out
    assert "副教授不是知名专家" in out
