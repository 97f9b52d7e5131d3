"""Cells of a form that hold a name: whole, one of several, or one character in each."""

import re
from typing import Final

from lian_desk.services.door.likely_names import looks_like_name
from lian_desk.services.recognition.folding import squeezed
from lian_desk.services.recognition.page_words import WordLine

_LONGEST_NAME: Final = 4
_LONGEST_PART: Final = 2
_SEXES: Final = frozenset("男女")
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+")
_BY_FORM: Final = re.compile(
    r"^(?:[\u3400-\u9fff]+(?:[·•・.．][\u3400-\u9fff]+)+|[A-Z][A-Za-z'\-]+(?:[ ^][A-Z][A-Za-z'\-]+)+"
    r"|[\u3400-\u9fff][*＊某xX×○〇]{1,2}[\u3400-\u9fff]?)$"
)
"""A name with a dot, in letters, or starred."""


def is_a_name(text: str) -> bool:
    """Tell whether a cell among names is one: Chinese, with a dot, in letters, or starred."""
    return looks_like_name(text) or _BY_FORM.match(text.strip()) is not None


def goes_on(name: str, cell: str) -> bool:
    """Tell whether a cell holds more characters of a name that was set apart; a sex is none."""
    text = squeezed(cell)
    is_part = len(text) <= _LONGEST_PART and _HAN.fullmatch(text) is not None
    return is_part and len(squeezed(name)) + len(text) <= _LONGEST_NAME and text not in _SEXES


def together(first: WordLine, then: WordLine) -> WordLine:
    """Return the words of two neighbours as one, over the width of both."""
    return first._replace(text=first.text + then.text, width=max(then.right - first.left, first.width))


def begins_under(line: WordLine, label: WordLine) -> bool:
    """Tell whether words begin where a label, or the cell above, does."""
    return abs(line.left - label.left) < max(1.5 * label.height, 0.6 * label.width)
