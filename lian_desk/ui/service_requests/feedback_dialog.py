"""记录反馈: a contact that tells the customer how coordination stands; what counts as told says R57 and A44."""

from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import Channel, ClockKind, ContactResult
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.service_requests import RecordCoordinationNotice
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

CHANNELS: Final = (Channel.PHONE, Channel.WECOM, Channel.SMS, Channel.WALK_IN)


class FeedbackDialog(OrderDialog):
    """Records the contact. ``saved`` carries the key of the request."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(
            context, f"记录反馈 · {phrase(view.kind)} · {view.insured_name}", primary="保存反馈", parent=parent
        )
        self._view = view
        offer_materials(self, context, view.file_id)
        limits = context.desk.pack.thresholds
        clock = view.clock(ClockKind.FEEDBACK)
        if clock is not None and clock.stopped_at is None:
            due = formats.moment(clock.due_at, view.now)
            self.form.add_widget(Notice(f"请在 {due} 前告知：{clock.derivation}（{clock.clause}）", Tone.INFO))
        self.form.add_row(
            ChoiceField(FieldSpec(name="channel", label="渠道"), [FilterChoice(c.value, phrase(c)) for c in CHANNELS])
        )
        self.outcome = ChoiceField(
            FieldSpec(
                name="result",
                label="结果",
                why=f"电话联系到本人即为已告知；只送达消息时，还需拨打 {limits.call_attempts} 次电话，每次至少相隔 {limits.call_attempt_hours} 小时（A44）。",
            ),
            [FilterChoice(result.value, phrase(result)) for result in ContactResult],
        )
        self.form.add_row(self.outcome)
        self.form.add_row(DateTimeField(FieldSpec(name="happened_at", label="联系时间")))
        self.content = TextField(
            FieldSpec(name="content", label="告知内容", placeholder="例如：中山医院心内科，周四上午可约，等待确认"),
            lines=3,
        )
        self.form.add_row(self.content)
        self.form.set_values(
            {
                "channel": Channel.PHONE.value,
                "result": ContactResult.REACHED.value,
                "happened_at": context.desk.clock.now(),
            }
        )
        self.keep_draft(f"feedback:{view.request_id}", desk_drafts(context))
        self.content.focus()

    def command(self, values: dict[str, Any]) -> RecordCoordinationNotice:
        """Override: record the contact."""
        return RecordCoordinationNotice(
            command_id=self.command_id,
            request_id=self._view.request_id,
            channel=Channel(values["channel"]),
            result=ContactResult(values["result"]),
            content=values["content"],
            happened_at=values["happened_at"],
        )

    def written(self, _outcome: object) -> None:
        """Override: tell the key of the request."""
        self.finish(self._view.request_id)
