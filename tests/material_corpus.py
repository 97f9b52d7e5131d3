"""Files as customers send them, and files as nobody should, all built here: no sample of a real person."""

import base64
import io
import struct
import zipfile
import zlib
from typing import Final

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

_MOST_SHORT: Final = 0xFFFF
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


def dicom(frames: int = 1, side: int = 96) -> bytes:
    """Return a DICOM image of 16 bits, written by hand: dark in its upper left corner, light elsewhere."""

    def element(group: int, number: int, kind: bytes, value: bytes) -> bytes:
        value += (b"\x00" if kind in {b"UI", b"OW"} else b" ") * (len(value) % 2)
        head = struct.pack("<HH2s", group, number, kind)
        return head + (struct.pack("<HI", 0, len(value)) if kind == b"OW" else struct.pack("<H", len(value))) + value

    def short(value: int) -> bytes:
        return struct.pack("<H", value)

    meta = element(2, 2, b"UI", b"1.2.840.10008.5.1.4.1.1.2") + element(2, 3, b"UI", b"1.2.3.4.5")
    meta += element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1") + element(2, 0x12, b"UI", b"1.2.3.4")
    meta = element(2, 0, b"UL", struct.pack("<I", len(meta))) + meta
    row = b"".join(short(200 if column < side // 2 else 3_000) for column in range(side))
    light = short(3_000) * side
    frame = row * (side // 2) + light * (side - side // 2)
    body = element(8, 0x20, b"DA", b"20260928") + element(8, 0x60, b"CS", b"CT")
    body += element(8, 0x80, b"LO", MARKER.encode()) + element(0x10, 0x10, b"PN", b"LI^MING")
    body += element(0x28, 2, b"US", short(1)) + element(0x28, 4, b"CS", b"MONOCHROME2")
    body += element(0x28, 8, b"IS", str(frames).encode()) if frames > 1 else b""
    body += element(0x28, 0x10, b"US", short(side)) + element(0x28, 0x11, b"US", short(side))
    body += b"".join(element(0x28, number, b"US", short(16)) for number in (0x100, 0x101))
    body += element(0x28, 0x102, b"US", short(15)) + element(0x28, 0x103, b"US", short(0))
    return bytes(128) + b"DICM" + meta + body + element(0x7FE0, 0x10, b"OW", frame * frames)


def scripted_pdf() -> bytes:
    """Return a PDF that wants to run a script, start a program and fetch a page when it is opened."""
    return objects_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R/Names<</JavaScript<</Names[(a) 5 0 R]>>>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/AA<</O 6 0 R>>>>",
            b"<</Type/Action/S/Launch/F(/usr/bin/true)/Next 5 0 R>>",
            b"<</Type/Action/S/JavaScript/JS(app.alert\\(1\\);this.submitForm\\('http://127.0.0.1:9/'\\))>>",
            b"<</Type/Action/S/URI/URI(http://127.0.0.1:9/)>>",
        ]
    )


def long_pdf(pages: int, bytes_per_page: int) -> bytes:
    """Return a PDF of pages that each carry a picture of that many bytes, as from a scanner."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    side = max(8, int((bytes_per_page) ** 0.5))
    noise = zlib.compress(b"".join(bytes([(place * 7919) % 251]) for place in range(side)) * side, 0)
    for page in range(pages):
        number = 3 + 3 * page
        kids.append(b"%d 0 R" % number)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>"
            % (number + 1, number + 2)
        )
        objects.append(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
            b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (side, side, len(noise), noise)
        )
        drawing = b"q 500 0 0 700 50 70 cm /P Do Q"
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), pages)
    return objects_pdf(objects)


def archive(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive with names in UTF-8."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return target.getvalue()


def raw_named_archive(members: dict[bytes, bytes], *, flags: int = 0) -> bytes:
    """Return a ZIP archive whose names are these very bytes, as older programs wrote them; stored, not packed."""
    out, directory = bytearray(), bytearray()
    for name, content in members.items():
        place = len(out)
        common = struct.pack(
            "<HHHHHIIIHH", 20, flags, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(name), 0
        )
        out += b"PK\x03\x04" + common + name + content
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, place) + name
    count, size, place = len(members), len(directory), len(out)
    large = b""
    if count >= _MOST_SHORT:
        record = struct.pack("<HHIIQQQQ", 45, 45, 0, 0, count, count, size, place)
        locator = struct.pack("<IQI", 0, place + size, 1)
        large = b"PK\x06\x06" + struct.pack("<Q", len(record)) + record + b"PK\x06\x07" + locator
    told = min(count, _MOST_SHORT)
    end = struct.pack("<HHHHIIH", 0, 0, told, told, size, place, 0)
    return bytes(out + directory + large + b"PK\x05\x06" + end)


def swelling_archive() -> bytes:
    """Return a ZIP of some hundred kilobytes that unpacks to 300 MB of zeros under the name of a picture."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.bmp", "w") as member:
        for _ in range(300):
            member.write(bytes(1024 * 1024))
    return target.getvalue()


