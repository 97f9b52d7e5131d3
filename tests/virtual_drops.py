"""What another program puts into a drag on Windows, as Qt hands it on."""

import struct

from PySide6.QtCore import QByteArray, QMimeData

WIDE = 'application/x-qt-windows-mime;value="FileGroupDescriptorW"'
CONTENTS = 'application/x-qt-windows-mime;value="FileContents";index={}'
FOLDER_ATTRIBUTE = 0x10


def record(name: str, size: int | None = None, attributes: int = 0, *, encoding: str = "utf-16-le") -> bytes:
    """Return one FILEDESCRIPTOR: flags, class, extent, place, attributes, times, size, name."""
    flags = 0x80000000 | (0x40 if size is not None else 0) | (0x04 if attributes else 0)
    high, low = divmod(size or 0, 1 << 32)
    room = 520 if encoding == "utf-16-le" else 260
    raw = name.encode(encoding, errors="surrogatepass")[:room].ljust(room, b"\x00")
    return struct.pack("<I16s8s8sI24sII", flags, b"", b"", b"", attributes, b"", high, low) + raw


def description(*files: tuple[str, int | None]) -> bytes:
    """Return a FILEGROUPDESCRIPTORW."""
    return struct.pack("<I", len(files)) + b"".join(record(name, size) for name, size in files)


def narrow_description(name: str) -> bytes:
    """Return a FILEGROUPDESCRIPTORA as Chinese Windows writes it."""
    return struct.pack("<I", 1) + record(name, encoding="gb18030")


def mail_drag(*files: tuple[str, bytes]) -> QMimeData:
    """Return a drag of attachments."""
    mime = QMimeData()
    mime.setData(WIDE, QByteArray(description(*((name, len(content)) for name, content in files))))
    for number, (_name, content) in enumerate(files):
        mime.setData(CONTENTS.format(number), QByteArray(content))
    return mime
