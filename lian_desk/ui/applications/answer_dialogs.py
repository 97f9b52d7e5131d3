"""首次响应 and 结束申请: what happens to an application before it is a file."""

from typing import Any

from PySide6.QtWidgets import QWidget

from lian_desk.services import formats
from lian_desk.services.applications import ApplicationView, RespondToApplication, SettleApplication
from lian_desk.services.wording import phrase
from lian_desk.ui.common.cards import KeyValueGrid
from lian_desk.ui.common.chips import ChipText
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.date_fields import DateTimeField
from lian_desk.ui.common.fields import FieldSpec, TextField
from lian_desk.ui.common.form_dialog import FormDialog
from lian_desk.ui.common.tokens import Tone


def application_facts(view: ApplicationView, context: UiContext) -> KeyValueGrid:
    """Return the facts of an application as a grid."""
    now = context.desk.clock.now()
    grid = KeyValueGrid()
    grid.add_fact("来自", f"{view.contact_name} · {phrase(view.channel)}", note=view.contact_handle)
    grid.add_fact("需求", view.need_text, note=phrase(view.service_kind) if view.service_kind else "")
    if view.responded_at is None:
        tone = Tone.BROKEN if now > view.response_due_at else Tone.RISK
        chip = ChipText(formats.countdown(view.response_due_at, now), tone)
    else:
        kept = view.responded_at <= view.response_due_at
        chip = ChipText("已按时响应" if kept else "响应超时", Tone.KEPT if kept else Tone.BROKEN)
    grid.add_fact("收到", formats.moment(view.received_at, now), chips=(chip,))
    return grid


class RespondDialog(FormDialog):
    """首次响应: a person answered, at a time. ``saved`` carries the key of the application."""

    def __init__(self, context: UiContext, view: ApplicationView, parent: QWidget | None = None) -> None:
        super().__init__("首次响应", primary="记录响应", width=560, parent=parent)
        self._context = context
        self._view = view
        self.form.add_widget(application_facts(view, context))
        self.form.add_row(
            DateTimeField(
                FieldSpec(
                    name="responded_at", label="响应时间", why="由专案管家本人回复的时间；自动回复不算响应（A12）。"
                )
            )
        )
        self.form.add_row(TextField(FieldSpec(name="note", label="回复要点", optional=True), lines=3))
        self.form.set_values({"responded_at": context.desk.clock.now()})

    def submit(self, values: dict[str, Any]) -> None:
        """Override: stop the response clock."""
        command = RespondToApplication(
            command_id=self._context.desk.new_id(),
            application_id=self._view.application_id,
            responded_at=values["responded_at"],
            note=values["note"] or "",
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)


class SettleDialog(FormDialog):
    """结束申请: the application leads nowhere, for a reason."""

    def __init__(self, context: UiContext, view: ApplicationView, parent: QWidget | None = None) -> None:
        super().__init__("结束申请", primary="结束申请", width=560, parent=parent)
        self._context = context
        self._view = view
        self.form.add_widget(application_facts(view, context))
        self.form.add_row(
            TextField(
                FieldSpec(name="reason", label="原因", placeholder="例如：咨询后不需要服务、非本产品客户"), lines=3
            )
        )

    def submit(self, values: dict[str, Any]) -> None:
        """Override: take the application out of the worklist."""
        command = SettleApplication(
            command_id=self._context.desk.new_id(),
            application_id=self._view.application_id,
            reason=values["reason"],
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)
