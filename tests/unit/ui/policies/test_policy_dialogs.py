"""Suspension, restoration, termination and the look-up of a status, through the dialogs."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.vocabulary import PolicyStatus
from lian_desk.services.assistance_files.views import FileView, load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words import formats
from tests.desk_world import World
from tests.window_fixture import Hands


@pytest.fixture
def file_id(world: World) -> int:
    return world.open_file()


def view_of(desk: Desk, file_id: int) -> FileView:
    view = load_file_view(desk, file_id)
    assert view is not None
    return view


def test_a_policy_is_suspended_and_restored(hands: Hands, world: World, desk: Desk, file_id: int) -> None:
    policy_id = world.policy(file_id)
    dialog = hands.start("suspend_policy", policy_id)
    hands.write(dialog.form.fields["from_on"], "2026-09-29")
    hands.choose(dialog.form.fields["source"], "保险公司通知")
    hands.save(dialog)
    assert "晚于现在" in dialog.form.fields["from_on"].error
    hands.write(dialog.form.fields["from_on"], "2026-09-20")
    hands.save(dialog)
    hands.no_dialog()
    assert view_of(desk, file_id).policy_status is PolicyStatus.SUSPENDED
    dialog = hands.start("reinstate_policy", policy_id)
    hands.write(dialog.form.fields["from_on"], "2026-09-10")
    hands.choose(dialog.form.fields["source"], "保险公司系统")
    hands.save(dialog)
    assert "不能早于" in dialog.form.fields["from_on"].error
    hands.write(dialog.form.fields["from_on"], "2026-09-25")
    hands.save(dialog)
    hands.no_dialog()
    periods = view_of(desk, file_id).periods
    assert [line.status for line in periods] == [PolicyStatus.IN_FORCE, PolicyStatus.SUSPENDED, PolicyStatus.IN_FORCE]
    assert periods[1].true_to is not None
    assert periods[1].true_to - periods[1].true_from == timedelta(days=5)


def test_a_status_is_verified_and_another_one_is_refused(hands: Hands, world: World, file_id: int) -> None:
    dialog = hands.start("verify_policy", world.policy(file_id))
    hands.choose(dialog.form.fields["status"], "效力中止")
    hands.choose(dialog.form.fields["source"], "保险公司系统")
    hands.save(dialog)
    assert dialog.form.fields["status"].error.startswith("与档案中登记的状态不同")
    hands.choose(dialog.form.fields["status"], "保单有效")
    hands.save(dialog)
    hands.no_dialog()


def test_termination_states_r7_and_enter_means_not_now(hands: Hands, world: World, desk: Desk, file_id: int) -> None:
    dialog = hands.start("terminate_policy", world.policy(file_id))
    told = "".join(child.text() for child in dialog.findChildren(QLabel))
    assert desk.pack.clause("R7").text in told
    assert dialog.cancel.text() == "暂不终止"
    assert dialog.cancel.isDefault()
    hands.bot.keyClick(hands.go_to(dialog.form.fields["from_on"]), Qt.Key.Key_Return)
    hands.no_dialog()
    assert view_of(desk, file_id).policy_status is PolicyStatus.IN_FORCE


def test_termination_needs_a_reason_and_closes_the_file(hands: Hands, world: World, desk: Desk, file_id: int) -> None:
    dialog = hands.start("terminate_policy", world.policy(file_id))
    fields = dialog.form.fields
    hands.save(dialog)
    assert all(fields[name].error for name in ("reason", "from_on", "source", "understood"))
    hands.write(fields["reason"], "其他原因")
    hands.write(fields["from_on"], "2026-09-28")
    hands.choose(fields["source"], "保险公司通知")
    hands.bot.keyClick(hands.go_to(fields["understood"]), Qt.Key.Key_Space)
    hands.save(dialog)
    assert fields["note"].error
    hands.write(fields["note"], "被保险人身故")
    hands.save(dialog)
    hands.no_dialog()
    view = view_of(desk, file_id)
    assert view.policy_status is PolicyStatus.TERMINATED
    assert view.is_read_only
    assert formats.local(view.periods[-1].true_from).date() == date(2026, 9, 28)


def test_waiting_and_grace_period_are_recorded(hands: Hands, world: World, desk: Desk, file_id: int) -> None:
    dialog = hands.start("policy_terms", world.policy(file_id))
    fields = dialog.form.fields
    hands.write(fields["waiting_until_on"], "2026-10-30")
    hands.write(fields["grace_from_on"], "2026-11-01")
    hands.choose(fields["source"], "保险公司系统")
    hands.save(dialog)
    assert fields["grace_until_on"].error
    hands.write(fields["grace_until_on"], "2026-12-31")
    hands.save(dialog)
    hands.no_dialog()
    with desk.read() as session:
        row = session.get_one(Policy, world.policy(file_id))
        assert (row.waiting_until_on, row.grace_until_on) == (date(2026, 10, 30), date(2026, 12, 31))
