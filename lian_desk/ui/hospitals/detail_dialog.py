"""One campus with its history on the list."""

from functools import partial

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.hospitals.list_import import HospitalView, load_hospital
from lian_desk.ui.common.look import formats
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.cards import Card, KeyValueGrid, Notice, ScrollColumn
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext


class HospitalDetailDialog(QDialog):
    """Shows a campus: what it is today, and every row it ever had, the newest first."""

    def __init__(self, context: UiContext, hospital_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("医院")
        self.setModal(True)
        self.heading = label("正在载入…", "title", wrap=True)
        self.notice = Notice("", Tone.RISK)
        self.facts = KeyValueGrid()
        self.history = KeyValueGrid(key_width=180)
        self._lay_out()
        self.resize(620, 560)
        context.runner.read(self, partial(load_hospital, context.desk, hospital_id), self.show_hospital, self._fail)

    def show_hospital(self, view: HospitalView) -> None:
        """Show a campus."""
        self.setWindowTitle(view.name)
        self.heading.setText(" ".join(filter(None, (view.name, view.campus))))
        self.notice.set_notice(view.list_notice)
        inside = ChipText("名录内（样例）", Tone.RISK) if view.list_notice else ChipText("名录内", Tone.KEPT)
        listed = inside if view.is_on_list else ChipText("不在名录", Tone.RISK)
        self.facts.clear()
        self.facts.add_fact("等级", view.level, chips=[listed])
        self.facts.add_fact("专科", view.specialty)
        self.facts.add_fact("城市", " ".join(dict.fromkeys((view.province, view.city))))
        self.facts.add_fact("别名", view.aliases)
        self.facts.add_fact("编号", view.code)
        self.history.clear()
        for period in view.periods:
            starts = formats.iso_day(period.from_on) if period.from_on else "从未列入"
            ends = f" 至 {formats.iso_day(period.to_on)}（不含）" if period.to_on else " 起" if period.from_on else ""
            self.history.add_fact(
                f"{starts}{ends}",
                f"{period.name} · {period.city} · {period.level}",
                note=f"{period.source} · {period.recorded} 录入",
            )

    def _fail(self, error: BaseException) -> None:
        self.heading.setText(sentence(error))

    def _lay_out(self) -> None:
        facts, history = Card("现在"), Card("名录记录")
        facts.add(self.facts)
        history.add(self.history)
        side = ScrollColumn()
        side.add(facts)
        side.add(history)
        side.body.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("关闭", self.accept))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.notice)
        column.addWidget(side, 1)
        column.addLayout(foot)
