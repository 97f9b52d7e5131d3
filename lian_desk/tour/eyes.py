"""The eyes of the robot: waits until the desk is at rest, and finds widgets by the words people see."""

from collections.abc import Callable
from typing import Final, TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.ui.common.forms.fields import Field
from lian_desk.ui.common.forms.forms import Form
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.main_window import MainWindow

_WidgetT = TypeVar("_WidgetT", bound=QWidget)

#: Time for a piece of work of the window, in milliseconds; far above what any of them takes.
PATIENCE_MS: Final = 30_000
#: One look at the event loop.
SPIN_MS: Final = 8
#: Timers that end sooner belong to the act (a search waits for the next letter); longer ones do not.
_SOON_MS: Final = 400
_CALM_LOOKS: Final = 2


class RobotStuck(RuntimeError):
    """The robot cannot go on; ``str()`` says what it looked for and where."""


def spin(milliseconds: int) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Eyes:
    """Looks at one window. ``clock`` is the desk's clock, which stands until the robot moves it."""

    def __init__(self, window: MainWindow, context: UiContext, clock: FixedClock) -> None:
        self.window = window
        self.context = context
        self.clock = clock

    # ------------------------------------------------------------------------------------------------------ time

    def settle(self) -> None:
        """Wait until nothing is under way: no work off the UI thread, no short timer.

        Raises:
            RobotStuck: something is still under way after :data:`PATIENCE_MS`.
        """
        left = PATIENCE_MS
        calm = 0
        while calm < _CALM_LOOKS:
            spin(SPIN_MS)
            left -= SPIN_MS
            if left < 0 or not self.context.runner.wait_idle(PATIENCE_MS):
                raise RobotStuck("窗口在限定时间内没有做完手头的事")
            calm = 0 if self._is_waiting() else calm + 1

    def wait_for(self, is_there: Callable[[], bool], what: str) -> None:
        """Wait until ``is_there()``; ``what`` names it in the complaint.

        Raises:
            RobotStuck: it did not happen in :data:`PATIENCE_MS`.
        """
        left = PATIENCE_MS
        while not is_there():
            spin(SPIN_MS)
            left -= SPIN_MS
            if left < 0:
                raise RobotStuck(f"没有等到{what}")
        self.settle()

    def _is_waiting(self) -> bool:
        return any(
            timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON_MS
            for top in QApplication.topLevelWidgets()
            if top.isVisible()
            for timer in top.findChildren(QTimer)
        )

    # --------------------------------------------------------------------------------------------------- finding

    @property
    def dialog(self) -> QDialog | None:
        """The dialog in front, ``None`` when the window itself has the user's attention."""
        modal = QApplication.activeModalWidget()
        return modal if isinstance(modal, QDialog) else None

    def front(self) -> QWidget:
        """Return the dialog in front, else the window."""
        return self.dialog or self.window

    def keyboard(self) -> QWidget:
        """Return the widget that gets keys, with its window awake as a window manager keeps it."""
        front = self.front()
        if QApplication.activeWindow() is not front and QApplication.activePopupWidget() is None:
            front.activateWindow()
            spin(SPIN_MS)
        return QApplication.focusWidget() or front

    def opened_dialog(self, title: str) -> QDialog:
        """Return the dialog in front, which must carry ``title``."""
        self.settle()
        dialog = self.dialog
        if dialog is None or title not in dialog.windowTitle():
            found = f"眼前是“{dialog.windowTitle()}”" if dialog is not None else "没有打开任何对话框"
            raise RobotStuck(f"没有打开“{title}”对话框，{found}")
        return dialog

    def widget(self, kind: type[_WidgetT], inside: QWidget | None = None, *, named: str = "") -> _WidgetT:
        """Return the one visible widget of a kind, by its accessible name where several are there."""
        root = inside or self.front()
        if isinstance(root, kind):
            return root
        for found in root.findChildren(kind):
            if found.isVisible() and (not named or found.accessibleName() == named):
                return found
        raise RobotStuck(f"没有找到{kind.__name__} {named}".strip())

    def button(self, words: str, inside: QWidget | None = None) -> QAbstractButton:
        """Return the visible button that says ``words``; a count behind the words is ignored."""
        root = inside or self.front()
        shown = [button for button in root.findChildren(QAbstractButton) if button.isVisible()]
        for button in shown:
            if says(button.text(), words) or button.accessibleName() == words:
                return button
        offered = "、".join(dict.fromkeys(button.text() for button in shown if button.text()))
        raise RobotStuck(f"没有找到按钮“{words}”，可见的按钮：{offered}")

    def has_button(self, words: str, inside: QWidget | None = None) -> bool:
        """Tell whether a visible, enabled button says ``words``."""
        root = inside or self.front()
        return any(
            button.isVisible() and button.isEnabled() and says(button.text(), words)
            for button in root.findChildren(QAbstractButton)
        )

    def field(self, name: str) -> Field:
        """Return the field ``name`` of the form in front."""
        for form in self.front().findChildren(Form):
            if name in form.fields and form.isVisible():
                return form.fields[name]
        raise RobotStuck(f"眼前的表单里没有字段“{name}”")


def complaints(root: QWidget) -> list[str]:
    """Return the sentences that a form shows beneath its fields and in its band."""
    found = [field.error for field in root.findChildren(Field) if field.isVisible() and field.error]
    banner = getattr(root, "banner", None)
    if banner is not None and banner.isVisible() and banner.text:
        found.append(banner.text)
    return found


def says(shown: str, words: str) -> bool:
    """Tell whether a text is ``words``, or ``words`` and a count behind them."""
    plain = shown.replace("&", "").strip()
    head, _blank, tail = plain.rpartition(" ")
    return plain == words or (head == words and tail.replace(",", "").isdigit())
