"""Showing materials: small pictures per second, and the first page of a long PDF, both from the sealed store."""

import io
from time import perf_counter
from typing import Final

import pypdfium2
from PIL import Image

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.adapters.storage.thumbnails import StoredSource, Thumbnails
from lian_desk.benchmarks.figures import Figure, figure, times_of
from lian_desk.benchmarks.materials.materials_desk import fresh_desk
from lian_desk.benchmarks.materials.materials_suite import MaterialsBench
from lian_desk.benchmarks.scanned_pdf import scanned_pdf

_EDGE: Final = 240
_PAGES: Final = 500
_PAGE_BYTES: Final = 150_000
_FIRST_PAGE_AIM_MS: Final = 100.0
_PHOTOS: Final = 24


def measure_thumbnails(bench: MaterialsBench) -> list[Figure]:
    """Return the time of one small picture of a phone's photo, against Pillow alone on the open file."""
    target = io.BytesIO()
    Image.effect_noise((2_000, 1_500), 60).convert("RGB").resize((4_000, 3_000)).save(target, "JPEG", quality=85)
    photo = target.getvalue()
    with fresh_desk(bench.room("showing") / "workspace") as (desk, _file_id):
        kept = [desk.materials.keep(_told_apart(photo, number)) for number in range(_PHOTOS)]
        small = Thumbnails(desk.materials, desk.renderer)
        small.of(kept[0].sha256, kept[0].size, _EDGE)
        taken = []
        for stored in kept[1:]:
            begun = perf_counter()
            small.of(stored.sha256, stored.size, _EDGE)
            taken.append((perf_counter() - begun) * 1000)
    floor = times_of(lambda: _small_by_pillow(photo), len(taken))
    per_second = 1000 * len(taken) / sum(taken)
    return [figure(f"thumbnail of a 12-megapixel photo ({per_second:.1f} per second)", taken, "Pillow alone", floor)]


def _told_apart(photo: bytes, number: int) -> bytes:
    told = f"{number:010}".encode()
    return photo[:2] + b"\xff\xfe" + (len(told) + 2).to_bytes(2, "big") + told + photo[2:]


def _small_by_pillow(photo: bytes) -> bytes:
    with Image.open(io.BytesIO(photo)) as image:
        image.draft("RGB", (_EDGE, _EDGE))
        image.thumbnail((_EDGE, _EDGE))
        return image.tobytes()


def measure_first_page(bench: MaterialsBench) -> list[Figure]:
    """Return the time from the wish to the pixels of page 1 of a PDF nobody has open, all page sizes included."""
    content = scanned_pdf(_PAGES, _PAGE_BYTES)
    with fresh_desk(bench.room("showing") / "workspace") as (desk, _file_id):
        kept = desk.materials.keep(content)
        source = StoredSource(desk.materials, kept.sha256, kept.size)
        with Renderer() as renderer:
            # the child runs, as it does when a desk has shown anything before
            renderer.probe(BytesSource("warm", scanned_pdf(1, 1_000)))
            taken = [_open(renderer, source) for _ in range(bench.runs)]
    floor = times_of(lambda: _open_by_pdfium(content), bench.runs)
    name = f"first page of a {_PAGES}-page PDF of {len(content) / 1e6:.0f} MB, sealed"
    return [figure(name, taken, "PDFium alone, bytes in memory", floor, aim_ms=_FIRST_PAGE_AIM_MS)]


def _open(renderer: Renderer, source: StoredSource) -> float:
    begun = perf_counter()
    renderer.page_sizes(source)
    renderer.render_page(source, 0, 1.0)
    spent = (perf_counter() - begun) * 1000
    renderer.forget(source)
    return spent


def _open_by_pdfium(content: bytes) -> int:
    document = pypdfium2.PdfDocument(content)
    try:
        for page in range(len(document)):
            document.get_page_size(page)
        return int(document[0].render(scale=1.0).width)
    finally:
        document.close()
