"""Pictures as scanners, fax machines and phones write them: turned once, tones stretched, sides in their proportion."""

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from lian_desk.adapters.exchange.page_images import PageImage, PageSize
from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from tests import material_corpus as corpus

CASES = Path(__file__).parents[2] / "cases" / "images"
SIDES = (120, 80)


def source(content: bytes) -> BytesSource:
    return BytesSource(hashlib.sha256(content).hexdigest(), content)


def as_picture(image: PageImage) -> Image.Image:
    return Image.frombytes("RGB", (image.width, image.height), image.pixels, "raw", "RGB", image.stride)


def drawing(number: int) -> Image.Image:
    """A picture that looks different from every side; the numbers of pages differ too."""
    picture = Image.new("RGB", SIDES, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 39, 19), fill=(200, 30, 30))
    pen.rectangle((80, 0, 119, 39), fill=(30, 30, 200))
    pen.rectangle((0, 60, 19, 79), fill=(30, 150 - 20 * number, 30))
    return picture


def turned_tiff(marks: list[int], compression: str) -> bytes:
    """Return a TIFF of as many pages as marks, each stored with its mark."""
    target = io.BytesIO()
    frames = []
    for number, mark in enumerate(marks):
        frame = drawing(number)
        told = ImageFileDirectory_v2()
        told[0x0112] = mark
        frame.encoderinfo = {"tiffinfo": told, "compression": compression}
        frames.append(frame)
    if len(frames) == 1:
        frames[0].save(target, "TIFF", **frames[0].encoderinfo)
    else:
        frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:], **frames[0].encoderinfo)
    return target.getvalue()


def upright_twin(mark: int, number: int) -> Image.Image:
    """Return what Pillow makes of a JPEG with the same mark."""
    exif = Image.Exif()
    exif[0x0112] = mark
    target = io.BytesIO()
    drawing(number).save(target, "JPEG", exif=exif, quality=95, subsampling=0)
    with Image.open(target) as twin:
        return ImageOps.exif_transpose(twin).convert("RGB")


def differs(first: Image.Image, second: Image.Image) -> float:
    """Return the mean difference of two pictures of the same size, 0 to 255."""
    assert first.size == second.size
    histogram = ImageChops.difference(first, second).convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / (first.width * first.height)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
@pytest.mark.parametrize("pages", [1, 3])
@pytest.mark.parametrize("mark", range(1, 9))
def test_a_tiff_is_turned_once(renderer: Renderer, mark: int, pages: int, compression: str) -> None:
    marks = [mark, 1, mark][:pages]
    document = source(turned_tiff(marks, compression))
    assert renderer.probe(document).page_count == pages
    for page, told in enumerate(marks):
        wanted = upright_twin(told, page)
        size = renderer.page_sizes(document)[page]
        assert (size.width, size.height) == (wanted.width * 0.75, wanted.height * 0.75)
        shown = as_picture(renderer.render_page(document, page, 4 / 3))
        assert differs(shown, wanted) < 3
        small = as_picture(renderer.thumbnail(document, page, 60))
        assert differs(small, wanted.resize(small.size)) < 8


@pytest.mark.parametrize("mark", [3, 6, 8])
def test_faxed_scans_stand_like_their_twin(renderer: Renderer, mark: int) -> None:
    shown = as_picture(renderer.render_page(source((CASES / f"tiff_orientation_{mark}.tif").read_bytes()), 0, 0.5))
    twin = as_picture(renderer.render_page(source((CASES / "same_as_jpeg_orientation_6.jpg").read_bytes()), 0, 0.5))
    assert differs(shown, twin) < 12


@pytest.mark.parametrize("resolution", [(204, 98), (98, 204), (204, 196), (300, 300)])
@pytest.mark.parametrize("mark", [1, 6])
def test_unequal_resolutions_are_respected(renderer: Renderer, resolution: tuple[int, int], mark: int) -> None:
    told = ImageFileDirectory_v2()
    told[0x0112] = mark
    told[282], told[283], told[296] = float(resolution[0]), float(resolution[1]), 2
    target = io.BytesIO()
    Image.new("1", (1728, 1100), 1).save(target, "TIFF", compression="group4", tiffinfo=told)
    document = source(target.getvalue())
    (size,) = renderer.page_sizes(document)
    across, down = resolution
    wanted = (1728 / across) / (1100 / down)
    ratio = size.width / size.height if mark == 1 else size.height / size.width
    assert ratio == pytest.approx(wanted, rel=0.002)
    image = renderer.render_page(document, 0, 0.5)
    assert image.width / image.height == pytest.approx(size.width / size.height, rel=0.01)
    # no pixel is thrown away at full size
    full = renderer.render_page(document, 0, 4 / 3)
    assert sorted((full.width, full.height)) >= [1100, 1728]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_other_pictures_tell_their_proportion_too(renderer: Renderer, kind: str) -> None:
    target = io.BytesIO()
    Image.new("L", (204, 98), 200).save(target, kind, dpi=(204, 98))
    (size,) = renderer.page_sizes(source(target.getvalue()))
    assert size.width == pytest.approx(size.height, rel=0.01)
    target = io.BytesIO()
    Image.new("L", (204, 98), 200).save(target, kind, dpi=(300, 2))
    assert renderer.page_sizes(source(target.getvalue())) == (PageSize(153.0, 73.5),)


