"""录入申请: channel, time and need; the response clock runs from the time of the message."""

from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import Channel, ServiceKind
from lian_desk.services.service_requests.applications import RecordApplication, preview_response
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_USUAL: Final = (Channel.WECOM, Channel.LIAN_APP)
_OTHER: Final = (Channel.HOTLINE, Channel.PHONE, Channel.WALK_IN)


class RecordApplicationDialog(FormDialog):
    """Takes in a first message. ``saved`` carries the key of the application."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("录入申请", primary="保存并开始计时", parent=parent)
        self._context = context
        self._command_id = context.desk.new_id()
        channels = [FilterChoice(channel.value, phrase(channel)) for channel in (*_USUAL, *_OTHER)]
        self.channel = ChoiceField(FieldSpec(name="channel", label="渠道"), channels)
        self.reason = LineField(
            FieldSpec(
                name="channel_reason",
                label="未走企业微信的原因",
                why="手册约定在企业微信上发起申请，其他渠道需注明原因（R13）。",
                most=200,
            )
        )
        self.received = DateTimeField(
            FieldSpec(name="received_at", label="收到消息的时间", why="首次响应从这一刻起计时（R56）。")
        )
        self.name = LineField(FieldSpec(name="contact_name", label="称呼或姓名", most=200))
        self.handle = LineField(
            FieldSpec(
                name="contact_handle",
                label="联系账号或电话",
                optional=True,
                why="用于回复这条申请；建立档案后以档案中的电话为准。",
                most=200,
            )
        )
        services = [FilterChoice(str(kind), words) for kind, words in phrases(ServiceKind)]
        self.service = ChoiceField(FieldSpec(name="service_kind", label="想要的服务", optional=True), services)
        self.need = TextField(FieldSpec(name="need_text", label="服务需求", placeholder="客户的原话或要点"), lines=4)
        self.due = Notice("", Tone.INFO)
        self.form.add_row(self.channel)
        self.form.add_row(self.reason)
        self.form.add_row(self.received, self.name)
        self.form.add_row(self.handle)
        self.form.add_row(self.service)
        self.form.add_row(self.need)
        self.form.add_widget(self.due)
        self.form.set_values({"channel": Channel.WECOM.value, "received_at": context.desk.clock.now()})
        self.form.edited.connect(self._show_consequences)
        self.keep_draft("record_application", desk_drafts(context), restored=self._show_consequences)
        self._show_consequences()
        self.fit()
        self.name.focus()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: store the application."""
        kind = values["service_kind"]
        command = RecordApplication(
            command_id=self._command_id,
            channel=Channel(values["channel"]),
            received_at=values["received_at"],
            contact_name=values["contact_name"],
            need_text=values["need_text"],
            contact_handle=values["contact_handle"] or "",
            channel_reason=values.get("channel_reason") or "",
            service_kind=ServiceKind(kind) if kind else None,
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def _show_consequences(self) -> None:
        is_unusual = self.channel.raw() not in {channel.value for channel in _USUAL}
        self.reason.setVisible(is_unusual)
        try:
            received = self.received.value()
        except FieldProblem:
            self.due.set_notice("")
            return
        if received is None:
            self.due.set_notice("")
            return
        preview = preview_response(self._context.desk, received)
        due = formats.moment(preview.due_at, self._context.desk.clock.now())
        self.due.set_notice(f"请在 {due} 前首次响应：{preview.derivation}", Tone.INFO)
