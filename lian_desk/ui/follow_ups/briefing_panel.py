"""The right side of the dialog: who is called and why, what was told before, what is planned."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lian_desk.adapters.drawing.views import FollowUpLine
from lian_desk.services.follow_ups.briefing import FollowUpBriefing, reveal_phone
from lian_desk.services.words import formats
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid
from lian_desk.ui.common.look.chips import Chip, ChipText
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.look.visibility import set_shown
from lian_desk.ui.common.running.context import UiContext

_WIDTH = 380


class BriefingPanel(QScrollArea):
    """Shows a :class:`FollowUpBriefing`; the phone number is shown in clear on request, which is audited."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file_id = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        body.setObjectName("body")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 16, 24, 16)
        self._column.setSpacing(12)
        self.setWidget(body)
        self.phone = label("", "bold")
        self.phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reveal = link_button("显示号码", self._reveal)

    def show_briefing(self, briefing: FollowUpBriefing) -> None:
        """Show who, why and what was before."""
        self._file_id = briefing.file_id
        self._column.addWidget(self._who(briefing))
        self._column.addWidget(self._health(briefing))
        self._column.addWidget(self._earlier(briefing))
        self._column.addStretch(1)

    def _who(self, briefing: FollowUpBriefing) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(briefing.insured_name, "section"))
        head.addWidget(label(briefing.sex_and_age, "secondary"))
        head.addStretch(1)
        if briefing.is_escalated:
            head.addWidget(Chip("请主管处理", Tone.BROKEN))
        elif briefing.late_days:
            head.addWidget(Chip(f"逾期 {briefing.late_days} 天", Tone.BROKEN))
        card.body.addLayout(head)
        card.add(
            label(" · ".join(part for part in (briefing.file_number, briefing.request) if part), "muted", wrap=True)
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        self.phone.setText(briefing.phone or "未登记电话")
        row.addWidget(self.phone)
        row.addWidget(self.reveal)
        row.addStretch(1)
        set_shown(self.reveal, "*" in briefing.phone)
        card.body.addLayout(row)
        return card

    def _health(self, briefing: FollowUpBriefing) -> Card:
        card = Card("病情与用药")
        grid = KeyValueGrid(key_width=48)
        grid.add_fact("疾病", "\n".join(briefing.diseases))
        grid.add_fact("病史", briefing.history)
        grid.add_fact("用药", briefing.medication)
        grid.add_fact("过敏", briefing.allergies)
        card.add(grid)
        return card

    def _earlier(self, briefing: FollowUpBriefing) -> Card:
        card = Card("以往随访")
        if not briefing.earlier:
            card.add(label("这是第一次随访。", "secondary"))
        for place, line in enumerate(briefing.earlier):
            if place:
                card.add(hairline())
            card.body.addWidget(self._line(line))
        for day, words in briefing.planned[:3]:
            card.add(label(f"已安排 {formats.day(day, self._context.desk.today)} · {words}", "muted", wrap=True))
        return card

    def _line(self, line: FollowUpLine) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        when = formats.moment(line.done_at, self._context.desk.clock.now())
        head.addWidget(label(f"{when} · {line.channel}", "muted"))
        head.addStretch(1)
        chip = ChipText(line.outcome, Tone.KEPT if line.reached else Tone.NEUTRAL)
        head.addWidget(Chip(chip.text, chip.tone))
        column.addLayout(head)
        for words in (
            line.condition,
            f"用药：{line.medication}" if line.medication else "",
            f"宣教：{line.education}" if line.education else "",
            f"提醒：{line.reminder}" if line.reminder else "",
        ):
            if words:
                column.addWidget(label(words, "secondary", wrap=True))
        return widget

    def _reveal(self) -> None:
        self.reveal.setEnabled(False)
        work = partial(reveal_phone, self._context.desk, self._file_id)
        self._context.runner.write(self, work, self._show_phone, self._show_refusal)

    def _show_phone(self, number: str) -> None:
        self.phone.setText(number)
        self.reveal.hide()

    def _show_refusal(self, error: BaseException) -> None:
        self.reveal.setEnabled(True)
        self.phone.setToolTip(sentence(error))
