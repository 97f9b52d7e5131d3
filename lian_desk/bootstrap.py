"""The composition root: opens the workspace, builds the desk, the window and its pages, and connects the features.

It alone sees every layer. Feature folders of the user interface do not know each other; what one needs of another
is handed in here.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from sqlalchemy import select

from lian_desk.adapters.diagnostics.crash_watch import CrashWatch
from lian_desk.adapters.diagnostics.program_log import begin_log, end_log
from lian_desk.adapters.machine.clock import Clock
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.services.desk.desk import Desk
from lian_desk.services.desk.desk_hours import desk_hours
from lian_desk.services.desk.early_start import end_start
from lian_desk.services.desk.explanations import explain
from lian_desk.services.hospitals.hospital_list import TakeInShippedList
from lian_desk.services.search.global_search import Found, find
from lian_desk.services.search.text_search import TextHit, find_texts
from lian_desk.services.stored_files.discards import discard_erased_files
from lian_desk.services.upkeep.stored_files import set_orphans_aside
from lian_desk.services.words.wording import phrase
from lian_desk.ui.actions import EMERGENCY, action_spec
from lian_desk.ui.application import PROGRAM
from lian_desk.ui.common.explain.explain import install_explainer
from lian_desk.ui.common.look.icon_button import IconButton
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.theme import current_theme
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.recognition_run import RecognitionRun
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.common.running.wishes import FoundPlace, refusal
from lian_desk.ui.common.shell.command_palette import SearchHit
from lian_desk.ui.common.shell.top_bar import DayWords
from lian_desk.ui.common.shell.window_memory import recall_window, remember_window
from lian_desk.ui.crash_dialog import CrashDialog
from lian_desk.ui.exception_dialog import ExceptionHook
from lian_desk.ui.hospitals.sample_band import tell_sample
from lian_desk.ui.main_window import MainWindow, WindowFacts
from lian_desk.ui.page_table import ACTION_HANDLERS, PAGES
from lian_desk.ui.search.index_keeper import IndexKeeper
from lian_desk.ui.sign_in.flow import SignInFlow
from lian_desk.ui.sign_in.idle_watch import IdleWatch
from lian_desk.ui.sign_in.lock_screen import LockScreen
from lian_desk.ui.sign_in.presenter import SignedIn, SignInPresenter
from lian_desk.ui.working_calendar.clock_guard import guard_clock
from lian_desk.ui.worklist.center import NotificationCenter

#: An untouched window locks itself after this time.
IDLE_LIMIT: Final = timedelta(minutes=10)
#: By then the first page is painted and its rows are read.
_SETTLED_MS: Final = 1500
#: Full-text hits beside files and hospitals in the search of the upper edge; the page has them all.
_TEXT_HITS: Final = 4

_SEARCH_HINT = "搜索 姓名 / 拼音 / 保单号 / 手机尾号 / 医院"
_DEMO_BANNER = "演示数据：人物均为虚构，工作区带有一次性密钥，请勿录入真实信息"


@dataclass(frozen=True)
class DeskWindow:
    """A running window with what it stands on; ``close`` ends everything in order."""

    context: UiContext
    window: MainWindow

    def close(self) -> None:
        """Let the write lane finish, close the window and then the workspace.

        Raises:
            EnvironmentProblem: the disk is full or gone; what was committed stays in the log.
        """
        if self.context.recognition is not None:
            self.context.recognition.stop()
        self.window.close()
        self.context.runner.shut_down()
        self.context.desk.close()


def build_context(desk: Desk) -> UiContext:
    """Return what every page is built with; the application must be dressed already."""
    runner, bus = TaskRunner(), ChangeBus()
    recognition = RecognitionRun(desk, runner, bus)
    return UiContext(desk, runner, bus, Navigator(), current_theme(), recognition)


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
    caption = f"{desk.operator.name} · 工位 {desk.identity.workstation_code}"
    lock = LockScreen(window, context.runner, desk.opened, caption)
    window.lock_requested.connect(lock.lock)
    watch = IdleWatch(desk.clock, timedelta(0) if desk.identity.is_demo else IDLE_LIMIT, window)
    watch.idle.connect(lock.lock)
    lock.locked.connect(window.clock.stop)
    lock.unlocked.connect(window.clock.start)
    lock.locked.connect(context.navigator.locked)
    lock.unlocked.connect(context.navigator.unlocked)
    if context.recognition is not None:
        lock.locked.connect(context.recognition.suspend)
        lock.unlocked.connect(context.recognition.revive)
    _speak_up(context, window, lock)
    tell_sample(context, window.add_band, window)
    if not desk.identity.is_demo:
        # the days of a demo are not those of the workstation
        guard_clock(context, window.clock.minute_passed, window.add_band, window)
    window.navigation.set_state("本机保存 · 已加密", Tone.KEPT)
    window.show_page(PAGES[0].page_id)
    return DeskWindow(context, window)


def _speak_up(context: UiContext, window: MainWindow, lock: LockScreen) -> None:
    """Let the window tell which promises run out, and let every refusal explain itself."""
    install_explainer(partial(explain, context.desk))
    context.runner.unheard.connect(lambda error: window.toast.say(sentence(error)))
    center = NotificationCenter(context, window)
    window.top_bar.add_tool(_emergency_button(window))
    window.top_bar.add_tool(center.bell)
    window.clock.minute_passed.connect(center.look)
    lock.locked.connect(center.hush)
    lock.unlocked.connect(center.speak)
    window.closing.connect(center.hush)


def _emergency_button(window: MainWindow) -> IconButton:
    """The way to the emergency script, in sight on every page (R74)."""
    spec = action_spec(EMERGENCY)
    run = partial(window.run_action, EMERGENCY)
    return IconButton(spec.icon, f"{spec.text}（{spec.shortcut}）", run, color="broken_ink", parent=window.top_bar)


class DeskProgram(QObject):
    """The program from the first dialog to the last: unlock, show the window, lock it, close in order."""

    def __init__(self, app: QApplication, clock: Clock, watch: CrashWatch | None = None) -> None:
        """Run in ``app``; ``watch`` notes a fall in the workspace that is opened."""
        super().__init__()
        self._app = app
        self._watch = watch
        self._clock = clock
        self._runner = TaskRunner()
        self._running: DeskWindow | None = None
        self._log: logging.Handler | None = None
        self._flow = SignInFlow(SignInPresenter(self._runner, clock), parent=self)
        self._flow.signed_in.connect(self._open)
        self._flow.left.connect(app.quit)

    def run(self, folder: Path) -> int:
        """Show the window on the workspace in ``folder`` until it is closed; return the exit code."""
        self._app.setQuitOnLastWindowClosed(False)
        self._flow.start(folder)
        code = self._app.exec()
        try:
            if self._running is not None:
                self._running.close()
        finally:
            self._runner.shut_down()
            if self._log is not None:
                end_log(self._log)
            self._keep_records(None)
        return code

    def _keep_records(self, folder: Path | None) -> None:
        """Let falls and errors be recorded in ``folder``; with None the watch ends in order."""
        hook = self._app.findChild(ExceptionHook)
        if isinstance(hook, ExceptionHook):
            hook.keep_in(folder)
        if self._watch is None:
            return
        if folder is None:
            self._watch.end()
        else:
            self._watch.into(folder)

    def _open(self, signed_in: SignedIn) -> None:
        try:
            desk = Desk(signed_in.workspace, self._clock)
            prepare(desk)
            self._running = build_window(desk)
        except BaseException:
            signed_in.workspace.close()
            raise
        self._log = begin_log(desk.opened.layout.logs)
        self._keep_records(desk.opened.layout.crashes)
        window = self._running.window
        context = self._running.context
        orphans = partial(set_orphans_aside, desk, self._clock.now(), desk.opened.layout.quarantine)
        context.runner.read(window, orphans, _nothing)
        IndexKeeper(context, window)
        context.runner.write(window, partial(discard_erased_files, desk), _nothing)
        recall_window(window, QSettings())
        window.closing.connect(self._close)
        window.show()
        QTimer.singleShot(_SETTLED_MS, end_start)
        if context.recognition is not None:
            # reading begins when the first page has long been painted
            QTimer.singleShot(2 * _SETTLED_MS, context.recognition.start)
        if signed_in.fell:
            CrashDialog(signed_in.fell, desk.opened.layout.crashes, context.runner, window).open()
        if signed_in.notes:
            window.toast.say(" ".join(signed_in.notes))
        if signed_in.warnings:
            # these call for an act: they stay until somebody has read them
            box = QMessageBox(QMessageBox.Icon.Warning, PROGRAM, "\n".join(signed_in.warnings), parent=window)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    def _close(self) -> None:
        if self._running is not None:
            remember_window(self._running.window, QSettings())
        self._app.quit()


def prepare(desk: Desk) -> None:
    """Give a new workspace the hospital list that ships with the program."""
    with desk.read() as session:
        is_empty = session.scalar(select(Hospital.id).limit(1)) is None
    if is_empty:
        desk.execute(TakeInShippedList(command_id=desk.new_id()))


def _nothing(_result: object) -> None:
    """What was set aside is named by the health check."""


def _run_action(context: UiContext, window: MainWindow, action_id: str, subject: object) -> None:
    wish = ACTION_HANDLERS.get(action_id)
    refused = refusal(action_id, wish, subject)
    if wish is not None and refused is None:
        wish.answer(context, window, subject)
    else:
        window.toast.say(refused or "")


def _day_words(desk: Desk, moment: datetime) -> DayWords:
    hours = desk_hours(desk, moment)
    return DayWords(hours.hours, Tone.KEPT if hours.is_open else Tone.NEUTRAL, hours.day)


def _search(context: UiContext, text: str) -> list[SearchHit]:
    """Files and hospitals first, then places in texts, then the way to all of those."""
    hits = [_hit(context, found) for found in find(context.desk, text)]
    texts = find_texts(context.desk, text, limit=_TEXT_HITS).hits
    hits += [_text_hit(context, hit, text) for hit in texts]
    if texts:
        show_all = partial(context.navigator.start, "search_texts", text)
        hits.append(SearchHit(f"在全文中查找“{text}”", "全文检索", "search", show_all))
    return hits


def _text_hit(context: UiContext, hit: TextHit, question: str) -> SearchHit:
    show = partial(context.navigator.start, "open_found_text", FoundPlace(hit, question))
    icon = "file-text" if hit.material_id is None else "scan-text"
    return SearchHit(f"{hit.insured_name} · {hit.place}", hit.excerpt, icon, show)


def _hit(context: UiContext, found: Found) -> SearchHit:
    if found.file_id is not None:
        return SearchHit(found.title, found.detail, "folder-open", partial(context.navigator.open_file, found.file_id))
    return SearchHit(found.title, found.detail, "hospital", partial(context.navigator.open_page, "hospitals"))
