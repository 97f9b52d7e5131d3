"""A dialog asks for what its move needs in the state table, and for nothing of that kind beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lian_desk.services.desk.desk import Desk
from lian_desk.services.request_views.actions import RequestAction as A
from lian_desk.services.request_views.asked import Asked, asked_by
from lian_desk.services.request_views.forms import load_evidence_choices, load_start
from lian_desk.services.request_views.views import load_request_view
from lian_desk.ui.bookings import booking_dialogs, correction_dialogs, exit_dialogs
from lian_desk.ui.bookings.confirm_start_dialog import ConfirmStartDialog
from lian_desk.ui.common.forms.request_dialog import RequestDialog
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.service_requests import plain_dialogs
from tests.desk_world import World

WORD = Asked(reason=True, evidence=True)
EXPECTED = {
    A.CONFIRM_START: Asked(evidence=True, warning=True),
    A.CANCEL_BY_INSURED: Asked(reason=True, evidence=True, warning=True),
    A.WITHDRAW: WORD,
    A.RESCHEDULE_BY_HOSPITAL: WORD,
    A.REVERSE_START: WORD,
    A.REOPEN: WORD,
    A.CORRECT_START: WORD,
    A.CORRECT_BOOKING: WORD,
    A.PAUSE: Asked(reason=True),
    A.RECORD_NOT_BOOKED: Asked(reason=True),
    A.RECORD_NO_SHOW: Asked(source=True),
    A.RECORD_ATTENDANCE: Asked(source=True),
}
DIALOGS: dict[A, Any] = {
    A.CANCEL_BY_INSURED: exit_dialogs.CancelDialog,
    A.RESCHEDULE_BY_HOSPITAL: exit_dialogs.RescheduleDialog,
    A.RECORD_NOT_BOOKED: exit_dialogs.NotBookedDialog,
    A.RECORD_NO_SHOW: exit_dialogs.NoShowDialog,
    A.REVERSE_START: exit_dialogs.ReverseDialog,
    A.REOPEN: correction_dialogs.ReopenDialog,
    A.CORRECT_START: correction_dialogs.CorrectStartDialog,
    A.CORRECT_BOOKING: correction_dialogs.CorrectBookingDialog,
    A.RECORD_ATTENDANCE: booking_dialogs.AttendanceDialog,
    A.WITHDRAW: plain_dialogs.WithdrawDialog,
    A.PAUSE: plain_dialogs.PauseDialog,
}
_NOTES = {A.RESCHEDULE_BY_HOSPITAL: "note", A.PAUSE: "note"}
"""Where the reason is called otherwise: what the hospital said, what the order says."""
Make = Callable[[A], RequestDialog]


@pytest.fixture
def make(ui: UiContext, desk: Desk, world: World, qtbot: QtBot) -> Make:
    """Return what opens the dialog of an action for a booked request."""
    host = QWidget()
    qtbot.addWidget(host)
    request_id = world.to_booked(world.open_file())
    view, choices = load_request_view(desk, request_id), load_evidence_choices(desk, request_id)
    assert view is not None

    def opened(action: A) -> RequestDialog:
        if action is A.CONFIRM_START:
            start = load_start(desk, request_id)
            assert start is not None
            return ConfirmStartDialog(ui, start, host)
        kind = DIALOGS[action]
        needs_choices = EXPECTED[action].evidence
        dialog: RequestDialog = kind(ui, view, choices, host) if needs_choices else kind(ui, view, host)
        return dialog

    return opened


def test_a_dialog_has_the_fields_that_its_move_needs(make: Make) -> None:
    for action, expected in EXPECTED.items():
        dialog = make(action)
        assert dialog.action is action
        fields = dialog.form.fields
        reason = fields.get(_NOTES.get(action, "reason"))
        found = Asked(
            reason=reason is not None and not reason.spec.optional,
            evidence="evidence_form" in fields,
            source="source" in fields,
            warning="warning_acknowledged" in fields,
        )
        assert found == expected == asked_by(action, dialog.view.kind), action
