"""Fonts, icons and the encrypted database's engine are what the program needs."""

import re
import xml.etree.ElementTree as ET  # our own files
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from sqlcipher3 import dbapi2 as sqlcipher

from lian_desk.adapters.machine.resources import resource_path, resource_root
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

ROOT = Path(__file__).resolve().parents[2]
SIGNS = ["DejaVuSansSigns-Regular.ttf", "DejaVuSansSigns-Bold.ttf"]
FONTS = ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"]
RARE_NAMES = "㛃䶮𬭎𫖯𤩽"
PUNCTUATION = "，。；：？！、（）《》〈〉「」『』【】“”‘’…—·～％℃±×÷≤≥①②③④⑤⑥⑦⑧⑨⑩→←↑↓●○■□★☆"


def _gb2312() -> set[str]:
    """Every Han character of GB 2312, zones 16 to 87."""
    characters = set()
    for zone in range(16, 88):
        for place in range(1, 95):
            try:
                characters.add(bytes((0xA0 + zone, 0xA0 + place)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return characters


def _screen_words() -> set[str]:
    """Every character beyond ASCII of services, window, command line, rule packs and lists; models hold no words."""
    program = [
        path for layer in ("adapters", "services", "ui", "cli") for path in (ROOT / "lian_desk" / layer).rglob("*.py")
    ]
    paths = [*program, *resource_root().rglob("*.toml"), *resource_root().rglob("*.csv")]
    return {character for path in paths for character in path.read_text(encoding="utf-8") if character > "\x7f"}


@pytest.mark.parametrize("name", [*FONTS, *SIGNS])
def test_a_font_has_truetype_outlines_that_can_be_embedded(name: str) -> None:
    with TTFont(resource_path("fonts", name), lazy=True) as font:
        assert "glyf" in font
        assert "CFF " not in font
        assert font["OS/2"].fsType == 0, "the font forbids embedding"


@pytest.mark.parametrize("name", FONTS)
def test_a_font_covers_chinese_text(name: str) -> None:
    with TTFont(resource_path("fonts", name), lazy=True) as font:
        covered = {chr(code) for code in font.getBestCmap()}
    han = _gb2312()
    assert len(han) == 6763
    assert (han | set(RARE_NAMES) | set(PUNCTUATION)) - covered == set()


def test_the_font_covers_every_character_of_the_program() -> None:
    with TTFont(resource_path("fonts", FONTS[0]), lazy=True) as font:
        covered = {chr(code) for code in font.getBestCmap()}
    # invisible characters that the input checks name are no glyphs
    invisible = {chr(code) for code in range(0x2000, 0x2070)} | {"\ufeff", "\u00ad"}
    assert _screen_words() - covered - invisible == set()


def test_every_third_party_folder_carries_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in resource_path("fonts", "LICENSE-OFL.txt").read_text(encoding="utf-8").upper()
    assert "Bitstream Vera" in resource_path("fonts", "LICENSE-DejaVu.txt").read_text(encoding="utf-8")
    assert "UNICODE, INC. LICENSE" in resource_path("characters", "LICENSE-unicode.txt").read_text(encoding="utf-8")
    assert "ISC License" in resource_path("icons", "LICENSE-lucide.txt").read_text(encoding="utf-8")


def test_every_icon_is_a_drawing_that_takes_the_colour_of_its_place() -> None:
    icons = sorted(resource_path("icons").glob("*.svg"))
    assert len(icons) > 40
    for icon in icons:
        root = ET.fromstring(icon.read_text(encoding="utf-8"))  # noqa: S314 - shipped with the program
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert re.fullmatch(r"[a-z0-9-]+", icon.stem)
        if icon.stem != "app":
            assert root.get("stroke") == "currentColor", icon.name
            assert root.get("viewBox") == "0 0 24 24", icon.name


def test_a_resource_that_is_not_there_is_named() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        resource_path("fonts", "nowhere.ttf")
    assert caught.value.code == ErrorCode.RESOURCE_MISSING
    assert caught.value.parameters == {"name": "fonts/nowhere.ttf"}


def test_the_encrypted_database_has_no_wal_reset_bug_and_searches_text() -> None:
    assert sqlcipher.sqlite_version_info >= (3, 51, 3)
    connection = sqlcipher.connect(":memory:")
    assert connection.execute("PRAGMA cipher_version").fetchone()
    options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    connection.close()
    assert "ENABLE_FTS5" in options
