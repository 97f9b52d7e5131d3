"""Where lines may end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.adapters.drawing.line_breaking import NO_END, NO_START, break_lines


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("", 5, [""]),
        ("一二三四五六", 3, ["一二三", "四五六"]),
        ("一二三，四五", 3, ["一二", "三，四", "五"]),
        ("一二（三四）", 3, ["一二", "（三", "四）"]),
        ("一二三（ ，四", 4, ["一二三", "（ ，四"]),
        ("一二三（ 四五", 4, ["一二三", "（ 四五"]),
        ("一二三10⁹/L", 4, ["一二三", "10⁹/L"]),
        ("一二三。”四", 3, ["一二", "三。”", "四"]),
        ("服用 12.5 mg", 4, ["服用", "12.5 mg"]),
        ("一\n\n二", 9, ["一", "", "二"]),
        ("abcdefgh", 2, ["abcd", "efgh"]),
        ("，，，，，", 2, ["，，", "，，", "，"]),
        ("一", 0.5, ["一"]),
    ],
)
def test_lines(text: str, limit: float, lines: list[str]) -> None:
    assert break_lines(text, limit, _width) == lines


_ORDINARY = st.text(alphabet="患者自述头晕abc 012345", min_size=1, max_size=5)
_PUNCTUATED = st.builds(
    lambda words, marks: "".join(word + mark for word, mark in zip(words, marks, strict=False)),
    st.lists(_ORDINARY, min_size=1, max_size=30),
    st.lists(
        st.sampled_from(["，", "。", "；", "：", "？", "！", "”", "（", "“", "、", "）。"]), min_size=30, max_size=30
    ),
)


@given(_PUNCTUATED, st.floats(min_value=10, max_value=40))
def test_nothing_is_lost_and_no_line_is_too_long(text: str, limit: float) -> None:
    lines = break_lines(text, limit, _width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(_width(line) <= limit for line in lines)


@given(_PUNCTUATED, st.floats(min_value=20, max_value=40))
def test_no_line_begins_or_ends_with_the_wrong_mark(text: str, limit: float) -> None:
    lines = break_lines(text, limit, _width)
    assert all(line[:1] not in NO_START for line in lines[1:])
    assert all(line[-1:] not in NO_END for line in lines[:-1])
