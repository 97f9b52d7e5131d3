"""Values with their label in front and a tail behind, as they come out of chats, contacts and forms."""

from datetime import date, datetime

import pytest

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import IdentityDocumentKind, Sex
from lian_desk.services.assistance_files.previews import tells_birth
from lian_desk.services.commands import input_checks
from lian_desk.services.names.search_terms import query_words
from lian_desk.services.words.error_sentences import SENTENCES
from lian_desk.ui.common.forms.date_fields import parse_date, parse_moment
from lian_desk.ui.common.forms.fields import FieldProblem
from tests.desk_world import identity_number

TODAY = date(2026, 9, 28)
CARD = identity_number(date(1974, 1, 1), 102)
PHONE = "13812346620"


def code_of(call, *args, **named) -> ErrorCode:
    with pytest.raises(RuleViolation) as caught:
        call(*args, **named)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        f"tel:{PHONE}",
        "Tel. 138-1234-6620",
        "TEL;TYPE=CELL:+86 138 1234 6620",
        f"手机：{PHONE}",
        "手机号码 138 1234 6620",
        "电话 138-1234-6620",
        "联系电话：１３８１２３４６６２０。",
        f"联系方式是{PHONE}",
        f"本人手机号：{PHONE}",
        f"患者电话：{PHONE},",
        f"电话号码(微信同号)：{PHONE}",
        f"{PHONE}（微信同号）",
        f"手机：{PHONE}，微信同号",
        f"：{PHONE}；",
        "Mobile No.: 0086-138-1234-6620",
        "(+86)13812346620",
        f"Phone {PHONE}",
        f"\u200b手机\u2060：{PHONE}\ufeff",
    ],
)
def test_a_phone_with_label_and_tail(text: str) -> None:
    assert input_checks.phone(text, field="phone") == PHONE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{PHONE} 13912346620", ErrorCode.NUMBER_NOT_SINGLE),
        (f"手机：{PHONE}、139-1234-6620", ErrorCode.NUMBER_NOT_SINGLE),
        (f"{PHONE}/13912346620", ErrorCode.NUMBER_NOT_SINGLE),
        (f"家属电话：{PHONE}", ErrorCode.PHONE_NUMBER_INVALID),
        (f"王淑兰 {PHONE}", ErrorCode.PHONE_NUMBER_INVALID),
        (f"{PHONE} 转 8", ErrorCode.PHONE_NUMBER_INVALID),
        (f"{PHONE}（女儿）", ErrorCode.PHONE_NUMBER_INVALID),
        ("手机：", ErrorCode.PHONE_NUMBER_INVALID),
        ("tel", ErrorCode.PHONE_NUMBER_INVALID),
        ("电话 025-83718836", ErrorCode.PHONE_NUMBER_INVALID),
        (f"{PHONE}6", ErrorCode.PHONE_NUMBER_INVALID),
        ("138,1234,6620", ErrorCode.PHONE_NUMBER_INVALID),
    ],
)
def test_what_is_no_single_phone_is_refused(text: str, code: ErrorCode) -> None:
    assert code_of(input_checks.phone, text, field="phone") is code


@pytest.mark.parametrize(
    "text",
    [
        f"身份证号：{CARD}",
        f"证件号码 {CARD}",
        f"身份证 {CARD[:6]} {CARD[6:14]} {CARD[14:]}",
        f"公民身份号码：{CARD}。",
        f"患者身份证号码为{CARD}；",
        f"ID: {CARD}",
        f"ID No. {CARD.lower()},",
        f"居民身份证号（必填）：{CARD}",
    ],
)
def test_a_card_with_label_and_tail(text: str) -> None:
    kind = IdentityDocumentKind.RESIDENT_IDENTITY_CARD
    assert input_checks.identity(kind, text, None, None, TODAY)[0] == CARD
    assert input_checks.card_number(text, TODAY, field="x")[0] == CARD


def test_two_cards_and_other_words_are_refused() -> None:
    other = identity_number(date(1980, 2, 2), 104)
    assert code_of(input_checks.card_number, f"{CARD}、{other}", TODAY, field="x") is ErrorCode.NUMBER_NOT_SINGLE
    assert code_of(input_checks.card_number, f"{CARD} {other}", TODAY, field="x") is ErrorCode.NUMBER_NOT_SINGLE
    assert code_of(input_checks.card_number, f"王淑兰 {CARD}", TODAY, field="x") is ErrorCode.IDENTITY_NUMBER_LENGTH
    assert code_of(input_checks.card_number, "身份证号：", TODAY, field="x") is ErrorCode.IDENTITY_NUMBER_LENGTH
    assert "只留一个" in SENTENCES[ErrorCode.NUMBER_NOT_SINGLE]


