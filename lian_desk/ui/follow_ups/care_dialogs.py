"""Small dialogs around care: plan a follow-up, write down education, plan a reminder, note that one was sent."""

from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.models.vocabulary import Channel, FollowUpKind, ReminderKind
from lian_desk.services.follow_ups.briefing import ReminderLine
from lian_desk.services.follow_ups.care_notes import (
    CancelReminder,
    EducationGiven,
    PlanReminder,
    RecordEducation,
    RecordReminderSent,
    ReminderWanted,
)
from lian_desk.services.follow_ups.follow_ups import AGREED, PlanFollowUp
from lian_desk.services.reference_data.education_texts import load_education_texts
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.forms import ChoiceField, DateField, DateTimeField, FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.forms.paper_after import PaperAfter
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.follow_ups.topic_field import TopicField

_LONG: Final = 50_000
_CHANNELS: Final = (Channel.PHONE, Channel.WECOM, Channel.SMS, Channel.LIAN_APP, Channel.WALK_IN)


def _channel_field() -> ChoiceField:
    return ChoiceField(
        FieldSpec(name="channel", label="方式"), [FilterChoice(item.value, phrase(item)) for item in _CHANNELS]
    )


class PlanFollowUpDialog(OrderDialog):
    """安排随访: one follow-up by hand, beside those of the templates."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "安排随访", primary="安排", width=560, parent=parent)
        self._file_id = file_id
        self.form.add_row(
            ChoiceField(
                FieldSpec(name="kind", label="类型"),
                [FilterChoice(kind.value, phrase(kind)) for kind in FollowUpKind],
            )
        )
        self.form.add_row(DateField(FieldSpec(name="due_on", label="日期")))
        self.form.add_row(LineField(FieldSpec(name="label", label="事由", most=100)))
        self.form.set_values({"kind": FollowUpKind.AFTER_VISIT.value, "label": AGREED})
        self.fit()
        self.keep_draft(f"plan_follow_up:{file_id}", desk_drafts(context))
        self.form.fields["due_on"].focus()

    def command(self, values: dict[str, Any]) -> PlanFollowUp:
        """Override: plan it."""
        return PlanFollowUp(
            command_id=self.command_id,
            assistance_file_id=self._file_id,
            kind=FollowUpKind(values["kind"]),
            due_on=values["due_on"],
            label=values["label"],
        )


class EducationDialog(OrderDialog):
    """记录宣教: what was explained outside a follow-up."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "记录宣教", primary="保存宣教", width=560, parent=parent)
        self._file_id = file_id
        self._texts = {text.topic: text for text in load_education_texts()}
        self.form.add_row(_channel_field())
        self.form.add_row(DateTimeField(FieldSpec(name="given_at", label="时间")))
        self.form.add_row(
            TopicField(
                FieldSpec(name="education_topic", label="主题", placeholder="选择或输入主题", most=200),
                [(topic, topic) for topic in self._texts],
            )
        )
        self.form.add_row(TextField(FieldSpec(name="education_body", label="内容", most=_LONG), lines=5))
        self.form.fields["education_topic"].edited.connect(self._fill)
        self.copy = SecondaryButton("复制文本", self._copy)
        self.copy.setToolTip("复制主题和内容，粘贴到企业微信或短信后再保存为已发送")
        self.foot.insertWidget(0, self.copy)
        self.paper = PaperAfter(self, "保存并生成宣教单…", partial(context.navigator.start, "education_leaflet"))
        self.form.set_values({"channel": Channel.WECOM.value, "given_at": context.desk.clock.now()})
        self.fit()
        self.keep_draft(f"education:{file_id}", desk_drafts(context))
        self.form.fields["education_topic"].focus()

    def command(self, values: dict[str, Any]) -> RecordEducation:
        """Override: write it down, with the version of an unchanged text of the library."""
        topic, body = values["education_topic"], values["education_body"]
        known = self._texts.get(topic)
        version = known.version if known is not None and known.body == body else ""
        return RecordEducation(
            command_id=self.command_id,
            assistance_file_id=self._file_id,
            education=EducationGiven(topic, body, version),
            channel=Channel(values["channel"]),
            given_at=values["given_at"],
        )

    def _copy(self) -> None:
        """Put topic and words on the clipboard, for the messenger."""
        parts = (self.form.fields[name].raw() for name in ("education_topic", "education_body"))
        QApplication.clipboard().setText("\n".join(str(part) for part in parts if part))

    def _fill(self) -> None:
        text = self._texts.get(str(self.form.fields["education_topic"].raw() or ""))
        body = self.form.fields["education_body"]
        if text is not None and (not body.raw() or body.raw() in {known.body for known in self._texts.values()}):
            body.set_raw(text.body)


