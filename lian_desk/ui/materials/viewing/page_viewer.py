"""One viewer for every kind of material: its tool bar, its strip of small pages, its sheets, and its states."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.adapters.exchange.page_images import PageSize
from lian_desk.adapters.rendering.renderer import Renderer, RenderSource
from lian_desk.services.materials.page_plans import PagePlan
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.icons import icon
from lian_desk.ui.common.look.page_mark import PageMark
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.theme import Theme
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.materials.viewing.cover_bar import CoverBar
from lian_desk.ui.materials.viewing.cover_editor import CoverEditor
from lian_desk.ui.materials.viewing.page_arranger import PageArranger
from lian_desk.ui.materials.viewing.page_sheets import PageSheets
from lian_desk.ui.materials.viewing.page_strip import PageStrip
from lian_desk.ui.materials.viewing.render_queue import RenderQueue
from lian_desk.ui.materials.viewing.section_chooser import SectionChooser
from lian_desk.ui.materials.viewing.sheet_layout import Fit
from lian_desk.ui.materials.viewing.unshown import TRY_AGAIN

_QUARTER = 90
_ROOM_FOR_STRIP = 400
"""Pixels of a viewer that has room for small pages beside the sheets."""


class PageViewer(QFrame):
    """Shows a document read-only; PDF, pictures and scans of several pages alike.

    Signals:
        shown(int): a document is there; number of its pages.
        refused(str): it cannot be shown, and why.
        turned(int): the user turned all pages; degrees clockwise from the original.
        again_wanted(): the user wants another try at what :meth:`show_problem` said.
        covering_ended(): the user has done with covering by hand for now.
    The wishes about single pages come from ``arranger``.
    """

    shown = Signal(int)
    refused = Signal(str)
    turned = Signal(int)
    again_wanted = Signal()
    covering_ended = Signal()

    def __init__(self, runner: TaskRunner, renderer: Renderer, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sunken")
        self._runner = runner
        self._renderer = renderer
        self._source: RenderSource | None = None
        self._failed: tuple[RenderSource, int, PagePlan | None] | None = None
        self._rotation = 0
        self._plan: PagePlan | None = None
        self._wanted: int | None = None
        self._may_cover = False
        self._marks: Sequence[PageMark] = ()
        self.queue = RenderQueue(runner, self)
        self.sheets = PageSheets(renderer, self.queue)
        self.strip = PageStrip(renderer, self.queue)
        self.arranger = PageArranger(self, self)
        self.covers = CoverEditor(self.sheets, self)
        self.cover_bar = CoverBar(self.covers)
        self._state = EmptyState("还没有选中材料", "在左侧选一份材料，这里逐页显示。")
        self._state.triggered.connect(self._try_again)
        self._stack = QStackedWidget()
        self._number = label("", "secondary")
        self.sections = SectionChooser()
        self.sections.page_chosen.connect(self.go_to)
        self._zoom = label("", "secondary")
        self._zoom.setMinimumWidth(44)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QWidget()
        self._tools: list[tuple[QPushButton, str]] = []
        self._fits = (
            link_button("适合宽度", partial(self.sheets.set_fit, Fit.WIDTH)),
            link_button("整页", partial(self.sheets.set_fit, Fit.PAGE)),
        )
        self._strip_wanted: bool | None = None
        self.strip_button = self._tool("columns", "缩略图（T）", self.toggle_strip)
        QShortcut(QKeySequence("T"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(
            self.toggle_strip
        )
        self.cover_button = self._tool("eye-off", "手工遮盖（C）", self.toggle_covering)
        self.cover_button.setCheckable(True)
        QShortcut(QKeySequence("C"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(
            self.toggle_covering
        )
        self.allow_covering(allowed=False)
        self._fits[0].setToolTip("0")
        self._fits[1].setToolTip("9")
        self._lay_out()
        self._offer_fit(self.sheets.fit)
        self.sheets.fit_changed.connect(self._offer_fit)
        self.sheets.page_changed.connect(self._say_page)
        self.sheets.zoom_changed.connect(self._say_zoom)
        self.sheets.turn_requested.connect(self.turn)
        self.strip.page_chosen.connect(self.sheets.go_to)
        self.sheets.page_changed.connect(lambda _page: self.cover_bar.refresh())
        self.covers.left.connect(self.toggle_covering)
        theme.changed.connect(self._recolour)
        self._set_tools_enabled(False)

    @property
    def state(self) -> EmptyState:
        """What stands in place of pages."""
        return self._state

    @property
    def is_showing(self) -> bool:
        """True while pages are shown."""
        return self._stack.currentWidget() is not self._state

    def show_document(self, source: RenderSource, rotation: int = 0, plan: PagePlan | None = None) -> None:
        """Show a document; its pages appear when the child has counted them, drawn as they are looked at.

        Without ``plan`` they stand as the file has them.
        """
        self._source = source
        self._rotation = rotation
        self._plan = plan
        self._wanted = None
        self._marks = ()
        self.sheets.clear()
        self.sections.show_sections(())
        self._show_state("正在打开…", "")
        self._runner.read(
            self,
            partial(self._renderer.page_sizes, source),
            partial(self._take_sizes, source),
            partial(self._take_problem, source),
        )

    @property
    def plan(self) -> PagePlan | None:
        """The plan shown, None for pages as the file has them."""
        return self._plan

    def set_plan(self, plan: PagePlan | None, rotation: int) -> None:
        """Put the pages of the document shown in another order; what is drawn already stays."""
        self._plan, self._rotation = plan, rotation
        if self.sheets.page_count:
            self.sheets.set_plan(None if plan is None else plan.shown, rotation)
            self.strip.pages.show_pages(self._source, self.sheets.entries)
            self._place_strip()
            self.strip.follow(self.sheets.page)

    def show_marks(self, marks: Sequence[PageMark]) -> None:
        """Mark places on the pages of the document shown; another document has none until told anew."""
        self._marks = tuple(marks)
        self.sheets.show_marks(self._marks)

    def go_to(self, page: int) -> None:
        """Bring a page of the original (from 0) to the front and its first mark into sight, as soon as it is there."""
        self._wanted = page
        if self.sheets.page_count:
            self.sheets.go_to_original(page)

    def clear(self) -> None:
        """Show nothing."""
        self._source = None
        self._wanted = None
        self._marks = ()
        self.sheets.clear()
        self.strip.pages.show_pages(None, ())
        self._show_state("还没有选中材料", "在左侧选一份材料，这里逐页显示。")

    def show_problem(self, title: str, words: str, action: str = "") -> None:
        """Say why nothing can be shown, and offer an ``action``."""
        self.clear()
        self._show_state(title, words, action)

    def _try_again(self) -> None:
        """Open once more what failed here, and forget that it ended the child; else tell who showed the problem."""
        if self._failed is None:
            self.again_wanted.emit()
            return
        source, rotation, plan = self._failed
        self._renderer.forgive(source)
        self.show_document(source, rotation, plan)

    def turn(self, degrees: int) -> None:
        """Turn all pages."""
        if self._source is None:
            return
        self.sheets.turn(degrees)
        self._rotation = self.sheets.rotation
        self.strip.pages.show_pages(self._source, self.sheets.entries)
        self.strip.follow(self.sheets.page)
        self.turned.emit(self._rotation)

    def allow_covering(self, *, allowed: bool) -> None:
        """Say whether the pages shown may be covered by hand: those of a material that can be changed."""
        self._may_cover = allowed
        self.cover_button.setVisible(allowed)
        if not allowed:
            self._set_covering(is_on=False)

    def toggle_covering(self) -> None:
        """Begin to cover pages by hand, or end it."""
        self._set_covering(is_on=self._may_cover and self.is_showing and not self.covers.is_on)

    def _set_covering(self, *, is_on: bool) -> None:
        was_on = self.covers.is_on
        self.covers.set_on(is_on=is_on)
        self.cover_button.setChecked(is_on)
        if was_on and not is_on:
            self.covering_ended.emit()

    def toggle_strip(self) -> None:
        """Show the small pages, or give their room to the sheets."""
        self._strip_wanted = not self.strip.isVisibleTo(self)
        self._place_strip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: in a narrow window the pages need the room of the strip, unless somebody wants it."""
        super().resizeEvent(event)
        self._place_strip()

    def _place_strip(self) -> None:
        is_wanted = self.width() >= _ROOM_FOR_STRIP if self._strip_wanted is None else self._strip_wanted
        self.strip.setVisible(self.sheets.page_count > 1 and is_wanted)
        self.strip_button.setVisible(self.sheets.page_count > 1)

    def _offer_fit(self, fit: Fit) -> None:
        """Offer the other way to fit: one link, whatever the width of the window."""
        self._fits[0].setVisible(fit is not Fit.WIDTH)
        self._fits[1].setVisible(fit is Fit.WIDTH)

    def _take_sizes(self, source: RenderSource, sizes: tuple[PageSize, ...]) -> None:
        if source is not self._source:
            return
        self._stack.setCurrentIndex(1)
        self.sheets.show_pages(source, sizes, self._rotation, None if self._plan is None else self._plan.shown)
        self._place_strip()
        self.strip.pages.show_pages(source, self.sheets.entries)
        self.strip.follow(0)
        self.sheets.show_marks(self._marks)
        self._set_tools_enabled(True)
        if self._wanted is not None:
            self.sheets.go_to_original(self._wanted)
        if self.sheets.page_count > 1:
            parts = partial(self._renderer.sections, source)
            self._runner.read(self, parts, partial(self._take_sections, source), partial(self._take_problem, source))
        self.shown.emit(self.sheets.page_count)

    def _take_sections(self, source: RenderSource, sections: tuple[tuple[str, int], ...]) -> None:
        if source is self._source:
            self.sections.show_sections(sections)
            self.sections.follow(self.sheets.original_page)

    def _take_problem(self, source: RenderSource, error: BaseException) -> None:
        if source is not self._source:
            return
        words = sentence(error)
        failed = (source, self._rotation, self._plan)
        self.show_problem("不能显示", words, TRY_AGAIN)
        self._failed = failed
        self.refused.emit(words)

    def _say_zoom(self, zoom: float) -> None:
        # an empty viewer follows the size of its window too; a zoom of nothing is no fact
        self._zoom.setText(f"{round(zoom * 100)}%" if self.sheets.page_count else "")

    def _say_page(self, page: int) -> None:
        count = self.sheets.page_count
        self._number.setText(f"{page + 1} / {count} 页" if count else "")
        if count:
            self.strip.follow(page)
            self.sections.follow(self.sheets.original_page)

    def _show_state(self, title: str, words: str, action: str = "") -> None:
        self._failed = None
        self._state.show_state(title, words, action)
        self._stack.setCurrentWidget(self._state)
        self._number.setText("")
        self._zoom.setText("")
        self._set_tools_enabled(False)

    def _set_tools_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - a setter
        for button in (*self._fits, *(tool for tool, _name in self._tools)):
            button.setEnabled(enabled)
        self.arranger.button.setEnabled(enabled)
        # without pages there is nothing to zoom or turn: no row of dead tools above an empty sheet
        self._bar.setVisible(enabled)

    def _recolour(self) -> None:
        for button, name in self._tools:
            button.setIcon(icon(name))
        self.sheets.viewport().update()

    def _tool(self, name: str, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "icon")
        button.setIcon(icon(name))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())
        self._tools.append((button, name))
        return button

    def _lay_out(self) -> None:
        room = self._bar.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(room)
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(8, 4, 8, 0)
        bar.setSpacing(2)
        bar.addWidget(self.strip_button)
        bar.addWidget(self._number)
        bar.addWidget(self.sections)
        bar.addStretch(1)
        bar.addWidget(self._tool("zoom-out", "缩小（-）", partial(self.sheets.step_zoom, -1)))
        bar.addWidget(self._zoom)
        bar.addWidget(self._tool("zoom-in", "放大（+）", partial(self.sheets.step_zoom, 1)))
        for button in self._fits:
            bar.addWidget(button)
        bar.addWidget(self._tool("rotate-ccw", "向左转", partial(self.turn, -_QUARTER)))
        bar.addWidget(self._tool("rotate-cw", "向右转（R）", partial(self.turn, _QUARTER)))
        bar.addWidget(self.cover_button)
        bar.addWidget(self.arranger.button)
        pages = QWidget()
        row = QHBoxLayout(pages)
        row.setContentsMargins(6, 0, 6, 6)
        row.setSpacing(6)
        row.addWidget(self.strip)
        row.addWidget(self.sheets, 1)
        self._stack.addWidget(self._state)
        self._stack.addWidget(pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._bar)
        column.addWidget(self.cover_bar)
        column.addWidget(self._stack, 1)
