"""Which pages the window has and who answers which wish: the one place where the features meet.

To add a page: write its feature folder, then one line in ``PAGES``. To let another feature open a dialog of
yours: one line in ``ACTION_HANDLERS``. Modules are loaded when a page is first shown.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.navigation import PageSpec
from lian_desk.ui.common.page import Page

ActionHandler = Callable[[UiContext, QWidget, object], None]


def _page(module: str, name: str) -> Callable[[UiContext], Page]:
    """Return a factory that loads the page's module only when the page is first shown: the start stays short."""

    def build(context: UiContext) -> Page:
        page: Page = getattr(import_module(f"lian_desk.ui.{module}"), name)(context)
        return page

    return build


def _handler(module: str, name: str) -> ActionHandler:
    """Return a handler whose module is loaded when it is first asked for."""

    def answer(context: UiContext, parent: QWidget, subject: object) -> None:
        getattr(import_module(f"lian_desk.ui.{module}"), name)(context, parent, subject)

    return answer


PAGES: Final = (
    PageSpec("worklist", "工作台", "layout-dashboard", _page("worklist.page", "WorklistPage"), "Alt+1"),
    PageSpec("assistance_files", "档案", "folder-open", _page("assistance_files.list_page", "FileListPage"), "Alt+2"),
    PageSpec("follow_ups", "随访", "phone-call", _page("follow_ups.page", "FollowUpPage"), "Alt+4"),
    PageSpec("hospitals", "医院名录", "hospital", _page("providers.page", "HospitalPage"), "Alt+6"),
)

ACTION_HANDLERS: Final[Mapping[str, ActionHandler]] = {
    "record_follow_up": _handler("follow_ups.record_dialog", "open_record_dialog"),
    "plan_follow_up": _handler("follow_ups.care_dialogs", "open_plan_dialog"),
    "record_education": _handler("follow_ups.care_dialogs", "open_education_dialog"),
    "plan_reminder": _handler("follow_ups.care_dialogs", "open_reminder_dialog"),
    "export_record": _handler("documents.export_dialog", "open_export_record"),
    "print_summary": _handler("documents.export_dialog", "open_export_summary"),
    "new_application": _handler("applications.handlers", "record_application"),
    "respond_to_application": _handler("applications.handlers", "respond_to_application"),
    "settle_application": _handler("applications.handlers", "settle_application"),
}
