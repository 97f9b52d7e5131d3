"""The way in and the lock, with real widgets, a real task runner and real encrypted workspaces."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from lian_desk.adapters.keys.keyring_wrap import SystemKeyring
from lian_desk.adapters.keys.password_strength import Strength, strength_of
from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.workspace import opening_words as start_wording
from lian_desk.services.workspace.opening_checks import Finding, StartFinding
from lian_desk.services.workspace.opening_words import Remedy
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from lian_desk.ui.application import dress
from lian_desk.ui.common.look.theme import Scheme
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.sign_in.first_start_dialog import FirstStartDialog
from lian_desk.ui.sign_in.flow import SignInFlow
from lian_desk.ui.sign_in.presenter import SignedIn, SignInPresenter
from lian_desk.ui.sign_in.start_problem_dialog import StartProblemDialog
from lian_desk.ui.sign_in.unlock_dialog import UnlockDialog

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHEAP = PasswordCost(memory_kib=64, passes=1, lanes=1)
PASSWORD = "梧桐雨后的石城 9"


class MemoryKeyring(KeyringBackend):
    """Keeps secrets in memory, as a session's keyring would."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.silent = False
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        if self.silent:
            self.released.wait()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


class Desk:
    """A flow on a runner, and what it told."""

    def __init__(self, runner: TaskRunner) -> None:
        self.runner = runner
        self.memory = MemoryKeyring()
        self.keyring_problem: ErrorCode | None = None
        self.flow = SignInFlow(SignInPresenter(runner, FixedClock(NOW), self.find), offers_demo=True, cost=CHEAP)
        self.opened: list[SignedIn] = []
        self.told: list[str] = []
        self.flow.signed_in.connect(self.opened.append)
        self.flow.left.connect(lambda: self.told.append("left"))
        self.flow.demo_wanted.connect(lambda: self.told.append("demo"))

    def find(self) -> SystemKeyring:
        if self.keyring_problem is not None:
            raise EnvironmentProblem(self.keyring_problem)
        return SystemKeyring(self.memory)

    def start(self, folder: Path) -> QDialog | None:
        self.flow.start(folder)
        return self.settled()

    def settled(self) -> QDialog | None:
        assert self.runner.wait_idle(20_000)
        return self.flow.dialog

    def unlock_dialog(self) -> UnlockDialog:
        dialog = self.settled()
        assert isinstance(dialog, UnlockDialog)
        return dialog

    def close(self) -> None:
        for signed_in in self.opened:
            signed_in.workspace.close()


@pytest.fixture
def desk(runner: TaskRunner) -> Iterator[Desk]:
    desk = Desk(runner)
    yield desk
    if desk.flow.dialog is not None:
        desk.flow.dialog.done(0)
    desk.close()


def type_words(line: QLineEdit, words: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(line, event)


def fill(dialog: FirstStartDialog, password: str = PASSWORD, again: str = PASSWORD) -> None:
    type_words(dialog.operator.line, "沈知远")
    type_words(dialog.code.line, "nj07")
    type_words(dialog.password.line, password)
    type_words(dialog.again.line, again)


def test_from_nothing_to_an_open_workspace(desk: Desk, tmp_path: Path) -> None:
    dialog = desk.start(tmp_path / "new")
    assert isinstance(dialog, FirstStartDialog)
    assert dialog.banner.isHidden()
    fill(dialog)
    dialog.try_submit()
    assert desk.settled() is None
    (signed_in,) = desk.opened
    assert signed_in.workspace.identity.workstation_code == "NJ07"
    assert (signed_in.notes, signed_in.warnings) == ((), ())


def test_two_passwords_that_differ_are_said_beneath_the_second(desk: Desk, tmp_path: Path) -> None:
    dialog = desk.start(tmp_path / "new")
    assert isinstance(dialog, FirstStartDialog)
    fill(dialog, again="something else")
    dialog.try_submit()
    assert "不一样" in dialog.again.error
    assert not dialog.is_busy
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("field", "words", "part"),
    [
        ("password", "short", "至少需要 8"),
        ("folder", "relative/path", "完整"),
        ("workstation_code", "南京", "工位代码"),
    ],
)
def test_unfit_answers_are_said_beneath_their_field_and_stay(
    desk: Desk, tmp_path: Path, field: str, words: str, part: str
) -> None:
    dialog = desk.start(tmp_path / "new")
    assert isinstance(dialog, FirstStartDialog)
    fill(dialog)
    lines = {"password": [dialog.password.line, dialog.again.line], "folder": [dialog.folder.line]}
    for line in lines.get(field, [dialog.code.line]):
        line.setText(words)
    dialog.try_submit()
    desk.settled()
    assert part in dialog.form.fields[field].error
    assert dialog.operator.line.text() == "沈知远"
    assert desk.opened == []


