"""The composition root: opens the workspace, builds the desk, the window and its pages, and connects the features.

It alone sees every layer. Feature folders of the user interface do not know each other; what one needs of another
is handed in here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.services.desk import Desk
from lian_desk.services.desk_hours import desk_hours
from lian_desk.services.global_search import Found, find
from lian_desk.services.wording import phrase
from lian_desk.ui.application import PROGRAM
from lian_desk.ui.common.change_bus import ChangeBus
from lian_desk.ui.common.command_palette import SearchHit
from lian_desk.ui.common.context import Navigator, UiContext
from lian_desk.ui.common.task_runner import TaskRunner
from lian_desk.ui.common.theme import current_theme
from lian_desk.ui.common.tokens import Tone
from lian_desk.ui.common.top_bar import DayWords
from lian_desk.ui.main_window import MainWindow, WindowFacts
from lian_desk.ui.page_table import ACTION_HANDLERS, PAGES

_SEARCH_HINT = "搜索 姓名 / 拼音 / 保单号 / 手机尾号 / 医院"
_DEMO_BANNER = "演示数据：人物均为虚构，工作区带有一次性密钥，请勿录入真实信息"


@dataclass(frozen=True)
class DeskWindow:
    """A running window with what it stands on; ``close`` ends everything in order."""

    context: UiContext
    window: MainWindow

    def close(self) -> None:
        """Let the write lane finish, close the window and then the workspace."""
        self.window.close()
        self.context.runner.shut_down()
        self.context.desk.close()


def build_context(desk: Desk) -> UiContext:
    """Return what every page is built with; the application must be dressed already."""
    return UiContext(desk=desk, runner=TaskRunner(), bus=ChangeBus(), navigator=Navigator(), theme=current_theme())


def build_window(desk: Desk) -> DeskWindow:
    """Build the window on an opened desk, with its first page in front."""
    context = build_context(desk)
    facts = WindowFacts(
        program=PROGRAM,
        operator=f"{phrase(desk.operator.role)} · {desk.operator.name}",
        placeholder=_SEARCH_HINT,
        banner=_DEMO_BANNER if desk.identity.is_demo else "",
        day_words=partial(_day_words, desk),
        search=partial(_search, context),
    )
    window = MainWindow(context, PAGES, facts)
    context.navigator.action_requested.connect(partial(_run_action, context, window))
    window.show_page(PAGES[0].page_id)
    return DeskWindow(context, window)


def run_window(app: QApplication, desk: Desk) -> int:
    """Show the window until it is closed and return the exit code."""
    running = build_window(desk)
    running.window.show()
    code = app.exec()
    running.close()
    return code


def _run_action(context: UiContext, window: MainWindow, action_id: str, subject: object) -> None:
    handler: Callable[[UiContext, QWidget, object], None] = ACTION_HANDLERS[action_id]
    handler(context, window, subject)


def _day_words(desk: Desk, moment: datetime) -> DayWords:
    hours = desk_hours(desk, moment)
    return DayWords(hours.hours, Tone.KEPT if hours.is_open else Tone.NEUTRAL, hours.day)


def _search(context: UiContext, text: str) -> list[SearchHit]:
    return [_hit(context, found) for found in find(context.desk, text)]


def _hit(context: UiContext, found: Found) -> SearchHit:
    if found.file_id is not None:
        return SearchHit(found.title, found.detail, "folder-open", partial(context.navigator.open_file, found.file_id))
    return SearchHit(found.title, found.detail, "hospital", partial(context.navigator.open_page, "hospitals"))
