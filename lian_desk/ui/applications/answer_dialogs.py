"""首次响应 and 结束申请: what happens to an application that does not open a file."""

from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from lian_desk.services.service_requests.applications import ApplicationView, RespondToApplication, SettleApplication
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.applications.file_search_field import FileSearchField
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import KeyValueGrid, Notice
from lian_desk.ui.common.look.chips import Chip, FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_BIND: Final = "bind"
_CLOSE: Final = "close"
_TICK_MS: Final = 1000
_STILL_WAITING: Final = "这条申请还没有首次响应：归入档案后仍留在待办中，直到记录响应。"


class ApplicationFacts(KeyValueGrid):
    """Who asks for what since when; the time that is left runs while it is shown."""

    def __init__(self, view: ApplicationView, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._view = view
        self._clock = context.desk.clock
        self.countdown = Chip()
        self.add_fact("来自", f"{view.contact_name} · {phrase(view.channel)}", note=view.contact_handle)
        self.add_fact("需求", view.need_text, note=phrase(view.service_kind) if view.service_kind else "")
        received = QWidget()
        row = QHBoxLayout(received)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(8)
        row.addWidget(label(formats.moment(view.received_at, self._clock.now())))
        row.addWidget(self.countdown)
        row.addStretch(1)
        self.add_widget("收到", received)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.tick()

    def tick(self) -> None:
        """Show the time that is left now."""
        view, now = self._view, self._clock.now()
        if view.responded_at is None:
            tone = Tone.BROKEN if now > view.response_due_at else Tone.RISK
            self.countdown.set_chip(formats.countdown(view.response_due_at, now), tone)
            return
        kept = view.responded_at <= view.response_due_at
        self.countdown.set_chip("已按时响应" if kept else "响应超时", Tone.KEPT if kept else Tone.BROKEN)


class RespondDialog(FormDialog):
    """首次响应: a person answered, at a time. ``saved`` carries the key of the application."""

    def __init__(self, context: UiContext, view: ApplicationView, parent: QWidget | None = None) -> None:
        super().__init__("首次响应", primary="记录响应", width=560, parent=parent)
        self._context = context
        self._view = view
        self._command_id = context.desk.new_id()
        self.facts = ApplicationFacts(view, context)
        self.form.add_widget(self.facts)
        self.form.add_row(
            DateTimeField(
                FieldSpec(
                    name="responded_at", label="响应时间", why="由专案管家本人回复的时间；自动回复不算响应（A12）。"
                )
            )
        )
        self.form.add_row(TextField(FieldSpec(name="note", label="回复要点", optional=True), lines=3))
        self.form.set_values({"responded_at": context.desk.clock.now()})
        self.settle = link_button("归入已有档案或结束申请", self._settle)
        self.foot.insertWidget(0, self.settle)
        self.fit()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: stop the response clock."""
        command = RespondToApplication(
            command_id=self._command_id,
            application_id=self._view.application_id,
            responded_at=values["responded_at"],
            note=values["note"] or "",
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def _settle(self) -> None:
        self.suspend()
        self._context.navigator.start("settle_application", self._view.application_id)


class SettleDialog(FormDialog):
    """结束申请: the application leads nowhere, for a reason, or it belongs to a file that exists already."""

    def __init__(self, context: UiContext, view: ApplicationView, parent: QWidget | None = None) -> None:
        super().__init__("结束申请", primary="结束申请", width=600, parent=parent)
        self._context = context
        self._view = view
        self._command_id = context.desk.new_id()
        ways = [FilterChoice(_BIND, "归入已有档案"), FilterChoice(_CLOSE, "不建档，结束")]
        self.way = ChoiceField(FieldSpec(name="way", label="这条申请"), ways)
        self.file = FileSearchField(context, FieldSpec(name="file_id", label="查找档案"))
        self.reason = TextField(
            FieldSpec(name="reason", label="原因", placeholder="例如：咨询后不需要服务、非本产品客户"), lines=3
        )
        self.facts = ApplicationFacts(view, context)
        self.form.add_widget(self.facts)
        self.form.add_row(self.way)
        self.form.add_row(self.file)
        self.form.add_row(self.reason)
        self.note = Notice("", Tone.RISK)
        self.form.add_widget(self.note)
        self.way.set_value(_BIND)
        self.way.edited.connect(self._show_way)
        self._show_way()
        self.resize(600, 560)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: take the application out of the worklist."""
        command = SettleApplication(
            command_id=self._command_id,
            application_id=self._view.application_id,
            assistance_file_id=values.get("file_id"),
            reason=values.get("reason") or "",
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def _show_way(self) -> None:
        binds = self.way.raw() == _BIND
        self.file.setVisible(binds)
        self.reason.setVisible(not binds)
        self.primary.setText("归入档案" if binds else "结束申请")
        self.note.set_notice(_STILL_WAITING if binds and self._view.responded_at is None else "")
