"""What a PDF page says in text of its own, told apart from everything else that it draws.

Text counts only where it is drawn: letters that are white, invisible, outside of the page or hidden by a picture (the
text layer of a scanner) are no words of the page. Letters without meaning stay ink. Whatever remains when the words are
taken away is ink that nobody has explained yet: pictures, letters drawn as curves, stamps, handwriting.
"""

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from lian_desk.adapters.exchange.page_images import InkPlace, WordRun
from lian_desk.adapters.pages.ink import FAINTEST, above, count, grown, ink_of, without_rules
from lian_desk.adapters.pages.page_survey import ToldApart
from lian_desk.adapters.pages.word_runs import Character, Edges, character_at, place_on, word_runs

if TYPE_CHECKING:
    import pypdfium2

_ENOUGH: Final = 12
"""Letters from which on a font can be judged by itself."""
_MOST_STRANGE: Final = 0.08
_MOST_FOREIGN: Final = 0.2
"""Share of Latin letters with marks above which Chinese text was taken apart byte by byte."""
_MOST_SIGNS: Final = 0.5
_MANY_SIGNS: Final = 8
_LEAST_COMMON: Final = 0.6
"""Share of Chinese characters that must belong to the 3,755 of daily use; in real text it is above nine tenths."""
_COMMON_ROWS: Final = range(0xB0, 0xD8)
_SYMBOL_FONTS: Final = ("symbol", "wingding", "webding", "dingbat")
_SYMBOLS: Final = range(0xF020, 0xF100)
_TICKED: Final = frozenset({pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON})
_OTHERWISE_DRAWN: Final = 48
"""Difference between the page as it is shown and its flat copy that is more than the tint of a form field."""


@dataclass
class _Piece:
    """A text object of the page with its letters."""

    handle: Any
    font: int
    is_symbolic: bool
    is_embedded: bool
    letters: list[Character] = field(default_factory=list)
    unmapped: int = 0


