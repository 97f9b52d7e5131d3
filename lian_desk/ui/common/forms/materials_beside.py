"""Materials beside a form: the button 看材料 of a dialog, the place for the pane, and the width it had last.

The pane belongs to the feature of materials; a dialog asks for it through the navigator and never imports it.
"""

from dataclasses import dataclass
from typing import Final, cast

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QWidget

from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.running.context import UiContext

ACTION: Final = "materials_beside"
_WIDTH: Final = "materials/beside_width"
_USUAL: Final = 560
_LEAST: Final = 380
_KEYS: Final = "Ctrl+M"


@dataclass(frozen=True)
class PaneWish:
    """Asks the feature of materials to build its pane for a file and to hand it over with ``host.take``."""

    host: "MaterialsHost"
    file_id: int


class MaterialsHost(QObject):
    """Gives one dialog the button and, once it is pressed, the pane in a split beside the form."""

    def __init__(self, dialog: FormDialog, context: UiContext, file_id: int) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._context = context
        self._file_id = file_id
        self._split: QSplitter | None = None
        self.pane: QWidget | None = None
        self.button = link_button("看材料", self.toggle)
        self.button.setToolTip(f"在旁边打开这份档案的材料（{_KEYS}）")
        dialog.foot.insertWidget(0, self.button)
        QShortcut(QKeySequence(_KEYS), dialog).activated.connect(self.toggle)
        dialog.finished.connect(self._remember)

    @property
    def is_open(self) -> bool:
        """True while the materials stand beside the form."""
        return self.pane is not None and self.pane.isVisibleTo(self._dialog)

    def toggle(self) -> None:
        """Open or close the pane."""
        if self.is_open:
            self._close()
        elif self.pane is not None:
            self._show(self.pane)
        else:
            self._context.navigator.start(ACTION, PaneWish(self, self._file_id))

    def take(self, pane: QWidget) -> None:
        """Get the pane and put it beside the form."""
        split = self._split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        middle, area = self._dialog.middle, self._dialog.area
        place = middle.indexOf(area)
        middle.removeWidget(area)
        pane.setMinimumWidth(_LEAST)
        split.addWidget(area)
        split.addWidget(pane)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        middle.insertWidget(place, split, 1)
        self.pane = pane
        self._show(pane)

    def _show(self, pane: QWidget) -> None:
        width = self._wanted_width()
        form = self._dialog.area.width()
        pane.show()
        self.button.setText("收起材料")
        self._dialog.resize(self._dialog.width() + width, max(self._dialog.height(), 640))
        if self._split is not None:
            self._split.setSizes([form, width])
        self._stay_on_screen()

    def _close(self) -> None:
        if self.pane is None:
            return
        self._remember()
        width = self.pane.width()
        self.pane.hide()
        self.button.setText("看材料")
        self._dialog.resize(self._dialog.width() - width, self._dialog.height())

    def _remember(self, _result: int = 0) -> None:
        if self.is_open and self.pane is not None:
            QSettings().setValue(_WIDTH, self.pane.width())

    def _wanted_width(self) -> int:
        """Return the width the pane had last, within what the screen leaves beside the form."""
        room = self._dialog.screen().availableGeometry().width() - self._dialog.width() - 40
        # the stubs say object; the type is given to the call
        held = cast("int", QSettings().value(_WIDTH, _USUAL, type=int))
        return max(_LEAST, min(held, max(_LEAST, room)))

    def _stay_on_screen(self) -> None:
        """Grow to the left where there is no room at the right."""
        screen = self._dialog.screen().availableGeometry()
        frame = self._dialog.frameGeometry()
        if frame.right() > screen.right():
            self._dialog.move(max(screen.left(), screen.right() - frame.width()), frame.top())


def offer_materials(dialog: FormDialog, context: UiContext, file_id: int) -> MaterialsHost:
    """Give a dialog the button 看材料 for the materials of a file."""
    return MaterialsHost(dialog, context, file_id)
