"""The render child: shows what can be shown, refuses the rest, and dies alone."""

import hashlib
import sys
import time
from pathlib import Path

import pytest

from lian_desk.adapters.exchange.page_images import LONGEST_SIDE, MOST_PIXELS, PageImage
from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.adapters.rendering import CHILD_SWITCH
from lian_desk.adapters.rendering import renderer as renderer_module
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer, child_arguments
from lian_desk.models.errors import DeskError, ErrorCode
from tests import material_corpus as corpus


def source(content: bytes) -> BytesSource:
    return BytesSource(hashlib.sha256(content).hexdigest(), content)


def pixel(image: PageImage, x: int, y: int) -> tuple[int, int, int]:
    start = y * image.stride + x * 3
    red, green, blue = image.pixels[start : start + 3]
    return red, green, blue


def is_dark(image: PageImage, x: int, y: int) -> bool:
    return sum(pixel(image, x, y)) < 300


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (corpus.pdf(3), MediaType.PDF, 3),
        (corpus.picture("JPEG"), MediaType.JPEG, 1),
        (corpus.picture("PNG"), MediaType.PNG, 1),
        (corpus.picture("PNG", mode="RGBA"), MediaType.PNG, 1),
        (corpus.picture("PNG", mode="P"), MediaType.PNG, 1),
        (corpus.picture("PNG", mode="I;16"), MediaType.PNG, 1),
        (corpus.picture("JPEG", mode="CMYK"), MediaType.JPEG, 1),
        (corpus.picture("WEBP"), MediaType.WEBP, 1),
        (corpus.picture("BMP"), MediaType.BMP, 1),
        (corpus.heic(), MediaType.HEIC, 1),
        (corpus.tiff(3), MediaType.TIFF, 3),
    ],
)
def test_every_kind_is_recognised_and_drawn(
    renderer: Renderer, content: bytes, media_type: MediaType, pages: int
) -> None:
    assert sniff(content[:HEAD_BYTES]) is media_type
    document = source(content)
    probe = renderer.probe(document)
    assert (probe.media_type, probe.page_count) == (media_type, pages)
    sizes = renderer.page_sizes(document)
    assert len(sizes) == pages
    for page, size in enumerate(sizes):
        image = renderer.render_page(document, page, 1.0)
        assert abs(image.width - size.width) <= 1
        assert abs(image.height - size.height) <= 1
        assert image.stride >= image.width * 3
        assert len(image.pixels) >= image.stride * image.height
        small = renderer.thumbnail(document, page, 64)
        assert max(small.width, small.height) <= 65


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_mark_is_obeyed(renderer: Renderer, orientation: int) -> None:
    document = source(corpus.picture("JPEG", (400, 300), orientation=orientation))
    (size,) = renderer.page_sizes(document)
    lying = orientation >= 5
    assert (size.width, size.height) == ((225.0, 300.0) if lying else (300.0, 225.0))
    image = renderer.render_page(document, 0, 4 / 3)
    assert (image.width, image.height) == ((300, 400) if lying else (400, 300))
    corner = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}[orientation]
    x = 10 if corner[1] == "l" else image.width - 10
    y = 10 if corner[0] == "t" else image.height - 10
    assert is_dark(image, x, y)
    assert not is_dark(image, image.width - x, image.height - y)


def test_a_heic_is_not_turned_twice(renderer: Renderer) -> None:
    document = source(corpus.heic())
    (size,) = renderer.page_sizes(document)
    assert (size.width, size.height) == (36.0, 48.0)
    image = renderer.render_page(document, 0, 4 / 3)
    red, _green, blue = pixel(image, image.width - 4, 4)
    assert blue > red


@pytest.mark.parametrize(("rotation", "corner"), [(0, (5, 5)), (90, (-6, 5)), (180, (-6, -6)), (270, (5, -6))])
def test_a_page_is_turned_clockwise(renderer: Renderer, rotation: int, corner: tuple[int, int]) -> None:
    document = source(corpus.picture("PNG", (400, 300)))
    image = renderer.render_page(document, 0, 4 / 3, rotation)
    assert (image.width, image.height) == ((300, 400) if rotation % 180 else (400, 300))
    assert is_dark(image, corner[0] % image.width, corner[1] % image.height)
    turned_pdf = renderer.render_page(source(corpus.pdf()), 0, 0.5, rotation)
    assert (turned_pdf.width > turned_pdf.height) is bool(rotation % 180)


