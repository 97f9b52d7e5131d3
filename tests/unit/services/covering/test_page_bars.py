"""Bars over names and numbers, wherever and however they stand on a page."""

import pytest

from lian_desk.models.vocabulary import TextOrigin
from lian_desk.services.covering.page_bars import bars
from lian_desk.services.recognition.page_words import PageWords, WordLine

NAMES = ("王淑兰", "王建国")
NUMBERS = ("320102197401011451", "JLB202403000001")
Line = tuple[str, float, float]
HIGH = 0.02
WIDE = 0.02
"""Width of a Chinese character on the page."""


def line(text: str, left: float, top: float) -> WordLine:
    width = sum(WIDE if ord(char) > 0x2E80 else WIDE / 2 for char in text)
    return WordLine(text, left, top, width, HIGH, 0.95)


def hidden(*lines: Line) -> str:
    """Return the characters whose middle lies under a bar, in the order of the lines."""
    placed = [line(*one) for one in lines]
    boxes = bars(PageWords(TextOrigin.RECOGNISED, 0, tuple(placed)), NAMES, NUMBERS)
    found = ""
    for one in placed:
        x = one.left
        for char in one.text:
            wide = WIDE if ord(char) > 0x2E80 else WIDE / 2
            middle = (x + wide / 2, one.middle)
            if any(left < middle[0] < right and top < middle[1] < bottom for left, top, right, bottom in boxes):
                found += char
            x += wide
    return found.replace(" ", "").replace("　", "")


@pytest.mark.parametrize(
    ("lines", "secret"),
    [
        ([("姓名：王淑兰 性别：女", 0.1, 0.1)], "王淑兰"),
        ([("姓名：王淑芝 性别：女", 0.1, 0.1)], "王淑芝"),
        ([("姓名王淑芝性别女", 0.1, 0.1)], "王淑芝"),
        ([("姓名 王淑芝 女 52岁", 0.1, 0.1)], "王淑芝"),
        ([("姓名/Name：王淑蘭", 0.1, 0.1)], "王淑蘭"),
        ([("王 淑 兰 女", 0.1, 0.1)], "王淑兰"),
        ([("患者王淑兰因腹痛入院", 0.1, 0.1)], "王淑兰"),
        ([("姓名", 0.1, 0.1), ("王淑芝", 0.3, 0.1)], "王淑芝"),
        ([("姓名：", 0.1, 0.1), ("王", 0.3, 0.1), ("淑", 0.36, 0.1), ("兰", 0.42, 0.1)], "王淑兰"),
        ([("姓名", 0.1, 0.1), ("科室", 0.4, 0.1), ("王淑芝", 0.1, 0.14), ("消化内科", 0.4, 0.14)], "王淑芝"),
        ([("本人王淑", 0.5, 0.1), ("兰已知悉", 0.1, 0.14)], "王淑兰"),
        ([("王", 0.1, 0.1), ("淑", 0.1, 0.13), ("兰", 0.1, 0.16)], "王淑兰"),
        ([(char, 0.1, 0.1 + 0.03 * place) for place, char in enumerate("电话13812346620")], "13812346620"),
        ([(char, 0.1, 0.1 + 0.03 * place) for place, char in enumerate("320102197401011451")], "320102197401011451"),
        ([("CT WANG SHULAN F 52Y", 0.1, 0.1)], "WANGSHULAN"),
        ([("Shulan, Wang", 0.1, 0.1)], "Shulan,Wang"),
        ([("wangshulan wang shu lan", 0.1, 0.1)], "wangshulanwangshulan"),
        ([("WANG^SHULAN", 0.1, 0.1)], "WANG^SHULAN"),
        ([("WANG", 0.1, 0.1), ("SHULAN", 0.3, 0.1)], "WANGSHULAN"),
        ([("Patient Name: Li Jianguo Sex: M", 0.1, 0.1)], "LiJianguo"),
        ([("姓名", 0.1, 0.1), ("Li Jianguo", 0.3, 0.1)], "LiJianguo"),
        ([("住院号 ZY0012 科室", 0.1, 0.1)], "ZY0012"),
        ([("门诊号MZ155", 0.1, 0.1)], "MZ155"),
        ([("保单 JLB2024 03000001", 0.1, 0.1)], "JLB202403000001"),
        ([("3201021974", 0.6, 0.1), ("01011451", 0.1, 0.14)], "320102197401011451"),
        ([("家庭住址：南京市鼓楼区中山路 18号 3幢", 0.1, 0.1)], "南京市鼓楼区中山路18号3幢"),
        ([("住址：南京市鼓楼区中山", 0.1, 0.1), ("路18号502室", 0.22, 0.13)], "南京市鼓楼区中山路18号502室"),
        ([("监护人王建国 父亲", 0.1, 0.1)], "王建国"),
        ([("联系电话", 0.1, 0.1), ("138 1234 6620", 0.3, 0.1)], "13812346620"),
    ],
)
def test_who_it_is_about_is_covered_wherever_it_stands(lines: list[Line], secret: str) -> None:
    found = hidden(*lines)
    position = 0
    for char in secret:
        position = found.find(char, position) + 1
        assert position, f"{char} of {secret} shows; hidden is {found}"