class TextSheet:
    """One page opened for its text, with form fields and annotations made part of it; to be closed."""

    def __init__(self, sheet: "pypdfium2.PdfPage", longest: int) -> None:
        """``sheet`` is closed with this."""
        self._sheet = sheet
        self._words = sheet.get_textpage()
        self._count = min(self._words.count_chars(), longest)
        self._pieces: dict[int, _Piece] = {}
        self._owner: dict[int, int] = {}
        self._signs = list(_signs(sheet))
        self._collect()
        self._believed = self._believable()

    def close(self) -> None:
        """Let go of the page."""
        self._words.close()
        self._sheet.close()

    def told_apart(self, shown: Image.Image, scale: float) -> ToldApart:
        """Return the words that are drawn and the rest; ``shown`` is the page as it is seen, at ``scale``."""
        if not self._believed and not self._signs:
            return ToldApart.unread(shown)
        rest, drawn = self._taken_off(shown, scale)
        around, beside = grown(drawn, 3), without_rules(ink_of(rest))

        def counts(letter: Character) -> bool:
            return self._is_drawn(letter, around, beside)

        runs = word_runs(self._sheet, self._words, self._count, counts)
        return ToldApart(tuple(runs), beside, count(drawn))

    def rest(self, shown: Image.Image, scale: float) -> Image.Image:
        """Return the page without its words."""
        return self._taken_off(shown, scale)[0] if self._believed or self._signs else shown

    def _taken_off(self, shown: Image.Image, scale: float) -> tuple[Image.Image, Image.Image]:
        """Return the page without its words, and where they were drawn."""
        whole = _picture(self._sheet, scale)
        modes = self._hide()
        bare = _picture(self._sheet, scale)
        self._show(modes)
        drawn = above(_difference(whole, bare), FAINTEST)
        return _with_what_differs(bare, shown, whole, drawn), drawn

    # -------------------------------------------------------------------------------------------------------- inside

    def _collect(self) -> None:
        for index in range(self._count):
            handle = pdfium.FPDFText_GetTextObject(self._words.raw, index)
            key = ctypes.cast(handle, ctypes.c_void_p).value if handle else None
            if key is None:
                continue
            piece = self._pieces.get(key)
            if piece is None:
                piece = self._pieces[key] = _piece(handle)
            self._owner[index] = key
            char = chr(pdfium.FPDFText_GetUnicode(self._words.raw, index))
            if char.isspace():
                continue
            if pdfium.FPDFText_HasUnicodeMapError(self._words.raw, index) == 1:
                piece.unmapped += 1
            letter = character_at(self._sheet, self._words, index, char)
            if letter is not None:
                piece.letters.append(letter)

    def _believable(self) -> frozenset[int]:
        """Return the pieces whose letters have a meaning: each by itself, its font, and the page as a whole."""
        by_font: dict[int, list[str]] = {}
        for piece in self._pieces.values():
            if not piece.is_symbolic:
                by_font.setdefault(piece.font, []).extend(letter.char for letter in piece.letters)
        if not makes_sense([char for chars in by_font.values() for char in chars]):
            return frozenset()
        senseless = {font for font, chars in by_font.items() if len(chars) >= _ENOUGH and not makes_sense(chars)}
        return frozenset(
            key
            for key, piece in self._pieces.items()
            if piece.font not in senseless and piece.letters and not _is_garbled(piece)
        )

    def _hide(self) -> list[tuple[Any, int]]:
        """Let the believed pieces and the signs leave no ink; return how each was drawn."""
        modes = []
        for handle in (*(self._pieces[key].handle for key in self._believed), *self._signs):
            modes.append((handle, pdfium.FPDFTextObj_GetTextRenderMode(handle)))
            pdfium.FPDFTextObj_SetTextRenderMode(handle, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
        return modes

    def _show(self, modes: list[tuple[Any, int]]) -> None:
        # a sign may be among the pieces too: the first mode of each is the true one
        for handle, mode in reversed(modes):
            pdfium.FPDFTextObj_SetTextRenderMode(handle, mode)

    def _is_drawn(self, letter: Character, around: Image.Image, beside: Image.Image) -> bool:
        """Tell whether a letter belongs to believed text and shows: here, or where its font is installed."""
        key = self._owner.get(letter.index)
        if key is None or key not in self._believed or _is_symbol(self._pieces[key], letter.char):
            return False
        pixels = _pixels(letter.box, around.size)
        if pixels is None:
            return False
        if around.crop(pixels).getbbox() is not None:
            return True
        piece = self._pieces[key]
        mode = pdfium.FPDFTextObj_GetTextRenderMode(piece.handle)
        is_hidden = mode in {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
        # another machine may have the font that is missing here; under a picture it shows on none
        return not piece.is_embedded and not is_hidden and beside.crop(_core(pixels)).getbbox() is None


def makes_sense(chars: Iterable[str]) -> bool:
    """Tell whether letters can be the text of a paper, and not the numbers of glyphs or bytes read in another coding."""
    seen = list(chars)
    if len(seen) < _ENOUGH:
        return not any(map(is_strange, seen))
    ideographs = [char for char in seen if "\u3400" <= char <= "\u9fff"]
    signs = [char for char in seen if char.isascii() and not char.isalnum()]
    strange = sum(map(is_strange, seen))
    foreign = sum(1 for char in seen if "\u00c0" <= char <= "\u024f")
    common = sum(map(_is_common, ideographs))
    return (
        strange <= _MOST_STRANGE * len(seen)
        and foreign <= _MOST_FOREIGN * len(seen)
        and (len(signs) <= _MOST_SIGNS * len(seen) or len(set(signs)) < _MANY_SIGNS)
        and (len(ideographs) < _ENOUGH or common >= _LEAST_COMMON * len(ideographs))
    )


def is_strange(char: str) -> bool:
    """Tell whether a character has no meaning: private, unassigned, a control, or the sign for what was not understood."""
    return unicodedata.category(char) in {"Co", "Cn", "Cc", "Cs"} or char == "\ufffd"


def _is_common(char: str) -> bool:
    # the first level of GB 2312 stands in rows 16 to 55
    coded = unicodedata.normalize("NFKC", char).encode("gb2312", "ignore")
    return bool(coded) and coded[0] in _COMMON_ROWS


def _is_garbled(piece: _Piece) -> bool:
    if piece.is_symbolic:
        return False
    return piece.unmapped > 0 or any(is_strange(letter.char) for letter in piece.letters)


def _is_symbol(piece: _Piece, char: str) -> bool:
    """A bullet of a symbol font is neither a word nor ink to wonder about."""
    return piece.is_symbolic and (ord(char) in _SYMBOLS or is_strange(char))


def _piece(handle: Any) -> _Piece:
    font = pdfium.FPDFTextObj_GetFont(handle)
    return _Piece(
        handle,
        ctypes.cast(font, ctypes.c_void_p).value or 0,
        _is_of_signs(font),
        pdfium.FPDFFont_GetIsEmbedded(font) == 1,
    )


def _signs(sheet: "pypdfium2.PdfPage") -> Iterator[Any]:
    """Yield the text objects in fonts of signs, such as the tick in a box: they say nothing about a person."""
    for item in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        if _is_of_signs(pdfium.FPDFTextObj_GetFont(item.raw)):
            yield item.raw


def _is_of_signs(font: Any) -> bool:
    length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    name = ctypes.create_string_buffer(max(length, 1))
    pdfium.FPDFFont_GetBaseFontName(font, name, length)
    plain = name.value.decode("latin-1").lower()
    return any(word in plain for word in _SYMBOL_FONTS)


@dataclass(frozen=True)
class Fields:
    """What the fields of forms and free notes of a page hold beside what is drawn: their words, and boxes to be ticked."""

    values: tuple[WordRun, ...]
    ticks: tuple[InkPlace, ...]


def fields_of(document: "pypdfium2.PdfDocument", sheet: "pypdfium2.PdfPage") -> Fields:
    """Return the values of form fields and notes, each with the place of its frame; hidden ones have none."""
    form = None if document.formenv is None else document.formenv.raw
    values: list[WordRun] = []
    ticks: list[InkPlace] = []
    for place in range(pdfium.FPDFPage_GetAnnotCount(sheet.raw)):
        note = pdfium.FPDFPage_GetAnnot(sheet.raw, place)
        if not note:
            continue
        try:
            box = _frame_of(sheet, note)
            if box is None:
                continue
            words = _words_of(form, note)
            if words:
                values.append(WordRun(words, *box))
            if form is not None and pdfium.FPDFAnnot_GetFormFieldType(form, note) in _TICKED:
                ticks.append(box)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
    return Fields(tuple(values), tuple(ticks))


def _frame_of(sheet: "pypdfium2.PdfPage", note: Any) -> InkPlace | None:
    if pdfium.FPDFAnnot_GetFlags(note) & (pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW):
        return None
    edges = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(note, edges):
        return None
    box = place_on(sheet, (edges.left, edges.bottom, edges.right, edges.top))
    return InkPlace(box[0], box[1], box[2] - box[0], box[3] - box[1])


def _words_of(form: Any, note: Any) -> str:
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(note, b"Contents", buffer, size))
    if kind != pdfium.FPDF_ANNOT_WIDGET or form is None:
        return ""
    written = {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
    if pdfium.FPDFAnnot_GetFormFieldType(form, note) not in written:
        return ""
    return _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, note, buffer, size))


