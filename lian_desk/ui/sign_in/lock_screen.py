"""The lock screen: hides everything of the window until the password is typed again. Nothing typed is lost.

Open dialogs are hidden, not closed, and come back as they were. In a demo workspace one click is enough.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget
from shiboken6 import isValid

from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.services.workspace.workspace import OpenWorkspace
from lian_desk.ui.common.forms.forms import FieldSpec, Form, PasswordField
from lian_desk.ui.common.look.buttons import PrimaryButton
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.icons import pixmap
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.task_runner import TaskRunner

_CARD_WIDTH = 380
_LOCK_KEYS = "Ctrl+L"
_KEY_NAME = "lock-key"


class LockScreen(QWidget):
    """Lies over the whole window while it is locked.

    Signals:
        locked(): everything is hidden now.
        unlocked(): the password was right and everything is back.
    """

    locked = Signal()
    unlocked = Signal()

    def __init__(self, window: QMainWindow, runner: TaskRunner, workspace: OpenWorkspace, caption: str) -> None:
        """Cover ``window``; ``caption`` names operator and workstation, never a customer."""
        super().__init__(window)
        self.setObjectName("canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._runner = runner
        self._workspace = workspace
        self._dialogs: list[QDialog] = []
        self._keyboard: QWidget | None = None
        self._title = ""
        self._is_locked = False
        self.password = PasswordField(FieldSpec(name="password", label="密码"))
        self.form = Form()
        self.form.add_row(self.password)
        self.form.setVisible(not workspace.identity.is_demo)
        demo = workspace.identity.is_demo
        self.button = PrimaryButton("继续（演示工作区不需要密码）" if demo else "解锁", self.try_unlock)
        self.button.setAutoDefault(True)
        self.password.line.returnPressed.connect(self.try_unlock)
        self._picture = QLabel()
        self._lay_out(caption)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._offer_key)

    @property
    def is_locked(self) -> bool:
        """True from :meth:`lock` until the password was right."""
        return self._is_locked

    def lock(self) -> None:
        """Hide everything at once; harmless when locked already."""
        if self._is_locked:
            return
        self._is_locked = True
        self._keyboard = QApplication.focusWidget()
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            popup = QApplication.activePopupWidget()
        self._dialogs = [
            widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()
        ]
        for dialog in self._dialogs:
            dialog.hide()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._title = self._window.windowTitle()
        self._window.setWindowTitle("已锁定")
        for child in self._window.children():
            # the page, and what lies over it for a moment: search box, toast
            if isinstance(child, QWidget) and child is not self and not child.isWindow():
                child.hide()
        for action in self._window.actions():
            action.setEnabled(False)
        self._picture.setPixmap(pixmap("lock", 32, "accent"))
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._focus()
        self.locked.emit()

    def try_unlock(self) -> None:
        """Check the password off the UI thread; a wrong one is said beneath the field."""
        if not self._is_locked:
            return
        if self._workspace.identity.is_demo:
            self._open()
            return
        values = self.form.values()
        if values is None:
            return
        unlock = by_password(values["password"])
        self._set_busy(True)
        self._runner.read(self, lambda: self._workspace.prove(unlock), lambda _none: self._open(), self._refuse)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: stay as large as the window, and keep dialogs that appear while locked hidden."""
        if self._is_locked:
            if watched is self._window and event.type() == QEvent.Type.Resize:
                self.setGeometry(self._window.rect())
            elif event.type() == QEvent.Type.Show and isinstance(watched, QDialog) and watched not in self._dialogs:
                self._dialogs.append(watched)
                QTimer.singleShot(0, watched, watched.hide)
        return super().eventFilter(watched, event)

    def _offer_key(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Give every dialog the key that locks: the window's own keys are asleep behind it."""
        dialog = now.window() if now is not None else None
        if isinstance(dialog, QDialog) and dialog.findChild(QShortcut, _KEY_NAME) is None:
            shortcut = QShortcut(QKeySequence(_LOCK_KEYS), dialog)
            shortcut.setObjectName(_KEY_NAME)
            shortcut.activated.connect(self.lock)

    def _refuse(self, error: BaseException) -> None:
        self._set_busy(False)
        self.form.show_error("password", sentence(error))
        self.password.line.selectAll()

    def _open(self) -> None:
        self._set_busy(False)
        self._is_locked = False
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.password.line.clear()
        self.password.show_error("")
        for action in self._window.actions():
            action.setEnabled(True)
        central = self._window.centralWidget()
        if central is not None:
            central.show()
        self._window.setWindowTitle(self._title)
        self.hide()
        for dialog in self._dialogs:
            # one that finished its write behind the lock screen is gone by now
            if isValid(dialog) and dialog.result() == 0:
                dialog.show()
        self._dialogs = []
        if self._keyboard is not None and isValid(self._keyboard):
            self._keyboard.setFocus()
        self._keyboard = None
        self.unlocked.emit()

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - the setter of a state
        self.button.setEnabled(not busy)
        self.form.setEnabled(not busy)
        if not busy:
            self._focus()

    def _focus(self) -> None:
        if self._workspace.identity.is_demo:
            self.button.setFocus()
        else:
            self.password.focus()

    def _lay_out(self, caption: str) -> None:
        card = Card()
        card.setFixedWidth(_CARD_WIDTH)
        card.body.setContentsMargins(24, 22, 24, 22)
        card.body.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("已锁定", "title"))
        words.addWidget(label(caption, "secondary"))
        head.addWidget(self._picture)
        head.addLayout(words, 1)
        card.body.addLayout(head)
        card.body.addWidget(label("没有保存的内容都还在，解锁后可以继续。", "muted", wrap=True))
        card.body.addWidget(self.form)
        card.body.addWidget(self.button)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
