"""The child process: reads requests from its standard input, answers on its standard output, trusts nothing it shows.

It ends when its parent is gone. What it cannot bear ends it; the parent starts another one.
"""

import io
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, runtime_checkable

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.exchange.frames import (
    NO_MEMORY,
    NOT_OPEN,
    Header,
    PipeClosed,
    read_exactly,
    read_header,
    write_header,
)
from lian_desk.adapters.exchange.instance_head import InstanceHead
from lian_desk.adapters.exchange.page_images import PageImage, PageSize, WordRun
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.adapters.fences.confinement import allow_request
from lian_desk.adapters.fences.fence import Fence, enclose
from lian_desk.adapters.file_kinds.containers import look_inside
from lian_desk.adapters.file_kinds.kept_files import Kept
from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.adapters.pages.page_survey import PageSurveys, rest_of
from lian_desk.models.errors import ErrorCode

MOST_DOCUMENTS: Final = 6
MOST_HELD_BYTES: Final = 256 * 1024 * 1024
_PARTED_BYTES: Final = 16 * 1024 * 1024
"""What a document counts that is read in parts, whatever its size."""


class _Document(Protocol):
    """A picture or a paper."""

    page_count: int
    working_bytes: int

    def probe(self) -> bool: ...
    def page_sizes(self) -> list[PageSize]: ...
    def page_size(self, page: int) -> PageSize: ...
    def render(self, page: int, scale: float, rotation: int) -> PageImage: ...
    def text(self, page: int) -> str: ...
    def lines(self, page: int) -> list[WordRun]: ...
    def close(self) -> None: ...


@runtime_checkable
class _Flawed(Protocol):
    """A document that notices what of it was lost before it came."""

    flaw: Flaw | None


@runtime_checkable
class _Headed(Protocol):
    """A DICOM file of its own."""

    def head(self) -> InstanceHead: ...


@runtime_checkable
class _Sectioned(Protocol):
    """A study with its series."""

    def sections(self) -> list[tuple[str, int]]: ...
    def worded_pages(self) -> list[int]: ...


Answer = tuple[Header, bytes]


