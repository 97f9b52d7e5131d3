"""Every wish of the window says what it is about, takes exactly that, and refuses anything else with a sentence."""

import importlib
import inspect
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any, get_type_hints

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from lian_desk.bootstrap import DeskWindow, build_window
from lian_desk.services.desk.desk import Desk
from lian_desk.ui import actions
from lian_desk.ui.common.look.page_mark import MaterialPlace
from lian_desk.ui.common.running.wishes import NOT_CHOSEN, NOT_FOUND, RequestPlace
from lian_desk.ui.page_table import ACTION_HANDLERS

UI = Path(__file__).resolve().parents[2] / "lian_desk" / "ui"
ANSWERED_BY = {
    found[0]: (found[1], found[2])
    for found in re.findall(
        r'"(\w+)": _wish\([^"]+, "([\w.]+)", "(\w+)"\)', (UI / "page_table.py").read_text(encoding="utf-8")
    )
}
STRANGE: tuple[Any, ...] = (
    "1",
    1.0,
    (1, 2),
    (1, None),
    [1],
    {"key": 1},
    b"1",
    True,
    object(),
    RequestPlace,
    MaterialPlace(1),
    RequestPlace(1, None),
    1,
    None,
)


@pytest.fixture
def running(desk: Desk, qapp: QApplication, theme: object) -> Iterator[DeskWindow]:
    made = build_window(desk)
    made.window.show()
    yield made
    made.close()
    made.window.deleteLater()


def fits(subject: object, declared: Any) -> bool:
    return isinstance(subject, declared) and not isinstance(subject, bool)


def test_every_wish_is_read_from_the_table() -> None:
    assert set(ANSWERED_BY) == set(ACTION_HANDLERS)


@pytest.mark.parametrize("action_id", sorted(ACTION_HANDLERS))
def test_who_answers_takes_what_the_table_declares(action_id: str) -> None:
    module, name = ANSWERED_BY[action_id]
    answer = getattr(importlib.import_module(f"lian_desk.ui.{module}"), name)
    about = list(inspect.signature(answer).parameters)[2]
    assert get_type_hints(answer)[about] == ACTION_HANDLERS[action_id].subject


def test_every_wish_refuses_what_it_is_not_about(running: DeskWindow, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is asked, nothing opens, nothing is raised: a sentence, and a line that names the kind and no value."""
    window = running.window
    for action_id, wish in ACTION_HANDLERS.items():
        for subject in STRANGE:
            if fits(subject, wish.subject):
                continue
            window.toast.say("")
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                running.context.navigator.start(action_id, subject)
            assert window.toast.text == (NOT_CHOSEN if subject is None else NOT_FOUND), (action_id, subject)
            lines = [record.getMessage() for record in caplog.records]
            expected = [] if subject is None else [f"the action {action_id} was asked about a {type(subject).__name__}"]
            assert lines == expected
    assert [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()] == []


def test_every_wish_about_a_record_bears_a_key_of_nothing(running: DeskWindow, qtbot: Any) -> None:
    """A record that is gone, or a key of another kind: no exception reaches the hook (pytest-qt would fail)."""
    keyed = [action_id for action_id, wish in ACTION_HANDLERS.items() if fits(1, wish.subject)]
    assert len(keyed) > 60
    for action_id in keyed:
        for key in (0, -1, 2**62):
            running.context.navigator.start(action_id, key)
            assert running.context.runner.wait_idle(20_000)
            for top in QApplication.topLevelWidgets():
                if isinstance(top, QDialog):
                    top.done(QDialog.DialogCode.Rejected)
    assert running.context.runner.wait_idle(20_000)


def test_a_wish_that_nobody_answers_is_a_sentence(running: DeskWindow, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        running.context.navigator.start("no_such_action", 1)
    assert running.window.toast.text == NOT_FOUND
    assert [record.getMessage() for record in caplog.records] == ["nobody answers the action no_such_action"]


@pytest.mark.parametrize("action_id", sorted(actions.OF_A_PAGE))
def test_what_only_a_page_can_do_is_told_where_no_page_can(running: DeskWindow, action_id: str) -> None:
    running.window.show_page("hospitals")
    running.window.run_action(action_id)
    assert running.window.toast.text.startswith("这一页没有可以")


def test_the_type_of_nothing_is_that_of_none() -> None:
    about_nothing = [action_id for action_id, wish in ACTION_HANDLERS.items() if wish.subject is NoneType]
    assert "check_materials" in about_nothing


def test_no_wish_is_asked_with_a_bare_tuple() -> None:
    # a place has a type of its own; a tuple of the same keys is refused, so that a button would do nothing
    bare = re.compile(r"navigator\.start(?:,\s*|\(\s*)[^()\n]*,\s*\((?!\))")
    sources = sorted((Path(__file__).resolve().parents[2] / "lian_desk" / "ui").rglob("*.py"))
    found = [path.name for path in sources if bare.search(path.read_text(encoding="utf-8"))]
    assert (len(sources) > 100, found) == (True, [])
