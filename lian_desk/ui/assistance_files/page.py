"""档案 › one person: head, tabs, and the next step."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabWidget, QWidget

from lian_desk.services.assistance_files import RecordReveal
from lian_desk.services.file_views import FileView, load_file_view
from lian_desk.ui.assistance_files.header import FileHeader
from lian_desk.ui.assistance_files.history_tab import HistoryTab
from lian_desk.ui.assistance_files.journey_tab import JourneyTab
from lian_desk.ui.assistance_files.panels import FilePanels, TabFactory
from lian_desk.ui.assistance_files.policy_tab import PolicyTab
from lian_desk.ui.assistance_files.trail_tab import TrailTab
from lian_desk.ui.common.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.cards import Notice
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.page import Page
from lian_desk.ui.common.states import EmptyState
from lian_desk.ui.common.text import ElidedLabel, label
from lian_desk.ui.common.tokens import Tone

if TYPE_CHECKING:
    from lian_desk.services.changes import Changes

_TABS = ("journey", "materials", "bookings", "follow_ups", "history", "policy", "trail")
_TITLES = ("就医全程", "材料", "预约", "随访", "病史与用药", "保单", "授权与留痕")


class FilePage(Page):
    """The page of one assistance file; shows another one with ``open_subject``."""

    page_id = "assistance_file"
    title = "档案"

    def __init__(self, context: UiContext, panels: FilePanels, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._panels = panels
        self._file_id: int | None = None
        self._wanted_request: int | None = None
        self._revealed = False
        self.view: FileView | None = None
        self._crumb = label("", "muted")
        self._name = ElidedLabel("", "section")
        self.header = FileHeader()
        self.header.reveal_requested.connect(self._reveal)
        self.header.hide_requested.connect(self._hide)
        self._band = Notice("", Tone.BROKEN)
        self._band.hide()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.journey = JourneyTab(context, panels.request_panel)
        self.journey.materials_requested.connect(lambda: self.show_tab("materials"))
        self.journey.request_chosen.connect(self._remember_request)
        self.history = HistoryTab(context)
        self.policy = PolicyTab(context)
        self.trail = TrailTab(context)
        self._foreign: dict[str, QWidget] = {}
        self._state = EmptyState("正在打开档案…")
        self._stack = QStackedWidget()
        self._lay_out()

    # ---------------------------------------------------------------------------------------------------- opening

    def open_subject(self, subject: object, part: str | None) -> None:
        """Override: show the file with key ``subject`` on the tab ``part``."""
        assert isinstance(subject, int)
        if subject != self._file_id:
            self._file_id = subject
            self._wanted_request = None
            self._revealed = False
            self._drop_foreign_tabs()
            self._state.show_state("正在打开档案…")
            self._stack.setCurrentWidget(self._state)
            self.tabs.setCurrentIndex(0)
        self.show_tab(part or _TABS[max(self.tabs.currentIndex(), 0)])
        self.reload()

    def show_request(self, file_id: int, request_id: int | None) -> None:
        """Show a file with one of its requests at the right."""
        self.open_subject(file_id, "journey")
        self._wanted_request = request_id

    def show_tab(self, tab: str) -> None:
        """Bring a tab to the front."""
        self.tabs.setCurrentIndex(_TABS.index(tab))

    def reload(self) -> None:
        """Override: read the file anew."""
        if self._file_id is None:
            return
        work = partial(load_file_view, self.context.desk, self._file_id, revealed=self._revealed)
        self.read(work, self._show)

    def refresh(self, changes: "Changes") -> None:
        """Override: any change may concern this file; one read tells."""
        self.reload()

    def handle_action(self, action_id: str) -> bool:
        """Override: print, export and a new request mean this file."""
        if self._file_id is None or self.view is None:
            return False
        wishes = {"print": "print_summary", "export": "export_record", "new_request": "new_request"}
        if action_id not in wishes:
            return False
        self.context.navigator.start(wishes[action_id], self._file_id)
        return True

    # ------------------------------------------------------------------------------------------------------ inside

    def _show(self, view: FileView | None) -> None:
        if view is None:
            self.view = None
            self._state.show_state("没有这份档案", "它可能在另一台工作站上，或编号有误。", "返回档案列表")
            self._stack.setCurrentWidget(self._state)
            return
        if view.file_id != self._file_id:
            return
        self.view = view
        self._crumb.setText(view.number)
        self._name.setText(view.insured_name)
        self._name.setMinimumWidth(min(self._name.fontMetrics().horizontalAdvance(view.insured_name) + 8, 240))
        self.header.show_view(view)
        self.journey.show_view(view, self._wanted_request)
        self.history.show_view(view)
        self.policy.show_view(view)
        self.trail.show_view(view)
        self._show_counts(view)
        self._primary.setEnabled(not view.is_read_only)
        self._band.set_notice(_read_only_words(self.context) if view.is_read_only else "", Tone.BROKEN)
        self._stack.setCurrentWidget(self.tabs)
        self._fill_foreign_tab(self.tabs.currentIndex())

    def _show_counts(self, view: FileView) -> None:
        counts = {"materials": view.material_count, "bookings": len(view.requests), "follow_ups": view.follow_up_count}
        for index, tab in enumerate(_TABS):
            count = counts.get(tab)
            self.tabs.setTabText(index, f"{_TITLES[index]} {count}" if count else _TITLES[index])

    def _remember_request(self, request_id: object) -> None:
        self._wanted_request = request_id if isinstance(request_id, int) else None

    def _reveal(self) -> None:
        if self._file_id is None:
            return
        command = RecordReveal(
            command_id=self.context.desk.new_id(), assistance_file_id=self._file_id, what="insured_person"
        )
        carry_out(self.context, self, command, lambda _outcome: self._show_clear(), self.show_problem)

    def _show_clear(self) -> None:
        self._revealed = True
        self.reload()

    def _hide(self) -> None:
        self._revealed = False
        self.reload()

    def _fill_foreign_tab(self, index: int) -> None:
        """Build a tab of another feature when it is first looked at."""
        tab = _TABS[index]
        factories: dict[str, TabFactory] = {
            "materials": self._panels.materials,
            "bookings": self._panels.bookings,
            "follow_ups": self._panels.follow_ups,
        }
        if tab in factories and tab not in self._foreign and self._file_id is not None:
            built = self._foreign[tab] = factories[tab](self.context, self._file_id)
            holder = self.tabs.widget(index)
            assert holder is not None
            layout = holder.layout()
            assert layout is not None
            layout.addWidget(built)

    def _drop_foreign_tabs(self) -> None:
        for widget in self._foreign.values():
            widget.hide()
            widget.deleteLater()
        self._foreign.clear()

    def _lay_out(self) -> None:
        navigator = self.context.navigator
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(link_button("档案 ›", lambda: navigator.open_page("assistance_files")))
        head.addWidget(self._name)
        head.addWidget(self._crumb)
        head.addStretch(1)
        head.addWidget(SecondaryButton("打印个案摘要", partial(self._wish, "print_summary")))
        head.addWidget(SecondaryButton("导出随访记录 PDF", partial(self._wish, "export_record")))
        self._primary = PrimaryButton("发起服务", partial(self._wish, "new_request"))
        head.addWidget(self._primary)
        own = {"journey": self.journey, "history": self.history, "policy": self.policy, "trail": self.trail}
        for tab, title in zip(_TABS, _TITLES, strict=True):
            self.tabs.addTab(own.get(tab) or _holder(), title)
        self.tabs.currentChanged.connect(self._fill_foreign_tab)
        self._state.triggered.connect(lambda: navigator.open_page("assistance_files"))
        self._stack.addWidget(self.tabs)
        self._stack.addWidget(self._state)
        self.body.addLayout(head)
        self.body.addWidget(self.header)
        self.body.addWidget(self._band)
        self.body.addWidget(self._stack, 1)

    def _wish(self, action_id: str) -> None:
        if self._file_id is not None:
            self.context.navigator.start(action_id, self._file_id)


def _holder() -> QWidget:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    return holder


def _read_only_words(context: UiContext) -> str:
    return f"保险合同已终止，服务同时终止；档案可以查看和打印。依据：手册 {context.desk.pack.clause('R7').place}"
