"""Reads a PDF back as a reader sees it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from pathlib import Path


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