def test_text_of_a_page(renderer: Renderer) -> None:
    document = source(corpus.pdf(2))
    assert renderer.page_text(document, 1).strip() == f"{corpus.MARKER} page 2"
    assert renderer.page_text(source(corpus.picture("PNG")), 0) == ""


REFUSED = {
    "empty name of a type": (b"%PDF-", ErrorCode.MATERIAL_TRUNCATED),
    "cut PDF": (corpus.cut(corpus.pdf(3)), ErrorCode.MATERIAL_TRUNCATED),
    "JPEG cut in its head": (corpus.cut(corpus.picture("JPEG"), 0.05), ErrorCode.MATERIAL_TRUNCATED),
    "PNG cut in its head": (corpus.picture("PNG", (600, 600))[:70], ErrorCode.MATERIAL_TRUNCATED),
    "locked PDF": (corpus.locked_pdf(), ErrorCode.MATERIAL_LOCKED),
    "text": (b"hello, this is no picture at all" * 9, ErrorCode.MATERIAL_TYPE_UNKNOWN),
    "program": (b"MZ\x90\x00" + bytes(500), ErrorCode.MATERIAL_TYPE_UNKNOWN),
    "junk after a PDF header": (b"%PDF-1.7\n" + bytes(range(256)) * 8 + b"%%EOF", ErrorCode.MATERIAL_UNREADABLE),
    "junk after a JPEG header": (b"\xff\xd8\xff\xe0" + bytes(300), ErrorCode.MATERIAL_UNREADABLE),
    "junk after a PNG header": (b"\x89PNG\r\n\x1a\n" + bytes(300), ErrorCode.MATERIAL_UNREADABLE),
    "junk after a HEIC header": (b"\x00\x00\x00\x18ftypheic" + bytes(300), ErrorCode.MATERIAL_UNREADABLE),
    "swollen PNG": (corpus.swollen_png(), ErrorCode.MATERIAL_TOO_MANY_PIXELS),
    "PDF of 12,000 pages": (corpus.crowded_pdf(12_000), ErrorCode.MATERIAL_TOO_MANY_PAGES),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_material_is_refused_and_the_child_lives(renderer: Renderer, name: str) -> None:
    content, code = REFUSED[name]
    assert renderer.probe(source(corpus.pdf())).page_count == 1
    child = renderer._child
    with pytest.raises(DeskError) as refusal:
        renderer.probe(source(content))
    assert refusal.value.code is code
    assert renderer._child is child
    assert renderer.probe(source(corpus.pdf(2))).page_count == 2


def test_a_pdf_that_inflates_to_a_gigabyte_ends_only_the_child(renderer: Renderer) -> None:
    bomb = corpus.inflating_pdf()
    assert len(bomb) < 2048
    assert renderer.probe(source(corpus.pdf())).page_count == 1
    for _attempt in range(4):
        started = time.monotonic()
        with pytest.raises(DeskError) as refusal:
            renderer.probe(source(bomb))
        assert refusal.value.code is ErrorCode.MATERIAL_NOT_PREVIEWABLE
        assert time.monotonic() - started < 10
    # it is not tried a third time
    assert renderer._child is None
    assert renderer.probe(source(corpus.pdf(4))).page_count == 4


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the child's limits from /proc")
def test_the_child_is_confined(renderer: Renderer) -> None:
    renderer.probe(source(corpus.pdf()))
    assert renderer._child is not None
    process = renderer._child._process.pid
    told = Path(f"/proc/{process}/limits").read_text(encoding="ascii").splitlines()[1:]
    limits = {line[:26].strip(): line[26:].split()[0] for line in told}
    assert limits["Max core file size"] == "0"
    assert limits["Max file size"] == "0"
    assert int(limits["Max data size"]) <= 640 * 1024 * 1024
    assert int(limits["Max address space"]) <= 5632 * 1024 * 1024
    assert int(limits["Max cpu time"]) <= 60
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    resident = int(status.split("VmRSS:")[1].split()[0])
    assert resident < 200 * 1024


def test_a_slow_document_is_given_up() -> None:
    with Renderer(request_seconds=0.0005) as hasty, pytest.raises(DeskError) as refusal:
        hasty.probe(source(corpus.pdf(400)))
    assert refusal.value.code is ErrorCode.MATERIAL_NOT_PREVIEWABLE


def test_strange_shapes_of_pages(renderer: Renderer) -> None:
    wide = source(corpus.endless_page_pdf())
    image = renderer.render_page(wide, 0, 4.0)
    assert image.width <= LONGEST_SIDE + 1
    assert image.width * image.height <= MOST_PIXELS
    with pytest.raises(DeskError):
        renderer.probe(source(corpus.looping_pdf()))
    many = source(corpus.crowded_pdf(9_000))
    assert len(renderer.page_sizes(many)) == 9_000
    assert renderer.render_page(many, 8_999, 0.5).width == 150


def test_a_large_photo_is_read_small(renderer: Renderer) -> None:
    # 108 million pixels as a phone takes them; the limit for decoding is 80
    document = source(corpus.picture("JPEG", (12_000, 9_000)))
    assert renderer.probe(document).page_count == 1
    (size,) = renderer.page_sizes(document)
    assert (size.width, size.height) == (9_000.0, 6_750.0)
    image = renderer.render_page(document, 0, 0.2)
    assert (image.width, image.height) == (1_800, 1_350)
    assert is_dark(image, 100, 100)


def test_a_killed_child_is_replaced_and_documents_are_sent_again(renderer: Renderer) -> None:
    document = source(corpus.pdf(2))
    assert renderer.probe(document).page_count == 2
    assert renderer._child is not None
    renderer._child._process.kill()
    renderer._child._process.wait()
    assert renderer.page_text(document, 0).strip() == f"{corpus.MARKER} page 1"


def test_many_documents_come_and_go(renderer: Renderer) -> None:
    documents = [source(corpus.pdf(page + 1)) for page in range(9)]
    for _round in range(2):
        for page, document in enumerate(documents):
            assert renderer.page_count(document) == page + 1


def test_a_frozen_program_becomes_its_own_child(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_arguments()[-2:] == ["-m", "lian_desk.adapters.rendering.child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_arguments() == [sys.executable, "--render-child"]
    monkeypatch.setattr(renderer_module, "child_arguments", lambda: [sys.executable, "-m", "lian_desk", CHILD_SWITCH])
    with Renderer() as made:
        assert made.probe(source(corpus.pdf(2))).page_count == 2


def test_a_child_that_nobody_asks_any_more_is_ended() -> None:
    """Half a dozen viewers once kept a child each, long after they were closed."""
    with Renderer(idle_seconds=0.3) as idle:
        assert idle.process_id is None
        assert idle.probe(source(corpus.pdf())).page_count == 1
        child = idle._child
        assert child is not None
        deadline = time.monotonic() + 30
        while idle.process_id is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert idle.process_id is None
        assert child._process.wait(10) is not None
        # it is simply started again
        assert idle.probe(source(corpus.pdf(2))).page_count == 2


def test_a_child_that_is_still_asked_is_left_alone_until_it_is_not() -> None:
    with Renderer(idle_seconds=600) as busy:
        assert busy.probe(source(corpus.pdf())).page_count == 1
        child = busy._child
        busy.rest()
        assert busy._child is child
        busy._last_use -= 601
        busy.rest()
        assert busy._child is None
        busy.rest()


def test_a_document_that_is_let_go_of_is_sent_again(renderer: Renderer) -> None:
    document = source(corpus.pdf(2))
    assert renderer.probe(document).page_count == 2
    renderer.forget(document)
    assert renderer._exchange({"do": "sizes", "id": document.id}, None, None)[0]["error"] == "not_open"
    assert renderer.probe(document).page_count == 2
