"""The pages of a paper below each other, rendered one by one, as wide as the view."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers.page_images import PaperPages

_A4_WIDTH: Final = 595.28
_A4_RATIO: Final = 841.89 / 595.28
_MARGIN: Final = 16
_SETTLE_MS: Final = 200
_MOST_PAGES: Final = 60


class PaperPreview(QScrollArea):
    """Shows a paper. Long papers show their first pages; the sentence below says how many there are."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pages: PaperPages | None = None
        self._labels: list[QLabel] = []
        self._generation = 0
        self.setWidgetResizable(True)
        self.setAccessibleName("预览")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sheet = QWidget()
        self._sheet.setObjectName("body")
        self._column = QVBoxLayout(self._sheet)
        self._column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._column.setSpacing(_MARGIN)
        self._words = label("正在生成预览…", "secondary", wrap=True)
        self._column.addWidget(self._words)
        self._column.addStretch(1)
        self.setWidget(self._sheet)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._render_all)

    @property
    def page_count(self) -> int:
        """Pages shown."""
        return len(self._labels)

    @property
    def rendered_count(self) -> int:
        """Pages whose picture is there."""
        return sum(1 for shown in self._labels if not shown.pixmap().isNull())

    def let_go(self) -> None:
        """Let the child close the paper: nobody will look at it any more."""
        pages, self._pages = self._pages, None
        if pages is not None:
            self._context.runner.read(self._context.runner, pages.close, _nothing)

    def say(self, words: str) -> None:
        """Show a sentence in place of pages."""
        self._generation += 1
        self.let_go()
        self._clear()
        self._words.setText(words)
        self._words.show()

    def fail(self, error: BaseException) -> None:
        """Say why there is nothing to see."""
        self.say(sentence(error))

    def show_pages(self, pages: PaperPages, count: int) -> None:
        """Show ``count`` pages."""
        self._generation += 1
        if self._pages is not None and self._pages.source.id != pages.source.id:
            self.let_go()
        self._pages = pages
        self._clear()
        shown = min(count, _MOST_PAGES)
        self._words.setText(f"共 {count} 页，预览前 {shown} 页" if shown < count else "")
        self._words.setVisible(shown < count)
        for number in range(shown):
            paper = QLabel()
            paper.setProperty("role", "card")
            paper.setAlignment(Qt.AlignmentFlag.AlignCenter)
            paper.setAccessibleName(f"第 {number + 1} 页，共 {count} 页")
            self._column.insertWidget(number, paper)
            self._labels.append(paper)
        self._render_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: another width wants other pictures, once the size has settled."""
        super().resizeEvent(event)
        if self._labels:
            self._settle.start()

    def _render_all(self) -> None:
        pages = self._pages
        if pages is None:
            return
        self._generation += 1
        width = max(self.viewport().width() - 2 * _MARGIN, 120)
        ratio = self.devicePixelRatioF()
        for number, paper in enumerate(self._labels):
            paper.setFixedHeight(round(width * _A4_RATIO))
            work = partial(pages.image, number, width * ratio / _A4_WIDTH)
            done = partial(self._take, self._generation, number, ratio)
            self._context.runner.read(self, work, done, self.fail)

    def _take(self, generation: int, number: int, ratio: float, image: QImage) -> None:
        if generation != self._generation or number >= len(self._labels):
            return
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(ratio)
        self._labels[number].setPixmap(picture)

    def _clear(self) -> None:
        for paper in self._labels:
            self._column.removeWidget(paper)
            paper.deleteLater()
        self._labels = []


def _nothing(_closed: None) -> None:
    """The paper is closed."""
