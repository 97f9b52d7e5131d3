"""Shows one DICOM file in the child, whatever it holds: frames of an image, a report, a PDF, or only its head."""

from collections.abc import Iterator
from typing import Any, Final, Protocol

from lian_desk.adapters.dicom.dicom import Scan
from lian_desk.adapters.dicom.dicom_reading import Library, head_of, kind_of, read_dataset, readable, stream_of
from lian_desk.adapters.dicom.dicom_words import person_lines
from lian_desk.adapters.dicom.structured_report import report_lines
from lian_desk.adapters.exchange.instance_head import InstanceHead, InstanceKind
from lian_desk.adapters.exchange.page_images import PageImage, PageSize, WordRun
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.adapters.pages.papers import Paper
from lian_desk.adapters.pages.text_sheet import SheetLine, TextSheet
from lian_desk.models.errors import ErrorCode

NO_PICTURE: Final = "这份文件不含图像，原文件已完整保存，可以另存后用影像软件查看。"


class _Pages(Protocol):
    page_count: int
    working_bytes: int

    def probe(self) -> bool: ...
    def page_size(self, page: int) -> PageSize: ...
    def render(self, page: int, scale: float, rotation: int) -> PageImage: ...
    def text(self, page: int) -> str: ...
    def lines(self, page: int) -> list[WordRun]: ...
    def close(self) -> None: ...


class Sheets:
    """A text sheet in the form of every document in the child."""

    working_bytes = 0

    def __init__(self, lines: list[SheetLine]) -> None:
        self._sheet = TextSheet(lines)
        self.page_count = self._sheet.page_count

    def probe(self) -> bool:
        """Nothing is missing, and nothing can be run."""
        return False

    def page_size(self, page: int) -> PageSize:
        """Return the size of a page in points."""
        return self._sheet.page_size()

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, turned clockwise."""
        return self._sheet.render(page, scale, rotation)

    def text(self, page: int) -> str:
        """Return the words of a page."""
        return self._sheet.text(page)

    def lines(self, page: int) -> list[WordRun]:
        """Return the lines of a page with their boxes."""
        return self._sheet.lines(page)

    def close(self) -> None:
        """Nothing is held."""


class _Together:
    """Two documents as one, the pages of the second behind those of the first."""

    def __init__(self, first: _Pages, second: _Pages) -> None:
        self._parts = (first, second)
        self._from = first.page_count
        self.page_count = first.page_count + second.page_count
        self.working_bytes = max(first.working_bytes, second.working_bytes)

    def probe(self) -> bool:
        found = [part.probe() for part in self._parts]
        return any(found)

    def page_size(self, page: int) -> PageSize:
        part, inner = self._place(page)
        return part.page_size(inner)

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        part, inner = self._place(page)
        return part.render(inner, scale, rotation)

    def text(self, page: int) -> str:
        part, inner = self._place(page)
        return part.text(inner)

    def lines(self, page: int) -> list[WordRun]:
        part, inner = self._place(page)
        return part.lines(inner)

    def close(self) -> None:
        for part in self._parts:
            part.close()

    def _place(self, page: int) -> tuple[_Pages, int]:
        return (self._parts[0], page) if page < self._from else (self._parts[1], page - self._from)


class Instance:
    """One DICOM file as a document of the child."""

    def __init__(self, content: bytearray | PartsFile, *, is_part: bool = False) -> None:
        """Read the head, and what is no image as a whole.

        A PDF of its own gets a sheet of its head in front, since the paper itself need not say whose it is; as
        ``is_part`` of a study it needs none.

        Raises:
            Refusal: ``MATERIAL_DICOM_MISSING`` without the extra; ``MATERIAL_DICOM_DIRECTORY`` for the table of
                contents of a disc; unreadable; too many pixels, frames or pages.
        """
        library = Library()
        stream = stream_of(content)
        self._dataset = read_dataset(library, stream)
        self.kind = kind_of(self._dataset)
        if self.kind is InstanceKind.DIRECTORY:
            raise Refusal(ErrorCode.MATERIAL_DICOM_DIRECTORY)
        self._sheet_pages = 0
        self._pages = self._opened(library, stream, is_part=is_part)
        self.page_count = self._pages.page_count
        self.working_bytes = self._pages.working_bytes

    def _opened(self, library: Library, stream: Any, *, is_part: bool) -> _Pages:
        if self.kind is InstanceKind.IMAGE:
            return Scan(library, stream, self._dataset)
        whole = read_dataset(library, stream, whole=True)
        with readable():
            if self.kind is InstanceKind.DOCUMENT:
                paper = Paper(bytearray(whole.EncapsulatedDocument))
                if is_part:
                    return paper
                sheet = Sheets(list(person_lines(whole)))
                self._sheet_pages = sheet.page_count
                return _Together(sheet, paper)
            if self.kind is InstanceKind.REPORT:
                return Sheets([*person_lines(whole), *report_lines(whole)])
            return Sheets(list(_head_alone(whole)))

    def head(self) -> InstanceHead:
        """Return what the file says of itself.

        Raises:
            Refusal: it cannot be read.
        """
        count = 0 if self.kind is InstanceKind.OTHER else self.page_count - self._sheet_pages
        told = count if self.kind is InstanceKind.DOCUMENT else min(count, 1)
        sizes = [self.page_size(self._sheet_pages + page) for page in range(told)]
        return head_of(self._dataset, count, tuple((size.width, size.height) for size in sizes))

    def probe(self) -> bool:
        """Look whether it can be shown; True when it holds programs.

        Raises:
            Refusal: truncated or not to be decoded.
        """
        return self._pages.probe()

    def sections(self) -> list[tuple[str, int]]:
        """One file has no parts."""
        return []

    def worded_pages(self) -> list[int]:
        """Return the pages that can have words: of an image the first frame, with which its head is told."""
        return [0] if self.kind is InstanceKind.IMAGE else list(range(self.page_count))

    def page_sizes(self) -> list[PageSize]:
        """Return the size of every page in points."""
        return [self._pages.page_size(page) for page in range(self.page_count)]

    def page_size(self, page: int) -> PageSize:
        """Return the size of a page in points."""
        return self._pages.page_size(page)

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, turned clockwise.

        Raises:
            Refusal: truncated, or packed in a way that cannot be decoded.
        """
        return self._pages.render(page, scale, rotation)

    def text(self, page: int) -> str:
        """Return the words of a page, of an image those of its head."""
        return self._pages.text(page)

    def lines(self, page: int) -> list[WordRun]:
        """Return the words that stand on a page."""
        return self._pages.lines(page)

    def close(self) -> None:
        """Let go of the content."""
        self._pages.close()


def _head_alone(dataset: Any) -> Iterator[SheetLine]:
    yield from person_lines(dataset)
    yield SheetLine("")
    yield SheetLine(NO_PICTURE)
