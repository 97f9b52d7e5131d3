"""A document of several papers behind one another, as an office scanner makes it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QFont, QPainter, QPdfWriter


def write_bundle(path: Path, pages: Sequence[str]) -> Path:
    """Write a PDF with a page for each heading."""
    writer = QPdfWriter(str(path))
    writer.setResolution(96)
    writer.setPageMargins(QMarginsF(20, 20, 20, 20))
    painter = QPainter(writer)
    font = QFont(painter.font())
    font.setPixelSize(24)
    painter.setFont(font)
    for place, words in enumerate(pages):
        if place:
            writer.newPage()
        painter.drawText(QRect(0, 0, writer.width(), 60), words)
        for line in range(6):
            painter.drawLine(0, 90 + 40 * line, writer.width() - 60 * (line % 3), 90 + 40 * line)
    painter.end()
    return path