class PlanReminderDialog(OrderDialog):
    """安排提醒: what the customer is to be told, and when."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "安排提醒", primary="安排", width=560, parent=parent)
        self._file_id = file_id
        self.form.add_row(
            ChoiceField(
                FieldSpec(name="kind", label="类型"),
                [FilterChoice(kind.value, phrase(kind)) for kind in ReminderKind],
            )
        )
        self.form.add_row(DateTimeField(FieldSpec(name="reminder_due_at", label="时间")))
        self.form.add_row(TextField(FieldSpec(name="reminder_text", label="内容", most=_LONG), lines=4))
        self.form.set_values({"kind": ReminderKind.OTHER.value})
        self.fit()
        self.keep_draft(f"plan_reminder:{file_id}", desk_drafts(context))
        self.form.fields["reminder_due_at"].focus()

    def command(self, values: dict[str, Any]) -> PlanReminder:
        """Override: plan it."""
        return PlanReminder(
            command_id=self.command_id,
            assistance_file_id=self._file_id,
            reminder=ReminderWanted(values["reminder_text"], values["reminder_due_at"], ReminderKind(values["kind"])),
        )


class SendReminderDialog(OrderDialog):
    """已提醒: by which channel and when a reminder reached the customer (the sent-log of R63)."""

    def __init__(self, context: UiContext, line: ReminderLine, parent: QWidget | None = None) -> None:
        super().__init__(context, f"已发送：{phrase(line.kind)}", primary="记为已发送", width=560, parent=parent)
        self._line = line
        self.form.add_row(_channel_field())
        self.form.add_row(DateTimeField(FieldSpec(name="sent_at", label="发送时间")))
        self.form.set_values({"channel": Channel.WECOM.value, "sent_at": context.desk.clock.now()})
        self._show_words(line.typed.text)
        self.fit()

    def _show_words(self, words: str) -> None:
        """Show the text that is sent, so that it can be copied into the messenger."""
        shown = TextField(FieldSpec(name="text", label="内容", optional=True), lines=3)
        shown.set_raw(words)
        shown.text.setReadOnly(True)
        self.form.add_row(shown)

    def command(self, values: dict[str, Any]) -> RecordReminderSent:
        """Override: note the sending."""
        return RecordReminderSent(
            command_id=self.command_id,
            reminder_id=self._line.reminder_id,
            sent_at=values["sent_at"],
            channel=Channel(values["channel"]),
        )


class CancelReminderDialog(OrderDialog):
    """取消提醒: with the reason."""

    def __init__(self, context: UiContext, line: ReminderLine, parent: QWidget | None = None) -> None:
        super().__init__(context, f"取消提醒：{phrase(line.kind)}", primary="取消这条提醒", width=560, parent=parent)
        self._line = line
        self.cancel.setText("返回")
        self.form.add_row(LineField(FieldSpec(name="reason", label="原因", most=200)))
        self.fit()
        self.form.fields["reason"].focus()

    def command(self, values: dict[str, Any]) -> CancelReminder:
        """Override: close it."""
        return CancelReminder(command_id=self.command_id, reminder_id=self._line.reminder_id, reason=values["reason"])


def open_plan_dialog(context: UiContext, parent: QWidget, subject: int) -> None:
    """Plan a follow-up of the file ``subject``."""
    PlanFollowUpDialog(context, subject, parent.window()).open()


def open_education_dialog(context: UiContext, parent: QWidget, subject: int) -> None:
    """Write down education for the file ``subject``."""
    EducationDialog(context, subject, parent.window()).open()


def open_reminder_dialog(context: UiContext, parent: QWidget, subject: int) -> None:
    """Plan a reminder for the file ``subject``."""
    PlanReminderDialog(context, subject, parent.window()).open()
