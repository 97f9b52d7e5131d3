"""A PDF as from a scanner: every page one picture of a given size, written by hand because that is quick."""

import zlib
from typing import Final

_NUMBER: Final = b"%0000000000-number\n"


def scanned_pdf(pages: int, bytes_per_page: int) -> bytes:
    """Return a PDF of ``pages`` A4 pages with a grey picture of about ``bytes_per_page`` bytes each."""
    side = max(8, int(bytes_per_page**0.5))
    row = bytes((place * 7_919) % 251 for place in range(side))
    # level 0: stored, so that the size is what was asked for
    noise = zlib.compress(row * side, 0)
    drawing = b"q 515 0 0 762 40 40 cm /P Do Q"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for page in range(pages):
        number = 3 + 3 * page
        kids.append(b"%d 0 R" % number)
        picture = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (
            side,
            side,
        )
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>"
            % (number + 1, number + 2),
            picture + b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(noise), noise),
            b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        ]
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), pages)
    return _file_of(objects)


def _file_of(objects: list[bytes]) -> bytes:
    parts = [b"%PDF-1.7\n" + _NUMBER]
    place, places = len(parts[0]), []
    for number, content in enumerate(objects, 1):
        part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        places.append(place)
        parts.append(part)
        place += len(part)
    table = b"".join(b"%010d 00000 n \n" % found for found in places)
    count = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table))
    parts.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, place))
    return b"".join(parts)
