"""What the page of a file takes from other features; the table of pages hands it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.running.context import UiContext


class RequestPanelLike(Protocol):
    """The card of one request."""

    def show_request(self, request_id: int | None) -> None:
        """Show another request, or say that there is none."""


RequestPanelFactory = Callable[[UiContext], QWidget]
TabFactory = Callable[[UiContext, int], QWidget]


@dataclass(frozen=True)
class FilePanels:
    """Factories of the parts that belong to other features.

    ``request_panel`` gives a widget with ``show_request``; the tabs get the key of the file.
    """

    request_panel: RequestPanelFactory
    materials: TabFactory
    bookings: TabFactory
    follow_ups: TabFactory
    search: TabFactory
