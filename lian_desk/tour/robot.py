"""A robot at the window: clicks, types, drops, and waits until the desk is at rest.

It does nothing a person could not do: every input is a mouse press, a key, a drop or an input method's commit, sent to
a widget that is visible and enabled at that moment. What it cannot find is a :class:`RobotStuck` that names it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QDialog,
    QMenu,
    QScrollArea,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from lian_desk.tour.eyes import SPIN_MS, Eyes, RobotStuck, complaints, says, spin
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField
from lian_desk.ui.common.lists.desk_table import DeskTable
from lian_desk.ui.worklist.alert_card import AlertCard

__all__ = ["Robot", "RobotStuck", "complaints"]

_INSIDE_BUTTON: Final = 20
_INSIDE_BOX: Final = 10
_LEFT: Final = Qt.MouseButton.LeftButton
_PLAIN: Final = Qt.KeyboardModifier.NoModifier


class Robot(Eyes):
    """Drives one window."""

    # ------------------------------------------------------------------------------------------------------ time

    def later(self, minutes: float) -> None:
        """Move the clock of the desk on, let the window notice, and take notice of what it reminds of."""
        self.until(self.clock.moment + timedelta(minutes=minutes))

    def until(self, moment: datetime, *, takes_notice: bool = True) -> None:
        """Move the clock of the desk on to an aware ``moment``, which must not lie behind it.

        ``takes_notice`` False leaves the card of pressing promises where it is.
        """
        if moment < self.clock.moment:
            raise RobotStuck(f"时钟不能倒退到 {moment:%Y-%m-%d %H:%M}")
        self.clock.moment = moment
        self.window.clock.tick()
        self.settle()
        if takes_notice:
            self.take_notice()

    def take_notice(self) -> None:
        """Close the card that reminds of promises, where it shows and no dialog lies over it."""
        for card in self.window.findChildren(AlertCard):
            if card.isVisible() and self.dialog is None:
                self.press("知道了", card)

    # -------------------------------------------------------------------------------------------------- clicking

    def click(self, widget: QWidget) -> None:
        """Press the left mouse button on a widget, scrolling it into view first, and wait for what follows."""
        self._touch(widget)
        self.settle()

    def _touch(self, widget: QWidget) -> None:
        if not widget.isVisible() or not widget.isEnabled():
            state = "被停用" if widget.isVisible() else "看不见"
            raise RobotStuck(f"“{_name_of(widget)}”{state}，不能点击")
        if widget.window() not in {self.front(), QApplication.activePopupWidget()}:
            raise RobotStuck(f"“{_name_of(widget)}”被对话框“{self.front().windowTitle()}”挡住，不能点击")
        self._bring_into_view(widget)
        area = widget.visibleRegion().boundingRect()
        if area.isEmpty():
            raise RobotStuck(f"“{_name_of(widget)}”被遮住，不能点击")
        point = area.center()
        if isinstance(widget, QCheckBox):
            # only the box and its words take the press, not the empty room behind them
            point.setX(area.left() + _INSIDE_BOX)
        window = widget.window()
        top = window.childAt(widget.mapTo(window, point)) or window
        if top is not widget and not widget.isAncestorOf(top) and not top.isAncestorOf(widget):
            raise RobotStuck(f"“{_name_of(widget)}”上面盖着“{_name_of(top)}”，不能点击")
        # a press goes to the innermost widget under the pointer, as the platform would deliver it
        inner = widget.childAt(point) or widget
        QTest.mouseClick(inner, _LEFT, _PLAIN, inner.mapFrom(widget, point))

    def press(self, words: str, inside: QWidget | None = None) -> None:
        """Click the button that says ``words``."""
        self.click(self.button(words, inside))

    def press_starting_with(self, words: str, inside: QWidget) -> None:
        """Click the button whose words begin with ``words``."""
        for button in inside.findChildren(QAbstractButton):
            if button.isVisible() and button.text().startswith(words):
                self.click(button)
                return
        raise RobotStuck(f"没有找到以“{words}”开头的按钮")

    def press_primary(self) -> None:
        """Click the accent button of the dialog in front; the dialog must close."""
        dialog = self.dialog
        primary = getattr(dialog, "primary", None)
        if dialog is None or not isinstance(primary, QAbstractButton):
            raise RobotStuck("眼前没有带主按钮的对话框")
        self.click(primary)
        self._must_have_closed(dialog)

    def keys(self, sequence: str) -> None:
        """Press a key or a combination, for example ``Ctrl+K``, where the keyboard is."""
        QTest.keySequence(self.keyboard(), sequence)
        self.settle()

    def go_to(self, title: str) -> None:
        """Open a page by its entry in the navigation."""
        self.press(title, self.window.navigation)

    def tab(self, title: str) -> None:
        """Open a tab of the page in front."""
        for bar in self.window.findChildren(QTabBar):
            for index in range(bar.count()):
                if bar.isVisible() and says(bar.tabText(index), title):
                    QTest.mouseClick(bar, _LEFT, _PLAIN, bar.tabRect(index).center())
                    self.settle()
                    return
        raise RobotStuck(f"没有找到标签页“{title}”")

    def choose_in_menu(self, words: str) -> None:
        """Choose an entry of the menu that is open."""
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            raise RobotStuck(f"没有打开菜单，找不到“{words}”")
        for action in menu.actions():
            if says(action.text(), words):
                QTest.mouseClick(menu, _LEFT, _PLAIN, menu.actionGeometry(action).center())
                self.settle()
                return
        raise RobotStuck(f"菜单里没有“{words}”：{'、'.join(action.text() for action in menu.actions())}")

    def _bring_into_view(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None and not widget.isWindow():
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget, 40, 40)
                spin(SPIN_MS)
            parent = parent.parentWidget()

    # ---------------------------------------------------------------------------------------------------- typing

    def type_text(self, text: str) -> None:
        """Type where the keyboard is: keys for ASCII, an input method's commit for everything else."""
        target = self.keyboard()
        if text.isascii() and text.isprintable():
            QTest.keyClicks(target, text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(target, event)

    def fill(self, name: str, text: str, *, is_secret: bool = False) -> None:
        """Click a field, replace what stands in it, and check that it took the words (a secret is not read back)."""
        field = self.field(name)
        # the next field can be typed in while the window still thinks about this one, as people do
        self._touch(field.input)
        if str(field.raw() or ""):
            QTest.keySequence(self.keyboard(), "Ctrl+A")
        self.type_text(text)
        if not is_secret and text.strip() not in str(field.raw() or ""):
            raise RobotStuck(f"字段“{field.spec.label}”没有接受输入的内容")

    def choose(self, name: str, words: str) -> None:
        """Choose the chip ``words`` of a field."""
        field = self.field(name)
        button = self.button(words, field)
        self.click(button)
        if button.isCheckable() and not button.isChecked():
            raise RobotStuck(f"“{field.spec.label}”没有选中“{words}”")

    def tick(self, name: str) -> None:
        """Tick a box that is not ticked yet."""
        field = self.field(name)
        if not field.raw():
            self.click(field.input)
        if not field.raw():
            raise RobotStuck(f"“{field.spec.label}”没有勾上")

    def tick_everything(self) -> None:
        """Tick every visible box of the dialog in front."""
        for box in self.front().findChildren(QCheckBox):
            if box.isVisible() and box.isEnabled() and not box.isChecked():
                self.click(box)

    def pick(self, name: str, typed: str, wanted: str = "") -> None:
        """Type into a field that searches, and click the offer that holds ``wanted`` (default: what was typed)."""
        self.fill(name, typed)
        self.pick_offer(wanted or typed)

    def pick_offer(self, words: str) -> None:
        """Click an offer of the list that opened beneath a field."""
        self.settle()
        popup = QApplication.activePopupWidget()
        if not isinstance(popup, QAbstractItemView):
            raise RobotStuck(f"输入框下没有出现候选，找不到“{words}”")
        for index in _indexes(popup):
            if words in str(index.data()):
                popup.scrollTo(index)
                QTest.mouseClick(popup.viewport(), _LEFT, _PLAIN, popup.visualRect(index).center())
                self.settle()
                return
        raise RobotStuck(f"候选里没有“{words}”：{'、'.join(str(index.data()) for index in _indexes(popup))}")

    def fill_in(self, values: Mapping[str, str | bool]) -> None:
        """Fill many fields in order: text is typed or names the chip to choose, ``True`` ticks."""
        for name, value in values.items():
            field = self.field(name)
            if isinstance(value, bool):
                self.tick(name)
            elif isinstance(field, ChoiceField):
                self.choose(name, value)
            elif isinstance(field, CheckField):
                raise RobotStuck(f"字段“{field.spec.label}”只能勾选")
            else:
                self.fill(name, value)

    # ----------------------------------------------------------------------------------------------------- lists

    def row_with(self, table: DeskTable, *words: str) -> int:
        """Return the first row of a list whose cells hold all ``words``."""
        model = table.model()
        for row in range(model.rowCount()):
            cells = " ".join(
                str(model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole) or "")
                for column in range(model.columnCount())
            )
            if all(word in cells for word in words):
                return row
        raise RobotStuck(f"列表里没有含“{'、'.join(words)}”的一行（共 {model.rowCount()} 行）")

    def open_row(self, table: DeskTable, *words: str) -> None:
        """Click the row that holds ``words`` and press Enter."""
        self._click_cell(table, self.row_with(table, *words), 1)
        QTest.keyClick(table, Qt.Key.Key_Return)
        self.settle()

    def select_row(self, table: DeskTable, *words: str) -> None:
        """Click the row that holds ``words``."""
        self._click_cell(table, self.row_with(table, *words), 1)

    def press_in_row(self, table: DeskTable, *words: str) -> None:
        """Press the button of the row that holds ``words``."""
        self._click_cell(table, self.row_with(table, *words), table.model().columnCount() - 1)

    def _click_cell(self, table: DeskTable, row: int, column: int) -> None:
        index = table.model().index(row, column)
        table.scrollTo(index)
        spin(SPIN_MS)
        cell = table.visualRect(index)
        point = QPoint(cell.left() + _INSIDE_BUTTON, cell.center().y())
        QTest.mouseClick(table.viewport(), _LEFT, _PLAIN, point)
        self.settle()

    # -------------------------------------------------------------------------------------------- files and ends

    def drop_files(self, target: QWidget, paths: Sequence[Path]) -> None:
        """Drag files from outside onto a widget and let go."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        point = target.rect().center()
        actions, buttons = Qt.DropAction.CopyAction, _LEFT
        enter = QDragEnterEvent(point, actions, mime, buttons, _PLAIN)
        QApplication.sendEvent(target, enter)
        if not enter.isAccepted():
            raise RobotStuck(f"“{_name_of(target)}”不接受拖入的文件")
        QApplication.sendEvent(target, QDropEvent(QPointF(point), actions, mime, buttons, _PLAIN))
        self.settle()

    def submit(self) -> None:
        """Press Ctrl+Enter in the dialog in front; it must close.

        Raises:
            RobotStuck: it stays open; the complaint names the sentences it shows.
        """
        dialog = self.dialog
        if dialog is None:
            raise RobotStuck("没有可以提交的对话框")
        QTest.keySequence(self.keyboard(), "Ctrl+Return")
        self.settle()
        self._must_have_closed(dialog)

    def _must_have_closed(self, dialog: QDialog) -> None:
        if isValid(dialog) and self.dialog is dialog:
            raise RobotStuck(f"“{dialog.windowTitle()}”没有提交：{'；'.join(complaints(dialog)) or '没有说明原因'}")

    def cancel(self) -> None:
        """Leave the dialog in front with Esc, giving up what was typed."""
        dialog = self.front()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        self.settle()
        if self.dialog is not None and self.dialog is not dialog and self.has_button("放弃"):
            self.press("放弃")

    def clear_away(self) -> None:
        """Close popups and dialogs that a failed step left open."""
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            popup = QApplication.activePopupWidget()
        for dialog in [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]:
            dialog.done(QDialog.DialogCode.Rejected)
        self.settle()


def _indexes(view: QAbstractItemView) -> Iterator[QModelIndex]:
    model = view.model()
    for row in range(model.rowCount()):
        yield model.index(row, 0)


def _name_of(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return words or widget.accessibleName() or widget.objectName() or type(widget).__name__