def test_a_folder_with_other_things_is_refused_beneath_the_folder(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"mine")
    dialog = desk.start(tmp_path)
    assert isinstance(dialog, FirstStartDialog)
    fill(dialog)
    dialog.try_submit()
    desk.settled()
    assert "空文件夹" in dialog.folder.error


def test_a_wrong_password_is_said_and_the_right_one_opens(desk: Desk, folder: Path) -> None:
    desk.start(folder)
    dialog = desk.unlock_dialog()
    type_words(dialog.password.line, "not the password")
    dialog.try_submit()
    assert desk.unlock_dialog() is dialog
    assert "密码不对" in dialog.password.error
    assert dialog.password.line.selectedText() != ""
    dialog.password.line.setText(PASSWORD)
    dialog.try_submit()
    assert desk.settled() is None
    assert len(desk.opened) == 1


def test_what_the_keyring_remembers_opens_without_a_question(desk: Desk, folder: Path) -> None:
    desk.start(folder)
    dialog = desk.unlock_dialog()
    type_words(dialog.password.line, PASSWORD)
    dialog.remember.setChecked(True)
    dialog.try_submit()
    desk.settled()
    assert len(desk.memory.entries) == 1
    desk.close()
    assert desk.start(folder) is None
    assert len(desk.opened) == 2


def test_a_keyring_that_forgot_leads_to_the_password_with_a_reason(desk: Desk, folder: Path) -> None:
    desk.start(folder)
    dialog = desk.unlock_dialog()
    type_words(dialog.password.line, PASSWORD)
    dialog.remember.setChecked(True)
    dialog.try_submit()
    desk.settled()
    desk.close()
    desk.memory.entries.clear()
    desk.start(folder)
    assert "钥匙串里没有" in desk.unlock_dialog().banner.text


