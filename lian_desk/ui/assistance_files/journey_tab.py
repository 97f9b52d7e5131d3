"""就医全程: the feed at the left, the running request and its materials at the right."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import CarePhase, EntryCategory, MaterialState
from lian_desk.services.assistance_files.views import FeedLine, FileView, MaterialLine, RequestLine
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files.panels import RequestPanelFactory
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Card, ScrollColumn
from lian_desk.ui.common.look.chips import Chip, FilterChips, FilterChoice
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.timeline import TimelineEntry, TimelineView
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MATERIALS_SHOWN = 6
_REQUESTS_SHOWN = 4
_RIGHT_SHARE = 2
_LEFT_SHARE = 3
_TONES = {
    EntryCategory.REQUEST: Tone.ACCENT,
    EntryCategory.BOOKING: Tone.INFO,
    EntryCategory.FOLLOW_UP: Tone.KEPT,
    EntryCategory.POLICY: Tone.RISK,
}


def ordinal_title(line: RequestLine) -> str:
    """Return 门诊协调 ①."""
    mark = _CIRCLED[line.ordinal - 1] if line.ordinal <= len(_CIRCLED) else f"第 {line.ordinal} 次"
    return f"{phrase(line.kind)} {mark}"


class JourneyTab(QWidget):
    """Signals: ``materials_requested()``, ``request_requested()``, ``request_chosen(object)``."""

    materials_requested = Signal()
    request_requested = Signal()
    request_chosen = Signal(object)

    def __init__(self, context: UiContext, request_panel: RequestPanelFactory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view: FileView | None = None
        self.timeline = TimelineView()
        self.phases = FilterChips(
            [FilterChoice(None, "全部"), *(FilterChoice(phase.value, phrase(phase)) for phase in CarePhase)]
        )
        self.phases.chosen.connect(lambda _value: self._show_feed())
        self.panel = request_panel(context)
        self._selector = QWidget()
        self._selector_row = QHBoxLayout(self._selector)
        self._selector.hide()
        self._selector_row.setContentsMargins(0, 0, 0, 0)
        self._selector_row.addStretch(1)
        self._requests: FilterChips | None = None
        self._shown_request: int | None = None
        self._offered: tuple[tuple[int, str], ...] = ()
        self._materials = _MaterialsCard()
        self._materials.opened.connect(self.materials_requested)
        self._lay_out()

    @property
    def request_id(self) -> int | None:
        """The request shown at the right."""
        value = self._requests.value if self._requests is not None else None
        return int(value) if value is not None else None

    def show_view(self, view: FileView, request_id: int | None) -> None:
        """Show a file; ``request_id`` is preselected, else the newest open request."""
        self._view = view
        self._show_feed()
        self._materials.show_lines(view.materials, view.material_count)
        self._show_requests(view.requests, request_id)

    def _show_requests(self, lines: Sequence[RequestLine], wanted: int | None) -> None:
        # newest first; a handful fits, older ones stay in the feed and in the bookings tab
        near = [line for line in lines if line.request_id == wanted][:1]
        near += [line for line in lines if line.request_id != wanted][: _REQUESTS_SHOWN - len(near)]
        near.sort(key=lambda line: (line.received_at, line.request_id), reverse=True)
        self._offer(tuple((line.request_id, ordinal_title(line)) for line in near))
        if not near or self._requests is None:
            self._show_request(None)
            return
        chosen = wanted if wanted in {line.request_id for line in near} else None
        if chosen is None:
            chosen = next((line.request_id for line in near if line.is_open), near[0].request_id)
        self._requests.set_value(str(chosen))
        self._show_request(chosen)

    def _offer(self, offered: tuple[tuple[int, str], ...]) -> None:
        """Build the chips anew only when other requests are offered, so that the keyboard stays where it is."""
        if offered == self._offered:
            return
        self._offered = offered
        if self._requests is not None:
            self._requests.hide()
            self._requests.deleteLater()
            self._requests = None
        self._selector.setVisible(len(offered) > 1)
        if offered:
            self._requests = FilterChips([FilterChoice(str(key), words) for key, words in offered])
            self._requests.chosen.connect(lambda value: self._choose(int(value)))
            self._selector_row.insertWidget(0, self._requests)

    def _choose(self, request_id: int) -> None:
        self._show_request(request_id)
        self.request_chosen.emit(request_id)

    def _show_request(self, request_id: int | None) -> None:
        if request_id == self._shown_request and request_id is not None:
            # the panel listens to changes itself; asked again it would forget what it has to say
            return
        self._shown_request = request_id
        show = getattr(self.panel, "show_request")  # noqa: B009 - the panel is known by its protocol only
        show(request_id)

    def _show_feed(self) -> None:
        if self._view is None:
            return
        phase = self.phases.value
        now = self._context.desk.clock.now()
        self.timeline.set_entries(
            [
                _entry(line, formats.moment(line.happened_at, now), formats.moment(line.entered_at, now))
                for line in self._view.feed
                if phase is None or line.phase == phase
            ]
        )

    def _lay_out(self) -> None:
        feed = Card("时间线")
        feed.head.addWidget(self.phases)
        feed.add(self.timeline, 1)
        right = ScrollColumn()
        right.add(self._selector)
        right.add(self.panel)
        right.add(self._materials)
        right.body.addStretch(1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addWidget(feed, _LEFT_SHARE)
        columns.addWidget(right, _RIGHT_SHARE)


class _MaterialsCard(Card):
    """The newest materials in short. ``opened()``: show all of them."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__("材料")
        self.head.addWidget(link_button("打开材料", self.opened.emit))
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.add(self._holder)

    def show_lines(self, lines: Sequence[MaterialLine], count: int) -> None:
        """Show the newest materials and how many more there are."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not lines:
            self._column.addWidget(label("还没有材料。可拖入文件，或在“材料”页粘贴截图。", "muted", wrap=True))
        for index, line in enumerate(lines[:_MATERIALS_SHOWN]):
            if index:
                self._column.addWidget(hairline())
            self._column.addWidget(_material_row(line))
        if count > _MATERIALS_SHOWN:
            self._column.addWidget(label(f"另有 {count - _MATERIALS_SHOWN} 份", "muted"))


def _material_row(line: MaterialLine) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(4, 7, 4, 7)
    layout.setSpacing(12)
    tones = {MaterialState.CONFIRMED: Tone.KEPT, MaterialState.DEFICIENT: Tone.BROKEN}
    layout.addWidget(Chip(phrase(line.state), tones.get(line.state, Tone.RISK)))
    layout.addWidget(ElidedLabel(phrase(line.kind)), 1)
    pages = f"{line.page_count} 页 · " if line.page_count else ""
    layout.addWidget(label(f"{pages}{formats.iso_day(formats.local(line.received_at).date())}", "muted"))
    return row


def _entry(line: FeedLine, when: str, entered: str) -> TimelineEntry:
    late = f"（录入 {entered}）" if line.entered_at - line.happened_at > _LATE_ENTRY else ""
    return TimelineEntry(
        key=line.key,
        when=f"{when}{late}",
        who=line.operator,
        title=line.title,
        text=line.detail,
        tone=_TONES.get(line.category, Tone.NEUTRAL),
    )


_LATE_ENTRY = timedelta(hours=1)
