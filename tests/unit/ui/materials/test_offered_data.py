"""What is taken from a drop and from the clipboard, and what wins where both a file and a picture are offered."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from pytestqt.qtbot import QtBot

from lian_desk.models.errors import ErrorCode
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.ui.materials.intake.offered_data import gathered_from, holds_something
from lian_desk.ui.materials.intake.upload_panel import DropZone
from tests import material_corpus as corpus
from tests.virtual_drops import WIDE, mail_drag

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def image() -> QImage:
    made = QImage(20, 10, QImage.Format.Format_RGB32)
    made.fill(0xFF00FF)
    return made


def items(mime: QMimeData) -> list[IntakeItem]:
    gather = gathered_from(mime, "拖入的图片 1.png", 200)
    return [] if gather is None else list(gather())


def with_image(*urls: QUrl) -> QMimeData:
    mime = QMimeData()
    mime.setUrls(list(urls))
    mime.setImageData(image())
    return mime


def test_a_dragged_picture_without_a_file_is_taken() -> None:
    for mime in (with_image(), with_image(QUrl("https://example.org/a.jpg"))):
        assert holds_something(mime)
        (item,) = items(mime)
        assert item.name == "拖入的图片 1.png"
        assert isinstance(item.content, bytes)
        assert item.content.startswith(PNG_HEAD)


def test_a_picture_keeps_its_bytes_where_they_are_handed_over() -> None:
    jpeg = corpus.picture("JPEG")
    mime = with_image()
    mime.setData("image/jpeg", QByteArray(jpeg))
    (item,) = items(mime)
    assert (item.name, item.content) == ("拖入的图片 1.jpg", jpeg)
    mime.setData("image/jpeg", QByteArray(b"no picture"))
    (item,) = items(mime)
    assert item.name.endswith(".png")


def test_a_file_wins_over_the_picture_and_the_picture_over_a_file_that_is_gone(tmp_path: Path) -> None:
    there = tmp_path / "there.jpg"
    there.write_bytes(corpus.picture("JPEG"))
    gone = QUrl.fromLocalFile(str(tmp_path / "微信图片_1.jpg"))
    (item,) = items(with_image(QUrl.fromLocalFile(str(there))))
    assert item.content == there
    (item,) = items(with_image(gone))
    assert item.name == "微信图片_1.png"
    assert isinstance(item.content, bytes)
    # one of two is there: the other gets its own sentence at the intake
    assert len(items(with_image(gone, QUrl.fromLocalFile(str(there))))) == 2
    only_gone = QMimeData()
    only_gone.setUrls([gone])
    (item,) = items(only_gone)
    assert item.content == tmp_path / "微信图片_1.jpg"


def test_attachments_of_a_mail_are_taken_with_their_names() -> None:
    mime = mail_drag(("出院小结.pdf", corpus.pdf(1)), ("片子.jpg", corpus.picture("JPEG")))
    # a mail program shows a picture of the drag as well
    mime.setImageData(image())
    assert holds_something(mime)
    assert [(item.name, type(item.content)) for item in items(mime)] == [("出院小结.pdf", bytes), ("片子.jpg", bytes)]


def test_a_description_that_cannot_be_read_is_said_and_not_passed_over() -> None:
    mime = QMimeData()
    mime.setData(WIDE, QByteArray(b"x"))
    assert holds_something(mime)
    (item,) = items(mime)
    assert item.refusal is not None
    assert item.refusal.code is ErrorCode.ATTACHMENT_NOT_GIVEN


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/x-qt-image", "image/png"])
def test_what_is_nothing_to_take_in_is_left(kind: str) -> None:
    mime = QMimeData()
    mime.setData(kind, QByteArray(b"x"))
    assert items(mime) == []
    address = QMimeData()
    address.setUrls([QUrl("https://example.org/a.jpg")])
    assert not holds_something(address)
    assert items(address) == []


def test_a_drop_on_the_zone_is_accepted_as_a_copy_and_named(qtbot: QtBot) -> None:
    zone = DropZone(200)
    qtbot.addWidget(zone)
    zone.name_picture = lambda: "拖入的图片 2026-09-28 10.00.00.png"
    offered: list[tuple[MaterialSource, list[IntakeItem]]] = []
    zone.offered.connect(lambda source, gather: offered.append((source, list(gather()))))
    for mime in (with_image(), mail_drag(("a.pdf", corpus.pdf(1)))):
        enter = QDragEnterEvent(
            QPoint(5, 5),
            Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter.setAccepted(False)
        zone.dragEnterEvent(enter)
        assert enter.isAccepted()
        drop = QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        zone.dropEvent(drop)
        assert drop.isAccepted()
        assert drop.dropAction() is Qt.DropAction.CopyAction
    assert [source for source, _items in offered] == [MaterialSource.DROP] * 2
    assert [item.name for _source, found in offered for item in found] == [
        "拖入的图片 2026-09-28 10.00.00.png",
        "a.pdf",
    ]