def nested_archive(depth: int) -> bytes:
    """Return a PDF inside a ZIP inside a ZIP and so on."""
    content = archive({"内.pdf": pdf(1)})
    for level in range(depth - 1):
        content = archive({f"{level}.zip": content}, method=zipfile.ZIP_STORED)
    return content


def overlapping_archive(count: int = 200) -> bytes:
    """Return a ZIP whose directory names the same packed bytes again and again."""
    whole = bytearray(archive({"a.pdf": pdf(3)}))
    place = whole.rindex(b"PK\x01\x02")
    end = whole.rindex(b"PK\x05\x06")
    entry = bytes(whole[place:end])
    tail = struct.pack("<HHHHIIH", 0, 0, count, count, len(entry) * count, place, 0)
    return bytes(whole[:place]) + entry * count + b"PK\x05\x06" + tail


def crowded_archive(count: int) -> bytes:
    """Return a ZIP of very many entries."""
    return raw_named_archive({b"%06d.pdf" % number: b"" for number in range(count)})


def locked_archive() -> bytes:
    """Return a ZIP whose only entry is marked as encrypted."""
    return raw_named_archive({b"a.pdf": pdf(1)}, flags=1)


def moved_pdf(body: bytes, was_at: int, now_at: int) -> bytes:
    """Return the body of a PDF of this corpus with every place in it moved to where the body now stands."""
    far = now_at - was_at
    start = body.rindex(b"startxref\n") + len(b"startxref\n")
    table = body.rindex(b"xref\n0 ", 0, start)
    lines = body[table:start].split(b"\n")
    for number, line in enumerate(lines):
        if line[10:18] == b" 00000 n":
            lines[number] = b"%010d%s" % (int(line[:10]) + far, line[10:])
    old = int(body[start:].split(b"\n")[0])
    return body[:table] + b"\n".join(lines) + b"%d\n%%%%EOF\n" % (old + far)


def _tiff_directory(width: int, height: int, place: int, size: int) -> bytes:
    told = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: place, 278: height, 279: size}
    return struct.pack("<H", len(told)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in told.items()
    )


def crowded_tiff(pages: int) -> bytes:
    """Return a TIFF of very many pages that share one tiny picture."""
    out = bytearray(b"II*\x00" + struct.pack("<I", 108) + bytes(100))
    for page in range(pages):
        directory = _tiff_directory(10, 10, 8, 100)
        behind = len(out) + len(directory) + 4
        out += directory + struct.pack("<I", behind if page < pages - 1 else 0)
    return bytes(out)


def circling_tiff() -> bytes:
    """Return a TIFF whose first page is followed by a second that is followed by the first."""
    out = bytearray(crowded_tiff(2))
    out[-4:] = struct.pack("<I", 108)
    return bytes(out)


def swollen_pictures() -> dict[str, bytes]:
    """Return small files of every format that say they are gigantic, or inflate to it."""
    jpeg = bytearray(picture("JPEG"))
    struct.pack_into(">HH", jpeg, jpeg.index(b"\xff\xc0") + 5, 65_500, 65_500)
    phone = bytearray(heic())
    struct.pack_into(">II", phone, phone.index(b"ispe") + 8, 60_000, 60_000)
    scan = bytearray(dicom())
    for number in (0x10, 0x11):
        struct.pack_into("<H", scan, scan.index(struct.pack("<HH2sH", 0x28, number, b"US", 2)) + 8, 65_535)
    png = picture("PNG")
    told = b"a\x00\x00" + zlib.compress(bytes(300_000_000), 9)
    chunk = struct.pack(">I", len(told)) + b"zTXt" + told + struct.pack(">I", zlib.crc32(b"zTXt" + told))
    frame = struct.pack("<HHHH", 0, 0, 65_535, 65_535)
    wide = b"II*\x00" + struct.pack("<I", 108) + bytes(100) + _tiff_directory(2**31, 2**31, 8, 100) + bytes(4)
    return {
        "a.png": swollen_png(),
        "text.png": png[:33] + chunk + png[33:],
        "a.jpg": bytes(jpeg),
        "a.heic": bytes(phone),
        "a.dcm": bytes(scan),
        "a.tif": wide,
        "a.gif": b"GIF89a"
        + struct.pack("<HH", 65_535, 65_535)
        + b"\x80\x00\x00"
        + bytes(6)
        + b","
        + frame
        + b"\x00\x02",
        "a.bmp": b"BM"
        + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 60_000, 60_000, 1, 24, *[0] * 6)
        + bytes(999),
    }


_STRIP_TAGS: Final = (256, 257, 258, 259, 262, 273, 277, 278, 279)


