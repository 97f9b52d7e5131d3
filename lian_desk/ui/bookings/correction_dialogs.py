"""更正: a lead puts right what was entered by mistake; the old value stays in the file (R48). And 医院限制预约 (R51)."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import ExpertTitle, FactSource
from lian_desk.services.corrections.corrections import CorrectBooking, CorrectStart, ReopenRequest
from lian_desk.services.hospitals.restrictions import RecordRestriction
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.forms import EvidenceChoices
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.date_fields import DateField, DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.hospital_field import HospitalField
from lian_desk.ui.common.forms.request_dialog import RequestDialog, source_field
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command


_REASON = FieldSpec(name="reason", label="更正原因", why="原值与原因一并留存并打印（R48）。", most=500)


class ReopenDialog(RequestDialog):
    """恢复误结束的服务: back to where it stood, the ledger does not move."""

    action = RequestAction.REOPEN

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("更正：恢复误结束的服务", "恢复服务"), parent)
        ended = f"{phrase(view.status)}：{view.closing_reason}" if view.closing_reason else phrase(view.status)
        self.form.add_widget(Notice(f"现为“{ended}”。恢复后回到结束之前的状态，权益次数不变动。", Tone.RISK))
        self.ask_reason(_REASON)
        self.ask_evidence(choices)
        self.begin_draft("reopen", restored=self.evidence.show_parts)
        self.resize(640, 620)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: take the end back."""
        return ReopenRequest(
            command_id=self.command_id,
            request_id=self.view.request_id,
            reason=values["reason"],
            evidence=self.evidence.read(values),
        )


class CorrectStartDialog(RequestDialog):
    """误开启: a compensating pair in the ledger; the request counts as withdrawn before its start."""

    action = RequestAction.CORRECT_START

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("更正：误开启", "更正 +1 并结束"), parent)
        self.form.add_widget(
            Notice("仅用于录入有误。权益记一笔更正 +1，本次申请按开启前撤回结束；客户取消请用“客户取消”。", Tone.RISK)
        )
        self.ask_reason(_REASON)
        self.ask_evidence(choices)
        self.begin_draft("correct_start", restored=self.evidence.show_parts)
        self.resize(640, 620)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: correct the start."""
        return CorrectStart(
            command_id=self.command_id,
            request_id=self.view.request_id,
            reason=values["reason"],
            evidence=self.evidence.read(values),
        )


class CorrectBookingDialog(RequestDialog):
    """更正预约内容: what the hospital confirmed, where it was typed otherwise."""

    action = RequestAction.CORRECT_BOOKING

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("更正预约内容", "保存更正"), parent)
        self.form.add_widget(
            Notice("预约成功后不可改约（R48）；这里只更正与医院确认不一致的录入，原值留存。", Tone.RISK)
        )
        self.hospital = HospitalField(FieldSpec(name="hospital_id", label="医院"), context)
        titles = [FilterChoice(title.value, phrase(title)) for title in ExpertTitle]
        self.form.add_row(self.hospital)
        self.form.add_row(
            LineField(FieldSpec(name="department_text", label="科室", optional=True, most=100)),
            LineField(FieldSpec(name="expert_name", label="医生", optional=True, most=200)),
        )
        self.form.add_row(ChoiceField(FieldSpec(name="expert_title", label="职称", optional=True), titles))
        self.form.add_row(
            DateTimeField(FieldSpec(name="visit_at", label="就诊时间")),
            LineField(FieldSpec(name="place", label="地点", optional=True, most=200)),
        )
        self.ask_reason(_REASON)
        self.ask_evidence(choices, title="医院确认的凭证")
        self._fill()
        self.begin_draft("correct_booking", restored=self.evidence.show_parts)
        self.resize(640, 740)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: write the booking anew."""
        title = values["expert_title"]
        return CorrectBooking(
            command_id=self.command_id,
            request_id=self.view.request_id,
            hospital_id=values["hospital_id"],
            visit_at=values["visit_at"],
            reason=values["reason"],
            evidence=self.evidence.read(values),
            department_text=values["department_text"] or "",
            expert_name=values["expert_name"] or "",
            expert_title=ExpertTitle(title) if title else None,
            place=values["place"] or "",
        )

    def _fill(self) -> None:
        booking = self.view.booking
        if booking is None:
            return
        self.hospital.choose(booking.hospital)
        self.form.set_values(
            {
                "department_text": booking.typed.department,
                "expert_title": booking.expert_title.value if booking.expert_title else None,
                "visit_at": booking.visit_at,
                "place": booking.typed.place,
            }
        )


class RestrictionDialog(RequestDialog):
    """医院限制预约: a note on the person that warns at the next request there (R51)."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("医院限制预约", "登记限制"), parent)
        clause = context.desk.pack.clause("R51")
        self.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.INFO))
        self.hospital = HospitalField(FieldSpec(name="hospital_id", label="医院"), context)
        self.form.add_row(self.hospital)
        self.form.add_row(
            DateField(FieldSpec(name="from_on", label="起始日期")),
            DateField(
                FieldSpec(name="until_on", label="解除日期", optional=True, why="当日起不再限制；医院未告知则留空。")
            ),
        )
        self.form.add_row(source_field())
        self.form.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=500), lines=2))
        self.form.set_values({"from_on": context.desk.today, "source": FactSource.HOSPITAL.value})
        wanted = view.booking or view.requirement
        if wanted is not None and wanted.hospital is not None:
            self.hospital.choose(wanted.hospital)
        self.begin_draft("restriction")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: write the note."""
        return RecordRestriction(
            command_id=self.command_id,
            assistance_file_id=self.view.file_id,
            hospital_id=values["hospital_id"],
            from_on=values["from_on"],
            until_on=values["until_on"],
            source=FactSource(values["source"]),
            note=values["note"] or "",
            request_id=self.view.request_id,
        )
