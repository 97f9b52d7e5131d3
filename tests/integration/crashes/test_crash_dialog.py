"""The next start after a fall: one sentence, the records in front, a way to open, to copy and to delete them."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.diagnostics.crash_records import RecordKind, list_records, write_record
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.bootstrap import DeskProgram
from lian_desk.services.workspace.opening_checks import Finding
from lian_desk.services.workspace.workspace import open_workspace
from lian_desk.ui.application import dress
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.crash_dialog import CrashDialog
from tests.desk_fixture import MONDAY


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    dress(qapp)
    runner = TaskRunner()
    yield runner
    runner.shut_down()


@pytest.fixture
def crashes(tmp_path: Path) -> Path:
    folder = tmp_path / "crashes"
    write_record(folder, RecordKind.FALL, "first fall", MONDAY - timedelta(days=1))
    write_record(folder, RecordKind.ERROR, "last error", MONDAY)
    return folder


@pytest.fixture
def dialog(crashes: Path, runner: TaskRunner) -> Iterator[CrashDialog]:
    made = CrashDialog("上次异常结束，2 份记录在 logs/crashes。", crashes, runner)
    made.show()
    assert runner.wait_idle(20_000)
    yield made
    made.reject()


def test_the_newest_record_is_in_front_and_every_other_can_be_read(dialog: CrashDialog, crashes: Path) -> None:
    assert "logs/crashes" in dialog.words.text()
    assert dialog.list.count() == 2
    assert dialog.list.item(0).text().endswith("意外错误")
    assert dialog.text.toPlainText().strip() == "last error"
    dialog.list.setCurrentRow(1)
    assert dialog.text.toPlainText().strip() == "first fall"
    dialog.copy()
    assert QApplication.clipboard().text().strip() == "first fall"
    # who has seen them is not told again
    assert not any(record.is_new for record in list_records(crashes))


def test_the_records_can_be_deleted(dialog: CrashDialog, crashes: Path, runner: TaskRunner) -> None:
    dialog.delete()
    assert runner.wait_idle(20_000)
    assert list_records(crashes) == ()
    assert dialog.words.text() == "已删除 2 份记录。"
    assert (dialog.list.count(), dialog.text.toPlainText()) == (0, "")
    assert not dialog.delete_button.isEnabled()


def test_the_folder_can_be_opened(dialog: CrashDialog, crashes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog.open_folder()
    assert opened == [str(crashes)]


def test_records_that_the_disk_does_not_give_are_said_so(
    dialog: CrashDialog, crashes: Path, runner: TaskRunner
) -> None:
    shutil.rmtree(crashes)
    crashes.write_bytes(b"a file in its place")
    dialog._load()
    assert runner.wait_idle(20_000)
    dialog.delete()
    assert runner.wait_idle(20_000)
    assert dialog.isVisible()


@pytest.mark.timeout(120)
def test_the_next_start_tells_of_a_fall_once(demo: Callable[[], Path], qapp: QApplication) -> None:
    dress(qapp)
    folder = demo()
    write_record(folder / "logs" / "crashes", RecordKind.FALL, "the fall", MONDAY)
    seen: list[list[str]] = []
    for _ in range(2):
        program = DeskProgram(qapp, FixedClock(MONDAY))
        look = QTimer()

        def close_the_window(program: DeskProgram = program, look: QTimer = look) -> None:
            if program._running is None or not program._running.window.isVisible():
                return
            if program._running.context.runner.pending_count:
                return
            look.stop()
            dialogs = program._running.window.findChildren(CrashDialog)
            seen.append([dialog.text.toPlainText().strip() for dialog in dialogs])
            for dialog in dialogs:
                dialog.accept()
            program._running.window.close()

        look.timeout.connect(close_the_window)
        look.start(20)
        try:
            assert program.run(folder) == 0
        finally:
            qapp.setQuitOnLastWindowClosed(True)
    assert seen == [["the fall"], []]


def test_the_opening_finds_what_nobody_was_told_of(demo: Callable[[], Path]) -> None:
    folder = demo()
    write_record(folder / "logs" / "crashes", RecordKind.FALL, "x", MONDAY)
    for _ in range(2):
        # a command line that opens the workspace tells nobody, and so does not count
        opened = open_workspace(folder, by_throw_away_key(), MONDAY)
        opened.close()
        assert [finding.kind for finding in opened.findings] == [Finding.FELL]
        assert opened.findings[0].parameters["count"] == 1
