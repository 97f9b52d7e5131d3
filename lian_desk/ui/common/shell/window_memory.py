"""Where the window stood and how wide the columns were; nothing else is kept by ``QSettings``."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

_GEOMETRY = "window/geometry"


def remember_window(window: QMainWindow, settings: QSettings) -> None:
    """Store size and place."""
    settings.setValue(_GEOMETRY, window.saveGeometry())


def recall_window(window: QMainWindow, settings: QSettings) -> bool:
    """Put the window where it stood; False when nothing usable was stored."""
    held = settings.value(_GEOMETRY)
    return isinstance(held, QByteArray) and window.restoreGeometry(held)


def remember_widths(name: str, widths: Mapping[int, int], settings: QSettings) -> None:
    """Store the widths in pixels of a list's columns under its name."""
    settings.setValue(f"columns/{name}", " ".join(f"{column}:{width}" for column, width in sorted(widths.items())))


def recall_widths(name: str, settings: QSettings) -> dict[int, int]:
    """Return the widths stored under a list's name; what cannot be read is left out."""
    pairs = (entry.partition(":") for entry in str(settings.value(f"columns/{name}", "")).split())
    return {int(column): int(width) for column, _colon, width in pairs if column.isdecimal() and width.isdecimal()}
