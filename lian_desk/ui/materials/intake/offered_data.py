"""What a drop or the clipboard holds for the intake: files, files of another program, or a picture."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, sniff
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.materials.intake_sources import IntakeItem, items_from, items_handed_over
from lian_desk.services.materials.virtual_files import UNNAMED, described_files, virtual_items

Gather = Callable[[], Sequence[IntakeItem]]

#: So Qt names the formats of Windows that it does not know itself; ``;index=N`` asks for the N-th file.
_WINDOWS: Final = 'application/x-qt-windows-mime;value="{}"'
_WIDE: Final = _WINDOWS.format("FileGroupDescriptorW")
_NARROW: Final = _WINDOWS.format("FileGroupDescriptor")
_CONTENTS: Final = _WINDOWS.format("FileContents") + ";index={}"
#: Pictures that come as they were stored; anything else is asked of Qt and becomes a PNG.
_STORED: Final = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff")

_Picture = QImage | bytes


def holds_something(mime: QMimeData) -> bool:
    """Tell whether there is anything to take in, without asking for its bytes: a drag passes over many times."""
    return bool(_local_paths(mime)) or any(map(mime.hasFormat, (_WIDE, _NARROW, *_STORED))) or mime.hasImage()


def gathered_from(mime: QMimeData, picture_name: str, size_limit_megabytes: int) -> Gather | None:
    """Return what gathers the items off the UI thread; None when there is nothing to take in.

    Files of this computer come first; where none of them is there any more (a messenger has cleared its folder), the
    picture beside them counts. Then files that another program hands over, read here and now because it lets go of
    them when the drop ends; then a picture under ``picture_name``.
    """
    picture = _picture(mime)
    paths = _local_paths(mime)
    if paths:
        return partial(_files_or_picture, tuple(paths), picture, picture_name)
    handed_over = _handed_over(mime, size_limit_megabytes)
    if handed_over:
        return partial(items_handed_over, handed_over)
    if picture is not None:
        return partial(_picture_items, picture, picture_name)
    if mime.hasFormat(_WIDE) or mime.hasFormat(_NARROW):
        nothing = IntakeItem(UNNAMED, b"", refusal=RuleViolation(ErrorCode.ATTACHMENT_NOT_GIVEN))
        return partial(list, (nothing,))
    return None


def _local_paths(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def _handed_over(mime: QMimeData, size_limit_megabytes: int) -> list[IntakeItem]:
    for name, is_wide in ((_WIDE, True), (_NARROW, False)):
        if mime.hasFormat(name):
            files = described_files(_bytes(mime, name), is_wide=is_wide)
            if files:
                read = partial(_contents, mime)
                return virtual_items(files, read, size_limit_megabytes=size_limit_megabytes)
    return []


def _contents(mime: QMimeData, number: int) -> bytes:
    return _bytes(mime, _CONTENTS.format(number))


def _bytes(mime: QMimeData, name: str) -> bytes:
    return bytes(mime.data(name).data())


def _picture(mime: QMimeData) -> _Picture | None:
    for name in _STORED:
        if mime.hasFormat(name):
            content = _bytes(mime, name)
            if sniff(content[:HEAD_BYTES]) is not None:
                return content
    image = mime.imageData() if mime.hasImage() else None
    return QImage(image) if isinstance(image, QImage) and not image.isNull() else None


def _files_or_picture(paths: tuple[Path, ...], picture: _Picture | None, picture_name: str) -> Sequence[IntakeItem]:
    if picture is not None and not any(map(_is_there, paths)):
        return _picture_items(picture, PurePath(paths[0]).stem or picture_name)
    return items_from(paths)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _picture_items(picture: _Picture, name: str) -> list[IntakeItem]:
    """Off the UI thread: a picture becomes a file in memory, with the ending of what it is."""
    content = picture if isinstance(picture, bytes) else _as_png(picture)
    found = sniff(content[:HEAD_BYTES])
    return [IntakeItem(f"{name.removesuffix('.png')}{found.ending if found else '.png'}", content)]


def _as_png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # the stubs know the format as bytes only; Qt takes words
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(content.data())
