"""Reads the card of a request and carries out the steps that need no dialog; knows no widget."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.plain_steps import PLAIN_STEPS
from lian_desk.services.request_views.views import RequestView, load_request_view
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes
    from lian_desk.services.commands.commands import Outcome

READ_FROM = frozenset(
    {
        "service_request",
        "requirement",
        "service_review",
        "clock_run",
        "request_pause",
        "coordination_notice",
        "booking",
        "attendance",
        "follow_up",
        "material",
        "entitlement_entry",
        "policy_status_period",
        "hospital",
    }
)


class RequestPresenter(QObject):
    """Behind the card.

    Signals:
        shown(object): a :class:`RequestView`, or ``None`` when there is no such request.
        failed(object): reading or a step was refused.
        busy_changed(bool): a step is being carried out.
    """

    shown = Signal(object)
    failed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, context: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.request_id: int | None = None
        self.view: RequestView | None = None
        context.bus.committed.connect(self.apply)

    def show_request(self, request_id: int | None) -> None:
        """Show another request."""
        self.request_id = request_id
        self.reload()

    def reload(self) -> None:
        """Read the request again."""
        if self.request_id is None:
            self._take(None)
            return
        work = partial(load_request_view, self._context.desk, self.request_id)
        self._context.runner.read(self, work, self._take, self.failed.emit)

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes."""
        if self.request_id is not None and changes.touches(READ_FROM):
            self.reload()

    def act(self, action: RequestAction) -> None:
        """Do what a button says: at once, or by asking for the dialog of the step."""
        view = self.view
        if view is None:
            return
        plain = PLAIN_STEPS.get(action)
        if plain is not None:
            command = plain.make(self._context.desk.new_id(), view.request_id)
            self.busy_changed.emit(True)
            carry_out(self._context, self, command, self._done, self._refused)
            return
        if action is RequestAction.FOLLOW_UP:
            self._context.navigator.start("record_follow_up", view.open_follow_up_id)
            return
        self._context.navigator.start(f"request_{action.value}", view.request_id)

    def _take(self, view: RequestView | None) -> None:
        if view is not None and view.request_id != self.request_id:
            return
        self.view = view
        self.shown.emit(view)

    def _done(self, _outcome: "Outcome") -> None:
        self.busy_changed.emit(False)

    def _refused(self, error: BaseException) -> None:
        self.busy_changed.emit(False)
        self.failed.emit(error)
