"""Every action of the window and every step of a request has somebody who answers; what the table names can be loaded."""

import importlib
import re
from pathlib import Path

import pytest

from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.plain_steps import PLAIN_STEPS
from lian_desk.ui import actions
from lian_desk.ui.page_table import ACTION_HANDLERS, PAGES

UI = Path(__file__).resolve().parents[2] / "lian_desk" / "ui"
PAGE_TABLE = (UI / "page_table.py").read_text(encoding="utf-8")
LOADED = sorted(set(re.findall(r'_(?:page|part|file_part|wish)\((?:[^"]+, )?"([\w.]+)", "(\w+)"\)', PAGE_TABLE)))


def test_every_action_of_the_window_is_answered_by_window_page_or_table() -> None:
    own = {actions.SEARCH, actions.LOCK, actions.SWITCH_THEME, actions.SHOW_KEYS, actions.QUIT, actions.RELOAD}
    by_page = {actions.PRINT, actions.EXPORT, actions.NEW_REQUEST}
    assert {spec.action_id for spec in actions.ACTIONS} - own - by_page <= set(ACTION_HANDLERS)


@pytest.mark.parametrize("action", [action for action in RequestAction if action not in PLAIN_STEPS])
def test_every_step_of_a_request_has_its_dialog(action: RequestAction) -> None:
    """A step without values is done at once, a follow-up belongs to its own feature, any other has a dialog."""
    name = "record_follow_up" if action is RequestAction.FOLLOW_UP else f"request_{action.value}"
    assert name in ACTION_HANDLERS


@pytest.mark.parametrize(("module", "name"), LOADED)
def test_what_the_table_names_can_be_loaded(module: str, name: str) -> None:
    assert callable(getattr(importlib.import_module(f"lian_desk.ui.{module}"), name))


def test_every_page_that_somebody_asks_for_exists() -> None:
    asked = set()
    for path in UI.rglob("*.py"):
        asked |= set(re.findall(r'(?:open_page|set_counter)\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert asked
    assert asked <= {page.page_id for page in PAGES}


def test_what_outlives_a_widget_is_told_methods_only() -> None:
    """A lambda that hangs on the bus, the navigator or the theme keeps its widget for ever, closed or not."""
    kept = re.compile(r"\b(?:bus|navigator|theme|runner|recognition)\.\w+\.connect\(\s*(?:lambda|partial)\b")
    found = [path.name for path in UI.rglob("*.py") if kept.search(path.read_text(encoding="utf-8"))]
    assert found == []
    assert kept.search("context.bus.committed.connect(lambda _changes: self.reload())")
