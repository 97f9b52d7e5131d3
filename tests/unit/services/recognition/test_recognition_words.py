"""Words of a page: rows on a tilted page, turned pages, days, names, labels, kinds; slips of recognition included."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.adapters.exchange.page_images import InkPlace, PageSize, PageSurvey, Unexplained, WordRun
from lian_desk.adapters.pages.own_text import makes_sense
from lian_desk.models.vocabulary import FindingMatch, MaterialKind, TextOrigin
from lian_desk.services.door.dates import days_in, paper_day
from lian_desk.services.door.findings import Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory, HospitalEntry, issuer
from lian_desk.services.door.kinds import guess_kind
from lian_desk.services.door.labelled import Wanted, labelled_values
from lian_desk.services.door.person_names import (
    PersonFound,
    WhoseFile,
    clean_name,
    compare_name,
    compare_number,
    identity_numbers,
    is_sound,
)
from lian_desk.services.recognition.folding import almost, differences, folded, squeezed
from lian_desk.services.recognition.page_reader import explains, is_known, own_reading, reading_scale
from lian_desk.services.recognition.page_words import PageWords, WordLine, turned_back, turned_on, words_from
from tests.desk_world import identity_number

OWN = identity_number(date(1974, 1, 1))
OTHER = identity_number(date(1981, 2, 3), 333)
WHOSE = WhoseFile("王淑兰", OWN, guardians=("李建国",))
DIRECTORY = HospitalDirectory(
    (
        HospitalEntry(1, "北京协和医院", "东单院区", ("协和医院",)),
        HospitalEntry(2, "北京协和医院", "西单院区", ("协和医院",)),
        HospitalEntry(3, "复旦大学附属中山医院", "", ("中山医院",)),
    )
)


def line(text: str, left: float = 0.1, top: float = 0.1, *, width: float | None = None, slope: float = 0.0) -> WordLine:
    return WordLine(text, left, top, 0.018 * len(text) if width is None else width, 0.012, 0.98, slope)


def page(*lines: WordLine, turned: int = 0) -> PageWords:
    return PageWords(TextOrigin.RECOGNISED, turned, lines)


def values(*lines: WordLine) -> dict[str, str]:
    return {value.label: value.text for value in labelled_values(page(*lines).upright)}


@given(
    st.sampled_from((0, 90, 180, 270)),
    st.floats(0, 0.4),
    st.floats(0, 0.4),
    st.floats(0.01, 0.5),
    st.floats(0.01, 0.5),
)
def test_turning_there_and_back_changes_nothing(
    turned: int, left: float, top: float, width: float, height: float
) -> None:
    before = WordLine("字", left, top, width, height, 1.0)
    after = turned_on(turned_back(before, turned), turned)
    assert after[1:5] == pytest.approx(before[1:5])


@given(st.floats(-0.12, 0.12), st.floats(-0.05, 0.05))
def test_a_tilted_page_is_read_row_by_row_and_marked_where_it_stands(at_top: float, gain: float) -> None:
    lines = []
    for row in range(12):
        for left, word in ((0.08, f"标签{row}"), (0.7, f"值{row}")):
            middle = 0.1 + 0.06 * row
            slope = at_top + gain * middle
            width = 0.2
            shifted = middle + slope * (left + width / 2 - 0.5)
            height = 0.015 + abs(slope) * width
            lines.append(WordLine(word, left, shifted - height / 2, width, height, 1.0, slope))
    words = page(*lines)
    assert words.text.splitlines() == [f"标签{row} 值{row}" for row in range(12)]
    by_text = {one.text: one for one in lines}
    for upright in words.upright:
        stored = words.placed(upright)
        assert math.isclose(stored.middle, by_text[upright.text].middle, abs_tol=0.01)


def test_words_survive_being_stored() -> None:
    before = page(line("姓名：王淑兰", slope=0.03), turned=90)
    after = words_from(before.origin, before.turned, before.as_json())
    assert after.turned == 90
    assert after.lines[0].text == "姓名：王淑兰"
    assert after.lines[0][1:] == pytest.approx(before.lines[0][1:], abs=1e-4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年09月03日", date(2026, 9, 3)),
        ("2026年9月3日", date(2026, 9, 3)),
        ("２０２６－０９－０３", date(2026, 9, 3)),
        ("2026/09/03 09:12", date(2026, 9, 3)),
        ("2026.09.03", date(2026, 9, 3)),
        ("20260903", date(2026, 9, 3)),
        ("2026-09-0309:12", date(2026, 9, 3)),
        ("2O26-O9-l3", date(2026, 9, 13)),
        ("二〇二六年九月十三日", date(2026, 9, 13)),
        ("2026 年 9 月 3 日专用章", date(2026, 9, 3)),
    ],
)
def test_days_are_read_as_they_are_written(text: str, expected: date) -> None:
    assert days_in(text) == [expected]


@pytest.mark.parametrize("text", ["2026-13-03", "2026年2月30日", "14200000001", "1234567", "参考 3.50-5.30", ""])
def test_what_is_no_day_is_none(text: str) -> None:
    assert days_in(text) == []


def test_the_day_of_the_paper_is_not_that_of_birth_sample_or_appointment() -> None:
    lines = (
        line("出生日期：1974-01-01", top=0.1),
        line("采样时间：2026-09-01", top=0.13),
        line("报告日期：2026-09-03", top=0.16),
        line("预约时间：2026-09-20", top=0.19),
        line("报告日期：2026-09-30", top=0.22),
    )
    upright = page(*lines).upright
    found = paper_day(labelled_values(upright), upright, date(2026, 9, 28))
    assert found is not None
    assert found.day == date(2026, 9, 3), "a day after the paper came in is none of its own"


@pytest.mark.parametrize(
    "lines",
    [
        (line("姓名：王淑兰 性别：女 年龄：52岁"),),
        (line("姓名：王淑兰性别：女年龄：52岁"),),
        (line("姓  名: 王淑兰"),),
        (line("姓名", width=0.04), line("王淑兰", left=0.3), line("性别", left=0.5), line("女", left=0.7)),
        (
            line("姓名", left=0.1),
            line("性别", left=0.4),
            line("王淑兰", left=0.1, top=0.125),
            line("女", left=0.4, top=0.125),
        ),
        (
            line("姓名", left=0.1),
            line("性割", left=0.4),
            line("王淑兰", left=0.1, top=0.125),
            line("女", left=0.4, top=0.125),
        ),
        (line("姓名王淑兰性别女年龄52岁科室心内科"),),
        (line("娃名：王淑兰"),),
    ],
)
def test_a_value_is_found_beside_behind_or_below_its_label(lines: tuple[WordLine, ...]) -> None:
    assert values(*lines)[folded("姓名")] == "王淑兰"


@pytest.mark.parametrize(
    "text", ["患者2月前无意中触及肿物", "声明人系上述被保险人的法定监护人，代为办理", "患者入院通知", "请到科室报到"]
)
def test_a_sentence_holds_no_label(text: str) -> None:
    found = labelled_values(page(line(text)).upright)
    assert [value for value in found if value.wanted in {Wanted.NAME, Wanted.DEPARTMENT}] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王淑兰", "王淑兰"),
        ("王 淑 兰", "王淑兰"),
        ("李明远（主任医师）", "李明远"),
        ("李明远 主任医师", "李明远"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Maria Chen", "Maria Chen"),
        ("王*兰", "王*兰"),
        ("52岁", ""),
        ("医院", ""),
        ("", ""),
    ],
)
def test_names_are_cleaned(text: str, name: str) -> None:
    assert clean_name(text)[0] == name


@pytest.mark.parametrize(
    ("seen", "match"),
    [
        ("王淑兰", FindingMatch.SAME),
        ("王椒兰", FindingMatch.NEEDS_LOOK),
        ("王淑芳", FindingMatch.OTHER),
        ("玉淑三", FindingMatch.NEEDS_LOOK),
        ("王*兰", FindingMatch.NEEDS_LOOK),
        ("李建国", FindingMatch.NEEDS_LOOK),
        ("赵铁军", FindingMatch.OTHER),
        ("王建民", FindingMatch.OTHER),
    ],
)
def test_no_other_name_passes_in_silence(seen: str, match: FindingMatch) -> None:
    found = PersonFound(seen, 0.95, seen, line(seen))
    assert compare_name(found, WHOSE) is match


def test_a_rare_character_that_was_read_as_another_asks_to_look() -> None:
    whose = WhoseFile("王𬭎", OWN)
    for seen in ("王", "王铉", "王国字"):
        assert compare_name(PersonFound(seen, 0.95, seen, line(seen)), whose) is FindingMatch.NEEDS_LOOK


def test_an_ill_read_or_a_signing_name_is_looked_at_and_not_stopped() -> None:
    assert compare_name(PersonFound("赵铁军", 0.4, "", line("")), WHOSE) is FindingMatch.NEEDS_LOOK
    assert compare_name(PersonFound("赵铁军", 0.9, "", line(""), weight=0.35), WHOSE) is FindingMatch.NEEDS_LOOK


def test_identity_numbers_are_read_with_slips_and_compared() -> None:
    assert is_sound(OWN)
    spaced = " ".join((OWN[:6], OWN[6:14], OWN[14:]))
    slipped = OWN.replace("0", "O", 1)
    for text in (OWN, f"身份证号：{OWN}", spaced, slipped):
        found = identity_numbers([], [line(text)])
        assert [person.value for person in found] == [OWN], text
    wrong_digit = OWN[:10] + ("1" if OWN[10] != "1" else "2") + OWN[11:]
    assert compare_number(PersonFound(OWN, 0.9, "", line("")), WHOSE) is FindingMatch.SAME
    assert compare_number(PersonFound(wrong_digit, 0.9, "", line("")), WHOSE) is FindingMatch.NEEDS_LOOK
    assert compare_number(PersonFound(OTHER, 0.9, "", line("")), WHOSE) is FindingMatch.OTHER


def test_the_own_number_under_another_name_is_a_changed_name_and_a_namesake_is_stopped_by_the_number() -> None:
    around = Surroundings(WHOSE, DIRECTORY, date(2026, 9, 28))
    changed = page(line("姓名：赵铁军"), line(f"身份证号：{OWN}", top=0.13))
    namesake = page(line("姓名：王淑兰"), line(f"身份证号：{OTHER}", top=0.13))
    assert {one.field.value: one.match for one in propose([(0, changed)], around) if one.match} == {
        "name": FindingMatch.NEEDS_LOOK,
        "identity_number": FindingMatch.SAME,
    }
    assert {one.field.value: one.match for one in propose([(0, namesake)], around) if one.match} == {
        "name": FindingMatch.SAME,
        "identity_number": FindingMatch.OTHER,
    }


def test_a_relatives_page_in_a_bundle_outweighs_the_insureds_pages() -> None:
    around = Surroundings(WHOSE, DIRECTORY, date(2026, 9, 28))
    own, other = page(line("姓名：王淑兰")), page(line("姓名：赵铁军"))
    name = next(one for one in propose([(0, own), (1, own), (2, other)], around) if one.field.value == "name")
    assert (name.match, name.page) == (FindingMatch.OTHER, 2)


@pytest.mark.parametrize(
    ("lines", "key", "name"),
    [
        (("北京协和医院（西单院区）",), 2, "北京协和医院（西单院区）"),
        (("北京协和医院", "东单院区"), 1, "北京协和医院（东单院区）"),
        (("北京协和医院",), 1, "北京协和医院"),
        (("复旦大学附属申山医院",), 3, "复旦大学附属中山医院"),
        (("某县第九十九医院",), None, "某县第九十九医院"),
    ],
)
def test_the_issuer_is_matched_with_its_campus(lines: tuple[str, ...], key: int | None, name: str) -> None:
    upright = page(*(line(text, top=0.05 + 0.03 * place) for place, text in enumerate(lines))).upright
    found = issuer(upright, DIRECTORY)
    assert found is not None
    assert (found.hospital_id, found.name) == (key, name)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("门诊病历", MaterialKind.OUTPATIENT_RECORD),
        ("门 诊 病 历", MaterialKind.OUTPATIENT_RECORD),
        ("疾病诊断证明书", MaterialKind.DIAGNOSIS_CERTIFICATE),
        ("病埋检验报告", MaterialKind.PATHOLOGY_REPORT),
        ("检验报告单", MaterialKind.BLOOD_TEST_REPORT),
        ("彩色多普勒超声报告单", MaterialKind.EXAMINATION_REPORT),
        ("出院小结", MaterialKind.DISCHARGE_SUMMARY),
        ("人院通知书", MaterialKind.ADMISSION_NOTICE),
        ("手术预约通知单", MaterialKind.SURGERY_NOTICE),
        ("检查预约单", MaterialKind.EXAMINATION_NOTICE),
        ("信息授权书", MaterialKind.AUTHORIZATION_FORM),
        ("监护关系证明", MaterialKind.GUARDIANSHIP_PROOF),
        ("居民身份证", MaterialKind.IDENTITY_DOCUMENT),
    ],
)
def test_the_heading_tells_the_kind(title: str, kind: MaterialKind) -> None:
    heading = WordLine(title, 0.4, 0.1, 0.2, 0.025, 0.98)
    body = [line(f"第{place}行普通文字内容", top=0.2 + 0.03 * place) for place in range(6)]
    found = guess_kind(page(heading, *body))
    assert found is not None
    assert found.kind is kind


def test_a_page_that_says_nothing_has_no_kind() -> None:
    assert guess_kind(page(line("晴转多云"), line("气温二十度", top=0.2))) is None
    assert guess_kind(page()) is None


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        ("门诊病历 姓名：王淑兰 性别：女 年龄：52岁 主诉：发现左乳肿物2月余", True),
        ("第 1 页", True),
        ("WBC 6.82 10^9/L 3.50-9.50 RBC 4.51 10^12/L", True),
        ("日期 ……………………………… 签名 ________________", True),
        ("\ue000\ue001\ue002\ufffd" * 20, False),
        ("\ue000", False),
        ("ÃÅÕï²¡Àú ÐÕÃû£ºÍõÊçÀ¼ ÐÔ±ð£ºÅ®", False),
        ("!\"#$%&'()*+,-./ !#%')+-/ $&(*,.\"", False),
        ("鏂偅鑰呭鍚嶇帇娣戝叞鎬у埆濂宠鎸夋椂鏈嶈嵂涓嶉", False),
    ],
)
def test_letters_are_text_only_when_they_make_sense(text: str, is_text: bool) -> None:
    assert makes_sense([char for char in text if not char.isspace()]) is is_text


def test_pictures_are_read_large_enough_and_never_enlarged_beyond_their_pixels() -> None:
    assert reading_scale(PageSize(595, 842)) == pytest.approx(1754 / 842)
    screenshot = PageSize(1080 * 0.75, 8000 * 0.75)
    assert reading_scale(screenshot) == pytest.approx(1080 / screenshot.width)


def test_folding_and_almost() -> None:
    assert squeezed(" 姓 名：Ａ1 ") == "姓名A1"
    assert folded("姓名") == folded("娃名")
    assert differences("王淑兰", "王椒兰") == 1
    import re

    assert re.search(almost("免疫组化"), "某免役组化某")
    assert not re.search(almost("主诉"), "主述")


def test_a_page_is_known_by_its_own_words_only_when_they_explain_all_its_ink() -> None:
    runs = (WordRun("第1页", 0.1, 0.9, 0.1, 0.01), WordRun("向上文字", 0.9, 0.1, 0.01, 0.3, 270))
    whole = own_reading(PageSurvey(runs, Unexplained(0.0, ())))
    assert whole is not None
    assert (whole.words.origin, whole.words.turned, len(whole.words.lines)) == (TextOrigin.DOCUMENT, 270, 2)
    assert own_reading(PageSurvey((), Unexplained(0.0, ()))) is not None, "a page without ink has no words"
    assert own_reading(PageSurvey(runs, Unexplained(0.4, (InkPlace(0.1, 0.1, 0.5, 0.2),)))) is None


@pytest.mark.parametrize(
    ("text", "confidence", "box", "is_explained"),
    [
        ("姓名：王淑兰", 0.95, (0.1, 0.1, 0.2, 0.02), True),
        ("姓名：王淑兰", 0.5, (0.1, 0.1, 0.2, 0.02), False),
        ("O", 0.93, (0.75, 0.58, 0.18, 0.12), False),
        ("0", 0.93, (0.75, 0.58, 0.01, 0.012), True),
        ("姓名", 0.95, (0.1, 0.1, 0.6, 0.02), False),
        ("回", 0.8, (0.1, 0.1, 0.09, 0.06), False),
    ],
)
def test_a_line_explains_its_ink_when_it_is_surely_and_wholly_read(
    text: str, confidence: float, box: tuple[float, float, float, float], is_explained: bool
) -> None:
    size = PageSize(595, 842)
    assert explains(WordLine(text, *box, confidence), size, 0) is is_explained
    turned = WordLine(text, box[1], box[0], box[3], box[2], confidence)
    assert explains(turned, PageSize(842, 595), 90) is is_explained


def test_what_a_page_says_over_its_picture_is_not_said_twice() -> None:
    # a scanner's words in light grey over the picture: label and value each by itself, the recogniser reads one row
    own = (
        WordLine("姓名：", 0.10, 0.100, 0.08, 0.02, 1.0),
        WordLine("王淑兰", 0.20, 0.101, 0.08, 0.02, 1.0),
        WordLine("门诊号 123", 0.50, 0.200, 0.20, 0.02, 1.0),
    )
    assert is_known(WordLine("姓名: 王淑兰", 0.10, 0.10, 0.18, 0.02, 0.9), own)
    assert is_known(WordLine("王 淑 兰", 0.19, 0.098, 0.10, 0.024, 0.9), own)
    # another name, another row, beside it, or more than is said: it stays
    assert not is_known(WordLine("姓名: 李建国", 0.10, 0.10, 0.18, 0.02, 0.9), own)
    assert not is_known(WordLine("王淑兰", 0.20, 0.13, 0.08, 0.02, 0.9), own)
    assert not is_known(WordLine("王淑兰", 0.29, 0.10, 0.08, 0.02, 0.9), own)
    assert not is_known(WordLine("姓名: 王淑兰 52岁", 0.10, 0.10, 0.30, 0.02, 0.9), own)
    assert not is_known(WordLine("123", 0.20, 0.10, 0.08, 0.02, 0.9), own)
