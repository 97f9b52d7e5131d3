"""Shows the dialogs that the presenter asks for, one at a time, until a workspace is open or the user leaves."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog

from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.services.workspace.workspace import NewWorkspace
from lian_desk.ui.sign_in.first_start_dialog import FirstStartDialog
from lian_desk.ui.sign_in.presenter import Question, SignedIn, SignInPresenter
from lian_desk.ui.sign_in.start_problem_dialog import StartProblemDialog
from lian_desk.ui.sign_in.unlock_dialog import UnlockDialog


class SignInFlow(QObject):
    """The way in, from a folder to an open workspace.

    Signals:
        signed_in(object): a ``SignedIn``; its receiver owns the workspace and closes it.
        demo_wanted(): the user would rather look at the demo; only with ``offers_demo``.
        left(): the user closed the last dialog; the program ends.
    """

    signed_in = Signal(object)
    demo_wanted = Signal()
    left = Signal()

    def __init__(
        self,
        presenter: SignInPresenter,
        *,
        offers_demo: bool = False,
        cost: PasswordCost | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Offer the demo only where somebody answers ``demo_wanted``."""
        super().__init__(parent)
        self._presenter = presenter
        self._cost = cost
        self._offers_demo = offers_demo
        self._dialog: QDialog | None = None
        presenter.workspace_wanted.connect(self._ask_for_workspace)
        presenter.password_wanted.connect(self._ask_for_password)
        presenter.password_refused.connect(self._refuse_password)
        presenter.creation_refused.connect(self._refuse_creation)
        presenter.start_refused.connect(self._show_problem)
        presenter.signed_in.connect(self._finish)

    @property
    def dialog(self) -> QDialog | None:
        """The dialog in front, None while work is under way without one."""
        return self._dialog

    def start(self, folder: Path, *, chosen: bool = False) -> None:
        """Begin with a folder; comes back at once, the signals tell the rest."""
        self._put_away()
        self._presenter.begin(folder, chosen=chosen)

    def _ask_for_workspace(self, folder: Path, chosen: bool) -> None:  # noqa: FBT001 - Qt's signal carries it
        dialog = FirstStartDialog(folder, chosen=chosen, cost=self._cost)
        dialog.creation_requested.connect(self._create)
        dialog.other_requested.connect(partial(self._choose_other, folder))
        if self._offers_demo:
            dialog.offer_demo()
            dialog.demo_requested.connect(self._want_demo)
        self._show(dialog)

    def _ask_for_password(self, question: Question) -> None:
        dialog = UnlockDialog(question)
        dialog.unlock_requested.connect(partial(self._unlock, question.folder))
        dialog.other_requested.connect(partial(self._choose_other, question.folder))
        self._show(dialog)

    def _show_problem(self, error: BaseException, folder: Path) -> None:
        dialog = StartProblemDialog(error, folder)
        dialog.retry_requested.connect(partial(self.start, folder))
        dialog.other_requested.connect(partial(self._choose_other, folder))
        self._show(dialog)

    def _unlock(self, folder: Path, password: str, remember: bool) -> None:  # noqa: FBT001 - Qt's signal carries it
        self._presenter.unlock(folder, password, remember=remember)

    def _create(self, folder: Path, new: NewWorkspace, remember: bool) -> None:  # noqa: FBT001 - Qt's signal carries it
        self._presenter.create(folder, new, remember=remember)

    def _refuse_password(self, words: str) -> None:
        if isinstance(self._dialog, UnlockDialog):
            self._dialog.show_refusal(words)

    def _refuse_creation(self, error: BaseException) -> None:
        if isinstance(self._dialog, FirstStartDialog):
            self._dialog.refuse(error)

    def _choose_other(self, folder: Path) -> None:
        chosen = QFileDialog.getExistingDirectory(self._dialog, "打开工作区", str(folder.parent))
        if chosen:
            self.start(Path(chosen), chosen=True)

    def _want_demo(self) -> None:
        self._put_away()
        self.demo_wanted.emit()

    def _finish(self, signed_in: SignedIn) -> None:
        self._put_away()
        self.signed_in.emit(signed_in)

    def _show(self, dialog: QDialog) -> None:
        self._put_away()
        self._dialog = dialog
        dialog.rejected.connect(self._leave)
        dialog.open()

    def _put_away(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            # put away by the program, not left by the user
            dialog.rejected.disconnect(self._leave)
            dialog.done(QDialog.DialogCode.Accepted)

    def _leave(self) -> None:
        self._dialog = None
        self.left.emit()
