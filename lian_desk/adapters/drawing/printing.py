"""From a laid-out sheet to a finished file: header and footer, painting, delivery, and what the caller learns.

`begin_sheet` and `finish` are the one place that imports the press, and with it reportlab and the fonts: starting the
program does not pay for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.delivery import deliver
from lian_desk.adapters.drawing.layout import LineMark, Sheet, TextMark
from lian_desk.adapters.drawing.legible_text import Legibility
from lian_desk.adapters.drawing.line_breaking import break_lines
from lian_desk.adapters.drawing.paper_identity import PaperIdentity
from lian_desk.adapters.drawing.seal import short_form

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType
    from typing import BinaryIO

    from lian_desk.adapters.drawing.layout import Mark
    from lian_desk.adapters.drawing.legible_text import ReplacedCharacter
    from lian_desk.adapters.drawing.views import Imprint, Stamp


@dataclass(frozen=True, slots=True)
class DrawnDocument:
    """What became of a document.

    `sha256` is the digest of the file's bytes, `seal` the digest of what it says (printed in the footer).
    `replaced` lists the characters no font of the program can show, named in print by their code point.
    """

    page_count: int
    size: int
    sha256: str
    seal: str
    replaced: tuple[ReplacedCharacter, ...]


def _press() -> ModuleType:
    # The PDF library and two fonts of 10 MB: only a process that draws a document loads them, and only here.
    from lian_desk.adapters.drawing import press  # noqa: PLC0415

    return press


def warm_up() -> None:
    """Load the PDF library and the fonts ahead of the first document (about 0.2 s; call it off the UI thread)."""
    _press().fonts()


def begin_sheet() -> Sheet:
    """Return an empty sheet that measures with the fonts of the program."""
    fonts = _press().fonts()
    return Sheet(fonts, Legibility(fonts.has_glyph))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the content of every page."""

    title: str
    stamp: Stamp
    imprint: Imprint
    seal: str


def finish(sheet: Sheet, frame: Frame, target: Path | BinaryIO) -> DrawnDocument:
    """Frame the pages, paint them and deliver the file. Raises EnvironmentProblem when it cannot be written."""
    title = f"{frame.title} {frame.stamp.record_number}"
    identity = PaperIdentity(title, frame.imprint.provider_name, frame.stamp.record_number)
    content: bytes = _press().paint(framed_pages(sheet, frame), sheet.headings, identity)
    deliver(content, target)
    return DrawnDocument(
        page_count=len(sheet.pages),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        seal=frame.seal,
        replaced=sheet.legibility.replaced(),
    )


def framed_pages(sheet: Sheet, frame: Frame) -> list[list[Mark]]:
    """Return every page with its header and footer, in reading order."""
    total = len(sheet.pages)
    return [
        [*_header(sheet, frame), *marks, *_footer(sheet, frame, number, total)]
        for number, marks in enumerate(sheet.pages, start=1)
    ]


def _header(sheet: Sheet, frame: Frame) -> list[Mark]:
    number = frame.stamp.file_number
    left = f"电子就医协助服务档案 {number}" if number else "就医协助服务 · 团队"
    open_data = "" if frame.stamp.masked else "未遮盖个人信息"
    reader = frame.stamp.reader or "仅供服务使用"
    sample = "医院名录为样例" if frame.stamp.sample_list else ""
    right = " · ".join(part for part in ("保密", open_data, sample, reader) if part)
    return [_left(left, style.HEADER_TOP), _right(sheet, right, style.HEADER_TOP)]


def _footer(sheet: Sheet, frame: Frame, number: int, total: int) -> list[Mark]:
    kind = style.MARGINAL
    top = style.FOOTER_TOP
    marks: list[Mark] = [
        LineMark(style.MARGIN, top, style.PAGE_WIDTH - style.MARGIN, top, style.GRID),
    ]
    top += 5
    for line in break_lines(
        frame.imprint.footer_notice,
        style.CONTENT_WIDTH,
        lambda piece: sheet.metrics.width(piece, kind.size, bold=False),
    ):
        marks.append(_left(line, top))
        top += kind.pitch
    seal = f"封印 SHA-256 {short_form(frame.seal)}"
    if frame.stamp.audit_head:
        seal += f" · 操作记录 {short_form(frame.stamp.audit_head)}"
    marks += [_left(f"{seal} · 可用「校验记录」核对", top), _right(sheet, f"第 {number} / {total} 页", top)]
    return marks


def _left(text: str, top: float) -> TextMark:
    return _marginal(style.MARGIN, top, text)


def _right(sheet: Sheet, text: str, top: float) -> TextMark:
    width = sheet.metrics.width(text, style.MARGINAL.size, bold=False)
    return _marginal(style.PAGE_WIDTH - style.MARGIN - width, top, text)


def _marginal(x: float, top: float, text: str) -> TextMark:
    kind = style.MARGINAL
    return TextMark(
        x, top + (kind.pitch - kind.size) / 2 + 0.88 * kind.size, text, kind.size, kind.bold, style.SECONDARY
    )
