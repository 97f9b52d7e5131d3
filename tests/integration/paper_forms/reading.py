"""Reads a PDF back as a reader sees it."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from lian_desk.adapters.drawing.line_breaking import NO_START

if TYPE_CHECKING:
    from pathlib import Path

#: First words of the foot of every page.
FOOT = "本记录为就医服务类"


@dataclass(frozen=True)
class ReadBack:
    pages: tuple[str, ...]
    fonts: frozenset[tuple[str, bool]]
    outline: tuple[str, ...]
    metadata: dict[str, str]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def run(self) -> str:
        """The text without any white space: as somebody searches it."""
        return "".join(self.text.split())


def read_back(path: Path) -> ReadBack:
    document = pypdfium2.PdfDocument(path)
    try:
        pages: list[str] = []
        fonts: set[tuple[str, bool]] = set()
        for page in document:
            text_page = page.get_textpage()
            pages.append(text_page.get_text_range().replace("\r\n", "\n"))
            text_page.close()
            fonts |= {_font(item) for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,))}
            page.close()
        outline = tuple(entry.get_title() for entry in document.get_toc())
        return ReadBack(tuple(pages), frozenset(fonts), outline, document.get_metadata_dict())
    finally:
        document.close()


def _font(item: pypdfium2.PdfObject) -> tuple[str, bool]:
    font = pdfium.FPDFTextObj_GetFont(item.raw)
    length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    name = ctypes.create_string_buffer(length)
    pdfium.FPDFFont_GetBaseFontName(font, name, length)
    return name.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))


def poppler_text(path: Path, first_page: int = 1) -> str | None:
    """The text from a page on as poppler reads it, without white space; None where it is not installed."""
    program = shutil.which("pdftotext")
    if program is None:
        return None
    order = [program, "-f", str(first_page), "-enc", "UTF-8", str(path), "-"]
    done = subprocess.run(order, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def assert_sound(path: Path, page_count: int) -> ReadBack:
    """What every paper of the house must be, however long it is; returns what was read."""
    got = read_back(path)
    assert len(got.pages) == page_count
    # the heading of an attached page stands above its picture
    headings = {"".join(entry.split()) for entry in got.outline[1:] if not entry.endswith("页")}
    for number, page in enumerate(got.pages, start=1):
        assert f"第{number}/{page_count}页" in "".join(page.split())
        assert FOOT in page
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        for line in lines:
            # a middle dot joins the parts of a line and may stand where the reader cuts it; a dash is an empty field
            assert line[0] not in NO_START - {"·", "—"}, line
        foot = next(place for place, line in enumerate(lines) if line.startswith(FOOT))
        assert "".join(lines[foot - 1].split()) not in headings, f"a heading alone at the foot of page {number}"
    assert all(embedded and ("NotoSansSC" in name or "DejaVuSans" in name) for name, embedded in got.fonts)
    assert not {"\ufffd", "\ufffe", "\uffff", "\x00"} & set(got.text)
    other = poppler_text(path)
    if other is not None:
        assert Counter(other) == Counter(got.run), "the two readers see different characters"
    return got


def assert_in_order(run: str, pieces: list[str]) -> None:
    position = 0
    for piece in pieces:
        found = run.find("".join(piece.split()), position)
        assert found >= 0, f"{piece} is missing or out of order"
        position = found
