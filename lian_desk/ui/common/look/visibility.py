"""Showing and hiding a part of a page that may not have its place yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def set_shown(part: QWidget, shown: bool) -> None:  # noqa: FBT001 - a setter
    """Show or hide ``part``. One without a parent is shown with its parent later, never as a window of its own.

    A window of its own would flash up for a moment and take the keyboard from the page.
    """
    if shown and part.parentWidget() is None:
        # as good as new: a widget that was never hidden on purpose appears with its parent
        part.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, on=False)
    else:
        part.setVisible(shown)
