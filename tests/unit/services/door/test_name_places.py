"""Names by position and form, second keys, and what is never the paper's day or doctor (R1)."""

from datetime import date

import pytest

from lian_desk.models.vocabulary import FindingField, FindingMatch, NameAnswer, TextOrigin
from lian_desk.services.door.dates import paper_day, short_days_in
from lian_desk.services.door.findings import Proposal, Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory
from lian_desk.services.door.labelled import labelled_values
from lian_desk.services.door.likely_names import looks_like_name
from lian_desk.services.door.person_names import PersonFound, WhoseFile, clean_name, compare_name, whose_name
from lian_desk.services.recognition.page_words import PageWords, WordLine
from tests.desk_world import identity_number

F = FindingField
OWN = WhoseFile("王淑兰", identity_number(date(1974, 1, 1)), born_on=date(1974, 1, 1))
LATEST = date(2026, 12, 1)


def line(text: str, left: float = 0.1, top: float = 0.1, *, sure: float = 0.97) -> WordLine:
    return WordLine(text, left, top, 0.018 * len(text), 0.012, sure)


def page(*rows: tuple[str, ...] | str, origin: TextOrigin = TextOrigin.RECOGNISED, sure: float = 0.97) -> PageWords:
    """A page of rows, the words of each side by side."""
    lines = []
    for place, row in enumerate(rows):
        words = (row,) if isinstance(row, str) else row
        lines += [line(text, 0.06 + 0.22 * column, 0.06 + 0.03 * place, sure=sure) for column, text in enumerate(words)]
    return PageWords(origin, 0, tuple(lines))


def read(words: PageWords, whose: WhoseFile = OWN) -> dict[FindingField, Proposal]:
    return {one.field: one for one in propose([(0, words)], Surroundings(whose, HospitalDirectory(()), LATEST))}


HEADS: list[tuple[tuple[str, ...] | str, ...]] = [
    (("姓", "名 李建国", "性别 男", "年龄 45岁"),),
    (("姓", "名：李建国", "性别：男"),),
    (("姓", "名", "李建国"),),
    (("姓名李建国", "性别男", "年龄45岁"),),
    ("姓名李建国",),
    ("姓名/Name：李建国  性别/Sex：男",),
    ("姓名(Name)：李建国",),
    ("Name 姓名: 李建国",),
    ("Patient Name: 李建国",),
    ("【姓名】李建国 【性别】男",),
    ("科室:消化内科|床号:12|姓名:李建国|性别:男",),
    ("姓名 ： 李建国    性别 ： 男",),
    (("姓名", "性别", "年龄"), ("李建国", "男", "45岁")),
    (("李建国", "男", "45岁"), ("患者姓名", "性别", "年龄")),
    ("李建国 男 45岁",),
    ("李建国男45岁",),
    (("李建国", "男", "45岁", "消化内科"),),
    ("李建国/男/45岁/消化内科/12床",),
    ("李建国（男，45岁） 病历号 90012345",),
    ("李建国    M    45Y",),
    ("12床李建国 男 45岁 住院号90012345",),
    (("门诊号 90012345", "李建国", "男 45岁"),),
    ("李建国", ("男", "45岁")),
    ("兹证明患者李建国，男，45岁，因“反复上腹痛3月”于我院消化内科就诊。",),
    ("患者李建国，男性，45岁，因腹痛入院。",),
    ("今有李建国同志，性别男，现年45岁，来我院诊治。",),
    ("李建国，男，45岁，因“腹痛”于2026年9月1日收入我科。",),
    ("患者信息：李建国 / 男 / 45岁 / 汉族",),
    (("就诊人", "李建国(本人)"),),
    ("病员姓名：李建国",),
    ("欧阳娜娜 女 45岁",),
]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: str(head[0])[:24])
def test_r1_the_patients_name_is_seen_whatever_its_form_and_place(head: tuple[tuple[str, ...] | str, ...]) -> None:
    words = page("某市医院检验报告单", *head, "白细胞计数 3.86 4.00~10.00", "报告时间：2026-09-20 11:08")
    name = "欧阳娜娜" if "欧阳" in str(head) else "李建国"
    found = read(words)
    assert (found[F.NAME].value, found[F.NAME].match) == (name, FindingMatch.OTHER)
    assert read(words, WhoseFile(name, "1"))[F.NAME].match is FindingMatch.SAME


