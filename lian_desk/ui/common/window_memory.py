"""Where the window stood and how wide the columns were; nothing else is kept by ``QSettings``."""

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QHeaderView, QMainWindow

_GEOMETRY = "window/geometry"


def remember_window(window: QMainWindow, settings: QSettings) -> None:
    """Store size and place."""
    settings.setValue(_GEOMETRY, window.saveGeometry())


def recall_window(window: QMainWindow, settings: QSettings) -> bool:
    """Put the window where it stood; False when nothing usable was stored."""
    held = settings.value(_GEOMETRY)
    return isinstance(held, QByteArray) and window.restoreGeometry(held)


def remember_columns(header: QHeaderView, name: str, settings: QSettings) -> None:
    """Store the widths of a list's columns under its name."""
    settings.setValue(f"columns/{name}", header.saveState())


def recall_columns(header: QHeaderView, name: str, settings: QSettings) -> bool:
    """Give a list's columns the widths they had; False when nothing usable was stored."""
    held = settings.value(f"columns/{name}")
    return isinstance(held, QByteArray) and header.restoreState(held)
