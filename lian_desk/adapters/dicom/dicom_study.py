"""Shows a study in the child: a sheet of what it is, then series after series, reports in their place.

Only the file of the page that is looked at is read; the rest of a disc stays sealed.
"""

import io
import zipfile
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from lian_desk.adapters.dicom.dicom import MOST_PIXELS
from lian_desk.adapters.dicom.dicom_instance import Instance, Sheets
from lian_desk.adapters.dicom.dicom_names import modality_words
from lian_desk.adapters.dicom.dicom_reading import BROKEN, Library, read_dataset
from lian_desk.adapters.dicom.dicom_words import person_lines
from lian_desk.adapters.exchange.instance_head import MOST_PAGES, InstanceKind
from lian_desk.adapters.exchange.page_images import POINTS_PER_PIXEL, PageImage, PageSize, WordRun
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.adapters.exchange.study_list import LIST_NAME, SeriesOfStudy, heads_from, member_names, series_of
from lian_desk.adapters.pages.text_sheet import SheetLine
from lian_desk.models.errors import ErrorCode

LARGEST_MEMBER: Final = 192 * 1024 * 1024
"""Bytes of one file of a study that is held while its page is drawn."""
SHEET_NAME: Final = "检查信息"
_LONGEST_LIST: Final = 16 * 1024 * 1024
_HELD: Final = 2
_PROBED: Final = 4
_PROBE_SCALE: Final = 0.25
_BROKEN: Final = (*BROKEN, zipfile.BadZipFile, zlib.error)