class _Desk:
    """The documents the child holds open, and what it does with them."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[_Document, int, MediaType]] = OrderedDict()
        self._surveys = PageSurveys()
        self._acts: dict[str, Callable[[Header], Answer]] = {
            "probe": self._probe,
            "sizes": self._sizes,
            "render": self._render,
            "thumbnail": self._thumbnail,
            "text": self._text,
            "lines": self._lines,
            "dicom_head": self._dicom_head,
            "sections": self._sections,
            "worded_pages": self._worded_pages,
            "survey": self._survey,
            "rest": self._rest,
            "unexplained": self._unexplained,
            "close": self._close,
        }

    @property
    def held_bytes(self) -> int:
        return sum(size for _document, size, _kind in self._held.values())

    def open(self, key: str, content: bytearray | PartsFile) -> Answer:
        head = bytes(content[:HEAD_BYTES]) if isinstance(content, bytearray) else content.read(HEAD_BYTES) or b""
        media_type = sniff(head)
        if media_type is None:
            media_type = look_inside(io.BytesIO(content) if isinstance(content, bytearray) else content, head)
        if media_type is None:
            raise Refusal(ErrorCode.MATERIAL_TYPE_UNKNOWN)
        size = len(content) if isinstance(content, bytearray) else _PARTED_BYTES
        self._held[key] = (_document(content, media_type), size, media_type)
        return {}, b""

    def make_room(self, key: str, size: int) -> None:
        """Close what was not used longest, before another document of ``size`` bytes comes in."""
        if key in self._held:
            self._held.pop(key)[0].close()
        while self._held and (len(self._held) >= MOST_DOCUMENTS or self.held_bytes + size > MOST_HELD_BYTES):
            self._held.popitem(last=False)[1][0].close()

    def working_bytes(self, key: str) -> int:
        return self._held[key][0].working_bytes

    def knows(self, key: str) -> bool:
        return key in self._held

    def carry_out(self, request: Header) -> Answer:
        self._held.move_to_end(str(request["id"]))
        return self._acts[str(request["do"])](request)

    def _close(self, request: Header) -> Answer:
        self._surveys.forget(str(request["id"]))
        self._held.pop(str(request["id"]))[0].close()
        return {}, b""

    def _document(self, request: Header) -> _Document:
        return self._held[str(request["id"])][0]

    def _page(self, request: Header) -> int:
        page = int(request["page"])
        if not 0 <= page < self._document(request).page_count:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE)
        return page

    def _probe(self, request: Header) -> Answer:
        document, _size, media_type = self._held[str(request["id"])]
        is_active = document.probe()
        flaw = document.flaw if isinstance(document, _Flawed) else None
        return {"pages": document.page_count, "type": media_type.value, "active": is_active, "flaw": flaw}, b""

    def _sizes(self, request: Header) -> Answer:
        return {"sizes": [(size.width, size.height) for size in self._document(request).page_sizes()]}, b""

    def _render(self, request: Header) -> Answer:
        page = self._page(request)
        return _picture(self._document(request).render(page, float(request["scale"]), int(request["rotation"])))

    def _thumbnail(self, request: Header) -> Answer:
        page = self._page(request)
        document = self._document(request)
        size = document.page_size(page)
        scale = float(request["edge"]) / max(size.width, size.height, 1.0)
        return _picture(document.render(page, scale, int(request["rotation"])))

    def _text(self, request: Header) -> Answer:
        return {}, self._document(request).text(self._page(request)).encode("utf-8", "replace")

    def _dicom_head(self, request: Header) -> Answer:
        document = self._document(request)
        if not isinstance(document, _Headed):
            raise Refusal(ErrorCode.MATERIAL_TYPE_UNKNOWN)
        return {}, json.dumps(document.head().as_values()).encode()

    def _sections(self, request: Header) -> Answer:
        document = self._document(request)
        return {}, json.dumps(document.sections() if isinstance(document, _Sectioned) else []).encode()

    def _worded_pages(self, request: Header) -> Answer:
        document = self._document(request)
        pages = document.worded_pages() if isinstance(document, _Sectioned) else list(range(document.page_count))
        return {}, json.dumps(pages).encode()

    def _lines(self, request: Header) -> Answer:
        return {}, json.dumps(self._document(request).lines(self._page(request))).encode()

    def _survey(self, request: Header) -> Answer:
        found = self._surveys.survey(str(request["id"]), self._document(request), self._page(request))
        return {"share": found.unexplained.share}, json.dumps([found.runs, found.unexplained.places]).encode()

    def _rest(self, request: Header) -> Answer:
        return _picture(rest_of(self._document(request), self._page(request), float(request["scale"])))

    def _unexplained(self, request: Header) -> Answer:
        boxes = [(float(x), float(y), float(width), float(height)) for x, y, width, height in request["boxes"]]
        found = self._surveys.unexplained(str(request["id"]), self._document(request), self._page(request), boxes)
        return {"share": found.share}, json.dumps(found.places).encode()


def _document(content: bytearray | PartsFile, media_type: MediaType) -> _Document:
    """Open a document; each decoder is loaded only when it is needed."""
    if not media_type.is_shown:
        return Kept()
    if media_type is MediaType.PDF:
        from lian_desk.adapters.pages.papers import Paper  # noqa: PLC0415

        return Paper(content)
    if media_type is MediaType.DICOM:
        from lian_desk.adapters.dicom.dicom_instance import Instance  # noqa: PLC0415

        return Instance(content)
    if media_type is MediaType.DICOM_STUDY:
        from lian_desk.adapters.dicom.dicom_study import Study  # noqa: PLC0415

        return Study(content)
    from lian_desk.adapters.pictures.pictures import Picture  # noqa: PLC0415

    return Picture(content, media_type)


def _picture(image: PageImage) -> Answer:
    return {"width": image.width, "height": image.height, "stride": image.stride}, image.pixels


def serve(requests: BinaryIO, answers: BinaryIO, fence: Fence) -> None:
    """Answer requests until the parent is gone; the first word tells it which ``fence`` stands."""
    desk = _Desk()
    write_header(answers, {"ready": True, "size": 0, "fence": fence.as_facts()})
    while True:
        try:
            request = read_header(requests)
            header, payload = _answer(desk, request, requests, answers)
        except PipeClosed:
            return
        write_header(answers, {**header, "size": len(payload)})
        answers.write(payload)
        answers.flush()


def _answer(desk: _Desk, request: Header, requests: BinaryIO, answers: BinaryIO) -> Answer:
    try:
        if request["do"] == "open":
            key, size = str(request["id"]), int(request["size"])
            is_parted = bool(request.get("parted"))
            held = _PARTED_BYTES if is_parted else size
            desk.make_room(key, held)
            allow_request(desk.held_bytes + held)
            return desk.open(key, PartsFile(size, requests, answers) if is_parted else _content(requests, size))
        if not desk.knows(str(request["id"])):
            return {"error": NOT_OPEN}, b""
        allow_request(desk.held_bytes, desk.working_bytes(str(request["id"])))
        return desk.carry_out(request)
    except Refusal as refusal:
        return {"error": refusal.code.value, "parameters": refusal.parameters}, b""
    except MemoryError:
        return {"error": NO_MEMORY}, b""


def _content(requests: BinaryIO, size: int) -> bytearray:
    try:
        return read_exactly(requests, size)
    except MemoryError:
        # what was not read would be taken for the next request
        raise PipeClosed from None


def main() -> int:
    """Run as the child of a desk."""
    # a library that prints must not spoil the answers
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.close(silent)
    fence = enclose()
    with answers, open(0, "rb", buffering=0, closefd=False) as requests:
        serve(requests, answers, fence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