def deep_tiff(values: list[int], *, white_is_zero: bool = False) -> bytes:
    """Return a TIFF of one row of 16-bit tones, each 10 x 10 pixels."""
    row = b"".join(struct.pack("<H", value) * 10 for value in values)
    image = Image.frombytes("I;16", (10 * len(values), 10), row * 10)
    told = ImageFileDirectory_v2()
    told[262] = 0 if white_is_zero else 1
    target = io.BytesIO()
    image.save(target, "TIFF", tiffinfo=told)
    content = bytearray(target.getvalue())
    if white_is_zero:
        place = content.index(struct.pack("<HHI", 262, 3, 1)) + 8
        content[place : place + 2] = bytes(2)
    return bytes(content)


def tones(renderer: Renderer, content: bytes, count: int) -> list[int]:
    shown = as_picture(renderer.render_page(source(content), 0, 4 / 3))
    return [shown.getpixel((10 * number + 5, 5))[0] for number in range(count)]


def test_twelve_bits_in_sixteen_are_stretched(renderer: Renderer) -> None:
    low, middle, high = tones(renderer, deep_tiff([0, 2048, 4095]), 3)
    assert (low, high) == (0, 255)
    assert 120 <= middle <= 136
    shown = as_picture(renderer.render_page(source((CASES / "twelve_bits_in_sixteen.tif").read_bytes()), 0, 4 / 3))
    darkest, lightest = shown.convert("L").getextrema()
    assert (darkest, lightest) == (0, 255)


def test_sixteen_bits_that_are_used_stay_as_they_are(renderer: Renderer) -> None:
    assert tones(renderer, deep_tiff([16384, 32768, 65535]), 3) == [63, 127, 255]
    assert tones(renderer, deep_tiff([1000, 1000]), 2) == [255, 255]
    low, high = tones(renderer, deep_tiff([0, 4095], white_is_zero=True), 2)
    assert (low, high) == (255, 0)


def deep_png(*, colours: int, rows: list[bytes], clear: bytes) -> bytes:
    """Return a PNG of 16 bits with one transparent colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    per_pixel = 2 if colours == 0 else 6
    head = struct.pack(">IIBBBBB", len(rows[0]) // per_pixel, len(rows), 16, colours, 0, 0, 0)
    body = zlib.compress(b"".join(b"\x00" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tRNS", clear) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def test_a_transparent_tone_of_sixteen_bits_is_white(renderer: Renderer) -> None:
    grey = [struct.pack(">4H", 0, 0, 30000, 65535)] * 4
    shown = as_picture(renderer.render_page(source(deep_png(colours=0, rows=grey, clear=b"\x00\x00")), 0, 4 / 3))
    assert [shown.getpixel((x, 1))[0] for x in range(4)] == [255, 255, 116, 255]
    assert shown.size == (4, 4)
    colour = [struct.pack(">6H", 0, 0, 0, 65535, 0, 0)] * 2
    clear = struct.pack(">3H", 0, 0, 0)
    shown = as_picture(renderer.render_page(source(deep_png(colours=2, rows=colour, clear=clear)), 0, 4 / 3))
    assert shown.getpixel((0, 0)) == (255, 255, 255)
    assert shown.getpixel((1, 0)) == (255, 0, 0)


def test_a_large_tiff_is_read(renderer: Renderer) -> None:
    content = corpus.early_tiff(2, large=True)
    assert sniff(content[:HEAD_BYTES]) is MediaType.TIFF
    probe = renderer.probe(source(content))
    assert (probe.page_count, probe.flaw) == (2, None)
    assert renderer.render_page(source(content), 1, 4 / 3).width == 200


@pytest.mark.parametrize(("kind", "media_type"), [("AVIF", MediaType.AVIF), ("JPEG2000", MediaType.JPEG_2000)])
def test_newer_pictures_come_in(renderer: Renderer, kind: str, media_type: MediaType) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    target = io.BytesIO()
    drawing(0).save(target, kind, **({"exif": exif} if kind == "AVIF" else {}))
    content = target.getvalue()
    assert sniff(content[:HEAD_BYTES]) is media_type
    probe = renderer.probe(source(content))
    assert (probe.media_type, probe.page_count, probe.flaw) == (media_type, 1, None)
    shown = as_picture(renderer.render_page(source(content), 0, 4 / 3))
    wanted = upright_twin(6, 0) if kind == "AVIF" else drawing(0)
    assert differs(shown, wanted) < 8


def test_a_heif_shows_its_main_picture(renderer: Renderer) -> None:
    sizes = {1: (64, 64), 2: (32, 64)}
    for primary, wanted in sizes.items():
        document = source(corpus.plain_heif(primary=primary))
        assert renderer.probe(document).page_count == 1
        image = renderer.render_page(document, 0, 4 / 3)
        assert (image.width, image.height) == wanted


def blue_corner(image: PageImage) -> tuple[bool, bool]:
    """Return whether the blue corner of the small HEIC lies right, and whether it lies low."""
    shown = as_picture(image)
    corners = [(x, y) for x in (4, shown.width - 12) for y in (4, shown.height - 12)]
    x, y = max(corners, key=lambda place: shown.getpixel(place)[2] - shown.getpixel(place)[0])
    return x > shown.width / 2, y > shown.height / 2


def test_a_heif_obeys_its_camera_mark_only_where_its_directory_tells_no_turn(renderer: Renderer) -> None:
    flat = renderer.render_page(source(corpus.plain_heif()), 0, 4 / 3)
    by_mark = renderer.render_page(source(corpus.plain_heif(mark=3)), 0, 4 / 3)
    by_both = renderer.render_page(source(corpus.plain_heif(mark=3, turns=(2, 0))), 0, 4 / 3)
    turned = as_picture(flat).transpose(Image.Transpose.ROTATE_180)
    assert differs(as_picture(by_mark), turned) < 3
    assert differs(as_picture(by_both), turned) < 3
    assert differs(as_picture(flat), turned) > 3
