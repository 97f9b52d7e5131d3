"""What was closed is gone: pages, tabs of many files and every dialog leave no widget behind, whatever is opened again."""

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import NoneType
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.benchmarks.window_watch import is_stray, take_stock
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import EducationNote, FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.tour.robot import Robot
from lian_desk.tour.stage import MOMENT, Stage, demo_workspace, opened_stage
from lian_desk.ui.assistance_files.page import FilePage
from lian_desk.ui.common.look.page_mark import MaterialPlace
from lian_desk.ui.common.running.wishes import RequestPlace
from lian_desk.ui.page_table import ACTION_HANDLERS, PAGES

pytestmark = pytest.mark.timeout(400)
#: Answered by a page, or asked by an open dialog only.
WITHOUT_A_DIALOG = {
    "show_request",
    "show_material",
    "open_found_text",
    "search_texts",
    "materials_beside",
    "new_request",
}


@pytest.fixture(scope="module")
def stage(dressed: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    parent: Path = tmp_path_factory.mktemp("left")
    with demo_workspace(parent, 40) as workspace, opened_stage(workspace, FixedClock(MOMENT), listens=False) as opened:
        yield opened


@pytest.fixture
def robot(stage: Stage) -> Robot:
    return stage.robot


def keys(robot: Robot, column: "InstrumentedAttribute[int]", *conditions: Any) -> list[int]:
    with robot.context.desk.read() as session:
        return list(session.scalars(select(column).where(*conditions).order_by(column)))


def strays() -> list[str]:
    return sorted(type(top).__name__ for top in QApplication.topLevelWidgets() if is_stray(top))


#: The kind of record that a wish about a key means, by the beginning of its name; any other means a file.
RECORDS: dict[str, tuple["InstrumentedAttribute[int]", tuple[Any, ...]]] = {
    "respond_to_application": (IncomingApplication.id, ()),
    "settle_application": (IncomingApplication.id, ()),
    "open_file_for_application": (IncomingApplication.id, ()),
    "request_": (ServiceRequest.id, ()),
    "ask_for_material": (ServiceRequest.id, ()),
    "verify_policy": (Policy.id, ()),
    "suspend_policy": (Policy.id, ()),
    "reinstate_policy": (Policy.id, ()),
    "terminate_policy": (Policy.id, ()),
    "policy_terms": (Policy.id, ()),
    "reverse_termination": (Policy.id, ()),
    "record_follow_up": (FollowUp.id, (FollowUp.done_at.is_(None),)),
    "booking_notice": (Booking.id, ()),
    "education_leaflet": (EducationNote.id, ()),
}


def subject_of(robot: Robot, action_id: str) -> object:
    """Return a record of the kind that the wish is about."""
    if ACTION_HANDLERS[action_id].subject is NoneType:
        return None
    known = [found for name, found in RECORDS.items() if action_id.startswith(name)]
    column, conditions = known[0] if known else (AssistanceFile.id, ())
    return keys(robot, column, *conditions)[0]


def windows() -> int:
    """Count the top-level widgets that are left when everything that waits to be deleted is gone."""
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return len(QApplication.topLevelWidgets())


def count_after(turns: int, act: Callable[[], None]) -> tuple[int, int]:
    """Do something once to warm up and then ``turns`` times; return the top-level widgets before and after."""
    act()
    before = windows()
    for _turn in range(turns):
        act()
    return before, windows()


def test_pages_leave_no_window_behind(robot: Robot) -> None:
    def visit() -> None:
        for spec in PAGES:
            if spec.shortcut:
                robot.window.show_page(spec.page_id)
                robot.settle()

    before, after = count_after(1, visit)
    assert after == before
    assert strays() == []


def test_files_with_all_their_tabs_leave_nothing_behind(robot: Robot) -> None:
    """Each file opened with all its tabs used to leave a label and a line behind, with the panel they belonged to."""
    files = keys(robot, AssistanceFile.id)[:4]
    page = robot.window.page("assistance_file")
    assert isinstance(page, FilePage)

    def open_all(file_id: int) -> None:
        robot.context.navigator.open_file(file_id)
        robot.settle()
        for index in range(page.tabs.count()):
            page.tabs.setCurrentIndex(index)
            robot.settle()

    for file_id in files:
        open_all(file_id)
    held = take_stock()
    for file_id in files:
        open_all(file_id)
    later = take_stock()
    assert strays() == []
    assert later.windows == held.windows
    assert later.widgets <= held.widgets
    assert later.objects <= held.objects + 10


def test_the_panels_of_a_file_that_was_left_are_gone_for_python_too(robot: Robot) -> None:
    """A panel that the change bus keeps alive would read the database at every change, for a file nobody looks at."""
    first, second = keys(robot, AssistanceFile.id)[:2]
    page = robot.window.page("assistance_file")
    assert isinstance(page, FilePage)
    robot.context.navigator.open_file(first)
    robot.settle()
    for index in range(page.tabs.count()):
        page.tabs.setCurrentIndex(index)
        robot.settle()
    held = {tab: weakref.ref(panel) for tab, panel in page.foreign.items()}
    assert len(held) > 3
    robot.context.navigator.open_file(second)
    robot.settle()
    windows()
    assert [tab for tab, panel in held.items() if panel() is not None] == []


@pytest.mark.parametrize("action_id", sorted(set(ACTION_HANDLERS) - WITHOUT_A_DIALOG))
def test_a_closed_dialog_is_gone(robot: Robot, action_id: str) -> None:
    robot.clear_away()
    robot.window.show_page("worklist")
    robot.settle()
    subject = subject_of(robot, action_id)
    seen: set[str] = set()

    def open_and_close() -> None:
        robot.context.navigator.start(action_id, subject)
        robot.settle()
        assert robot.dialog is not None
        seen.add(type(robot.dialog).__name__)
        while robot.dialog is not None:
            robot.dialog.done(QDialog.DialogCode.Rejected)
            robot.settle()

    before, after = count_after(2, open_and_close)
    assert after == before, sorted(type(top).__name__ for top in QApplication.topLevelWidgets())
    assert strays() == []
    assert len(seen) == 1


def test_viewers_share_one_child(robot: Robot) -> None:
    """Previews of papers and of materials are drawn by one child, however many are opened and closed."""
    file_id = keys(robot, AssistanceFile.id)[0]
    children = set()
    for action_id in ("export_record", "print_summary", "medical_sheet", "verify_papers", "disclosure_pack"):
        robot.context.navigator.start(action_id, file_id)
        robot.settle()
        while robot.dialog is not None:
            robot.dialog.done(QDialog.DialogCode.Rejected)
            robot.settle()
        children.add(take_stock().children)
    for material_id in keys(robot, Material.id)[:4]:
        robot.context.navigator.start("show_material", MaterialPlace(material_id))
        robot.settle()
        children.add(take_stock().children)
    assert max(children) <= 1


def test_showing_requests_by_their_place_leaves_nothing(robot: Robot) -> None:
    with robot.context.desk.read() as session:
        places = [
            RequestPlace(row.assistance_file_id, row.id)
            for row in session.execute(
                select(ServiceRequest.id, ServiceRequest.assistance_file_id).order_by(ServiceRequest.id).limit(6)
            )
        ]

    def show_all() -> None:
        for place in places:
            robot.context.navigator.start("show_request", place)
            robot.settle()

    before, after = count_after(1, show_all)
    assert after == before
    assert strays() == []


OVER_THE_WINDOW = ("new_application", "new_file", "verify_papers", "emergency", "care_plans", "check_materials")


def test_another_look_reaches_pages_dialogs_and_menus_wherever_they_stand(robot: Robot) -> None:
    """Only what is seen is dressed at once: whatever is shown later must wear the look in force all the same."""
    robot.clear_away()
    theme = robot.context.theme
    before = theme.scheme
    robot.window.show_page("worklist")
    theme.toggle()
    try:
        wanted = theme.tokens.text
        for spec in PAGES:
            if spec.shortcut:
                robot.window.show_page(spec.page_id)
                robot.settle()
                assert wrongly_dressed(robot.window, wanted) == []
        for action_id in OVER_THE_WINDOW:
            robot.context.navigator.start(action_id, subject_of(robot, action_id) if action_id != "emergency" else None)
            robot.settle()
            assert robot.dialog is not None
            assert wrongly_dressed(robot.dialog, wanted) == []
            robot.dialog.done(QDialog.DialogCode.Rejected)
            robot.settle()
        robot.keys("Ctrl+K")
        assert wrongly_dressed(robot.window, wanted) == []
        robot.keys("Esc")
    finally:
        theme.set_scheme(before)
    robot.settle()
    assert wrongly_dressed(robot.window, theme.tokens.text) == []


def wrongly_dressed(window: QWidget, wanted: str) -> list[str]:
    """Return the plain words of a window whose colour is not that of the look in force."""
    return [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisible()
        and label.isEnabled()
        and label.property("role") in {"body", "section", "title", "bold"}
        and not label.parentWidget().property("tone")
        and label.palette().windowText().color().name().upper() != wanted.upper()
    ]
