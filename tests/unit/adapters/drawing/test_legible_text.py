"""What a document makes of characters it cannot draw."""

from __future__ import annotations

import pytest

from lian_desk.adapters.drawing.legible_text import Legibility, ReplacedCharacter


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("王兰", "王兰"),
        ("王\r\n兰\r李\u2028周", "王\n兰\n李\n周"),
        ("a\tb\u00a0c", "a b c"),
        ("𠮷", "〔U+20BB7〕"),
        ("王\u200d兰\ufe0f", "王兰"),
        ("\x00", "〔U+0000〕"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert Legibility(lambda point: point < 0x20000).clean(text) == shown


def test_every_replacement_is_reported_once() -> None:
    legibility = Legibility(lambda point: point < 0x20000)
    legibility.clean("𠮷𠮷\u200d")
    legibility.clean("𠮷")
    assert legibility.replaced() == (ReplacedCharacter(0x200D, ""), ReplacedCharacter(0x20BB7, "〔U+20BB7〕"))


def test_clean_text_stays_clean() -> None:
    legibility = Legibility(lambda point: point < 0x20000)
    once = legibility.clean("王\u202e𠮷\u0301")
    assert legibility.clean(once) == once
