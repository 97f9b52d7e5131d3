"""Contrast that can be reckoned, a style sheet without a hole, a switch at run time."""

import itertools

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QWidget

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.icons import icon, pixmap
from lian_desk.ui.common.look.theme import DARK, DRESSES_ITS_PARTS, LIGHT, Scheme, Tone, TypeRole, current_theme

GROUNDS = ("surface", "canvas")
WORDS = ("text", "secondary", "muted", "accent_ink", "broken_ink")


def luminance(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", list(Tone))
def test_words_on_a_tinted_ground_are_readable(tokens, tone):
    assert contrast(tokens.ink(tone), tokens.soft(tone)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), list(itertools.product(WORDS, GROUNDS)))
def test_words_on_the_page_are_readable(tokens, words, ground):
    assert contrast(getattr(tokens, words), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_strong"),
        ("text", "accent_soft"),
        ("secondary", "accent_soft"),
        ("text", "hover"),
        ("secondary", "hover"),
        ("secondary", "sunken"),
        ("surface", "text"),
    ],
)
def test_words_on_buttons_rows_and_bars_are_readable(tokens, words, ground):
    assert contrast(getattr(tokens, words), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_focus_ring_is_visible(tokens):
    assert contrast(tokens.focus, tokens.surface) >= 3


def test_the_shipped_font_is_used_and_figures_have_one_width(theme):
    info = QFontInfo(theme.font(TypeRole.BODY))
    assert info.family().startswith("Noto Sans SC")
    assert info.pixelSize() == 13
    metrics = theme.metrics(TypeRole.BODY)
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_switching_changes_open_widgets_and_tells_it(theme, qtbot):
    chip = Chip("已完成", Tone.KEPT)
    words = QLabel("字")
    qtbot.addWidget(chip)
    qtbot.addWidget(words)
    words.show()
    light = words.palette().windowText().color()
    picture = chip.grab().toImage()
    with qtbot.waitSignal(theme.changed):
        theme.toggle()
    try:
        assert theme.scheme is Scheme.DARK
        assert words.palette().windowText().color() != light
        assert chip.grab().toImage() != picture
    finally:
        theme.set_scheme(Scheme.LIGHT)
    assert current_theme() is QApplication.instance().property("desk_theme")


def test_every_picture_the_style_sheet_names_is_shipped(theme):
    sheet = QApplication.instance().styleSheet()
    assert "${" not in sheet
    named = [part.split('"')[0] for part in sheet.split('url("')[1:]]
    assert named
    folder = resource_path("styles")
    for name in named:
        assert (folder / name.rpartition("/")[2]).is_file()


def test_icons_take_the_colour_of_the_token(theme):
    drawn = pixmap("lock", 16, "accent").toImage()
    colors = {drawn.pixelColor(x, y).name().upper() for x in range(drawn.width()) for y in range(drawn.height())}
    assert LIGHT.accent in colors
    assert not icon("lock").isNull()


def test_qt_speaks_chinese(theme, qtbot):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
    qtbot.addWidget(box)
    texts = {button.text().split("(")[0].replace("&", "") for button in box.buttons()}
    assert texts == {"取消", "保存"}


def worn(widget: QWidget) -> str:
    """Return what the style sheet gives the words of a widget."""
    widget.ensurePolished()
    return widget.palette().windowText().color().name().upper()


def part(parent: QWidget) -> tuple[QWidget, QLabel]:
    made = QWidget(parent)
    words = QLabel("字", made)
    current_theme().keep_dressed(made)
    return made, words


def test_only_what_is_seen_is_dressed_at_once_and_the_rest_when_it_is_shown(theme, qtbot):
    """The style sheet of the application is not replaced: Qt would polish every widget for each of its ancestors."""
    window = QWidget()
    window.setProperty(DRESSES_ITS_PARTS, True)
    qtbot.addWidget(window)
    seen, seen_words = part(window)
    hidden, hidden_words = part(window)
    hidden.hide()
    window.show()
    sheet = QApplication.instance().styleSheet()
    try:
        theme.set_scheme(Scheme.DARK)
        assert QApplication.instance().styleSheet() == sheet
        assert worn(seen_words) == DARK.text
        assert hidden.styleSheet() == ""
        hidden.show()
        assert worn(hidden_words) == DARK.text
        later, later_words = part(window)
        later.show()
        assert worn(later_words) == DARK.text
    finally:
        theme.set_scheme(Scheme.LIGHT)
    assert worn(seen_words) == worn(hidden_words) == LIGHT.text
    assert seen.styleSheet() == ""


def test_a_window_of_its_own_is_dressed_without_asking(theme, qtbot):
    window = QWidget()
    words = QLabel("字", window)
    qtbot.addWidget(window)
    window.show()
    try:
        theme.set_scheme(Scheme.DARK)
        assert worn(words) == DARK.text
    finally:
        theme.set_scheme(Scheme.LIGHT)
    assert worn(words) == LIGHT.text


def test_a_part_is_dressed_once_however_often_it_is_given(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    theme.keep_dressed(window)
    held = len(window.children())
    theme.keep_dressed(window)
    assert len(window.children()) == held