@pytest.mark.parametrize(
    "rows",
    [
        ("申请科室：消化内科", "样本类型：血液"),
        ("联系人：李建国", "联系电话：14200000000"),
        ("检验者：赵敏", "审核者：孙立"),
        ("主诉：反复上腹痛3月。", "高血压 5年"),
        ("李建国",),
        ("王敏 主任医师",),
        ("何时起病不详 3天", "安静 男科会诊"),
    ],
)
def test_r1_where_no_patient_is_named_no_name_is_proposed(rows: tuple[str, ...]) -> None:
    assert F.NAME not in read(page("某市医院检验报告单", *rows, "报告时间：2026-09-20"))


def test_r1_a_relative_without_a_label_does_not_outweigh_the_patient_behind_his() -> None:
    found = read(page("姓名：王淑兰", "陪同家人 李建国 男 45岁"))
    assert (found[F.NAME].value, found[F.NAME].match) == ("王淑兰", FindingMatch.SAME)
    both = read(page("姓名：王淑兰", "姓名：李建国"))
    assert both[F.NAME].match is FindingMatch.OTHER


@pytest.mark.parametrize(
    ("seen", "sure", "match"),
    [
        ("王叔兰", 1.0, FindingMatch.OTHER),
        ("王淑芝", 1.0, FindingMatch.OTHER),
        ("王兰", 1.0, FindingMatch.OTHER),
        ("王椒兰", 1.0, FindingMatch.NEEDS_LOOK),
        ("王淑蘭", 1.0, FindingMatch.NEEDS_LOOK),
        ("王淑籣", 1.0, FindingMatch.OTHER),
        ("王淑芝", 0.95, FindingMatch.OTHER),
        ("王淑芝", 0.85, FindingMatch.NEEDS_LOOK),
        ("王兰", 0.95, FindingMatch.NEEDS_LOOK),
        ("王芝芳", 0.7, FindingMatch.OTHER),
        ("王淑兰", 0.7, FindingMatch.SAME),
    ],
)
def test_r1_one_character_more_or_less_is_believed_as_far_as_the_reading_is(
    seen: str, sure: float, match: FindingMatch
) -> None:
    assert compare_name(PersonFound(seen, 0.9, seen, line(seen, sure=sure)), OWN) is match


def test_r1_behind_a_signature_even_the_own_name_is_looked_at() -> None:
    assert compare_name(PersonFound("王淑兰", 0.9, "", line(""), weight=0.35), OWN) is FindingMatch.NEEDS_LOOK
    former = WhoseFile("王淑兰", "1", earlier_names=("王招娣",))
    assert compare_name(PersonFound("王招娣", 0.9, "", line("")), former) is FindingMatch.SAME
    assert compare_name(PersonFound("王招弟", 0.9, "", line("", sure=1.0)), former) is FindingMatch.OTHER


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        ([], NameAnswer.UNSEEN),
        ([(F.DOCTOR, None, "郑甲子", 0.9)], NameAnswer.UNSEEN),
        ([(F.NAME, FindingMatch.SAME, "王淑兰", 0.9)], NameAnswer.INSURED),
        ([(F.NAME, FindingMatch.NEEDS_LOOK, "王椒兰", 0.9)], NameAnswer.OTHER),
        ([(F.NAME, FindingMatch.NEEDS_LOOK, "王*兰", 0.9)], NameAnswer.UNSEEN),
        ([(F.NAME, FindingMatch.NEEDS_LOOK, "王椒兰", 0.4)], NameAnswer.UNSEEN),
        ([(F.NAME, FindingMatch.OTHER, "李建国", 0.9)], NameAnswer.OTHER),
        ([(F.IDENTITY_NUMBER, FindingMatch.SAME, "1", 0.9)], NameAnswer.UNSEEN),
        (
            [(F.NAME, FindingMatch.SAME, "王淑兰", 0.9), (F.IDENTITY_NUMBER, FindingMatch.OTHER, "1", 0.9)],
            NameAnswer.OTHER,
        ),
    ],
)
def test_r1_there_are_three_answers_and_only_a_read_name_gives_the_first(
    seen: list[tuple[FindingField, FindingMatch | None, str, float]], answer: NameAnswer
) -> None:
    assert whose_name(seen) is answer


def test_r1_a_birth_or_an_age_that_cannot_be_the_insureds_makes_the_name_a_namesakes() -> None:
    day = "报告时间：2026-09-20"
    born = read(page("姓名：王淑兰", "出生日期：1981-02-03", day))
    assert (born[F.NAME].match, born[F.BORN_ON].match) == (FindingMatch.NEEDS_LOOK, FindingMatch.NEEDS_LOOK)
    own = read(page("姓名：王淑兰", "出生日期：1974-01-01", day))
    assert (own[F.NAME].match, own[F.BORN_ON].match) == (FindingMatch.SAME, FindingMatch.SAME)
    for age, match in (("30岁", FindingMatch.NEEDS_LOOK), ("52岁", FindingMatch.SAME), ("54岁", FindingMatch.SAME)):
        found = read(page("姓名：王淑兰", f"年龄：{age}", day))
        assert found[F.NAME].match is match, age
        assert (F.BORN_ON in found) == (match is FindingMatch.NEEDS_LOOK)
    unlabelled = read(page("王淑兰 女 30岁", day))
    assert unlabelled[F.NAME].match is FindingMatch.NEEDS_LOOK