class Study:
    """A study; its first pages are the sheet. ``working_bytes`` is what its largest page needs."""

    def __init__(self, content: bytearray | PartsFile) -> None:
        """Read the list, and the head of one file for the sheet.

        Raises:
            Refusal: ``MATERIAL_DICOM_MISSING`` without the extra; not a study as the program makes it; too many pages.
        """
        self._library = Library()
        stream = io.BytesIO(content) if isinstance(content, bytearray) else content
        try:
            self._packed = zipfile.ZipFile(stream)
            if self._packed.getinfo(LIST_NAME).file_size > _LONGEST_LIST:
                raise Refusal(ErrorCode.MATERIAL_UNREADABLE)
            self._heads = heads_from(self._packed.read(LIST_NAME))
            self._names = member_names(self._heads)
            sizes = [self._packed.getinfo(name).file_size for name in self._names]
        except _BROKEN as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error
        self._held: OrderedDict[int, Instance] = OrderedDict()
        self._series = series_of(self._heads)
        self._sheet = Sheets(list(self._sheet_lines()))
        self._starts = list(accumulate((head.pages for head in self._heads), initial=self._sheet.page_count))
        self.page_count = self._starts[-1]
        if self.page_count > MOST_PAGES:
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PAGES, limit_pages=MOST_PAGES)
        self.working_bytes = self._most_pixels() * 24 + min(max(sizes, default=0), LARGEST_MEMBER)

    def _most_pixels(self) -> int:
        images = (size for head in self._heads if head.kind is InstanceKind.IMAGE for size in head.sizes)
        told = max((width * height / POINTS_PER_PIXEL**2 for width, height in images), default=0.0)
        return int(min(told, MOST_PIXELS))

    def probe(self) -> bool:
        """Draw the first page of some series, so that a decoder that cannot bear them is known before anybody looks.

        A page that cannot be drawn says so where it stands; the others are shown. True when a report holds programs.
        """
        is_active = False
        for head, number in self._first_of_series()[:_PROBED]:
            try:
                instance = self._instance(number)
                is_active |= head is InstanceKind.DOCUMENT and instance.probe()
                instance.render(0, _PROBE_SCALE, 0)
            except Refusal:
                # said on its page
                continue
        return is_active

    def _first_of_series(self) -> list[tuple[InstanceKind, int]]:
        found: dict[str, tuple[InstanceKind, int]] = {}
        for number, head in enumerate(self._heads):
            if head.pages:
                found.setdefault(head.series, (head.kind, number))
        return list(found.values())

    def page_sizes(self) -> list[PageSize]:
        """Return the size of every page in points, as the list tells it: no file is opened."""
        return [self.page_size(page) for page in range(self.page_count)]

    def page_size(self, page: int) -> PageSize:
        """Return the size of a page in points."""
        if page < self._sheet.page_count:
            return self._sheet.page_size(page)
        number, inner = self._place(page)
        sizes = self._heads[number].sizes
        return PageSize(*(sizes[0] if len(sizes) == 1 else sizes[inner]))

    def sections(self) -> list[tuple[str, int]]:
        """Return the name of the sheet and of every series, each with its first page."""
        found = [(SHEET_NAME, 0)]
        start = self._sheet.page_count
        for number, series in enumerate(self._series, start=1):
            if series.pages:
                found.append((_words_of(number, series), start))
            start += series.pages
        return found

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, turned clockwise.

        Raises:
            Refusal: truncated, or packed in a way that cannot be decoded.
        """
        if page < self._sheet.page_count:
            return self._sheet.render(page, scale, rotation)
        number, inner = self._place(page)
        return self._instance(number).render(inner, scale, rotation)

    def text(self, page: int) -> str:
        """Return the words of a page that has some: of the sheet, of a report."""
        if page < self._sheet.page_count:
            return self._sheet.text(page)
        number, inner = self._place(page)
        return "" if self._is_image(number) else self._instance(number).text(inner)

    def lines(self, page: int) -> list[WordRun]:
        """Return the words of a page with their places."""
        if page < self._sheet.page_count:
            return self._sheet.lines(page)
        number, inner = self._place(page)
        return [] if self._is_image(number) else self._instance(number).lines(inner)

    def worded_pages(self) -> list[int]:
        """Return the pages that have words of their own: the sheet and the reports, no image."""
        found = list(range(self._sheet.page_count))
        for number, head in enumerate(self._heads):
            if not self._is_image(number):
                found += range(self._starts[number], self._starts[number] + head.pages)
        return found

    def close(self) -> None:
        """Let go of the content."""
        self._held.clear()
        self._packed.close()

    def _is_image(self, number: int) -> bool:
        return self._heads[number].kind is InstanceKind.IMAGE

    def _place(self, page: int) -> tuple[int, int]:
        number = bisect_right(self._starts, page) - 1
        return number, page - self._starts[number]

    def _instance(self, number: int) -> Instance:
        if number in self._held:
            self._held.move_to_end(number)
            return self._held[number]
        while len(self._held) >= _HELD:
            self._held.popitem(last=False)[1].close()
        instance = Instance(self._content(number), is_part=True)
        if instance.page_count < self._heads[number].pages:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE)
        self._held[number] = instance
        return instance

    def _content(self, number: int) -> bytearray:
        try:
            if self._packed.getinfo(self._names[number]).file_size > LARGEST_MEMBER:
                raise Refusal(ErrorCode.MATERIAL_NOT_PREVIEWABLE)
            return bytearray(self._packed.read(self._names[number]))
        except _BROKEN as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error

    def _sheet_lines(self) -> Iterator[SheetLine]:
        try:
            dataset = read_dataset(self._library, io.BytesIO(self._content(self._telling())))
            yield from list(person_lines(dataset))
        except (Refusal, *_BROKEN):
            # the files are there all the same
            yield SheetLine("检查信息无法读取。")
        yield SheetLine("")
        for number, series in enumerate(self._series, start=1):
            yield SheetLine(_words_of(number, series))
        others = sum(1 for head in self._heads if not head.pages)
        if others:
            yield SheetLine(f"另有 {others} 个不含图像的文件，已一并保存。")

    def _telling(self) -> int:
        """The file whose head is shown: an image where there is one, its small head is told with every slice."""
        return next((number for number in range(len(self._heads)) if self._is_image(number)), 0)


def _words_of(number: int, series: SeriesOfStudy) -> str:
    count = f"{series.images} 幅" if series.images else f"{series.pages} 页"
    parts = (f"序列 {number}", modality_words(series.modality), series.words, count)
    return " · ".join(part for part in parts if part)
