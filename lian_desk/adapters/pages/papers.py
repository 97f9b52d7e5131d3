"""Reads PDF documents in the child, by PDFium."""

import ctypes
import os
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.exchange.page_images import PageImage, PageSize, WordRun, bounded_scale
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.adapters.pages.ink import without_ticks
from lian_desk.adapters.pages.own_text import Fields, TextSheet, fields_of
from lian_desk.adapters.pages.page_survey import ToldApart, as_picture, as_pixels
from lian_desk.adapters.pages.word_runs import word_runs
from lian_desk.models.errors import ErrorCode
from lian_desk.models.vocabulary import MaterialFlaw

MOST_PAGES: Final = 10_000
LONGEST_TEXT: Final = 200_000
"""Characters of one page's text that are handed over."""
_TAIL_BYTES: Final = 1024
_END_MARK: Final = b"%%EOF"
_PROBE_SIDE: Final = 200
_LOOKED_AT: Final = 512 * 1024
_ACTIVE_MARKS: Final = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


class Paper:
    """A PDF document. PDFium gets no memory beside the common allowance: ``working_bytes`` is 0.

    ``flaw`` is what :meth:`probe` found missing.
    """

    working_bytes = 0

    def __init__(self, content: bytearray | PartsFile) -> None:
        """Open from memory, or by parts.

        Raises:
            Refusal: locked by a password, truncated, unreadable, too many pages.
        """
        self.flaw: Flaw | None = None
        self._content = content
        tail = _ends(content)[1]
        self._ends_well = _END_MARK in tail[-4 * _TAIL_BYTES :].rstrip(b"\x00 \t\r\n\x1a")[-_TAIL_BYTES:]
        self._flat: pypdfium2.PdfDocument | None = None
        try:
            self._document = pypdfium2.PdfDocument(self._buffer())
        except pypdfium2.PdfiumError as error:
            raise Refusal(self._reason(getattr(error, "err_code", None))) from error
        self.page_count = len(self._document)
        if self.page_count > MOST_PAGES:
            self.close()
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PAGES, limit_pages=MOST_PAGES)
        if self._document.get_formtype() != pdfium.FORMTYPE_NONE:
            self._document.init_forms()

    def _reason(self, number: int | None) -> ErrorCode:
        if number in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            return ErrorCode.MATERIAL_LOCKED
        return ErrorCode.MATERIAL_UNREADABLE if self._ends_well else ErrorCode.MATERIAL_TRUNCATED

    def probe(self) -> bool:
        """Look whether the end is there, and draw the first page once; True when it holds programs or files.

        A document that opens is taken in, whatever lies behind its end or is missing there. PDFium is built without an
        interpreter of scripts: they are named here, never run.

        Raises:
            Refusal: unreadable, or so truncated that no page is left.
        """
        if not self.page_count:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE if self._ends_well else ErrorCode.MATERIAL_TRUNCATED)
        if not self._ends_well:
            self.flaw = Flaw(MaterialFlaw.END_INCOMPLETE)
        size = self.page_size(0)
        self.render(0, _PROBE_SIDE / max(size.width, size.height, 1.0), 0)
        return self._is_active()

    def _is_active(self) -> bool:
        raw = self._document.raw
        if pdfium.FPDFDoc_GetJavaScriptActionCount(raw) > 0 or pdfium.FPDFDoc_GetAttachmentCount(raw) > 0:
            return True
        return any(mark in part for part in _ends(self._content) for mark in _ACTIVE_MARKS)

    def page_sizes(self) -> list[PageSize]:
        """Return the size of every page, turned as the document says."""
        return [self.page_size(page) for page in range(self.page_count)]

    def page_size(self, page: int) -> PageSize:
        """Return the size of one page.

        Raises:
            Refusal: the page cannot be read.
        """
        try:
            width, height = self._document.get_page_size(page)
        except pypdfium2.PdfiumError as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error
        return PageSize(float(width), float(height))

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, turned clockwise.

        Raises:
            Refusal: the page cannot be read.
        """
        try:
            sheet = self._document.get_page(page)
        except pypdfium2.PdfiumError as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error
        try:
            size = PageSize(float(sheet.get_width()), float(sheet.get_height()))
            drawn = sheet.render(
                scale=bounded_scale(size, scale), rotation=rotation % 360, rev_byteorder=True, limit_image_cache=True
            )
            try:
                return PageImage(drawn.width, drawn.height, drawn.stride, bytes(drawn.buffer))
            finally:
                drawn.close()
        finally:
            sheet.close()

    def text(self, page: int) -> str:
        """Return the text that stands in a page, as far as ``LONGEST_TEXT``.

        Raises:
            Refusal: the page cannot be read.
        """
        try:
            sheet = self._document.get_page(page)
        except pypdfium2.PdfiumError as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error
        try:
            words = sheet.get_textpage()
            try:
                return str(words.get_text_range(0, min(words.count_chars(), LONGEST_TEXT)))
            finally:
                words.close()
        finally:
            sheet.close()

    def lines(self, page: int) -> list[WordRun]:
        """Return the text of a page as runs with their boxes, as far as ``LONGEST_TEXT`` characters.

        Raises:
            Refusal: the page cannot be read.
        """
        try:
            sheet = self._document.get_page(page)
        except pypdfium2.PdfiumError as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error
        try:
            words = sheet.get_textpage()
            try:
                return word_runs(sheet, words, min(words.count_chars(), LONGEST_TEXT))
            finally:
                words.close()
        finally:
            sheet.close()

    def told_apart(self, page: int, scale: float) -> ToldApart:
        """Take a page apart: its own words that are drawn, values of form fields included, and the rest.

        Raises:
            Refusal: the page cannot be read.
        """
        shown = as_picture(self.render(page, scale, 0))
        with closing(TextSheet(self._text_sheet(page), LONGEST_TEXT)) as text:
            told = text.told_apart(shown, scale)
        fields = self._fields(page)
        missing = [value for value in fields.values if not _stands_in(value, told.runs)]
        return replace(told, runs=(*told.runs, *missing), ink=without_ticks(told.ink, fields.ticks))

    def rest(self, page: int, scale: float) -> PageImage:
        """Return a page without the words that :meth:`told_apart` finds.

        Raises:
            Refusal: the page cannot be read.
        """
        drawn = self.render(page, scale, 0)
        with closing(TextSheet(self._text_sheet(page), LONGEST_TEXT)) as text:
            return as_pixels(text.rest(as_picture(drawn), scale))

    def _text_sheet(self, page: int) -> pypdfium2.PdfPage:
        """Return a page with its form fields and annotations made part of it, on a copy that is never shown."""
        try:
            sheet = self._document.get_page(page)
            if pdfium.FPDFPage_GetAnnotCount(sheet.raw) < 1:
                return sheet
            sheet.close()
            if self._flat is None:
                self._flat = pypdfium2.PdfDocument(self._buffer())
                self._flat.init_forms()
            sheet = self._flat.get_page(page)
            if pdfium.FPDFPage_Flatten(sheet.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
                return sheet
            sheet.close()
            return self._flat.get_page(page)
        except pypdfium2.PdfiumError as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error

    def _fields(self, page: int) -> Fields:
        sheet = self._document.get_page(page)
        try:
            return fields_of(self._document, sheet)
        finally:
            sheet.close()

    def _buffer(self) -> Any:
        """Return the content as PDFium reads it: from this very memory for as long as the document is open."""
        content = self._content
        return (ctypes.c_ubyte * len(content)).from_buffer(content) if isinstance(content, bytearray) else content

    def close(self) -> None:
        """Close the document."""
        if self._flat is not None:
            self._flat.close()
        self._document.close()


def _stands_in(value: WordRun, runs: tuple[WordRun, ...]) -> bool:
    """Tell whether the words of a form field are among those that the page draws within its frame."""
    right, bottom = value.left + value.width, value.top + value.height
    inside = "".join(
        run.text
        for run in runs
        if run.left < right
        and value.left < run.left + run.width
        and run.top < bottom
        and value.top < run.top + run.height
    )
    return "".join(value.text.split()) in "".join(inside.split())


def _ends(content: bytearray | PartsFile) -> tuple[bytes, bytes]:
    """Return the beginning and the end of a document, as far as they are looked at."""
    if isinstance(content, bytearray):
        return bytes(content[:_LOOKED_AT]), bytes(content[-_LOOKED_AT:])
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _LOOKED_AT))
    tail = content.read(_LOOKED_AT) or b""
    content.seek(0)
    return content.read(_LOOKED_AT) or b"", tail
