"""What every page is built with: the desk, the way off the UI thread, the change bus, the navigator, the look."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lian_desk.ui.common.look.theme import Theme
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.task_runner import TaskRunner

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk
    from lian_desk.ui.common.running.recognition_run import RecognitionRun


class Navigator(QObject):
    """Wishes to go somewhere or to start something; the window and the composition root listen.

    Feature folders do not know each other, so one that wants another's dialog asks by the id of an action.

    Signals:
        page_requested(str): id of the page to show.
        file_requested(object, object): key of an assistance file (64 bits, hence ``object``) and tab id or ``None``.
        action_requested(str, object): id of ``ui/actions.py`` and what it is about: a key, or ``None``.
        counter_changed(str, int, str): page id, the figure beside it in the navigation (0 hides it), its tone.
        locked(), unlocked(): the desk is locked: pictures of papers leave the memory; it is open again.
    """

    page_requested = Signal(str)
    file_requested = Signal(object, object)
    action_requested = Signal(str, object)
    counter_changed = Signal(str, int, str)
    locked = Signal()
    unlocked = Signal()

    def open_page(self, page_id: str) -> None:
        """Ask for a page of the navigation."""
        self.page_requested.emit(page_id)

    def open_file(self, file_id: int, tab: str | None = None) -> None:
        """Ask for the page of one assistance file, on one of its tabs."""
        self.file_requested.emit(file_id, tab)

    def start(self, action_id: str, subject: object = None) -> None:
        """Ask for an action that another feature owns, for example the dialog of a new application."""
        self.action_requested.emit(action_id, subject)

    def set_counter(self, page_id: str, count: int, tone: str = "neutral") -> None:
        """Tell the figure that stands beside a page in the navigation."""
        self.counter_changed.emit(page_id, count, tone)


@dataclass(frozen=True)
class UiContext:
    """Built once by the composition root and handed to every page and dialog."""

    desk: "Desk"
    runner: TaskRunner
    bus: ChangeBus
    navigator: Navigator
    theme: Theme
    #: The queue of reading; None where no window keeps it at work.
    recognition: "RecognitionRun | None" = None
