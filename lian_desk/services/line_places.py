"""Where a piece of a recognised line stands on its page: the line's box, shared out among its characters."""

from typing import Final

from lian_desk.services.recognition.page_words import WordLine, turned_back, turned_on

#: From here on characters are as wide as they are high.
_FIRST_WIDE: Final = 0x2E80


def place_of(line: WordLine, first: int, last: int, turned: int) -> WordLine:
    """Return the box of ``line.text[first:last]`` on the stored page, whose writing lies ``turned`` degrees clockwise."""
    upright = turned_back(line, turned)
    total = _extent(line.text) or 1
    left, right = _extent(line.text[:first]) / total, _extent(line.text[:last]) / total
    piece = upright._replace(
        text=line.text[first:last], left=upright.left + left * upright.width, width=(right - left) * upright.width
    )
    return turned_on(piece, turned)


def _extent(text: str) -> int:
    """Return how wide a text is, roughly, in halves of a Chinese character."""
    return sum(1 if ord(char) < _FIRST_WIDE else 2 for char in text)
