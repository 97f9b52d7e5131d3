"""A dialog around a form: title, scrolling body, a place for refusals, one primary button, cancel."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QMessageBox, QScrollArea, QVBoxLayout, QWidget

from lian_desk.ui.common.explain.explain import ExplainPopover, explain_refusal
from lian_desk.ui.common.forms.drafts import DraftKeeper
from lian_desk.ui.common.forms.forms import Form
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.theme import Tone

if TYPE_CHECKING:
    from lian_desk.services.desk.explanations import Explanation

_FRAME = 200
_LEAST = 320
_MOST = 720
#: A dialog leaves so much of the window it stands over.
_MARGIN = 24


class FormDialog(QDialog):
    """Base of every dialog that takes something in.

    A subclass fills ``self.form`` and overrides :meth:`submit`, which gets the checked values and starts the write;
    on the answer it calls :meth:`finish` or :meth:`refuse`. Esc and 取消 ask only when something was typed. Ctrl+Enter
    submits from anywhere.

    Signals:
        saved(object): the write succeeded; carries what :meth:`finish` was given.
    """

    saved = Signal(object)

    def __init__(self, title: str, *, primary: str = "保存", width: int = 620, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dirty = False
        self._busy = False
        self._focused: QWidget | None = None
        self.question: QMessageBox | None = None
        self._keeper: DraftKeeper | None = None
        self.banner = Notice("", Tone.BROKEN)
        self.banner.hide()
        #: opens the clause behind the last refusal; stands beneath the field or the banner that says it
        self.basis = link_button("依据", self._show_basis)
        self.basis.hide()
        self._explanation: Explanation | None = None
        self.form = Form()
        self.form.edited.connect(self._edited)
        self.primary = PrimaryButton(primary, self.try_submit)
        self.cancel = SecondaryButton("取消", self.reject)
        self._primary_words = primary
        self._busy_label = label("", "secondary")
        self.area = QScrollArea()
        #: the scrolling form; a subclass may put something beside it
        self.middle = QHBoxLayout()
        self.foot = QHBoxLayout()
        self._lay_out(title)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.try_submit)
        self.resize(width, 560)

    # --------------------------------------------------------------------------------------------- for subclasses

    def submit(self, values: dict[str, Any]) -> None:
        """Start the write with checked values. Override; the dialog is busy until :meth:`finish` or :meth:`refuse`."""

    def finish(self, result: object = None) -> None:
        """The write succeeded: forget the draft, tell it and close."""
        self._set_busy(False)
        self._dirty = False
        if self._keeper is not None:
            self._keeper.drop()
        self.saved.emit(result)
        self.accept()

    def refuse(self, error: BaseException) -> None:
        """The write was refused: say why beside the field or in the banner; everything typed stays."""
        self._set_busy(False)
        is_beside_field = self.form.show_refusal(error)
        if not is_beside_field:
            self.show_banner(sentence(error))
        self._offer_basis(error, is_beside_field=is_beside_field)

    def show_banner(self, words: str, tone: Tone = Tone.BROKEN) -> None:
        """Show a sentence above the buttons; an empty one takes it away."""
        self.banner.set_notice(words, tone)

    def keep_draft(self, draft_key: str, keeper: DraftKeeper, *, restored: Callable[[], object] | None = None) -> None:
        """Keep what is typed under ``draft_key`` and put back what was left there; call after the form is filled."""
        self._keeper = keeper
        keeper.setParent(self)
        draft = keeper.begin(draft_key, self.form.raw_values)
        if draft:
            self.form.set_raw_values(draft)
            self._dirty = True
            self.show_banner("已恢复上次没有保存的内容，请核对后继续。", Tone.INFO)
            if restored is not None:
                restored()

    def fit(self) -> None:
        """Give the dialog the height its form asks for, within the screen; call after the form is filled."""
        wanted = self.form.sizeHint().height() + _FRAME
        self.resize(self.width(), max(_LEAST, min(wanted, _MOST)))

    @property
    def is_dirty(self) -> bool:
        """True when something was typed that is not saved."""
        return self._dirty

    @property
    def is_busy(self) -> bool:
        """True while the write lane works for this dialog."""
        return self._busy

    # ------------------------------------------------------------------------------------------------------ acts

    def try_submit(self) -> None:
        """Check the fields and submit; wrong fields show their sentence instead."""
        if self._busy:
            return
        self.show_banner("")
        self.basis.hide()
        values = self.form.values()
        if values is None:
            return
        self._set_busy(True)
        self.submit(values)

    def reject(self) -> None:
        """Override: ask before something typed is given up; the write lane is never left alone."""
        if self._busy:
            return
        if self._dirty:
            self._ask_to_leave()
        else:
            self._leave()

    def suspend(self) -> None:
        """Close without asking and keep what was typed as a draft: the desk is being locked or the program ends."""
        if self._keeper is not None:
            self._keeper.keep()
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Override: never higher than the window it stands over; the form scrolls instead."""
        host = self.parentWidget()
        room = host.window().height() if host is not None else self.screen().availableGeometry().height()
        if self.height() > room - _MARGIN >= _LEAST:
            self.resize(self.width(), room - _MARGIN)
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Override: the window's cross means 取消, but never during a write."""
        if self._busy:
            event.ignore()
            return
        super().closeEvent(event)

    def _ask_to_leave(self) -> None:
        """Ask without stopping the event loop; the default is to stay."""
        if self.question is not None:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("还没有保存")
        box.setText("已输入的内容还没有保存，要放弃吗？")
        stay = box.addButton("继续填写", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("放弃", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.finished.connect(lambda _result: self._answered(leaves=box.clickedButton() is leave))
        self.question = box
        box.open()

    def _answered(self, *, leaves: bool) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None
        if leaves:
            self._leave()

    def _leave(self) -> None:
        """Give up what was typed."""
        self._dirty = False
        if self._keeper is not None:
            self._keeper.drop()
        super().reject()

    def _offer_basis(self, error: BaseException, *, is_beside_field: bool) -> None:
        """Put the link to the clause of a refusal beneath its sentence; a refusal without a clause has none."""
        self._explanation = explain_refusal(error)
        self.basis.setVisible(self._explanation is not None)
        if self._explanation is None:
            return
        named = str(getattr(error, "parameters", {}).get("field", ""))
        column = self.form.fields[named].column if is_beside_field else self._band
        column.addWidget(self.basis, 0, Qt.AlignmentFlag.AlignLeft)
        self.basis.show()

    def _show_basis(self) -> None:
        if self._explanation is not None:
            ExplainPopover(self._explanation, self).show_below(self.basis)

    def _edited(self) -> None:
        self._dirty = True
        if self.basis.parentWidget() is not self:
            # the sentence beneath the field is gone with the first letter; its reason goes too
            self.basis.hide()
        if self._keeper is not None:
            self._keeper.note()

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - the setter of a state
        self._busy = busy
        if busy:
            # a disabled form gives the keyboard away; it comes back when the write is refused
            self._focused = self.focusWidget()
        self.primary.setEnabled(not busy)
        self.cancel.setEnabled(not busy)
        self.form.setEnabled(not busy)
        self._busy_label.setText("正在保存…" if busy else "")
        if not busy and self._focused is not None:
            self._focused.setFocus()
            self._focused = None

    def _lay_out(self, title: str) -> None:
        body = QWidget()
        body.setObjectName("body")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(24, 16, 24, 16)
        inside.addWidget(self.form)
        inside.addStretch(1)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        # Tab goes from field to button; the keys that scroll reach it from any field
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(body)
        self.middle.setSpacing(0)
        self.middle.addWidget(self.area, 1)
        heading = label(title, "title")
        heading.setContentsMargins(24, 18, 24, 10)
        self.foot.setContentsMargins(24, 12, 24, 16)
        self.foot.setSpacing(10)
        self.foot.addWidget(self._busy_label)
        self.foot.addStretch(1)
        self.foot.addWidget(self.cancel)
        self.foot.addWidget(self.primary)
        self._band = QVBoxLayout()
        self._band.setContentsMargins(24, 0, 24, 0)
        self._band.addWidget(self.banner)
        self._band.addWidget(self.basis, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addLayout(self.middle, 1)
        column.addLayout(self._band)
        column.addWidget(hairline())
        column.addLayout(self.foot)
