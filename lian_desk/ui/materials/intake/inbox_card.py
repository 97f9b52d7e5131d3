"""待收取: what lies in the drop folder, to be looked at and given to a file."""

from functools import partial
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.materials.drop_folder import Inbox, InboxFile
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.services.words.formats import local
from lian_desk.services.words.formats import size as size_words
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.text import ElidedLabel

_ROOT: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_LINES_SHOWN: Final = 4


class InboxListModel(QAbstractListModel):
    """The files that wait, the oldest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files: tuple[InboxFile, ...] = ()

    def show_files(self, files: tuple[InboxFile, ...]) -> None:
        """Show other files."""
        self.beginResetModel()
        self.files = files
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self.files):
            return None
        file = self.files[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            when = f"{local(file.state.modified_at):%m-%d %H:%M}" if file.is_arrived else "还在传送"
            return f"{file.name}  ·  {size_words(file.state.size)}  ·  {when}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Override QAbstractItemModel.flags: a file that is still growing cannot be chosen."""
        if index.isValid() and index.row() < len(self.files) and not self.files[index.row()].is_arrived:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class _InboxList(QListView):
    """Enter takes the chosen files, like the button."""

    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit()
            return
        super().keyPressEvent(event)


class InboxCard(QFrame):
    """Hidden while nothing waits. Without a target file there is nothing to take in.

    Signals:
        offered(object, object): how they came and a callable that gathers them, as of the drop zone.
        looked_at(object): the ``InboxFile`` in front, to be shown before anybody decides.
    """

    offered = Signal(object, object)
    looked_at = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.model = InboxListModel(self)
        self._words = ElidedLabel("", "secondary")
        self._take = small_button("收取到此档案", self.take_chosen)
        self._all = link_button("全选", self._choose_all)
        self._list = _InboxList()
        self._list.setModel(self.model)
        self._list.setUniformItemSizes(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("收件文件夹里待收取的文件")
        self._list.taken.connect(self.take_chosen)
        self._list.activated.connect(self._look_at)
        self._list.selectionModel().currentChanged.connect(lambda current, _previous: self._look_at(current))
        self._list.selectionModel().selectionChanged.connect(lambda *_changes: self._refresh())
        self._is_open = False
        self._inbox = Inbox()
        head = QHBoxLayout()
        head.addWidget(self._words, 1)
        head.addWidget(self._all)
        head.addWidget(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._list)
        self.hide()

    @property
    def words(self) -> str:
        """The line above the files."""
        return self._words.text()

    def set_target(self, *, is_open: bool) -> None:
        """Say whether there is a file to take materials into."""
        self._is_open = is_open
        self._refresh()

    def show_inbox(self, inbox: Inbox) -> None:
        """Show what waits; what was chosen stays chosen."""
        chosen = {file.path for file in self.chosen}
        self._inbox = inbox
        self.model.show_files(inbox.files)
        selection = self._list.selectionModel()
        for row, file in enumerate(inbox.files):
            if file.path in chosen:
                selection.select(self.model.index(row), selection.SelectionFlag.Select)
        lines = min(len(inbox.files), _LINES_SHOWN)
        self._list.setFixedHeight(lines * max(18, self._list.sizeHintForRow(0)) + 3)
        self._list.setVisible(lines > 0)
        self.setVisible(bool(inbox.files) or not inbox.is_reachable)
        self._refresh()

    @property
    def chosen(self) -> list[InboxFile]:
        """The files that are chosen, in the order of the list."""
        rows = sorted(index.row() for index in self._list.selectionModel().selectedIndexes())
        return [self.model.files[row] for row in rows if row < len(self.model.files)]

    def take_chosen(self) -> None:
        """Offer the chosen files."""
        paths = tuple(file.path for file in self.chosen if file.is_arrived)
        if paths and self._is_open:
            self.offered.emit(MaterialSource.DROP_FOLDER, partial(items_from, paths))

    def _choose_all(self) -> None:
        self._list.selectAll()
        self._list.setFocus()

    def _look_at(self, index: _Index) -> None:
        if index.isValid() and index.row() < len(self.model.files) and self.model.files[index.row()].is_arrived:
            self.looked_at.emit(self.model.files[index.row()])

    def _refresh(self) -> None:
        if not self._inbox.is_reachable:
            self._words.setText("收件文件夹现在打不开（网络断开或已移走），恢复后会自动出现")
        else:
            more = "" if self._inbox.total <= len(self._inbox.files) else f"，先列出 {len(self._inbox.files)} 份"
            hint = "选中后收取到档案" if self._is_open else "先打开一份档案或选中一份材料，再收取"
            self._words.setText(f"收件文件夹 · 待收取 {self._inbox.total} 份{more} · {hint}")
        self._all.setVisible(bool(self.model.files))
        self._take.setVisible(bool(self.model.files))
        self._take.setEnabled(self._is_open and bool(self.chosen))