@pytest.mark.parametrize(
    "lines",
    [
        [("诊断：胃炎待查", 0.1, 0.1)],
        [("主诉：反复上腹痛3月", 0.1, 0.1), ("日期 2026-09-28 10:30", 0.1, 0.2)],
        [("癌胚抗原 6.82 0.00-5.00 ng/mL", 0.1, 0.1)],
        [("门诊病历", 0.4, 0.05), ("消化内科", 0.4, 0.1)],
    ],
)
def test_what_says_nothing_of_a_person_stays(lines: list[Line]) -> None:
    assert hidden(*lines) == ""


def test_the_heading_of_a_field_stays_with_its_neighbours() -> None:
    shown = hidden(("身份证号：", 0.1, 0.1), ("320102197401011451", 0.3, 0.1), ("科室：", 0.1, 0.14))
    assert shown == "320102197401011451"


def test_a_line_that_lies_otherwise_than_the_page_is_covered_wholly() -> None:
    across = WordLine("患者王淑兰", 0.1, 0.1, 0.02, 0.2, 0.95)
    ((left, top, right, bottom),) = bars(PageWords(TextOrigin.RECOGNISED, 0, (across,)), NAMES)
    assert left <= across.left
    assert across.right <= right
    assert top <= across.top
    assert across.bottom <= bottom


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        # what type makes of a line: gaps of a row are wider than a blank, a sign at the end is half as wide
        ([("就诊科室心血管内科", 1.0)], [(" ", 1.2), ("女", 1.0), (" ", 1.2), ("52", 0.55), (" ", 1.2), ("岁", 1.0)]),
        (
            [("科", 1.0), (" ", 1.2), ("内", 1.0), (" ", 1.2), ("床", 1.0), (" ", 1.2)],
            [("因反复胸闷三月入院治疗", 1.0)],
        ),
        ([("报告书写（证件", 1.0)], [("）", 0.4)]),
        ([("CT illilli ", 0.3)], [("门诊病历记录内容", 1.0)]),
        ([("WMMWMMWM ", 0.75)], [("门诊病历记录内容", 1.0)]),
    ],
)
@pytest.mark.parametrize("secret", [[("王淑兰", 1.0)], [("320102197401011451", 0.56)]])
def test_no_edge_of_a_name_stands_beside_its_bar_whatever_the_type(
    before: list[tuple[str, float]], secret: list[tuple[str, float]], behind: list[tuple[str, float]]
) -> None:
    """``before``, ``secret`` and ``behind``: texts, each with the true width of its letters in ems."""

    def extent(parts: list[tuple[str, float]]) -> float:
        return 0.02 * sum(len(text) * wide for text, wide in parts)

    text = "".join(part for part, _wide in [*before, *secret, *behind])
    placed = WordLine(text, 0.1, 0.1, extent(before) + extent(secret) + extent(behind), 0.02, 1.0)
    boxes = bars(PageWords(TextOrigin.DOCUMENT, 0, (placed,)), NAMES, NUMBERS)
    first = 0.1 + extent(before)
    assert any(left <= first and first + extent(secret) <= right for left, _top, right, _bottom in boxes)
