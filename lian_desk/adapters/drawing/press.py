"""The one doorway to the PDF library: fonts, painting, and bytes. Imported late, by `documents.printing` alone."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lian_desk.adapters.drawing import NUMBER_MARK, cjk_patches, style
from lian_desk.adapters.drawing.ink import Ink
from lian_desk.adapters.drawing.layout import BoxMark, Heading, ImageMark, LineMark, Mark, TextMark
from lian_desk.adapters.machine.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lian_desk.adapters.drawing.paper_identity import PaperIdentity

REGULAR = "NotoSansSC"
BOLD = "NotoSansSC-Bold"
SIGNS = "DejaVuSansSigns"
SIGNS_BOLD = "DejaVuSansSigns-Bold"
#: The Chinese face has four of the small raised figures and not the rest; all of them come from one hand.
_ALWAYS_SIGNS = frozenset("¹²³⁴")

#: The library keeps the state of a font subset inside the font object; two documents at once must not share it.
_PRESS = Lock()


class Fonts:
    """Widths and coverage of the two faces, and of the two beside them that draw raised figures, ticked boxes and the like."""

    def __init__(self) -> None:
        """Read and register the faces; takes about 0.1 s, once per process."""
        cjk_patches.apply()
        regular = TTFont(REGULAR, str(resource_path("fonts", "NotoSansSC-Regular.ttf")))
        bold = TTFont(BOLD, str(resource_path("fonts", "NotoSansSC-Bold.ttf")))
        # without a first subset of ASCII: these faces hold none
        signs = TTFont(SIGNS, str(resource_path("fonts", "DejaVuSansSigns-Regular.ttf")), asciiReadable=0)
        signs_bold = TTFont(SIGNS_BOLD, str(resource_path("fonts", "DejaVuSansSigns-Bold.ttf")), asciiReadable=0)
        for font in (regular, bold, signs, signs_bold):
            cjk_patches.keep_tables(font)
            pdfmetrics.registerFont(font)
        covered = frozenset(regular.face.charToGlyph) & frozenset(bold.face.charToGlyph)
        beside = frozenset(signs.face.charToGlyph) & frozenset(signs_bold.face.charToGlyph)
        self._covered: frozenset[int] = covered | beside
        self._signs: frozenset[str] = frozenset(map(chr, beside - covered)) | _ALWAYS_SIGNS
        self._regular = {**_character_widths(regular), **self._sign_widths(signs)}
        self._bold = {**_character_widths(bold), **self._sign_widths(signs_bold)}

    def _sign_widths(self, font: TTFont) -> Mapping[str, float]:
        return {char: width for char, width in _character_widths(font).items() if char in self._signs}

    def has_glyph(self, code_point: int) -> bool:
        """Tell whether the code point can be drawn, regular and bold."""
        return code_point in self._covered

    def runs(self, text: str, *, bold: bool) -> list[tuple[str, str]]:
        """Return the text in pieces, each with the face that draws it."""
        face = BOLD if bold else REGULAR
        if self._signs.isdisjoint(text):
            return [(face, text)]
        signs = SIGNS_BOLD if bold else SIGNS
        return [
            (signs if is_sign else face, "".join(run)) for is_sign, run in groupby(text, key=self._signs.__contains__)
        ]

    def width(self, text: str, size: float, *, bold: bool) -> float:
        """Return the advance width of `text` in points."""
        widths = self._bold if bold else self._regular
        return sum([widths[character] for character in text]) * size


def _character_widths(font: TTFont) -> Mapping[str, float]:
    """Widths as a fraction of the type size, by character."""
    return {chr(point): width / 1000 for point, width in font.face.charWidths.items()}


@cache
def fonts() -> Fonts:
    """Return the registered fonts; the first call reads them."""
    return Fonts()


def paint(pages: Sequence[Sequence[Mark]], headings: Sequence[Heading], identity: PaperIdentity) -> bytes:
    """Return the PDF. The same marks give the same bytes: no time and no random name goes in."""
    with _PRESS:
        fonts()
        target = BytesIO()
        canvas = Canvas(
            target,
            pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
            initialFontName=REGULAR,
            initialFontSize=style.BODY.size,
            invariant=1,
            pageCompression=1,
            lang="zh-CN",
        )
        canvas.setTitle(identity.title)
        canvas.setAuthor(identity.author)
        canvas.setSubject(identity.title)
        canvas.setKeywords(f"{NUMBER_MARK}{identity.number}" if identity.number else "lian_desk")
        canvas.setCreator("lian_desk")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        for number, marks in enumerate(pages):
            for entry, heading in enumerate(headings):
                if heading.page == number:
                    key = f"h{entry}"
                    canvas.bookmarkHorizontal(key, 0, style.PAGE_HEIGHT - heading.y + 4)
                    canvas.addOutlineEntry(heading.title, key, level=0 if entry == 0 else 1, closed=0)
            _paint_page(canvas, marks)
            canvas.showPage()
        canvas.save()
        return target.getvalue()


def _paint_page(canvas: Any, marks: Sequence[Mark]) -> None:
    """Paint boxes and pictures first, so that no ground covers a text, then texts in reading order."""
    ink = Ink(canvas)
    for mark in marks:
        if isinstance(mark, BoxMark):
            ink.box(mark)
        elif isinstance(mark, LineMark):
            ink.line(mark)
        elif isinstance(mark, ImageMark):
            top = style.PAGE_HEIGHT - mark.y - mark.height
            canvas.drawImage(ImageReader(BytesIO(mark.jpeg)), mark.x, top, mark.width, mark.height)
    for mark in marks:
        if isinstance(mark, TextMark):
            ink.text(mark, fonts().runs(mark.text, bold=mark.bold))
