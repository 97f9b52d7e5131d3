"""The drop zone, and the card that tells how an intake goes and what became of each file."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult
from lian_desk.services.materials.intake_plan import LeftOver
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.states import ProgressLine
from lian_desk.ui.common.look.text import ElidedLabel, label, restyle
from lian_desk.ui.materials.intake.offered_data import gathered_from, holds_something

FILTERS: Final = (
    "可以收取的文件 (*.pdf *.jpg *.jpeg *.png *.heic *.heif *.tif *.tiff *.webp *.bmp *.gif *.dcm *.zip);;所有文件 (*)"
)
_LINES_SHOWN: Final = 7
_ROOT: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class DropZone(QFrame):
    """Takes files by drop, by button and from the clipboard.

    Signals:
        offered(object, object): how they came (``MaterialSource``) and a callable that gathers them off the UI thread.
        settings_wanted(): the user wants to see or change the limit, the drop folder, the recovery key.
    """

    offered = Signal(object, object)
    settings_wanted = Signal()

    def __init__(self, limit_megabytes: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "drop")
        #: Names a picture that comes without a name; whoever knows the clock names it by the moment.
        self.name_picture: Callable[[], str] = lambda: "拖入的图片.png"
        self._limit_megabytes = limit_megabytes
        self.setAcceptDrops(True)
        self._invitation = label("把文件、文件夹拖到这里，或 Ctrl+V 粘贴微信截图", "secondary")
        self._limits = ElidedLabel("", "muted")
        self._limits.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.set_limit(limit_megabytes)
        self._files = small_button("选择文件", self.choose_files)
        self._folder = small_button("选择文件夹", self.choose_folder)
        self._settings = link_button("收取设置", self.settings_wanted.emit)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._files)
        buttons.addWidget(self._folder)
        buttons.addWidget(self._settings)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addWidget(self._invitation, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._limits)
        column.addLayout(buttons)
        self.setAccessibleName("收取材料")

    def set_limit(self, megabytes: int) -> None:
        """Say which files are taken, and up to which size."""
        self._limit_megabytes = megabytes
        self._limits.setText(f"PDF · 图片 · DICOM · ZIP · 单个不超过 {megabytes:,} MB · 加密保存")

    def set_target(self, words: str, *, is_open: bool) -> None:
        """Say for which file materials are taken in; a closed zone takes nothing."""
        self._invitation.setText(words)
        self.setAcceptDrops(is_open)
        self._files.setEnabled(is_open)
        self._folder.setEnabled(is_open)

    def choose_files(self) -> None:
        """Ask for files."""
        names, _kind = QFileDialog.getOpenFileNames(self, "选择材料", "", FILTERS)
        if names:
            self.offer_paths([Path(name) for name in names], MaterialSource.BUTTON)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self, "选择文件夹")
        if name:
            self.offer_paths([Path(name)], MaterialSource.BUTTON)

    def offer_paths(self, paths: Sequence[Path], source: MaterialSource) -> None:
        """Offer files and folders of this computer."""
        self.offered.emit(source, partial(items_from, tuple(paths)))

    def offer_clipboard(self, mime: QMimeData, name: str) -> bool:
        """Offer copied files, or else a copied picture under ``name``; False when there is neither."""
        return self._offer(mime, name, MaterialSource.PASTE)

    def _offer(self, mime: QMimeData, picture_name: str, source: MaterialSource) -> bool:
        gather = gathered_from(mime, picture_name, self._limit_megabytes)
        if gather is not None:
            self.offered.emit(source, gather)
        return gather is not None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: files are welcome, those of a mail and dragged pictures too."""
        if holds_something(event.mimeData()):
            event.acceptProposedAction()
            self._set_hot(hot=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Override: cool down."""
        self._set_hot(hot=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: offer what was dropped."""
        self._set_hot(hot=False)
        if holds_something(event.mimeData()):
            # a copy whatever the other program proposes: nothing is ever taken away from it
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._offer(event.mimeData(), self.name_picture(), MaterialSource.DROP)

    def _set_hot(self, *, hot: bool) -> None:
        self.setProperty("hot", hot)
        restyle(self)


class IntakeResultListModel(QAbstractListModel):
    """What became of each file that needs a word; good ones are only counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results: list[IntakeResult] = []

    def add(self, result: IntakeResult) -> None:
        """Add one line."""
        place = len(self.results)
        self.beginInsertRows(QModelIndex(), place, place)
        self.results.append(result)
        self.endInsertRows()

    def clear(self) -> None:
        """Take all lines away."""
        self.beginResetModel()
        self.results.clear()
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self.results)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self.results):
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            result = self.results[index.row()]
            return f"{result.name}：{result.sentence}"
        return None


class IntakeCard(QWidget):
    """How an intake goes, and its results until somebody has taken notice.

    Signals:
        cancelled(), resumed(), acknowledged(): what the user wishes.
        left_over_wanted(object), left_over_refused(object): go on with, or forget, a ``LeftOver``.
    """

    cancelled = Signal()
    resumed = Signal()
    acknowledged = Signal()
    left_over_wanted = Signal(object)
    left_over_refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results = IntakeResultListModel(self)
        self._counts = dict.fromkeys(IntakeOutcome, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._line: ProgressLine | None = None
        self._summary = ElidedLabel("", "secondary")
        self._list = QListView()
        self._list.setModel(self.results)
        # every sentence is there to be read: it is wrapped, not cut
        self._list.setWordWrap(True)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        # thousands of lines of unequal height are laid out some at a time
        self._list.setLayoutMode(QListView.LayoutMode.Batched)
        self._list.setBatchSize(40)
        self._list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName("没有收取的文件")
        self._resume = small_button("继续", self.resumed.emit)
        self._close = link_button("知道了", self._acknowledge)
        self._told = QFrame()
        self._told.setProperty("role", "card")
        inside = QVBoxLayout(self._told)
        inside.setContentsMargins(14, 8, 10, 8)
        inside.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._summary, 1)
        head.addWidget(self._resume)
        head.addWidget(self._close)
        inside.addLayout(head)
        inside.addWidget(self._list)
        self._left: list[LeftOver] = []
        self._left_words = ElidedLabel("", "secondary")
        self._left_card = self._left_over_card()
        self._column.addWidget(self._left_card)
        self._column.addWidget(self._told)
        self.hide()
        self._told.hide()
        self._left_card.hide()

    def _left_over_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(14, 8, 10, 8)
        row.addWidget(self._left_words, 1)
        row.addWidget(small_button("继续收取", self._go_on))
        row.addWidget(link_button("不收了", self._forget))
        return card

    def show_left_over(self, jobs: Sequence[LeftOver]) -> None:
        """Offer what an earlier program did not come to the end of, one intake after the other."""
        self._left = list(jobs)
        self._left_card.setVisible(bool(self._left))
        if self._left:
            first = self._left[0]
            self._left_words.setText(f"上次还有 {first.waiting_count} 份没有收完（档案 {first.file_number}）")
            self.show()

    @property
    def left_over_words(self) -> str:
        """What is offered to go on with, empty for nothing."""
        return self._left_words.text() if self._left else ""

    def _go_on(self) -> None:
        job = self._left.pop(0)
        self.show_left_over(self._left)
        self.left_over_wanted.emit(job)

    def _forget(self) -> None:
        job = self._left.pop(0)
        self.show_left_over(self._left)
        self.left_over_refused.emit(job)

    @property
    def summary(self) -> str:
        """The line that counts the results."""
        return self._summary.text()

    def show_progress(self, done: int, total: int, name: str) -> None:
        """Show how far the intake is."""
        if self._line is None:
            self._line = ProgressLine("正在收取文件")
            self._line.cancelled.connect(self.cancelled)
            self._column.insertWidget(0, self._line)
        self._line.show_progress(done, total, name)
        self.show()

    def add_result(self, result: IntakeResult) -> None:
        """Count a result; one with a sentence is listed."""
        self._counts[result.outcome] += 1
        if result.sentence:
            self.results.add(result)

    def finish(self, remaining: int) -> None:
        """Show the results; ``remaining`` files wait after a cancel."""
        if self._line is not None:
            self._line.deleteLater()
            self._line = None
        words = [
            f"收取 {self._counts[IntakeOutcome.ADDED]} 份",
            f"重复 {self._counts[IntakeOutcome.DUPLICATE]} 份已合并" if self._counts[IntakeOutcome.DUPLICATE] else "",
            f"{self._counts[IntakeOutcome.REFUSED]} 份没有收取" if self._counts[IntakeOutcome.REFUSED] else "",
            f"还有 {remaining} 份未收" if remaining else "",
        ]
        self._summary.setText(" · ".join(word for word in words if word))
        told = len(self.results.results)
        line = self._list.fontMetrics().lineSpacing()
        self._list.setFixedHeight(min(2 * told, _LINES_SHOWN) * (line + 2) + 6)
        self._list.setVisible(told > 0)
        self._resume.setVisible(remaining > 0)
        is_told = any(self._counts.values()) or remaining > 0
        self._told.setVisible(is_told)
        self.setVisible(is_told or bool(self._left))

    def _acknowledge(self) -> None:
        self._counts = dict.fromkeys(IntakeOutcome, 0)
        self.results.clear()
        self._told.hide()
        self.setVisible(bool(self._left))
        self.acknowledged.emit()
