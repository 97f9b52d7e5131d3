"""Names from outside: shown clean, never a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.adapters.storage.names import LONGEST_NAME, NAMELESS, clean_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("病理报告.pdf", "病理报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.pdf", "a.pdf"),
        ("C:\\Users\\x\\报告.jpg", "报告.jpg"),
        ("/absolute/scan.png", "scan.png"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\u200b\u2066b\u2069.pdf", "ab.pdf"),
        ("line\nbreak\t.pdf", "line break .pdf"),
        ("CON", "CON"),
        ("trailing dot. ", "trailing dot"),
        ("..", NAMELESS),
        ("", NAMELESS),
        ("\x07\x1b", NAMELESS),
        ("lone\udcff.pdf", "lone.pdf"),
        ("👩\u200d⚕️ 报告.pdf", "👩\u200d⚕️ 报告.pdf"),
        ("张𬭎.pdf", "张𬭎.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
    ],
)
def test_shown_name(raw: str, shown: str) -> None:
    assert clean_name(raw) == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = clean_name("报" * 300 + ".jpeg")
    assert len(shown) == LONGEST_NAME
    assert shown.endswith("….jpeg")
    assert len(clean_name("x" * 255)) == LONGEST_NAME


@given(st.text(max_size=400))
def test_any_name_becomes_harmless(raw: str) -> None:
    shown = clean_name(raw)
    assert 0 < len(shown) <= LONGEST_NAME
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.encode("utf-8")
    assert not any(ord(char) < 32 or 0x202A <= ord(char) <= 0x202E for char in shown)
    assert clean_name(shown) == shown or shown.endswith("…") or "…." in shown
