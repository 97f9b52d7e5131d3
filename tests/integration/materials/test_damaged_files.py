"""Files that lost a part before they came: taken in with a note of what is missing, wherever anybody could open them."""

import hashlib
import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from lian_desk.adapters.exchange.flaws import Flaw, lost_from
from lian_desk.adapters.pictures.jpeg_damage import jpeg_damage
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialFlaw
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource as MaterialListing
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.services.materials.views import load_material_view
from lian_desk.services.words.flaw_words import flaw_of, flaw_words
from tests import material_corpus as corpus

CASES = Path(__file__).parents[2] / "cases"
PDFS = ("no_end_mark", "html_after_the_end", "nul_padding_8k", "6kB_block_after_the_end", "no_startxref")


def source(content: bytes) -> BytesSource:
    return BytesSource(hashlib.sha256(content).hexdigest(), content)


def photo(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with something everywhere, never black and never the grey of missing data."""
    rng = random.Random(7)
    small = Image.frombytes("RGB", (80, 60), bytes(rng.randrange(150, 250) for _ in range(80 * 60 * 3)))
    return small.resize(size)


def packed(kind: str, **more: object) -> bytes:
    target = io.BytesIO()
    photo().save(target, kind, **more)
    return target.getvalue()


def cut(content: bytes, place: int) -> bytes:
    return content[:place]


def zeroed(content: bytes, place: int) -> bytes:
    """As after a broken transfer of a known length: the end mark of some formats stands all the same."""
    end = b"\xff\xd9" if content[-2:] == b"\xff\xd9" else b""
    return content[:place] + bytes(len(content) - place - len(end)) + end


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_with_a_strange_end_is_taken_in_with_a_note(desk: Desk, intake: MaterialIntake, name: str) -> None:
    content = (CASES / "pdf" / f"{name}.pdf").read_bytes()
    result = intake.take_in(IntakeItem(f"{name}.pdf", content))
    assert result.outcome is IntakeOutcome.ADDED
    assert "文件结尾不完整" in result.sentence
    assert result.material_id is not None
    view = load_material_view(desk, result.material_id)
    assert (view.page_count, view.flaw) == (2, Flaw(MaterialFlaw.END_INCOMPLETE))
    listing = MaterialListing(desk)
    row = listing.rows([result.material_id])[result.material_id]
    assert row.flaw == view.flaw
    assert list(listing.keys(ListQuery())) == [result.material_id]


def test_a_pdf_is_whole_when_its_end_is_where_it_should_be(renderer: Renderer) -> None:
    for tail in (b"", b"\n", b"\r\n \n", b"\x00" * 40, b"\x1a"):
        assert renderer.probe(source(corpus.pdf(2) + tail)).flaw is None


@pytest.mark.parametrize("damage", [cut, zeroed])
@pytest.mark.parametrize("quality", [40, 90])
@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"subsampling": 0}, {"restart_marker_rows": 4}])
def test_a_jpeg_says_from_which_line_it_is_lost(
    renderer: Renderer, damage: Callable[[bytes, int], bytes], quality: int, options: dict[str, object]
) -> None:
    content = packed("JPEG", quality=quality, **options)
    assert renderer.probe(source(content)).flaw is None
    lines = []
    for share in (0.3, 0.5, 0.8):
        flaw = renderer.probe(source(damage(content, int(len(content) * share)))).flaw
        assert flaw is not None
        assert (flaw.kind, flaw.page, flaw.lines) == (MaterialFlaw.BOTTOM_LOST, 1, 480)
        assert abs(flaw.line - 480 * share) < 60
        lines.append(flaw.line)
    assert lines == sorted(set(lines))


@pytest.mark.parametrize("mark", range(1, 9))
def test_the_lost_side_is_told_as_the_picture_is_seen(renderer: Renderer, mark: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = mark
    content = packed("JPEG", exif=exif)
    flaw = renderer.probe(source(zeroed(content, len(content) // 2))).flaw
    assert flaw is not None
    sides = {1: "bottom", 2: "bottom", 3: "top", 4: "top", 5: "right", 6: "left", 7: "left", 8: "right"}
    assert flaw.kind.value == f"{sides[mark]}_lost"
    assert abs(flaw.line - 240) < 60
    # what is grey is grey on that side
    image = renderer.render_page(source(zeroed(content, len(content) // 2)), 0, 4 / 3)
    edge = {
        "bottom": (image.width // 2, image.height - 3),
        "top": (image.width // 2, 3),
        "left": (3, image.height // 2),
        "right": (image.width - 3, image.height // 2),
    }[sides[mark]]
    start = edge[1] * image.stride + edge[0] * 3
    assert all(abs(value - 128) <= 2 for value in image.pixels[start : start + 3])


def test_the_side_of_every_orientation_is_told_from_the_right_end() -> None:
    assert lost_from(30, 100, 1) == Flaw(MaterialFlaw.BOTTOM_LOST, 1, 31, 100)
    assert lost_from(30, 100, 3, page=2) == Flaw(MaterialFlaw.TOP_LOST, 2, 70, 100)
    assert lost_from(30, 100, 6) == Flaw(MaterialFlaw.LEFT_LOST, 1, 70, 100)
    assert lost_from(30, 100, 8) == Flaw(MaterialFlaw.RIGHT_LOST, 1, 31, 100)
    assert lost_from(30, 100, 77).kind is MaterialFlaw.BOTTOM_LOST


def test_a_progressive_jpeg_loses_sharpness(renderer: Renderer) -> None:
    content = packed("JPEG", progressive=True)
    assert renderer.probe(source(content)).flaw is None
    flaw = renderer.probe(source(content[: len(content) * 7 // 10])).flaw
    assert flaw == Flaw(MaterialFlaw.DETAIL_LOST)


def test_a_hole_in_the_middle_is_told(renderer: Renderer) -> None:
    content = packed("JPEG", quality=90)
    place = len(content) // 2
    for hole in (bytes(3000), b"\xff\x3a" + bytes(range(1, 255)) * 11):
        flaw = renderer.probe(source(content[:place] + hole + content[place + len(hole) :])).flaw
        assert flaw is not None
        assert flaw.kind is MaterialFlaw.BAND_DAMAGED
        assert abs(flaw.line - 240) < 60


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}, {"quality": 30}])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_plain_page_is_not_called_damaged(mode: str, options: dict[str, object]) -> None:
    """A white page is coded by very few bits, many of them zero."""
    for shade in (255, 254, 128, 0):
        target = io.BytesIO()
        Image.new(mode, (1240, 1754), (shade,) * 3 if mode == "RGB" else shade).save(target, "JPEG", **options)
        assert jpeg_damage(target.getvalue()) is None


def test_what_phones_append_to_a_jpeg_is_no_damage(renderer: Renderer) -> None:
    content = packed("JPEG")
    for appended in (bytes(5000), packed("JPEG", quality=20), b"SEFT" + bytes(3000)):
        assert renderer.probe(source(content + appended)).flaw is None


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_png_says_from_which_line_it_is_lost(renderer: Renderer, share: float) -> None:
    content = packed("PNG")
    assert renderer.probe(source(content)).flaw is None
    for damaged in (cut(content, int(len(content) * share)), zeroed(content, int(len(content) * share))):
        flaw = renderer.probe(source(damaged)).flaw
        assert flaw is not None
        assert (flaw.kind, flaw.lines) == (MaterialFlaw.BOTTOM_LOST, 480)
        assert abs(flaw.line - 480 * share) < 40
        assert renderer.render_page(source(damaged), 0, 0.5).width == 240


def test_a_png_without_its_end_lost_nothing(renderer: Renderer) -> None:
    content = packed("PNG")
    assert renderer.probe(source(content[:-12])).flaw == Flaw(MaterialFlaw.END_INCOMPLETE)


def test_a_png_whose_checksums_lie_is_counted(renderer: Renderer) -> None:
    """Cut data under right checksums, as a program leaves them that saved what it had."""
    whole = packed("PNG")
    place = whole.index(b"IDAT")
    body = whole[place + 4 : place + 4 + int.from_bytes(whole[place - 4 : place], "big")]
    half = body[: len(body) // 2]
    chunk = struct.pack(">I", len(half)) + b"IDAT" + half + struct.pack(">I", zlib.crc32(b"IDAT" + half))
    saved = whole[: place - 4] + chunk + b"\x00\x00\x00\x00IEND\xaeB`\x82"
    flaw = renderer.probe(source(saved)).flaw
    assert flaw is not None
    assert (flaw.kind, flaw.lines) == (MaterialFlaw.BOTTOM_LOST, 480)


def test_a_large_png_is_judged_by_its_checksums(renderer: Renderer) -> None:
    target = io.BytesIO()
    photo((3000, 2000)).save(target, "PNG", compress_level=1)
    content = target.getvalue()
    assert renderer.probe(source(content)).flaw is None
    flaw = renderer.probe(source(zeroed(content, len(content) // 2))).flaw
    assert flaw is not None
    assert abs(flaw.line - 1000) < 100


def test_a_tiff_whose_data_end_early(renderer: Renderer) -> None:
    whole = corpus.early_tiff(1)
    assert renderer.probe(source(whole)).flaw is None
    assert renderer.probe(source(whole[: int(len(whole) * 0.9)])).flaw == Flaw(MaterialFlaw.BOTTOM_LOST, 1, 121, 160)
    assert renderer.probe(source(whole[: int(len(whole) * 0.6)])).flaw == Flaw(MaterialFlaw.BOTTOM_LOST, 1, 81, 160)
    flaw = renderer.probe(source(zeroed(whole, int(len(whole) * 0.6)))).flaw
    assert flaw is not None
    assert flaw.kind is MaterialFlaw.BOTTOM_LOST
    assert 81 <= flaw.line <= 121


def test_a_tiff_that_ends_in_the_middle_of_its_pages(renderer: Renderer) -> None:
    whole = corpus.early_tiff(3)
    probe = renderer.probe(source(whole[: int(len(whole) * 0.6)]))
    assert (probe.page_count, probe.flaw) == (2, Flaw(MaterialFlaw.PAGES_LOST, 2))
    probe = renderer.probe(source(whole[:-50]))
    assert (probe.page_count, probe.flaw) == (3, Flaw(MaterialFlaw.BOTTOM_LOST, 3, 121, 160))
    # a strip in the middle page that was overwritten
    spoilt = bytearray(whole)
    place = len(whole) // 2
    spoilt[place : place + 2000] = bytes(2000)
    probe = renderer.probe(source(bytes(spoilt)))
    assert probe.flaw is not None
    assert (probe.page_count, probe.flaw.page) == (3, 2)


def test_the_photo_of_a_phone_says_which_tiles_are_lost(renderer: Renderer) -> None:
    content = (CASES / "images" / "phone_photo_12_megapixels.heic").read_bytes()
    assert renderer.probe(source(content)).flaw is None
    half = len(content) // 2
    for damaged in (content[:half], content[:half] + bytes(len(content) - half)):
        assert renderer.probe(source(damaged)).flaw == Flaw(MaterialFlaw.BOTTOM_LOST, 1, 1537, 3072)
        assert renderer.render_page(source(damaged), 0, 0.1).width == 307
    hole = content[:half] + bytes(9000) + content[half + 9000 :]
    assert renderer.probe(source(hole)).flaw == Flaw(MaterialFlaw.BAND_DAMAGED, 1, 1537, 3072)


def test_the_photo_from_an_interrupted_transfer(desk: Desk, intake: MaterialIntake) -> None:
    content = (CASES / "images" / "lower_half_lost.jpg").read_bytes()
    result = intake.take_in(IntakeItem("照片.jpg", content))
    assert result.outcome is IntakeOutcome.ADDED
    assert "图片自第 961 行以下损坏（共 1900 行）" in result.sentence
    with desk.read() as session:
        row = session.scalars(select(Material)).one()
    assert flaw_of(row) == Flaw(MaterialFlaw.BOTTOM_LOST, 1, 961, 1900)


def test_a_bitmap_is_lost_at_its_top(renderer: Renderer) -> None:
    content = packed("BMP")
    flaw = renderer.probe(source(content[: len(content) * 3 // 4])).flaw
    assert flaw == Flaw(MaterialFlaw.TOP_LOST, 1, 121, 480)
    assert renderer.probe(source(packed("GIF")[:-3000])).flaw == Flaw(MaterialFlaw.PART_DAMAGED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "AVIF"])
def test_what_shows_nothing_is_still_refused(renderer: Renderer, kind: str) -> None:
    content = packed(kind)
    for keeps in (30, 60):
        with pytest.raises(DeskError):
            renderer.probe(source(content[:keeps]))


@pytest.mark.parametrize("seed", range(6))
def test_no_damage_ends_the_child(renderer: Renderer, seed: int) -> None:
    """Holes, cuts and swapped bytes at random places: an answer or a refusal each, never a dead child."""
    rng = random.Random(seed)
    files = [
        packed("JPEG"), packed("JPEG", progressive=True), packed("PNG"), packed("TIFF"), corpus.early_tiff(3),
        corpus.early_tiff(1, large=True), corpus.heic(), corpus.plain_heif(primary=2), corpus.pdf(3), packed("AVIF"),
        corpus.compound("WordDocument"), corpus.archive({"OFD.xml": b"<x/>"}),
    ]  # fmt: skip
    renderer.probe(source(corpus.pdf()))
    child = renderer._child
    codes = set()
    for content in files:
        spoilt = bytearray(content)
        for _change in range(rng.randrange(1, 6)):
            place = rng.randrange(len(spoilt))
            length = rng.choice((1, 4, 64, 600))
            spoilt[place : place + length] = rng.choice((bytes(length), rng.randbytes(length), b"\xff" * length, b""))
            spoilt = spoilt or bytearray(b"x")
        document = source(bytes(spoilt))
        try:
            probe = renderer.probe(document)
            if probe.page_count:
                renderer.render_page(document, 0, 0.3)
        except DeskError as error:
            codes.add(error.code)
    assert ErrorCode.MATERIAL_NOT_PREVIEWABLE not in codes
    assert renderer._child is child


def test_every_flaw_has_its_words() -> None:
    for kind in MaterialFlaw:
        words = flaw_words(Flaw(kind, 3, 41, 99), 7)
        assert words
        assert "{" not in words
    assert flaw_words(Flaw(MaterialFlaw.BOTTOM_LOST, 3, 41, 99), 7) == "第 3 页图片自第 41 行以下损坏（共 99 行）"
    assert flaw_words(Flaw(MaterialFlaw.BOTTOM_LOST, 1, 41, 99), 1) == "图片自第 41 行以下损坏（共 99 行）"
    assert flaw_words(Flaw(MaterialFlaw.PAGES_LOST, 3), 3) == "文件在第 3 页处中断，后面的页缺失"


def test_a_png_of_which_a_middle_part_was_overwritten_says_where(renderer: Renderer) -> None:
    content = packed("PNG")
    place = content.index(b"IDAT") + len(content) // 2
    spoilt = content[:place] + bytes(200) + content[place + 200 :]
    assert zlib.crc32(spoilt) != zlib.crc32(content)
    flaw = renderer.probe(source(spoilt)).flaw
    assert flaw is not None
    assert flaw.kind is MaterialFlaw.BOTTOM_LOST
    assert abs(flaw.line - 240) < 40


def test_a_jpeg_whose_tables_are_none_is_nobodys_fault() -> None:
    content = packed("JPEG")
    place = content.index(b"\xff\xc4") + 4
    spoilt = content[:place] + struct.pack(">17B", *([255] * 17)) + content[place + 17 :]
    for strange in (spoilt, b"\xff\xd8\xff", b"\xff\xd8" + b"\xff" * 50, content[:100]):
        assert jpeg_damage(strange) is None
