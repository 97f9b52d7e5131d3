"""The search itself: a line to type in, the hits below; Enter opens the place, on its page and with its marks."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QListView, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.services.search.text_search import FoundTexts, TextHit, find_texts
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.search.hit_delegate import HitDelegate
from lian_desk.ui.search.hit_model import FileHeading, HitModel
from lian_desk.ui.search.opening import open_hit

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_PAUSE_MS: Final = 140
_LEAST_WIDTH: Final = 320
_MOST_WIDTH: Final = 520


class SearchPanel(QWidget):
    """Over all files (``file_id`` None), or as a tab of one file."""

    def __init__(self, context: UiContext, file_id: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.file_id = file_id
        self._asked = 0
        self._after: int | None = None
        self.line = QLineEdit()
        self.with_trash = QCheckBox("包括回收站")
        self.count = label("", "muted")
        self.hits = HitModel(self, has_headings=file_id is None)
        self.view = QListView()
        self.state = EmptyState("")
        self._stack = QStackedWidget()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._lay_out()
        self._connect()
        self._invite()

    def ask(self, question: str) -> None:
        """Search for a question as if typed."""
        self.line.setText(question)
        self._pause.stop()
        self.search()

    def search(self) -> None:
        """Search anew with what is typed."""
        self._pause.stop()
        self._asked += 1
        self._after = None
        if not self.line.text().strip():
            self.hits.clear()
            self._invite()
            return
        self._read(self._asked, self._show_first)

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes: a hit may be gone or lie in the trash."""
        if self.isVisible() and changes.touches(("material", "material_page_text")) and self.line.text().strip():
            self.search()

    # ------------------------------------------------------------------------------------------------------- reading

    def _read(self, asked: int, show: object) -> None:
        work = partial(
            find_texts,
            self.context.desk,
            self.line.text(),
            after=self._after,
            file_id=self.file_id,
            with_trash=self.with_trash.isChecked(),
        )

        def done(found: FoundTexts) -> None:
            if asked == self._asked and callable(show):
                show(found)

        self.context.runner.read(self, work, done, self._show_failure)

    def _more(self) -> None:
        if self._after is not None:
            self._read(self._asked, self._show_more)

    def _show_first(self, found: FoundTexts) -> None:
        self.hits.clear()
        self._show_more(found)
        if self.hits.hit_count:
            self._stack.setCurrentWidget(self.view)
            self.view.setCurrentIndex(self.hits.index(self.hits.first_hit(), 0))
            self.view.scrollToTop()
        else:
            self.state.show_state("没有找到", "换一个词，或少写几个字；每个词都要在同一页或同一条记录里出现。")
            self._stack.setCurrentWidget(self.state)

    def _show_more(self, found: FoundTexts) -> None:
        self._after = found.after
        self.hits.add(found.hits, has_more=found.after is not None)
        more = "，向下滚动继续" if found.after is not None else ""
        self.count.setText(f"{self.hits.hit_count:,} 处{more}" if self.hits.hit_count else "")

    def _show_failure(self, error: BaseException) -> None:
        self.count.setText("")
        self.state.show_state("没有读到结果", sentence(error), "重试")
        self._stack.setCurrentWidget(self.state)

    def _invite(self) -> None:
        self.count.setText("")
        where = "所有档案" if self.file_id is None else "这份档案"
        self.state.show_state("全文检索", f"在{where}的材料文字、记录和文件名里查找，词之间用空格。")
        self._stack.setCurrentWidget(self.state)

    # ------------------------------------------------------------------------------------------------------- opening

    def open_current(self) -> None:
        """Open the hit under the cursor."""
        self._open(self.view.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        row = self.hits.row_at(index.row()) if index.isValid() else None
        if isinstance(row, FileHeading):
            self.context.navigator.open_file(row.assistance_file_id)
        elif isinstance(row, TextHit):
            open_hit(self.context, self, row, self.line.text(), self._show_failure)

    # -------------------------------------------------------------------------------------------------------- layout

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: from the line, arrows walk the hits and Enter opens; Enter in the list opens too."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._pause.isActive():
                self.search()
            else:
                self.open_current()
            return True
        if watched is self.line and key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self.hits.hit_count:
            self.view.setFocus()
            return True
        return False

    def _connect(self) -> None:
        self.line.textChanged.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(self.search)
        self.with_trash.toggled.connect(lambda _on: self.search())
        self.view.clicked.connect(self._clicked)
        self.view.activated.connect(self._open)
        self.hits.more_wanted.connect(self._more)
        self.state.triggered.connect(self.search)
        self.line.installEventFilter(self)
        self.view.installEventFilter(self)
        self.context.bus.committed.connect(self.apply)

    def _clicked(self, index: QModelIndex) -> None:
        """A heading opens its file at once; a hit is opened by a double click or Enter."""
        if isinstance(self.hits.row_at(index.row()), FileHeading):
            self._open(index)

    def _lay_out(self) -> None:
        words = "在所有档案的材料与记录中查找" if self.file_id is None else "在这份档案的材料与记录中查找"
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName(words)
        self.line.setClearButtonEnabled(True)
        self.line.setMinimumWidth(_LEAST_WIDTH)
        self.line.setMaximumWidth(_MOST_WIDTH)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.line, 1)
        head.addWidget(self.with_trash)
        head.addStretch(1)
        head.addWidget(self.count)
        self.view.setModel(self.hits)
        self.view.setItemDelegate(HitDelegate(self.view))
        self.view.setAccessibleName("检索结果")
        self.view.setMouseTracking(True)
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
