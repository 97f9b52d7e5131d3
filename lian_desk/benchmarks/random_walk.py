"""A robot that uses the window at random and repeatably: what somebody does in years, in any order.

It does what a person could do at that moment: keys, mouse, an input method's words, dropped files. Dialogs of the
system (files, printers) are answered as they come. Nothing is expected of a step but that the window bears it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QWheelEvent
from PySide6.QtPrintSupport import QAbstractPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.benchmarks.window_watch import Heartbeat
from lian_desk.tour.eyes import spin
from lian_desk.tour.robot import Robot, RobotStuck
from lian_desk.ui import actions
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField
from lian_desk.ui.common.forms.fields import Field
from lian_desk.ui.common.forms.hospital_field import HospitalField
from lian_desk.ui.common.lists.desk_table import DeskTable
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.main_window import MainWindow
from lian_desk.ui.materials.intake.upload_panel import DropZone
from lian_desk.ui.page_table import PAGES

WORDS: Final = (
    "王",
    "李秀芳",
    "心内科",
    "已与患者电话沟通，下周一上午就诊",
    "北京协和医院",
    "𠮷田",
    "复查肌钙蛋白",
    "wx",
    "8821",
    "0",
    "2026-10-12",
    "2026-10-12 09:30",
    "13800001111",
    "家属说“不方便”，改到周三；请再确认。",
)
#: A dialog that has been open for so many steps is left.
_MOST_IN_DIALOG: Final = 14
#: What ends the program is no step of a walk through it.
_NOT_ASKED: Final = frozenset({actions.QUIT})
_NOT_PRESSED: Final = frozenset({"退出"})
_SPIN_MS: Final = 4
#: Above what a request to a child may take on a busy machine.
_WORK_MS: Final = 90_000
_GUARD_MS: Final = 40
_MOST_WAITING: Final = 3_000
_LEAST, _MOST = QSize(1080, 680), QSize(1900, 1150)

Act = Callable[[], None]
_WidgetT = TypeVar("_WidgetT", bound=QWidget)


class Walker(Robot):
    """A robot that waits for work off the UI thread, but for no timer: somebody in a hurry."""

    def settle(self) -> None:
        """Override: one turn of the loop, what is under way, another turn.

        Raises:
            RobotStuck: something is still under way after 90 s.
        """
        spin(_SPIN_MS)
        if not self.context.runner.wait_idle(_WORK_MS):
            raise RobotStuck("窗口在限定时间内没有做完手头的事")
        spin(_SPIN_MS)


class SystemDialogs(QObject):
    """Answers dialogs that stop the loop of whoever asked: some with a file or a word, the others with no.

    Whatever else stands in the way of the next step for :data:`_MOST_WAITING` looks is refused, too.
    """

    def __init__(self, random: Random, files: Sequence[Path], folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._random = random
        self._files = files
        self._folder = folder
        self._waited = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_GUARD_MS)
        self._timer.timeout.connect(self._answer)
        self._timer.start()

    def stepped(self) -> None:
        """The walk goes on: nothing stands in its way."""
        self._waited = 0

    def stop(self) -> None:
        """Leave the dialogs of the system alone."""
        self._timer.stop()

    def _answer(self) -> None:
        asked = QApplication.activeModalWidget()
        self._waited += 1
        if isinstance(asked, QInputDialog) and self._random.random() < 1 / 2:
            asked.setTextValue(self._random.choice(WORDS))
            asked.accept()
        elif isinstance(asked, QFileDialog) and self._random.random() < 1 / 2:
            target = self._target(asked)
            asked.setDirectory(str(target.parent))
            asked.selectFile(str(target))
            asked.done(QDialog.DialogCode.Accepted)
        elif isinstance(asked, QFileDialog | QInputDialog | QAbstractPrintDialog):
            asked.reject()
        elif isinstance(asked, QDialog) and self._waited > _MOST_WAITING:
            asked.done(QDialog.DialogCode.Rejected)

    def _target(self, asked: QFileDialog) -> Path:
        if asked.fileMode() is QFileDialog.FileMode.Directory:
            return self._folder
        if asked.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
            return self._folder / f"saved-{self._random.randrange(8)}.bin"
        return self._random.choice(self._files)


class RandomWalk:
    """Uses one window; ``step()`` does the next thing and returns its name."""

    def __init__(
        self, window: MainWindow, context: UiContext, clock: FixedClock, random: Random, files: Sequence[Path]
    ) -> None:
        """``files`` are dropped on the window; they may be good or bad."""
        self.robot = Walker(window, context, clock)
        self.heart = Heartbeat(window)
        self._window = window
        self._random = random
        self._files = files
        self._steps_in_dialog = 0
        self._dialog: QDialog | None = None
        self._in_window: tuple[tuple[int, str, Act], ...] = (
            (12, "page", self._page),
            (14, "row", self._row),
            (14, "tab", self._tab),
            (26, "button", self._button),
            (6, "command", self._command),
            (2, "theme", lambda: self._keys("Ctrl+Shift+D")),
            (6, "palette", self._palette),
            (6, "scroll", self._scroll),
            (4, "header", self._header),
            (6, "type", self._type),
            (3, "drop", self._drop),
            (2, "resize", self._resize),
            (3, "clock", self._clock),
            (4, "menu", self._context_menu),
            (1, "lock", lambda: self._keys("Ctrl+L")),
        )
        self._in_dialog: tuple[tuple[int, str, Act], ...] = (
            (20, "dialog type", self._type),
            (18, "dialog button", self._button),
            (8, "dialog fill", self._fill_form),
            (6, "dialog tab", self._tab),
            (6, "dialog scroll", self._scroll),
            (5, "dialog combo", self._combo),
            (14, "dialog submit", lambda: self._keys("Ctrl+Return")),
            (14, "dialog cancel", lambda: self._keys("Esc")),
            (1, "dialog theme", self.robot.context.theme.toggle),
            (1, "dialog lock", lambda: self._keys("Ctrl+L")),
        )

    def step(self) -> str:
        """Do one thing that is possible now. What turns out impossible at the last moment is no fault."""
        name, act = self._next()
        self.heart.begin(name)
        try:
            act()
            self.robot.settle()
        except RobotStuck:
            return f"{name} (not possible)"
        return name

    def come_home(self) -> None:
        """Close whatever lies over the first page and let the window rest."""
        self.heart.begin("coming home")
        self.robot.clear_away()
        self._keys("Esc")
        self._window.show_page(PAGES[0].page_id)
        self.robot.settle()
        self.heart.begin("")

    # ---------------------------------------------------------------------------------------------------- choosing

    def _next(self) -> tuple[str, Act]:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return "popup", lambda: self._popup(popup)
        dialog = self.robot.dialog
        if dialog is not self._dialog:
            self._dialog, self._steps_in_dialog = dialog, 0
        if dialog is None:
            return self._one_of(self._in_window)
        self._steps_in_dialog += 1
        if isinstance(dialog, QMessageBox):
            return "question", lambda: self._press(dialog)
        if self._steps_in_dialog > _MOST_IN_DIALOG:
            return f"leave {type(dialog).__name__}", lambda: self._leave(dialog)
        name, act = self._one_of(self._in_dialog)
        return f"{name} {type(dialog).__name__}", act

    def _one_of(self, acts: Sequence[tuple[int, str, Act]]) -> tuple[str, Act]:
        _weight, name, act = self._random.choices(acts, [weight for weight, _name, _act in acts])[0]
        return name, act

    # ------------------------------------------------------------------------------------------------------ acts

    def _keys(self, sequence: str) -> None:
        QTest.keySequence(self.robot.keyboard(), sequence)

    def _page(self) -> None:
        spec = self._random.choice([page for page in PAGES if page.shortcut])
        self.heart.begin(f"page {spec.page_id}")
        self._keys(spec.shortcut)

    def _command(self) -> None:
        spec = self._random.choice([spec for spec in actions.ACTIONS if spec.action_id not in _NOT_ASKED])
        self.heart.begin(f"command {spec.action_id}")
        if spec.shortcut:
            self._keys(spec.shortcut)
        else:
            self._window.run_action(spec.action_id)

    def _row(self) -> None:
        table = self._any(DeskTable)
        index = table.indexAt(QPoint(20, self._random.randrange(max(table.viewport().height(), 1))))
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
        QTest.keyClick(table, Qt.Key.Key_Return)

    def _header(self) -> None:
        header = self._any(DeskTable).horizontalHeader()
        point = QPoint(self._random.randrange(max(header.width(), 1)), header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)

    def _tab(self) -> None:
        bar = self._any(QTabBar)
        if bar.count():
            index = self._random.randrange(bar.count())
            self.heart.begin(f"tab {bar.tabText(index)}")
            QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(index).center())

    def _button(self) -> None:
        self._press(self.robot.front())

    def _press(self, inside: QWidget) -> None:
        shown = [found for found in _shown(inside, QAbstractButton) if found.text() not in _NOT_PRESSED]
        if shown:
            button = self._random.choice(shown)
            self.heart.begin(f"{self.heart.step} › {button.text() or button.accessibleName() or type(button).__name__}")
            self.robot.click(button)

    def _palette(self) -> None:
        self._keys("Ctrl+K")
        self._write(self.robot.keyboard(), self._word())
        spin(_SPIN_MS * self._random.randrange(60))
        self._keys(self._random.choice(("Return", "Esc", "Down")))

    def _scroll(self) -> None:
        area = self._any(QAbstractScrollArea)
        point = QPointF(area.viewport().rect().center())
        turn = QPoint(0, self._random.choice((-720, -120, 120, 720)))
        no_button, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        there = area.viewport().mapToGlobal(point)
        event = QWheelEvent(point, there, QPoint(), turn, no_button, plain, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(area.viewport(), event)

    def _type(self) -> None:
        front = self.robot.front()
        targets: list[QWidget] = [
            found for kind in (QLineEdit, QPlainTextEdit, QTextEdit) for found in _shown(front, kind)
        ]
        if targets:
            target = self._random.choice(targets)
            target.setFocus()
            if self._random.random() < 1 / 3:
                QTest.keySequence(target, "Ctrl+A")
            self._write(target, self._word())

    def _fill_form(self) -> None:
        """Fill every field of the form in front with something that might be right."""
        for field in _shown(self.robot.front(), Field):
            if not isValid(field) or not field.isVisible():
                continue
            self.heart.begin(self.heart.step)
            if isinstance(field, ChoiceField | CheckField):
                self._press(field)
            elif isinstance(field, HospitalField):
                self._write(field.input, "协和")
            elif isinstance(field.input, QLineEdit | QPlainTextEdit | QTextEdit):
                self._write(field.input, self._word())

    def _combo(self) -> None:
        combo = self._any(QComboBox)
        QTest.keyClick(combo, self._random.choice((Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4)))

    def _popup(self, popup: QWidget) -> None:
        if isinstance(popup, QMenu) and popup.actions() and self._random.random() < 2 / 3:
            place = popup.actionGeometry(self._random.choice(popup.actions())).center()
            QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=place)
        elif isinstance(popup, QAbstractItemView) and self._random.random() < 2 / 3:
            QTest.keyClick(popup, self._random.choice((Qt.Key.Key_Down, Qt.Key.Key_Return)))
        elif self._random.random() < 1 / 3:
            self._press(popup)
        else:
            QTest.keyClick(popup, Qt.Key.Key_Escape)
            if isValid(popup) and popup.isVisible():
                popup.close()

    def _leave(self, dialog: QDialog) -> None:
        self._keys("Esc")
        self.robot.settle()
        question = self.robot.dialog
        if isinstance(question, QMessageBox) and self.robot.has_button("放弃", question):
            self.robot.press("放弃", question)
        if isValid(dialog) and self._steps_in_dialog > 2 * _MOST_IN_DIALOG:
            self.robot.clear_away()

    def _drop(self) -> None:
        zones = [zone for zone in _shown(self.robot.front(), DropZone) if zone.acceptDrops()]
        if zones:
            self.robot.drop_files(self._random.choice(zones), [self._random.choice(self._files)])

    def _resize(self) -> None:
        width = self._random.randrange(_LEAST.width(), _MOST.width())
        self._window.resize(width, self._random.randrange(_LEAST.height(), _MOST.height()))

    def _clock(self) -> None:
        self.robot.clock.moment += timedelta(minutes=self._random.choice((1, 5, 30, 240)))
        self._window.clock.tick()

    def _context_menu(self) -> None:
        view = self._any(QAbstractItemView)
        place = QPoint(20, self._random.randrange(max(view.viewport().height(), 1)))
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)

    # ------------------------------------------------------------------------------------------------------ help

    def _word(self) -> str:
        return self._random.choice(WORDS)

    @staticmethod
    def _write(target: QWidget, words: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(target, event)

    def _any(self, kind: type[_WidgetT]) -> _WidgetT:
        found = _shown(self.robot.front(), kind)
        if not found:
            raise RobotStuck(f"没有{kind.__name__}")
        return self._random.choice(found)


def _shown(inside: QWidget, kind: type[_WidgetT]) -> list[_WidgetT]:
    """Return what somebody sees and can use."""
    return [found for found in inside.findChildren(kind) if found.isVisible() and found.isEnabled()]
