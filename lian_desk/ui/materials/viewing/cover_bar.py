"""The line above the pages while they are covered by hand: what to do, how the page stands, and what is decided of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.covering.page_covers import CoverState
from lian_desk.services.words.formats import iso_moment
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.text import label
from lian_desk.ui.materials.viewing.cover_editor import CoverEditor

_HOW = "拖动画框，拖右下角改大小；键盘：N 新框，Tab 换框，方向键移动，Shift+方向键改大小，Del 删除，Ctrl+Z 撤销，Ctrl+Enter 遮盖完成，Esc 退出。"
_STANDS = {
    CoverState.READY: "文字已全部读懂，姓名与号码会自动遮盖",
    CoverState.NOT_READ: "还没有识别文字，只会遮盖画出的框",
    CoverState.OUTDATED: "是以前识别的，请重新识别，或整页手工遮盖",
    CoverState.UNEXPLAINED: "橙色虚线处没有读懂，可能是手写、印章、照片或条码",
}


class CoverBar(QFrame):
    """Shown while pages are covered by hand.

    Signals:
        kept(int, bool): the boxes of a page of the original shall be stored; True when nothing else must be covered.
    """

    kept = Signal(int, bool)

    def __init__(self, editor: CoverEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._editor = editor
        self.state = label("", "body", wrap=True)
        self.undo = small_button("撤销", editor.undo)
        self.save = small_button("保存", lambda: self._keep(is_complete=False))
        self.complete = small_button("遮盖完成", self.complete_page)
        self.close_button = link_button("退出", editor.left.emit)
        self.complete.setToolTip("我已查看整页，除画出的框外没有别的要遮")
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in (self.undo, self.save, self.complete, self.close_button):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        # a line of its own: beside the buttons nothing would be left of it in a narrow window
        column.addWidget(self.state)
        column.addLayout(row)
        column.addWidget(label(_HOW, "muted", wrap=True))
        editor.changed.connect(self.refresh)
        editor.completed.connect(self.complete_page)
        self.hide()

    def refresh(self) -> None:
        """Say how the page in front stands."""
        page = self._editor.page
        self.setVisible(self._editor.is_on)
        if page is None or not self._editor.is_on:
            return
        is_changed = page in self._editor.plan.changed
        self.state.setText(self._words(page, is_changed=is_changed))
        self.undo.setEnabled(self._editor.plan.can_undo)
        self.save.setEnabled(is_changed)
        self.complete.setEnabled(is_changed or not self._editor.view_of(page).is_complete)

    def complete_page(self) -> None:
        """Say of the page in front that nothing else must be covered."""
        if self.complete.isEnabled():
            self._keep(is_complete=True)

    def _words(self, page: int, *, is_changed: bool) -> str:
        view = self._editor.view_of(page)
        count = f"本页手工遮盖 {len(self._editor.plan.boxes(page))} 处"
        if is_changed:
            return f"{count} · 有改动没有保存"
        if view.is_complete and view.made_at is not None:
            return f"{count} · 已由 {view.made_by} 确认遮盖完成（{iso_moment(view.made_at)}）"
        return f"{count} · {_STANDS[view.state]}"

    def _keep(self, *, is_complete: bool) -> None:
        page = self._editor.page
        if page is not None:
            self.kept.emit(page, is_complete)