def _string(ask: Any) -> str:
    """Ask twice, as PDFium wants it: for the length in bytes, then for the UTF-16 text."""
    length = ask(None, 0)
    if length <= 2:  # noqa: PLR2004 - nothing but the closing zero
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    ask(buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")


def _with_what_differs(bare: Image.Image, shown: Image.Image, whole: Image.Image, drawn: Image.Image) -> Image.Image:
    """Return the rest of a page, with what is shown but did not come over into the copy without fields.

    The edges of letters may differ in both, as fields are drawn twice where they are shown.
    """
    if shown.size != whole.size:
        return shown
    differs = ImageChops.subtract(above(_difference(shown, whole), _OTHERWISE_DRAWN), grown(drawn, 5))
    if differs.getbbox() is None:
        return bare
    rest = bare.copy()
    rest.paste(shown, mask=grown(differs, 5))
    return rest


def _picture(sheet: "pypdfium2.PdfPage", scale: float) -> Image.Image:
    drawn = sheet.render(scale=scale, rev_byteorder=True, limit_image_cache=True)
    try:
        # the pixels belong to the drawing, which is closed
        return Image.frombuffer("RGB", (drawn.width, drawn.height), bytes(drawn.buffer), "raw", "RGB", drawn.stride, 1)
    finally:
        drawn.close()


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    bands = ImageChops.difference(one, other).split()
    return ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])


def _core(pixels: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return the middle of a box: the frame of a field that touches a letter covers none."""
    left, top, right, bottom = pixels
    across, down = (right - left) // 4, (bottom - top) // 4
    return left + across, top + down, right - across, bottom - down


def _pixels(box: Edges, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return the pixels of a box, None where it lies outside of the page."""
    left, top = int(box[0] * size[0]), int(box[1] * size[1])
    right, bottom = int(box[2] * size[0]) + 1, int(box[3] * size[1]) + 1
    if right <= 0 or bottom <= 0 or left >= size[0] or top >= size[1]:
        return None
    return max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1])
