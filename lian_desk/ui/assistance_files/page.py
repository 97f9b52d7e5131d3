"""档案 › one person: head, tabs, and the next step."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import Role
from lian_desk.services.assistance_files.assistance_files import RecordReveal
from lian_desk.services.assistance_files.views import FileView, load_file_view
from lian_desk.ui.assistance_files.header import FileHeader
from lian_desk.ui.assistance_files.history_tab import HistoryTab
from lian_desk.ui.assistance_files.journey_tab import JourneyTab
from lian_desk.ui.assistance_files.panels import FilePanels, TabFactory
from lian_desk.ui.assistance_files.policy_tab import PolicyTab
from lian_desk.ui.assistance_files.trail_tab import TrailTab
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.emergency_band import EmergencyBand
from lian_desk.ui.common.shell.page import Page

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_TITLES: Final = {
    "journey": "就医全程",
    "materials": "材料",
    "bookings": "预约",
    "follow_ups": "随访",
    "history": "病史与用药",
    "policy": "保单",
    "trail": "授权与留痕",
    "search": "全文",
}
_TABS: Final = tuple(_TITLES)
_REQUEST: Final = "request:"
_LEADS: Final = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})


def request_part(request_id: int | None) -> str:
    """Return the part of the page that shows one request, for ``Navigator.open_file``."""
    return "journey" if request_id is None else f"{_REQUEST}{request_id}"


class FilePage(Page):
    """The page of one assistance file; shows another one with ``open_subject``."""

    page_id = "assistance_file"
    has_accent = True
    title = "档案"

    def __init__(self, context: UiContext, panels: FilePanels, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._panels = panels
        self._file_id: int | None = None
        self._wanted_request: int | None = None
        self._revealed = False
        self.view: FileView | None = None
        self._crumb = label("", "muted")
        self._name = ElidedLabel("", "bold")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name.setMaximumWidth(_NAME_WIDTH)
        self.header = FileHeader()
        self.header.reveal_requested.connect(self._reveal)
        self.header.hide_requested.connect(self._mask)
        self.band = Notice("", Tone.BROKEN)
        self.band.hide()
        self.emergency = EmergencyBand(context)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.journey = JourneyTab(context, panels.request_panel)
        self.journey.materials_requested.connect(partial(self.show_tab, "materials"))
        self.journey.request_chosen.connect(self._remember_request)
        self.history = HistoryTab(context)
        self.policy = PolicyTab(context)
        self.trail = TrailTab(context)
        self.foreign: dict[str, QWidget] = {}
        self._unseen: set[str] = set()
        self.state = EmptyState("正在打开档案…")
        self.stack = QStackedWidget()
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()

    # ---------------------------------------------------------------------------------------------------- opening

    def open_subject(self, subject: object, part: str | None) -> None:
        """Override: show the file with key ``subject`` on the tab ``part``, or with the request that it names."""
        assert isinstance(subject, int)
        if subject != self._file_id:
            self._leave_file(subject)
            self.emergency.show_file(subject)
        if part is not None and part.startswith(_REQUEST):
            self._wanted_request = int(part.removeprefix(_REQUEST))
            part = "journey"
        if part is not None:
            self.show_tab(part)
        self._stale = False
        self.reload()

    def show_tab(self, tab: str) -> None:
        """Bring a tab to the front."""
        self.tabs.setCurrentIndex(_TABS.index(tab))

    def reload(self) -> None:
        """Override: read the file anew."""
        if self._file_id is None:
            return
        work = partial(load_file_view, self.context.desk, self._file_id, revealed=self._revealed)
        self.read(work, self.show_view)

    def refresh(self, changes: "Changes") -> None:
        """Override: any change may concern this file; one read tells."""
        self.reload()

    def handle_action(self, action_id: str) -> bool:
        """Override: print, export and a new request mean this file."""
        wishes = {"print": "print_summary", "export": "export_record", "new_request": "new_request"}
        if action_id == "emergency" and self._file_id is not None:
            self.context.navigator.start(action_id, self._file_id)
            return True
        if self.view is None or action_id not in wishes:
            return False
        if self.buttons[wishes[action_id]].isEnabled():
            self._wish(wishes[action_id])
        return True

    def show_view(self, view: FileView | None) -> None:
        """Show what was read; a view that was asked for before the page turned to another file is dropped."""
        if view is None:
            self.view = None
            self.state.show_state("没有这份档案", "它可能在另一个工位上，或编号有误。", "返回档案列表")
            self.stack.setCurrentWidget(self.state)
            self._enable_buttons()
            return
        if view.file_id != self._file_id or view.is_revealed != self._revealed:
            return
        self.view = view
        self._crumb.setText(view.number)
        self._name.setText(view.insured_name)
        self.header.show_view(view)
        self._unseen = set(_TABS)
        self._show_counts(view)
        self.band.set_notice(_read_only_words(self.context, view) if view.is_read_only else "", Tone.BROKEN)
        self.stack.setCurrentIndex(0)
        self._enable_buttons()
        if self.hasFocus():
            # the page took the keyboard while the file was being read
            (self.primary_focus() or self).setFocus()
        self._fill_tab(self.tabs.currentIndex())

    def hideEvent(self, event: QHideEvent) -> None:
        """Override: clear data does not wait behind another page or the lock."""
        super().hideEvent(event)
        if self._revealed:
            self._mask()

    def primary_focus(self) -> QWidget | None:
        """Override: the bar of tabs, once there is something to turn to."""
        return self.tabs.tabBar() if self.view is not None else None

    # ------------------------------------------------------------------------------------------------------ inside

    def _leave_file(self, next_id: int) -> None:
        self._file_id = next_id
        self._wanted_request = None
        self._revealed = False
        self.view = None
        for widget in self.foreign.values():
            widget.hide()
            widget.deleteLater()
        self.foreign.clear()
        self._name.setText("")
        self._crumb.setText("")
        self.state.show_state("正在打开档案…")
        self.stack.setCurrentWidget(self.state)
        self.show_tab("journey")
        self._enable_buttons()

    def _enable_buttons(self) -> None:
        """Buttons act on a file that is shown; what writes needs one that is not read-only."""
        is_writable = self.view is not None and not self.view.is_read_only
        for action_id, button in self.buttons.items():
            button.setEnabled(is_writable if action_id in _WRITING else self.view is not None)

    def _show_counts(self, view: FileView) -> None:
        counts = {"materials": view.material_count, "bookings": len(view.requests), "follow_ups": view.follow_up_count}
        for index, tab in enumerate(_TABS):
            count = counts.get(tab)
            self.tabs.setTabText(index, f"{_TITLES[tab]} {count:,}" if count else _TITLES[tab])

    def _remember_request(self, request_id: object) -> None:
        self._wanted_request = request_id if isinstance(request_id, int) else None

    def _reveal(self) -> None:
        file_id = self._file_id
        if file_id is None:
            return
        command = RecordReveal(command_id=self.context.desk.new_id(), assistance_file_id=file_id, what="insured_person")
        carry_out(self.context, self, command, lambda _outcome: self._show_clear(file_id), self.show_problem)

    def _show_clear(self, file_id: int) -> None:
        """The reveal is in the audit log by now; another file that came to the front meanwhile stays masked."""
        if file_id == self._file_id and self.isVisible():
            self._revealed = True
            self.reload()

    def _mask(self) -> None:
        self._revealed = False
        self.reload()

    def _fill_tab(self, index: int) -> None:
        """Bring a tab up to date when it is looked at; nobody waits for the ones behind it."""
        tab = _TABS[index]
        if self.view is None or tab not in self._unseen:
            return
        self._unseen.discard(tab)
        if tab == "journey":
            self.journey.show_view(self.view, self._wanted_request)
        elif tab == "history":
            self.history.show_view(self.view)
        elif tab == "policy":
            self.policy.show_view(self.view)
        elif tab == "trail":
            self.trail.show_view(self.view)
        else:
            self._build_foreign_tab(tab)

    def _build_foreign_tab(self, tab: str) -> None:
        """Build a tab of another feature; it listens to changes itself from then on."""
        factories: dict[str, TabFactory] = {
            "materials": self._panels.materials,
            "bookings": self._panels.bookings,
            "follow_ups": self._panels.follow_ups,
            "search": self._panels.search,
        }
        if tab in self.foreign or self.view is None:
            return
        built = self.foreign[tab] = factories[tab](self.context, self.view.file_id)
        holder = self.tabs.widget(_TABS.index(tab))
        layout = holder.layout() if holder is not None else None
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(built, 1)

    def _lay_out(self) -> None:
        navigator = self.context.navigator
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(link_button("档案 ›", partial(navigator.open_page, "assistance_files")))
        head.addWidget(self._name)
        head.addWidget(self._crumb)
        head.addStretch(1)
        for action_id, words in _QUIET_ACTIONS:
            if action_id != "reassign_file" or self.context.desk.operator.role in _LEADS:
                self.buttons[action_id] = SecondaryButton(words, partial(self._wish, action_id))
                head.addWidget(self.buttons[action_id])
        self.buttons["new_request"] = PrimaryButton("发起服务", partial(self._wish, "new_request"))
        head.addWidget(self.buttons["new_request"])
        own = {"journey": self.journey, "history": self.history, "policy": self.policy, "trail": self.trail}
        for tab, title in _TITLES.items():
            self.tabs.addTab(_holder(own.get(tab)), title)
        self.tabs.currentChanged.connect(self._fill_tab)
        self.state.triggered.connect(partial(navigator.open_page, "assistance_files"))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.band)
        column.addWidget(self.emergency)
        column.addWidget(self.tabs, 1)
        self.stack.addWidget(whole)
        self.stack.addWidget(self.state)
        self.stack.setCurrentWidget(self.state)
        self.body.addLayout(head)
        self.body.addWidget(self.stack, 1)
        self._enable_buttons()

    def _wish(self, action_id: str) -> None:
        if self._file_id is not None:
            self.context.navigator.start(action_id, self._file_id)


def _holder(tab: QWidget | None) -> QWidget:
    """Return a page of the tabs with a little air above its cards."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    layout.addWidget(hairline())
    if tab is not None:
        layout.addWidget(tab, 1)
    return holder


def _read_only_words(context: UiContext, view: FileView) -> str:
    if view.is_erased:
        return "这份档案的个人信息已按规定删除；权益与操作记录保留，可以查看。"
    return f"保险合同已终止，服务同时终止；档案可以查看和打印。依据：手册 {context.desk.pack.clause('R7').place}"


_NAME_WIDTH: Final = 240
_QUIET_ACTIONS: Final = (
    ("reassign_file", "转派"),
    ("add_note", "写记录"),
    ("print_summary", "打印个案摘要"),
    ("export_record", "导出随访记录 PDF"),
)
_WRITING: Final = frozenset({"add_note", "reassign_file", "new_request"})