def test_numbers_of_other_papers_and_policies() -> None:
    passport, foreigner = IdentityDocumentKind.PASSPORT, IdentityDocumentKind.FOREIGN_PERMANENT_RESIDENT_CARD
    for text in ("护照号：E12345678", "护照 e12345678。", "Passport No. E12345678", "证件号码：E12345678"):
        assert input_checks.identity(passport, text, Sex.MALE, TODAY, TODAY)[0] == "E12345678"
    assert input_checks.identity(passport, "NO123456", Sex.MALE, TODAY, TODAY)[0] == "NO123456"
    assert input_checks.identity(passport, "TEL12345", Sex.MALE, TODAY, TODAY)[0] == "TEL12345"
    older = input_checks.identity(foreigner, "永居证号：CAN110081080310", Sex.FEMALE, date(1981, 8, 3), TODAY)
    assert older[0] == "CAN110081080310"
    assert not tells_birth(foreigner.value, "永居证号：CAN110081080310")
    assert tells_birth(foreigner.value, "证件号码：911124198108030024、911124198108030025")
    for text in ("保单号：JLB-202401", "保险合同号码 jlb-202401。", "Policy No.: JLB-202401"):
        assert input_checks.policy_number(text, field="policy_number") == "JLB-202401"
    for text in ("JLB-1、JLB-2", "保单：", "POLICY1/2"):
        assert code_of(input_checks.policy_number, text, field="x") is ErrorCode.POLICY_NUMBER_INVALID


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王淑兰（女）", "王淑兰"),
        ("王淑兰 (女)", "王淑兰"),
        ("王淑兰（女，52岁）", "王淑兰"),
        ("王淑兰，女，52岁", "王淑兰"),
        ("王淑兰 女 52岁", "王淑兰"),
        ("王淑兰 先生", "王淑兰"),
        ("王兰女士。", "王兰"),
        ("欧阳娜女士（女）", "欧阳娜"),
        ("姓名：王淑兰", "王淑兰"),
        ("患者姓名 王淑兰", "王淑兰"),
        ("姓名/Name：王淑兰", "王淑兰"),
        ("姓　名：王　芳", "王芳"),
        ("被保险人：王淑兰,", "王淑兰"),
        ("Name: Wang Shulan", "Wang Shulan"),
        ("Ms. Wang Shulan", "Wang Shulan"),
        ("王淑兰\uff0c", "王淑兰"),
        # a surname alone is no name, and what else belongs to one stays
        ("王先生", "王先生"),
        ("欧阳女士", "欧阳女士"),
        ("王 女", "王女"),
        ("兰男", "兰男"),
        ("王淑女", "王淑女"),
        ("John Smith Jr.", "John Smith Jr."),
        ("阿依古丽·买买提女士", "阿依古丽·买买提"),
    ],
)
def test_a_name_with_label_and_courtesy(text: str, name: str) -> None:
    assert input_checks.name(text, field="name") == name


@pytest.mark.parametrize(
    "text", ["王淑兰、李建国", "王淑兰/李建国", "王淑兰（小名兰兰）", "姓名：", "王淑兰 13812346620"]
)
def test_what_is_no_single_name_is_refused(text: str) -> None:
    assert code_of(input_checks.name, text, field="name") is ErrorCode.NAME_HAS_SYMBOLS


@pytest.mark.parametrize(
    "text",
    [
        "出生日期：1974-01-01",
        "1974年1月1日出生",
        "生于1974年1月1日",
        "1974-01-01。",
        "就诊日期 1974/1/1,",
        "DOB: 1974-01-01",
    ],
)
def test_a_day_with_label_and_tail(text: str) -> None:
    assert parse_date(text) == date(1974, 1, 1)


def test_a_moment_with_label_and_days_that_are_none() -> None:
    assert parse_moment("预约时间：2026-11-20 16:20。") == datetime(2026, 11, 20, 16, 20, tzinfo=SHANGHAI)
    for text in ("不晚于：2026-11-20", "日期：", "2026-11-20、2026-11-21", "2026-11-20 改 2026-11-21"):
        with pytest.raises(FieldProblem):
            parse_date(text)


def test_a_search_takes_what_is_pasted() -> None:
    for text in (f"tel:{PHONE}", "手机：138-1234-6620", "+86 138 1234 6620", f"{PHONE}（微信同号）"):
        assert query_words(text) == query_words(PHONE)
    assert query_words(f"身份证号：{CARD[:6]} {CARD[6:14]} {CARD[14:]}") == query_words(CARD)
    assert query_words("王淑兰女士") == query_words("姓名：王淑兰") == query_words("王淑兰")
    assert query_words("兰 6620") == [["兰"], *query_words("6620")]
    assert query_words("电话") == [["电话"]]
