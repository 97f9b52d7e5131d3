"""Where the words of a page say who somebody is: the places that a covered page must not show (R90).

A name or number is found wherever it stands: glued to its label, beside or beneath it, with blanks between its letters,
in several boxes of a row, across two rows, or letter by letter down the page. Where the value of a personal field cannot
be told apart, the whole line is covered: too much is a blemish, too little a breach.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lian_desk.services.covering.line_places import widest_place_of
from lian_desk.services.door.latin_names import tells
from lian_desk.services.names.masking import ends_in_personal_label, spans_to_hide
from lian_desk.services.recognition.page_words import PageWords, WordLine, rows_of

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in fractions of the stored page."""

#: How much a bar is larger than the words below, in heights of the line: recognised boxes are tight and shared out.
_WIDER: Final = 0.45
_HIGHER: Final = 0.12
_SEVERAL: Final = 2
"""Letters from which on a line has a direction."""
_REACH: Final = 3.5
"""Heights of a heading within which the value beneath it stands."""
_DOWN: Final = 2.2
"""Heights within which the next letter of an upright name stands."""
_FEW: Final = 2
"""Most letters of a line that may be part of a name written downwards."""
#: Fields whose value says who somebody is, as papers head them, with or without a colon.
_WHO: Final = (
    r"(?:姓\s*名|身\s*份\s*证\s*(?:件\s*)?(?:号\s*码?)?|证\s*件\s*号\s*码?|联\s*系\s*电\s*话|电\s*话|手\s*机\s*(?:号\s*码?)?|监\s*护\s*人|联\s*系\s*人"
    r"|家\s*属|投\s*保\s*人|被\s*保\s*险\s*人|[住地现]\s*址|住\s*所|患\s*者\s*(?:姓\s*名)?|病\s*人\s*(?:姓\s*名)?|受\s*检\s*者|就\s*诊\s*人"
    r"|(?:门\s*诊|住\s*院|病\s*案|病\s*历|就\s*诊|登\s*记|检\s*查|影\s*像|病\s*理|标\s*本|床|卡|医\s*保|社\s*保|保\s*单|急\s*诊|体\s*检|流\s*水|条\s*码)"
    r"\s*(?:卡\s*)?号\s*码?|Name|ID\s*(?:No\.?)?|Tel\.?|Phone|Address)"
)
_HEADING: Final = re.compile(
    rf"^\s*[【\[（(*]?\s*{_WHO}(?:\s*[/／]\s*[A-Za-z .]+)?\s*[】\])）]?\s*[:：]?\s*$", re.IGNORECASE
)
#: The value without a colon: behind a blank or glued; of a name as many letters as names have.
_NAME_BARE: Final = re.compile(
    r"(?:姓\s*名|监\s*护\s*人|联\s*系\s*人|投\s*保\s*人|被\s*保\s*险\s*人|就\s*诊\s*人|受\s*检\s*者)(?:\s*[/／]\s*[A-Za-z]+)?"
    r"\s*[:：]?\s*((?:[\u3400-\u9fff·]\s{0,3}){1,4}?)(?=\s*(?:[性年出科床住门病民职婚籍与]|身\s*份|证\s*件|电\s*话|[^\u3400-\u9fff·\s]|\s{2}|$))"
)
_NUMBER_BARE: Final = re.compile(
    r"[\u4e00-\u9fff]\s*号(?:\s*码)?\s*[:：]?\s*([A-Za-z]{0,4}[-A-Za-z0-9]*\d[-A-Za-z0-9]*)"
)
_ADDRESS: Final = re.compile(
    r"(?:[住地现]\s*址|住\s*所|籍\s*贯|户\s*籍(?:\s*地)?)\s*[:：]?\s*(\S.*?)(?=\s+\S{2,6}\s*[:：]|\s*(?:电\s*话|邮\s*编|联\s*系)|$)"
)
_LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’]*")
_BETWEEN_WORDS: Final = re.compile(r"[\s,.·\-^_]{0,3}")
_WORDS_OF_A_NAME: Final = 5
_LATIN_BARE: Final = re.compile(
    r"(?:^|[^A-Za-z\s]\s*|Patient(?:'s)?\s*|Full\s*)Name\s*[:：]\s*"
    r"([A-Za-z][A-Za-z'.\-]*(?![A-Za-z'.\-]|\s*[:：])(?:[ ,]{1,2}[A-Za-z][A-Za-z'.\-]*(?![A-Za-z'.\-]|\s*[:：])){0,3})",
    re.IGNORECASE,
)
_LATIN_BEGIN: Final = re.compile(r"\s*[A-Za-z][A-Za-z'.\-]*(?:[ ,]{1,2}[A-Za-z][A-Za-z'.\-]*){0,3}")
_LABEL_END: Final = re.compile(r"[:：]\s*$")
_FIELD: Final = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,8}\s*[:：]|^\s*[【\[]")


@dataclass(frozen=True)
class _Placed:
    """A line as it stands upright, and as it is stored."""

    upright: WordLine
    stored: WordLine


Piece = tuple[_Placed, int, int]
"""A line and the part of its text, first and one past the last letter."""


def bars(words: PageWords, names: tuple[str, ...], numbers: tuple[str, ...] = ()) -> list[Box]:
    """Return a bar over everything on a page that says who somebody is.

    ``names`` and ``numbers`` are known: of the insured, guardians, the policyholder; they are found without any label.
    """
    rows = [[_Placed(upright, stored) for upright, stored in row] for row in _paired_rows(words)]
    pieces: list[Piece] = []
    for row in rows:
        pieces += _in_row(row, names, numbers)
    for upper, lower in pairwise(rows):
        pieces += _across(upper, lower, names, numbers)
        pieces += _going_on(upper, lower)
    pieces += _beneath_headings(rows)
    pieces += _downwards(rows, names, numbers)
    return list(dict.fromkeys(_bar(line.stored, first, last, words.turned) for line, first, last in pieces))


def _paired_rows(words: PageWords) -> Iterator[list[tuple[WordLine, WordLine]]]:
    """Yield the rows of a page, each line upright and as stored."""
    stored = {id(upright): line for upright, line in words.paired}
    uprights = [upright for upright, _line in words.paired]
    for row in rows_of(uprights):
        yield [(upright, stored[id(upright)]) for upright in row]


class _Joined:
    """The text of some lines in one, and the way back from a letter to its line."""

    def __init__(self, lines: Sequence[_Placed], between: str) -> None:
        self.text = ""
        self._starts: list[int] = []
        self._lines = lines
        for line in lines:
            self.text += between if self._starts else ""
            self._starts.append(len(self.text))
            self.text += line.upright.text

    def pieces(self, span: tuple[int, int]) -> Iterator[Piece]:
        """Yield the parts of the lines that a span covers."""
        for line, start in zip(self._lines, self._starts, strict=True):
            first, last = max(span[0] - start, 0), min(span[1] - start, len(line.upright.text))
            if first < last:
                yield line, first, last

    def boundary(self, count: int) -> int:
        """Return where the lines from ``count`` on begin."""
        return self._starts[count] if count < len(self._starts) else len(self.text)


def _in_row(row: Sequence[_Placed], names: tuple[str, ...], numbers: tuple[str, ...]) -> list[Piece]:
    """Return what must be hidden of a row: of each line, and of the row as it is read in one."""
    found: list[Piece] = []
    for line in row:
        for first, last in _spans(line.upright.text, names, numbers):
            found.append((line, first, last))
    joined = _Joined(row, " ")
    for span in _spans(joined.text, names, numbers):
        found += joined.pieces(span)
    return found


def _spans(text: str, names: tuple[str, ...], numbers: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    yield from spans_to_hide(text, names)
    yield from _in_latin_letters(text, names)
    for pattern in (_NAME_BARE, _NUMBER_BARE, _ADDRESS, _LATIN_BARE):
        for match in pattern.finditer(text):
            if match.group(1).strip():
                yield match.span(1)
    for number in numbers:
        for match in re.finditer(_with_gaps(number), text, re.IGNORECASE):
            yield match.span()


def _in_latin_letters(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where a name stands in Latin letters, as machines and papers in two languages print it."""
    words = [match.span() for match in _LATIN_WORD.finditer(text)]
    for place, (first, last) in enumerate(words):
        end = last
        for following in words[place : place + _WORDS_OF_A_NAME]:
            if following[0] > last and _BETWEEN_WORDS.fullmatch(text, end, following[0]) is None:
                break
            end = following[1]
            if any(tells(text[first:end], name) for name in names):
                yield first, end


def _with_gaps(number: str) -> str:
    """Return the pattern of a known number: blanks and dashes between its characters count for nothing."""
    return r"[\s\-－·.]*".join(re.escape(char) for char in number if not char.isspace())


def _across(
    upper: Sequence[_Placed], lower: Sequence[_Placed], names: tuple[str, ...], numbers: tuple[str, ...]
) -> Iterator[Piece]:
    """Yield the parts of a name or number that begins at the end of a row and goes on in the next."""
    joined = _Joined([*upper, *lower], "")
    boundary = joined.boundary(len(upper))
    known = [*(_letters(name) for name in names if name), *(_with_gaps(number) for number in numbers if number)]
    for pattern in known:
        for match in re.finditer(pattern, joined.text, re.IGNORECASE):
            if match.start() < boundary < match.end():
                yield from joined.pieces(match.span())


def _letters(name: str) -> str:
    return r"\s*".join(re.escape(letter) for letter in name if not letter.isspace())


def _going_on(upper: Sequence[_Placed], lower: Sequence[_Placed]) -> Iterator[Piece]:
    """Yield what follows of an address in the next row: it begins no field of its own."""
    joined = _Joined(upper, " ")
    match = _ADDRESS.search(joined.text)
    if match is None or match.end() < len(joined.text.rstrip()):
        return
    start = next(joined.pieces(match.span(1)))[0].upright
    for line in lower:
        is_near = 0 < line.upright.middle - start.middle < _DOWN * max(start.height, line.upright.height)
        if is_near and line.upright.right > start.left and _FIELD.search(line.upright.text) is None:
            yield line, 0, len(line.upright.text)


def _beneath_headings(rows: Sequence[Sequence[_Placed]]) -> Iterator[Piece]:
    """Yield the value of a bare heading: beside it, else beneath it, as in a table."""
    for place, row in enumerate(rows):
        for at, line in enumerate(row):
            if not _is_heading(line):
                continue
            beside = row[at + 1] if at + 1 < len(row) else None
            if beside is not None and not _is_heading(beside):
                yield beside, *_first_word(beside.upright.text)
            below = _below(line, rows[place + 1 :])
            if below is not None and _LABEL_END.search(below.upright.text) is None and not _is_heading(below):
                yield below, 0, len(below.upright.text)


def _is_heading(line: _Placed) -> bool:
    text = line.upright.text
    return _HEADING.match(text) is not None or ends_in_personal_label(text)


def _first_word(text: str) -> tuple[int, int]:
    latin = _LATIN_BEGIN.match(text)
    if latin is not None:
        return latin.span()
    start = len(text) - len(text.lstrip())
    word = text[start:].split(maxsplit=1)
    return start, start + len(word[0]) if word else start


def _below(line: _Placed, rows: Sequence[Sequence[_Placed]]) -> _Placed | None:
    """Return the nearest line beneath one, where it stands close."""
    above = line.upright
    for row in rows:
        for other in row:
            under = other.upright
            if under.middle - above.middle > _REACH * max(above.height, under.height):
                return None
            if min(above.right, under.right) > max(above.left, under.left):
                return other
    return None


def _downwards(rows: Sequence[Sequence[_Placed]], names: tuple[str, ...], numbers: tuple[str, ...]) -> Iterator[Piece]:
    """Yield the letters of a name or number that stand beneath each other."""
    short = [(place, line) for place, row in enumerate(rows) for line in row if len(line.upright.text.strip()) <= _FEW]
    reached: set[int] = set()
    for place, first in short:
        if id(first) in reached:
            continue
        chain, row = [first], place
        while (following := _next_letter(chain[-1], rows[row + 1 : row + 4])) is not None:
            chain.append(following[1])
            row += 1 + following[0]
        reached.update(map(id, chain))
        joined = _Joined(chain, "")
        for span in _spans(joined.text, names, numbers):
            yield from joined.pieces(span)


def _next_letter(line: _Placed, rows: Sequence[Sequence[_Placed]]) -> tuple[int, _Placed] | None:
    for step, row in enumerate(rows):
        for other in row:
            near, far = line.upright, other.upright
            is_under = min(near.right, far.right) > max(near.left, far.left)
            is_close = far.middle - near.middle < _DOWN * max(near.height, far.height)
            if is_under and is_close and len(far.text.strip()) <= _FEW:
                return step, other
    return None


def _bar(line: WordLine, first: int, last: int, turned: int) -> Box:
    """Return the bar over a piece of a line: larger along the writing than across it.

    A line that lies otherwise than the page is covered wholly: nobody knows where in it a letter stands.
    """
    lies = turned % 180 != 0
    is_along = (line.height >= line.width) if lies else (line.width >= line.height)
    place = widest_place_of(line, first, last, turned) if is_along or len(line.text) < _SEVERAL else line
    thick = place.width if lies else place.height
    across, along = (_HIGHER, _WIDER) if lies else (_WIDER, _HIGHER)
    return (
        max(place.left - across * thick, 0.0),
        max(place.top - along * thick, 0.0),
        min(place.right + across * thick, 1.0),
        min(place.bottom + along * thick, 1.0),
    )
