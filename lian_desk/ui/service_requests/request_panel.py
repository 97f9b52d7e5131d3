"""The card of one request: where it stands, by when, why, and the one next step."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import ClockKind, ClockState, ExpertHonour, RequestStatus
from lian_desk.services.request_views.actions import ActionOffer
from lian_desk.services.request_views.clock_lines import ClockLine
from lian_desk.services.request_views.views import HospitalLine, RequestView, RequirementLine
from lian_desk.services.rules.citations import place_of, with_places
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.explain.clause_popover import ClausePopover
from lian_desk.ui.common.forms.hospital_field import hospital_chips, hospital_words
from lian_desk.ui.common.lists.checklist import ChecklistChips
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid, Notice
from lian_desk.ui.common.look.chips import Chip, ChipText
from lian_desk.ui.common.look.journey import Steps
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.service_requests.presenter import RequestPresenter

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_QUIET_BUTTONS = 1
_SHORT_NAME = 12
_TICK_MS = 1000
_TONES = {
    ClockState.RUNNING: Tone.KEPT,
    ClockState.AT_RISK: Tone.RISK,
    ClockState.URGENT: Tone.BROKEN,
    ClockState.PAUSED: Tone.NEUTRAL,
    ClockState.KEPT: Tone.KEPT,
    ClockState.BROKEN: Tone.BROKEN,
}
#: From here on the hospital has what it asked for; the list of papers would only be in the way.
_PAPERS_SETTLED = frozenset(
    {RequestStatus.ARRIVED, RequestStatus.IN_PROGRESS, RequestStatus.SERVICE_COMPLETED, RequestStatus.FOLLOWING_UP}
)
_CLOSED_WELL = frozenset({RequestStatus.ARCHIVED, RequestStatus.WITHDRAWN})


def title_of(view: RequestView) -> str:
    """Return 门诊协调 ①."""
    mark = _CIRCLED[view.ordinal - 1] if view.ordinal <= len(_CIRCLED) else f"第 {view.ordinal} 次"
    return f"{phrase(view.kind)} {mark}"


def clock_chip(clock: ClockLine, now: datetime) -> ChipText:
    """Return the chip of a running clock at ``now``; its tone follows the warning times, also as time goes on."""
    if clock.state is ClockState.PAUSED:
        return ChipText(f"{phrase(clock.kind)} · 暂停", Tone.NEUTRAL)
    state = clock.state
    if now > clock.due_at:
        state = ClockState.BROKEN
    elif state is ClockState.RUNNING and now >= clock.notice_at:
        state = ClockState.AT_RISK
    return ChipText(f"{phrase(clock.kind)} · {formats.countdown(clock.due_at, now)}", _TONES[state])


def _how_reckoned(clock: ClockLine, now: datetime) -> str:
    """Return the sentence of a deadline without its end, which stands above it; a running one names the desk's own."""
    note = clock.derivation.partition(" → ")[0]
    if clock.stopped_at is None and clock.internal_due_at != clock.due_at:
        note += f" · 内部截止 {formats.moment(clock.internal_due_at, now)}"
    return note


