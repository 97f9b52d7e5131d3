"""Files as customers send them, and files as nobody should, all built here: no sample of a real person."""

import base64
import io
import zlib
from typing import Final

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

MARKER: Final = "MARKER-7f3c19-PLAINTEXT"
"""Stands in the plaintext of every document of the corpus; must never be found on the disk."""

# 64 x 48 pixels, red with a blue corner, orientation 6, encoded once
_HEIC: Final = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB7AABAAAAAAAAADUAAgAAAAACIQABAAAAAAAAACQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAGFtZGF0AAAA"
    "MSgBr1j5Et3/57LkdI//PnLxzDULTmT+OHXYdramU7H1q3USH/MY/fmV9oRMlDT3E+gAAAAGRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAA"
    "AAAAA="
)


def pdf(pages: int = 1, *, text: str = MARKER, size: tuple[float, float] = (595, 842)) -> bytes:
    """Return a PDF whose pages say their number."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, pageCompression=0, invariant=1)
    for page in range(pages):
        canvas.drawString(72, size[1] - 72, f"{text} page {page + 1}")
        canvas.rect(60, size[1] - 90, 300, 40)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def picture(kind: str, size: tuple[int, int] = (400, 300), *, orientation: int = 1, mode: str = "RGB") -> bytes:
    """Return a picture of a Pillow format, dark in its upper left corner, light elsewhere."""
    image = Image.new("RGB", size, (240, 240, 235))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=(20, 30, 60))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = MARKER
    target = io.BytesIO()
    image.convert(mode).save(target, kind, **({"exif": exif} if kind in {"JPEG", "PNG", "WEBP"} else {}))
    return target.getvalue()


def heic() -> bytes:
    """Return a small HEIC with an orientation mark."""
    return base64.b64decode(_HEIC)


def tiff(pages: int = 3) -> bytes:
    """Return a TIFF of several pages of growing width."""
    frames = [Image.new("RGB", (100 + 10 * page, 80), (200, 200, 20 * page)) for page in range(pages)]
    target = io.BytesIO()
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
    return target.getvalue()


def objects_pdf(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """Return a PDF of hand-written objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def inflating_pdf() -> bytes:
    """Return a PDF of less than 2 KiB whose page inflates to 1 GB."""
    press = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    once = b"".join(press.compress(block) for _ in range(1024)) + press.flush()
    packed = zlib.compress(zlib.compress(once, 9), 9)
    return objects_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
            b"<</Length %d/Filter[/FlateDecode/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed),
        ]
    )


def locked_pdf() -> bytes:
    """Return a PDF that asks for a password to open it."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt="open sesame")
    canvas.drawString(72, 720, MARKER)
    canvas.save()
    return target.getvalue()


def looping_pdf() -> bytes:
    """Return a PDF whose page tree contains itself."""
    return objects_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])


def endless_page_pdf() -> bytes:
    """Return a PDF with a page 20,000,000 points wide."""
    return objects_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 20000000 100]>>",
        ]
    )


def crowded_pdf(pages: int) -> bytes:
    """Return a PDF of very many empty pages."""
    kids = b" ".join(b"%d 0 R" % (3 + page) for page in range(pages))
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>"
    head = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages)]
    return objects_pdf([*head, *([leaf] * pages)])


def swollen_png(side: int = 12_000) -> bytes:
    """Return a PNG of some kilobytes that decodes to ``side`` x ``side`` pixels."""
    target = io.BytesIO()
    Image.new("1", (side, side)).save(target, "PNG")
    return target.getvalue()


def cut(content: bytes, share: float = 0.6) -> bytes:
    """Return the beginning of a file, as after a broken transfer."""
    return content[: int(len(content) * share)]
