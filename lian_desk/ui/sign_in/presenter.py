"""What happens between the start of the program and an open workspace; holds no widget.

Everything that derives a key, asks the keyring or touches the disk runs off the UI thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from lian_desk.adapters.keys.envelope_changes import remember_in_keyring
from lian_desk.adapters.keys.keyring_wrap import NO_HELP, SystemKeyring
from lian_desk.adapters.keys.unlocking import (
    FindKeyring,
    Unlock,
    by_keyring,
    by_password,
    by_throw_away_key,
    is_remembered,
    opens_by_itself,
)
from lian_desk.adapters.machine.clock import Clock
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode
from lian_desk.services.workspace.opening_checks import Finding, StartFinding
from lian_desk.services.workspace.opening_words import SERIOUS, finding_sentence
from lian_desk.services.workspace.workspace import (
    NewWorkspace,
    OpenWorkspace,
    create_workspace,
    open_workspace,
    peek_envelope,
)
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.running.task_runner import TaskRunner

_NOTHING_THERE: Final = frozenset({ErrorCode.FOLDER_MISSING, ErrorCode.WORKSPACE_MISSING})
_ASK_AGAIN: Final = NO_HELP | {ErrorCode.PASSWORD_WRONG}


@dataclass(frozen=True)
class Question:
    """What the unlock dialog shows: which workspace, whether the keyring already knows it, and why it asks."""

    folder: Path
    workstation_code: str
    is_remembered: bool
    reason: str = ""


@dataclass(frozen=True)
class SignedIn:
    """An open workspace and what the start found: sentences that only inform, and those that call for an act.

    ``fell`` says that the program fell or met an error last time and where the records lie; empty when it did not.
    """

    workspace: OpenWorkspace
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    fell: str = ""


class SignInPresenter(QObject):
    """Takes wishes from the dialogs and says what to show next.

    Signals:
        workspace_wanted(object, bool): nothing is there; the folder, and whether it was chosen by hand.
        password_wanted(object): a ``Question``.
        password_refused(str): the sentence for the field; the dialog stays.
        creation_refused(object): the error; the dialog stays with everything typed.
        start_refused(object, object): the error and the folder.
        signed_in(object): a ``SignedIn``; whoever gets it closes the workspace.
        busy_changed(bool): work is under way.
    """

    workspace_wanted = Signal(object, bool)
    password_wanted = Signal(object)
    password_refused = Signal(str)
    creation_refused = Signal(object)
    start_refused = Signal(object, object)
    signed_in = Signal(object)
    busy_changed = Signal(bool)

    def __init__(
        self,
        runner: TaskRunner,
        clock: Clock,
        find_keyring: FindKeyring = SystemKeyring.find,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clock = clock
        self._find_keyring = find_keyring

    def begin(self, folder: Path, *, chosen: bool = False) -> None:
        """Look at a folder and go the shortest way in: demo, keyring, password, or making a new workspace.

        ``chosen`` is True for a folder that the user picked, where "nothing there" is worth a sentence.
        """
        self._run(partial(self._way_in, folder), self._took_way, partial(self._begin_refused, folder, chosen))

    def unlock(self, folder: Path, password: str, *, remember: bool) -> None:
        """Open with a password; ``remember`` lets the keyring do it from the next start on."""
        work = partial(self._open_by_password, folder, password, remember)
        self._run(work, self.signed_in.emit, partial(self._unlock_refused, folder))

    def create(self, folder: Path, new: NewWorkspace, *, remember: bool) -> None:
        """Make a workspace and open it."""
        work = partial(self._create, folder, new, remember)
        self._run(work, self.signed_in.emit, self.creation_refused.emit)

    # ----------------------------------------------------------------------------------- on a working thread

    def _way_in(self, folder: Path) -> "SignedIn | Question":
        envelope = peek_envelope(folder)
        question = Question(folder, envelope.identity.workstation_code, is_remembered(envelope))
        if opens_by_itself(envelope):
            return self._opened(folder, by_throw_away_key())
        if not question.is_remembered:
            return question
        try:
            return self._opened(folder, by_keyring(self._find_keyring))
        except EnvironmentProblem as problem:
            if problem.code not in _ASK_AGAIN:
                raise
            return Question(folder, question.workstation_code, is_remembered=False, reason=sentence(problem))

    def _open_by_password(self, folder: Path, password: str, remember: bool) -> SignedIn:  # noqa: FBT001 - from partial
        unlock = by_password(password)
        signed_in = self._opened(folder, unlock)
        return self._remembered(signed_in, unlock) if remember else signed_in

    def _create(self, folder: Path, new: NewWorkspace, remember: bool) -> SignedIn:  # noqa: FBT001 - from partial
        leftovers = create_workspace(folder, new, self._clock.now())
        if new.password is None:
            signed_in = self._opened(folder, by_throw_away_key())
        else:
            signed_in = self._open_by_password(folder, new.password, remember)
        if not leftovers:
            return signed_in
        words = finding_sentence(StartFinding(Finding.LEFTOVERS_QUARANTINED, {"count": leftovers}))
        return replace(signed_in, notes=(words, *signed_in.notes))

    def _opened(self, folder: Path, unlock: Unlock) -> SignedIn:
        workspace = open_workspace(folder, unlock, self._clock.now())
        found = workspace.findings
        return SignedIn(
            workspace,
            notes=tuple(finding_sentence(finding) for finding in found if finding.kind not in {*SERIOUS, Finding.FELL}),
            warnings=tuple(finding_sentence(finding) for finding in found if finding.kind in SERIOUS),
            fell="".join(finding_sentence(finding) for finding in found if finding.kind is Finding.FELL),
        )

    def _remembered(self, signed_in: SignedIn, unlock: Unlock) -> SignedIn:
        workspace = signed_in.workspace
        try:
            remember_in_keyring(workspace.folder, workspace.layout.database, unlock, self._find_keyring())
        except EnvironmentProblem as problem:
            # the desk is open all the same; next time it asks for the password
            words = f"没有记住密码：{sentence(problem)}"
            return replace(signed_in, notes=(*signed_in.notes, words))
        return signed_in

    # --------------------------------------------------------------------------------------- on the UI thread

    def _run(
        self, work: Callable[[], object], done: Callable[[object], object], failed: Callable[[BaseException], object]
    ) -> None:
        def finished(result: object) -> None:
            self.busy_changed.emit(False)
            done(result)

        def refused(error: BaseException) -> None:
            self.busy_changed.emit(False)
            failed(error)

        self.busy_changed.emit(True)
        self._runner.write(self, work, finished, refused)

    def _took_way(self, result: object) -> None:
        if isinstance(result, Question):
            self.password_wanted.emit(result)
        else:
            self.signed_in.emit(result)

    def _begin_refused(self, folder: Path, chosen: bool, error: BaseException) -> None:  # noqa: FBT001 - from partial
        if isinstance(error, DeskError) and error.code in _NOTHING_THERE:
            self.workspace_wanted.emit(folder, chosen)
        else:
            self.start_refused.emit(error, folder)

    def _unlock_refused(self, folder: Path, error: BaseException) -> None:
        if isinstance(error, DeskError) and error.code in _ASK_AGAIN:
            self.password_refused.emit(sentence(error))
        else:
            self.start_refused.emit(error, folder)