def early_tiff(pages: int = 1, *, strips: int = 4, size: tuple[int, int] = (200, 160), large: bool = False) -> bytes:
    """Return a TIFF as scanners write it, each directory before its packed strips; ``large``: a BigTIFF."""
    wide, link = (8, "<Q") if large else (4, "<I")
    head = b"II+\x00\x08\x00\x00\x00" + struct.pack("<Q", 16) if large else b"II*\x00" + struct.pack("<I", 8)
    out = bytearray(head)
    width, height = size
    rows = height // strips
    for page in range(pages):
        noise = bytes((place * place * 31 + page) % 251 for place in range(width * height))
        packed = [zlib.compress(noise[part * rows * width : (part + 1) * rows * width]) for part in range(strips)]
        entries = len(_STRIP_TAGS)
        length = (8 + 20 * entries + 8) if large else (2 + 12 * entries + 4)
        lists = len(out) + length
        first = lists + 2 * wide * strips
        places = [first + sum(map(len, packed[:part])) for part in range(strips)]
        told = {
            256: width,
            257: height,
            258: 8,
            259: 8,
            262: 1,
            273: lists,
            277: 1,
            278: rows,
            279: lists + wide * strips,
        }
        kind = 16 if large else 4
        value = "<HHQQ" if large else "<HHII"
        directory = struct.pack("<Q" if large else "<H", entries)
        for tag, number in told.items():
            directory += struct.pack(value, tag, kind, strips if tag in {273, 279} else 1, number)
        behind = first + sum(map(len, packed))
        out += directory + struct.pack(link, behind if page < pages - 1 else 0)
        out += b"".join(struct.pack(link, place) for place in places)
        out += b"".join(struct.pack(link, len(part)) for part in packed) + b"".join(packed)
    return bytes(out)


def plain_heif(*, primary: int = 1, mark: int = 1, turns: tuple[int, int] = (0, 0)) -> bytes:
    """Return a HEIF of two pictures of 64 x 64 pixels, written by hand; the second is half as wide.

    ``primary``: which of them is the main one; ``mark``: orientation told by EXIF; ``turns``: quarter turns that the
    directory tells of each.
    """

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content) + 8) + kind + content

    def full(kind: bytes, content: bytes, version: int = 0) -> bytes:
        return box(kind, bytes([version, 0, 0, 0]) + content)

    whole = heic()
    place = whole.index(b"hvcC") - 4
    coder = whole[place : place + int.from_bytes(whole[place : place + 4], "big")]
    data = whole[whole.index(b"mdat") + 4 :][:53]
    exif = b"\x00\x00\x00\x06Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"
    exif += struct.pack(">HHI", mark, 0, 0)
    extent = full(b"ispe", struct.pack(">II", 64, 64))
    narrow = box(b"clap", struct.pack(">8I", 32, 1, 64, 1, 0, 1, 0, 1))
    rotations = [box(b"irot", bytes([turn])) for turn in turns]
    properties = box(b"ipco", coder + extent + narrow + b"".join(rotations))
    told = [[1, 2], [1, 2, 3]]
    for number, turn in enumerate(turns):
        told[number] += [4 + number] if turn else []
    links = struct.pack(">I", 2) + b"".join(
        struct.pack(">HB", number, len(which)) + bytes(0x80 | one if one in {1, 3} else one for one in which)
        for number, which in enumerate(told, 1)
    )
    if not any(turns):
        properties = box(b"ipco", coder + extent + narrow)
    entries = b"".join(
        full(b"infe", struct.pack(">HH", number, 0) + kind + b"\x00", 2)
        for number, kind in ((1, b"hvc1"), (2, b"hvc1"), (3, b"Exif"))
    )

    def meta(begin: int) -> bytes:
        places = ((1, begin, len(data)), (2, begin, len(data)), (3, begin + len(data), len(exif)))
        where = b"".join(struct.pack(">HHHII", number, 0, 1, place, length) for number, place, length in places)
        return full(
            b"meta",
            full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + full(b"pitm", struct.pack(">H", primary))
            + full(b"iloc", b"\x44\x00" + struct.pack(">H", 3) + where)
            + full(b"iinf", struct.pack(">H", 3) + entries)
            + box(b"iref", bytes(4) + box(b"cdsc", struct.pack(">HHH", 3, 1, primary)))
            + box(b"iprp", properties + full(b"ipma", links)),
        )

    head = box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    begin = len(head) + len(meta(0)) + 8
    return head + meta(begin) + box(b"mdat", data + exif)


def compound(*names: str) -> bytes:
    """Return a file in the form of older office documents with streams of these names in its directory."""
    entries = b""
    for place, name in enumerate(("Root Entry", *names)):
        raw = name.encode("utf-16-le") + b"\x00\x00"
        entries += raw.ljust(64, b"\x00") + struct.pack("<HB", len(raw), 5 if not place else 2) + bytes(61)
    sectors = -(-len(entries) // 512)
    entries = entries.ljust(sectors * 512, b"\x00")
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = b"".join(struct.pack("<I", link) for link in chain).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head = head.ljust(44, b"\x00") + struct.pack("<I", 1) + struct.pack("<I", 1)
    head = head.ljust(76, b"\x00") + struct.pack("<I", 0)
    return head.ljust(512, b"\xff") + table + entries


def mp3(frames: int = 4) -> bytes:
    """Return frames of silent MP3 of 128 kilobits and 44.1 kHz."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * frames
