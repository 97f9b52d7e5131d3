"""保单: how long the service still runs, the waiting and the grace days; and Tab through 新建档案 (R3, A28, A29)."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.models.vocabulary import FactSource
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.follow_ups.care_notes import PlanReminder, ReminderWanted
from lian_desk.services.policies.terms import RecordPolicyTerms
from lian_desk.ui.assistance_files.policy_tab import PolicyTab
from lian_desk.ui.assistance_files.step_rail import StepRail
from lian_desk.ui.common.look.chips import Chip
from tests.desk_facts import titles
from tests.desk_world import World
from tests.window_fixture import Hands


def chips(tab: PolicyTab) -> list[str]:
    return [chip.text for chip in tab.findChildren(Chip)]


def shown_tab(hands: Hands, world: World, file_id: int) -> PolicyTab:
    tab = PolicyTab(hands.shown.context)
    hands.bot.addWidget(tab)
    view = load_file_view(world.desk, file_id)
    assert view is not None
    tab.show_view(view)
    return tab


def test_waiting_grace_and_the_rest_of_the_term_are_shown(hands: Hands, world: World) -> None:
    file_id = world.open_file()
    today = world.desk.today
    left = (world.desk.today.replace(year=2034, month=3, day=1) - today).days
    assert f"还有 {left:,} 天" in chips(shown_tab(hands, world, file_id))
    world.run(
        RecordPolicyTerms,
        policy_id=world.policy(file_id),
        source=FactSource.INSURER_SYSTEM,
        waiting_until_on=today + timedelta(days=12),
        grace_from_on=today - timedelta(days=3),
        grace_until_on=today + timedelta(days=7),
    )
    found = chips(shown_tab(hands, world, file_id))
    assert "还有 12 天，扣次须主管同意" in found
    assert "还有 7 天" in found


def test_a_planned_reminder_stands_in_the_feed_at_once(world: World) -> None:
    file_id = world.open_file()
    wanted = ReminderWanted("带上既往片子", world.clock.moment + timedelta(days=2))
    world.run(PlanReminder, assistance_file_id=file_id, reminder=wanted)
    assert any(title.startswith("安排提醒") for title in titles(world.desk, file_id))


def test_tab_walks_through_the_fields_of_a_new_file_and_never_through_the_rail(hands: Hands) -> None:
    dialog = hands.start("new_file")
    (rail,) = dialog.findChildren(StepRail)
    seen: list[QWidget] = []
    for _press in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            break
        seen.append(focused)
        hands.bot.keyClick(focused, Qt.Key.Key_Tab)
    assert dialog.form.fields["name"].input in seen
    assert dialog.primary in seen
    assert not [widget for widget in seen if rail.isAncestorOf(widget)]