def test_a_keyring_that_hangs_leads_to_the_password_and_is_not_waited_for(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start(folder)
    dialog = desk.unlock_dialog()
    type_words(dialog.password.line, PASSWORD)
    dialog.remember.setChecked(True)
    dialog.try_submit()
    desk.settled()
    desk.close()
    monkeypatch.setattr("lian_desk.adapters.keys.keyring_wrap.PATIENCE_SECONDS", 0.05)
    desk.memory.silent = True
    desk.start(folder)
    dialog = desk.unlock_dialog()
    assert "没有回应" in dialog.banner.text
    type_words(dialog.password.line, PASSWORD)
    dialog.remember.setChecked(True)
    dialog.try_submit()
    desk.settled()
    desk.memory.released.set()
    assert len(desk.opened) == 2
    assert any("没有记住密码" in note and "没有回应" in note for note in desk.opened[1].notes)


def test_no_keyring_does_not_keep_the_desk_closed(desk: Desk, folder: Path) -> None:
    desk.keyring_problem = ErrorCode.KEYRING_UNAVAILABLE
    desk.start(folder)
    dialog = desk.unlock_dialog()
    type_words(dialog.password.line, PASSWORD)
    dialog.remember.setChecked(True)
    dialog.try_submit()
    desk.settled()
    assert "没有记住密码" in desk.opened[0].notes[0]


def test_a_demo_opens_at_once(desk: Desk, tmp_path: Path) -> None:
    create_workspace(tmp_path / "demo", NewWorkspace("示例", "DEMO", None, is_demo=True), NOW)
    assert desk.start(tmp_path / "demo") is None
    assert desk.opened[0].workspace.identity.is_demo


def test_an_unclean_end_is_told_after_opening(desk: Desk, folder: Path) -> None:
    (folder / "closed-cleanly").unlink()
    desk.start(folder)
    dialog = desk.unlock_dialog()
    type_words(dialog.password.line, PASSWORD)
    dialog.try_submit()
    desk.settled()
    assert "没有正常退出" in desk.opened[0].notes[0]


def test_a_refused_start_says_why_and_can_be_tried_again(desk: Desk, folder: Path) -> None:
    database = folder / "desk.sqlite3"
    content = database.read_bytes()
    database.unlink()
    desk.start(folder)
    unlock = desk.unlock_dialog()
    type_words(unlock.password.line, PASSWORD)
    unlock.try_submit()
    dialog = desk.settled()
    assert isinstance(dialog, StartProblemDialog)
    assert "没有新建空库" in dialog.words.text()
    assert set(dialog.buttons) == {Remedy.SHOW_BACKUPS, Remedy.SHOW_FOLDER, Remedy.CHOOSE_FOLDER}
    database.write_bytes(content)
    dialog.retry_requested.emit()
    desk.unlock_dialog()


def test_a_second_instance_is_told_and_waits_for_a_retry(desk: Desk, folder: Path) -> None:
    first = open_workspace(folder, by_password(PASSWORD), NOW)
    desk.start(folder)
    unlock = desk.unlock_dialog()
    type_words(unlock.password.line, PASSWORD)
    unlock.try_submit()
    dialog = desk.settled()
    assert isinstance(dialog, StartProblemDialog)
    assert "另一个窗口" in dialog.words.text()
    first.close()
    dialog.buttons[Remedy.RETRY].click()
    desk.unlock_dialog()


def test_leaving_the_dialog_ends_the_way_in(desk: Desk, folder: Path) -> None:
    desk.start(folder)
    desk.unlock_dialog().cancel.click()
    assert desk.told == ["left"]
    assert desk.flow.dialog is None


def test_the_demo_can_be_looked_at_first(desk: Desk, tmp_path: Path) -> None:
    dialog = desk.start(tmp_path / "new")
    assert isinstance(dialog, FirstStartDialog)
    dialog.demo_requested.emit()
    assert desk.told == ["demo"]


@pytest.mark.parametrize("code", [*start_wording._REFUSALS, ErrorCode.BEFORE_EFFECTIVE_DATE])
@pytest.mark.parametrize("scheme", list(Scheme))
def test_every_refusal_is_shown_in_words(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, code: ErrorCode, scheme: Scheme
) -> None:
    dress(qapp, scheme)
    dialog = StartProblemDialog(EnvironmentProblem(code), tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle()
    assert dialog.words.text().endswith("。")


def test_every_finding_has_words() -> None:
    for kind in Finding:
        words = start_wording.finding_sentence(StartFinding(kind, {"sequence": 4, "count": 2, "found": "0001"}))
        assert words.endswith("。")
        assert "{" not in words


@pytest.mark.parametrize(
    ("password", "strength"),
    [
        ("", Strength.TOO_SHORT),
        ("abc", Strength.TOO_SHORT),
        ("12345678", Strength.WEAK),
        ("aaaaaaaaaaaaaaaa", Strength.WEAK),
        ("Password1", Strength.WEAK),
        ("秋天的石城雨后", Strength.TOO_SHORT),
        ("kx7Qvm2pRt", Strength.FAIR),
        ("梧桐雨后的石城很安静 9", Strength.STRONG),
    ],
)
def test_the_hint_judges_by_what_a_guesser_must_try(password: str, strength: Strength) -> None:
    assert strength_of(password) is strength