class RequestPanel(Card):
    """Shows a request; ``show_request(None)`` says that there is none."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        self._chip = Chip()
        super().__init__("服务", aside=self._chip, parent=parent)
        self._context = context
        self.presenter = RequestPresenter(context, self)
        self.presenter.shown.connect(self.show_view)
        self.presenter.failed.connect(self._show_failure)
        self.presenter.busy_changed.connect(self._set_busy)
        self.view: RequestView | None = None
        self._basis = link_button("依据", self._show_clauses)
        self.head.addWidget(self._basis)
        self.steps = Steps(())
        self.facts = KeyValueGrid()
        self.notice = Notice("", Tone.RISK)
        self.refusal = Notice("", Tone.BROKEN)
        self.empty = label("还没有服务申请。收到需求后点“发起服务”。", "secondary", wrap=True)
        self._buttons = QWidget()
        self._button_row = QVBoxLayout(self._buttons)
        self._button_row.setContentsMargins(0, 4, 0, 0)
        self._button_row.setSpacing(8)
        for widget in (self.empty, self.steps, self.facts, self.notice, self.refusal, self._buttons):
            self.add(widget)
        self.primary: QPushButton | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.show_view(None)

    def show_request(self, request_id: int | None) -> None:
        """Show another request, or say that there is none."""
        self.refusal.set_notice("")
        self.presenter.show_request(request_id)

    def show_view(self, view: RequestView | None) -> None:
        """Show a request as read."""
        self.view = view
        self.empty.setVisible(view is None)
        for widget in (self.steps, self.facts, self._basis, self._buttons):
            widget.setVisible(view is not None)
        if view is None:
            self.title.setText("服务")
            self._chip.set_chip("")
            self.notice.set_notice("")
            self.refusal.set_notice("")
            return
        self.title.setText(title_of(view))
        self.steps.set_steps(view.journey.steps, view.journey.current)
        if view.journey.word and view.is_open:
            self.steps.set_current(view.journey.current, view.journey.word)
        self._show_facts(view)
        self.notice.set_notice(view.notice)
        self._show_buttons(view)
        self._tick()

    # --------------------------------------------------------------------------------------------------- contents

    def _tick(self) -> None:
        view = self.view
        if view is None:
            return
        if not view.is_open:
            tone = Tone.KEPT if view.status in _CLOSED_WELL else Tone.NEUTRAL
            self._chip.set_chip(phrase(view.status), tone)
            return
        if view.status is RequestStatus.PAUSED:
            reasons = "、".join(phrase(reason) for reason in view.pause_reasons)
            self._chip.set_chip(f"暂停 · {reasons}" if reasons else "暂停", Tone.NEUTRAL)
            return
        clock = view.running_clock
        if clock is None:
            self._chip.set_chip(phrase(view.status), Tone.INFO)
            return
        chip = clock_chip(clock, self._context.desk.clock.now())
        self._chip.set_chip(chip.text, chip.tone)
        self._chip.setToolTip(f"{clock.derivation}（{place_of(clock.clause)}）")

    def _show_facts(self, view: RequestView) -> None:
        self.facts.clear()
        disease = f"{phrase(view.certainty)} · {view.disease_name}（{phrase(view.severity)}）"
        if view.requirement is None:
            self.facts.add_fact("需求", view.need_text)
            self.facts.add_fact("疾病", disease)
        else:
            self._show_requirement(view.requirement, view)
        if view.booking is not None:
            self._show_booking(view)
        self._show_deadlines(view)
        if view.closing_reason:
            self.facts.add_fact("结束原因", with_places(view.closing_reason), note=place_of(view.closing_clause))
        if view.is_open and view.status not in _PAPERS_SETTLED:
            self._show_checklist(view)

    def _show_requirement(self, wanted: RequirementLine, view: RequestView) -> None:
        if wanted.hospital is not None:
            self._show_hospital(wanted.hospital)
        expert = " · ".join(
            filter(
                None,
                [
                    wanted.department,
                    wanted.expert_name,
                    phrase(wanted.expert_title) if wanted.expert_title else "",
                    *(phrase(honour) for honour in wanted.honours),
                ],
            )
        )
        if expert:
            renowned = (ChipText("知名专家", Tone.INFO),) if wanted.is_renowned else ()
            because = f"因{phrase(ExpertHonour(wanted.renowned_because))}头衔" if wanted.renowned_because else ""
            self.facts.add_fact("专家" if wanted.expert_title else "科室", expert, chips=renowned, tip=because)
        if wanted.examination:
            self.facts.add_fact("检查项目", wanted.examination)
        if wanted.preferred_from_on is not None and view.booking is None:
            first = formats.long_day(wanted.preferred_from_on)
            last = f" 至 {formats.long_day(wanted.preferred_to_on)}" if wanted.preferred_to_on else ""
            self.facts.add_fact("拟约时间", f"{first}{last}", note=wanted.preference)
        elif wanted.preference:
            self.facts.add_fact("计划" if wanted.hospital is None else "偏好", wanted.preference)
        if wanted.doctors_order:
            self.facts.add_fact("特殊医嘱", wanted.doctors_order, note="以医生医嘱为准，不保证可启动加急服务")

    def _show_hospital(self, hospital: HospitalLine) -> None:
        """A short name has its chips beside it, a long one below it, so that the card keeps its width."""
        words, chips = hospital_words(hospital), hospital_chips(hospital)
        if len(words) <= _SHORT_NAME:
            self.facts.add_fact("医院", words, chips=chips)
            return
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(label(words, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(6)
        for chip in chips:
            row.addWidget(Chip(chip.text, chip.tone))
        row.addStretch(1)
        column.addLayout(row)
        self.facts.add_widget("医院", cell)

    def _show_booking(self, view: RequestView) -> None:
        booking = view.booking
        assert booking is not None
        told = ChipText("已告知", Tone.KEPT) if booking.instructions_sent_at else ChipText("待告知", Tone.RISK)
        where = " · ".join(filter(None, [hospital_words(booking.hospital), booking.department, booking.place]))
        visit = formats.local(booking.visit_at)
        words = f"{formats.long_day(visit.date())} {visit:%H:%M}"
        self.facts.add_fact("预约时间", words, chips=(told,), note=where, tip=booking.instructions)

    def _show_deadlines(self, view: RequestView) -> None:
        for kind, name in ((ClockKind.FEEDBACK, "反馈时限"), (ClockKind.BOOKING, "预约时限")):
            clock = view.clock(kind)
            if clock is None or (not view.is_open and clock.stopped_at is None):
                continue
            due = formats.local(clock.due_at)
            chips: tuple[ChipText, ...] = ()
            if clock.stopped_at is not None:
                kept = clock.state is ClockState.KEPT
                chips = (ChipText("按时" if kept else "超时", Tone.KEPT if kept else Tone.BROKEN),)
            elif clock.is_provisional:
                chips = (ChipText("暂定", Tone.RISK),)
            words = f"{formats.day(due.date(), formats.local(view.now).date())} {due:%H:%M} 前"
            self.facts.add_fact(
                name, words, chips=chips, note=_how_reckoned(clock, view.now), tip=place_of(clock.clause)
            )

    def _show_checklist(self, view: RequestView) -> None:
        """What is there and what is missing; while something may still be asked for, the way to ask for it."""
        if not view.checklist:
            return
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(ChecklistChips(view.checklist))
        if view.is_open and view.offers:
            ask = partial(self._context.navigator.start, "ask_for_material", view.request_id)
            column.addWidget(link_button("请客户补材料…", ask), 0, Qt.AlignmentFlag.AlignLeft)
        self.facts.add_widget("材料", holder)

    # ---------------------------------------------------------------------------------------------------- buttons

    def _show_buttons(self, view: RequestView) -> None:
        while (item := self._button_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.primary = None
        first = QWidget()
        row = QHBoxLayout(first)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        quiet = [offer for offer in view.offers if not offer.is_primary and not offer.is_more]
        more = [offer for offer in view.offers if offer.is_more] + quiet[_QUIET_BUTTONS:]
        for offer in view.offers:
            if offer.is_primary:
                self.primary = PrimaryButton(offer.words, partial(self._act, offer))
                row.addWidget(self.primary)
        for offer in quiet[:_QUIET_BUTTONS]:
            row.addWidget(SecondaryButton(offer.words, partial(self._act, offer)))
        if more:
            row.addWidget(self._more_button(more))
        row.addStretch(1)
        self._button_row.addWidget(first)
        self._buttons.setVisible(bool(view.offers))

    def _more_button(self, offers: list[ActionOffer]) -> QPushButton:
        button = SecondaryButton("更多")
        menu = QMenu(button)
        for offer in offers:
            menu.addAction(offer.words).triggered.connect(lambda _checked=False, offer=offer: self._act(offer))
        button.setMenu(menu)
        return button

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        self._buttons.setEnabled(not busy)

    def _act(self, offer: ActionOffer) -> None:
        self.refusal.set_notice("")
        self.presenter.act(offer.action)

    def _show_failure(self, error: BaseException) -> None:
        self.refusal.set_notice(sentence(error))

    def _show_clauses(self) -> None:
        if self.view is not None:
            facts = [f"{phrase(clock.kind)}：{clock.derivation}" for clock in self.view.clocks]
            ClausePopover(self.view.clauses, self, facts=facts).show_below(self._basis)
