"""A page of the window: built when first shown, told of changes, reloading only while somebody looks at it."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lian_desk.services.words import formats
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import MessageBar
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_ResultT = TypeVar("_ResultT")


class Page(QWidget):
    """Base of every page.

    A subclass sets ``page_id`` and ``title``, fills ``self.body`` and overrides :meth:`reload`; ``tables`` names the
    tables its content comes from (empty: every change concerns it). The page listens to the change bus itself: while it
    is hidden it only remembers that it is stale and reloads when it is shown again.
    """

    page_id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    tables: frozenset[str] = frozenset()
    #: True for a page with an accent button of its own: the one at the upper edge then keeps quiet.
    has_accent: ClassVar[bool] = False

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        # takes the keyboard from the navigation when it comes to the front, without being a stop of Tab
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stale = True
        self._seen_on: date | None = None
        self.message_bar = MessageBar()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(20, 18, 20, 18)
        self.body.setSpacing(12)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.message_bar)
        outer.addLayout(self.body, 1)
        context.bus.committed.connect(self.apply)

    def activate(self) -> None:
        """The page is in front now: reload when something changed since it was last seen, or the day did."""
        today = formats.local(self.context.desk.clock.now()).date()
        if self._stale or today != self._seen_on:
            self._stale = False
            self._seen_on = today
            self.reload()

    def new_day(self) -> None:
        """The day has changed while the window stood open: read anew, or when this page is shown again."""
        if self.isVisible():
            self._seen_on = formats.local(self.context.desk.clock.now()).date()
            self.reload()
        else:
            self._stale = True

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes."""
        if self.tables and not changes.touches(self.tables):
            return
        if self.isVisible():
            self.refresh(changes)
        else:
            self._stale = True

    def refresh(self, changes: "Changes") -> None:
        """Changes touched this visible page; a page that can do better than reloading overrides this."""
        self.reload()

    def reload(self) -> None:
        """Read everything again. Override; it is called on the UI thread and goes through :meth:`read`."""

    def open_subject(self, subject: object, part: str | None) -> None:
        """Show another record, on one of its parts. Override in the page that ``Navigator.open_file`` means."""

    def handle_action(self, action_id: str) -> bool:
        """Do an action of the window that means this page, for example print; False hands it on. Override."""
        return False

    def primary_focus(self) -> QWidget | None:
        """Return the widget that gets the keyboard when the page comes to the front, ``None`` for Qt's choice."""
        return None

    def read(self, work: Callable[[], _ResultT], done: Callable[[_ResultT], object]) -> None:
        """Read off the UI thread; a failure shows its sentence in the page's message bar with 重试."""

        def succeeded(result: _ResultT) -> None:
            self.message_bar.clear()
            done(result)

        self.context.runner.read(self, work, succeeded, self.show_problem)

    def show_problem(self, error: BaseException) -> None:
        """Say what went wrong in the bar above the page, with a button that tries again."""
        self.message_bar.show_message(sentence(error), action="重试", triggered=self.reload)