def test_r1_a_known_number_of_visit_is_preferred_and_agrees() -> None:
    words = page("门诊号：90012345  住院号：M7654321")
    assert read(words)[F.VISIT_NUMBER].match is None
    known = WhoseFile("王淑兰", "1", visit_numbers=frozenset({"M7654321"}))
    found = read(words, known)[F.VISIT_NUMBER]
    assert (found.value, found.match) == ("M7654321", FindingMatch.SAME)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("26-08-07 11:28", date(2026, 8, 7)),
        ("26/08/07", date(2026, 8, 7)),
        ("26.8.07", date(2026, 8, 7)),
        ("26-08-0711:28", date(2026, 8, 7)),
        ("99-08-07", date(1999, 8, 7)),
        ("3.5-09.5", None),
        ("26-13-07", None),
    ],
)
def test_a_year_of_two_digits_is_read_behind_a_label_only(text: str, day: date | None) -> None:
    assert next(iter(short_days_in(text, LATEST)), None) == day
    if day is not None:
        assert read(page(f"报告时间：{text}"))[F.DOCUMENT_ON].value == day.isoformat()
    assert F.DOCUMENT_ON not in read(page(f"参考范围 {text}"))


@pytest.mark.parametrize(
    "rows",
    [("打印时间：2026-09-20 10:00",), ("出生日期：1974-01-01",), ("打印日期 2026-09-20", "出生年月 1974-01-01")],
)
def test_the_day_of_printing_or_of_birth_is_never_the_papers_day(rows: tuple[str, ...]) -> None:
    words = page("检验报告单", *rows)
    assert paper_day(labelled_values(words.upright), words.upright, LATEST) is None


def test_the_laboratorys_reviewer_is_no_doctor_and_a_physician_who_signs_is() -> None:
    laboratory = read(page("检验报告单", "送检医生：周明", "检验者：赵敏  审核医师：孙立", "白细胞计数 参考区间"))
    assert laboratory[F.DOCTOR].value == "周明"
    assert F.DOCTOR not in read(
        page("检验报告单", "检验者：赵敏", "审核者：孙立", "审核医师：孙立", "参考区间 检验项目")
    )
    assert read(page("CT检查报告单", "审核医师：孙立"))[F.DOCTOR].value == "孙立"


@pytest.mark.parametrize(
    ("rows", "department"),
    [
        (("科室消化内科",), "消化内科"),
        (("科 室：消化内科",), "消化内科"),
        (("Dept. 科室: 消化内科",), "消化内科"),
        (("李建国 男 45岁 消化内科",), "消化内科"),
        (("兹证明患者李建国，男，45岁，于我院消化内科就诊。",), "消化内科"),
        ((("姓名", "科室"), ("李建国", "消化内科")), "消化内科"),
    ],
)
def test_the_department_is_seen_glued_bilingual_in_a_table_and_in_a_sentence(
    rows: tuple[tuple[str, ...] | str, ...], department: str
) -> None:
    assert read(page("门诊病历", *rows))[F.DEPARTMENT].value == department


@pytest.mark.parametrize("text", ["科室", "检验报告", "白细胞", "李", "李建国同志们", "入院诊断", "abc"])
def test_words_of_a_form_look_like_no_name(text: str) -> None:
    assert not looks_like_name(text)
    assert clean_name(text)[0] in {"", "李", "李建国同志们", "abc", "白细胞"}


@pytest.mark.parametrize("text", ["李建国", "王影", "欧阳娜娜", "单立", "查理", "覃敏"])
def test_names_look_like_names(text: str) -> None:
    assert looks_like_name(text)


def test_the_place_of_a_name_without_a_label_is_the_name_and_nothing_beside_it() -> None:
    found = read(page(("门诊号 90012345", "李建国", "男 45岁")))[F.NAME]
    assert found.line.text == "李建国"
    assert found.line.left == pytest.approx(0.06 + 0.22, abs=0.01)
    glued = read(page("12床李建国 男 45岁"))[F.NAME]
    assert glued.line.left > 0.06
    assert glued.line.text == "李建国"
