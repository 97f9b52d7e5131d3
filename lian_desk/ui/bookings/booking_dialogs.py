"""From the hospital's answer to the visit: tries, the booking, instructions, arrival, completion (R48, R63, R72)."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import AttemptResult, Channel, ContactResult, ExpertTitle, FactSource, ServiceKind
from lian_desk.services.bookings import (
    CompleteService,
    RecordAttendance,
    RecordBooking,
    RecordBookingAttempt,
    SendInstructions,
)
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.hospital_field import HospitalField, hospital_words
from lian_desk.ui.common.forms.paper_after import PaperAfter
from lian_desk.ui.common.forms.request_dialog import RequestDialog
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_CHANNELS: Final = (Channel.WECOM, Channel.PHONE, Channel.SMS, Channel.WALK_IN)


class AttemptDialog(RequestDialog):
    """记录联系医院: which hospital, what it answered; an offer is an alternative for the customer (R37, R75)."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("记录联系医院", "保存"), parent)
        self.hospital = HospitalField(FieldSpec(name="hospital_id", label="医院"), context)
        self.form.add_row(self.hospital)
        self.form.add_row(
            ChoiceField(
                FieldSpec(name="result", label="结果"),
                [FilterChoice(result.value, phrase(result)) for result in AttemptResult],
            )
        )
        self.form.add_row(DateTimeField(FieldSpec(name="happened_at", label="联系时间")))
        self.form.add_row(
            TextField(
                FieldSpec(
                    name="note", label="说明", optional=True, placeholder="医院提供的时间或替代方案；最终由被保险人选择"
                ),
                lines=3,
            )
        )
        self.form.set_values({"result": AttemptResult.PENDING.value, "happened_at": context.desk.clock.now()})
        if view.requirement is not None:
            self.hospital.choose(view.requirement.hospital)
        self.begin_draft("attempt")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: store the try."""
        return RecordBookingAttempt(
            command_id=self.command_id,
            request_id=self.view.request_id,
            hospital_id=values["hospital_id"],
            result=AttemptResult(values["result"]),
            happened_at=values["happened_at"],
            note=values["note"] or "",
        )


class BookingDialog(RequestDialog):
    """记录预约成功: the hospital's date, locked from then on (R48)."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("记录预约成功", "预约成功，锁定"), parent)
        self.form.add_widget(Notice("预约成功后时间、医院与医生不再改动；改期只限医院原因（R48）。", Tone.RISK))
        self.hospital = HospitalField(FieldSpec(name="hospital_id", label="医院"), context)
        self.department = LineField(FieldSpec(name="department_text", label="科室", optional=True, most=100))
        self.expert = LineField(FieldSpec(name="expert_name", label="医生", optional=True, most=200))
        titles = [FilterChoice(title.value, phrase(title)) for title in ExpertTitle]
        self.title_field = ChoiceField(FieldSpec(name="expert_title", label="职称", optional=True), titles)
        self.difference = LineField(
            FieldSpec(
                name="difference_reason",
                label="与需求不同的原因",
                why="医院或医生与已确认的需求不同时，写明客户的选择（R26、R75）。",
                optional=True,
                most=500,
            )
        )
        self.form.add_row(self.hospital)
        self.form.add_row(self.department, self.expert)
        self.form.add_row(self.title_field)
        self.form.add_row(
            DateTimeField(FieldSpec(name="visit_at", label="就诊时间")),
            LineField(FieldSpec(name="place", label="地点", optional=True, most=200)),
        )
        self.form.add_row(
            DateTimeField(FieldSpec(name="confirmed_by_hospital_at", label="医院确认时间")),
            LineField(
                FieldSpec(
                    name="hospital_reference", label="医院确认编号或方式", why="以医院的确认为准（A11）。", most=100
                )
            ),
        )
        self.form.add_row(
            TextField(
                FieldSpec(
                    name="instructions", label="注意事项", optional=True, placeholder="证件、空腹、取号时间与地点"
                ),
                lines=3,
            )
        )
        self.form.add_row(self.difference)
        self._fill()
        self.form.edited.connect(self._show_difference)
        self.begin_draft("booking", restored=self._show_difference)
        self._show_difference()
        self.resize(640, 700)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: book."""
        title = values["expert_title"]
        return RecordBooking(
            command_id=self.command_id,
            request_id=self.view.request_id,
            hospital_id=values["hospital_id"],
            visit_at=values["visit_at"],
            confirmed_by_hospital_at=values["confirmed_by_hospital_at"],
            hospital_reference=values["hospital_reference"],
            department_text=values["department_text"] or "",
            expert_name=values["expert_name"] or "",
            expert_title=ExpertTitle(title) if title else None,
            place=values["place"] or "",
            instructions=values["instructions"] or "",
            difference_reason=values.get("difference_reason") or "",
        )

    def _fill(self) -> None:
        wanted = self.view.requirement
        if wanted is not None:
            self.hospital.choose(wanted.hospital)
            self.department.set_raw(wanted.typed.department)
            self.title_field.set_raw(wanted.expert_title.value if wanted.expert_title else None)
        self.form.set_values({"confirmed_by_hospital_at": self.context.desk.clock.now()})

    def _show_difference(self) -> None:
        wanted = self.view.requirement
        chosen = self.hospital.chosen
        other_hospital = wanted is not None and wanted.hospital is not None and chosen not in {None, wanted.hospital}
        has_named_expert = wanted is not None and bool(wanted.expert_name) and bool(self.expert.raw())
        self.difference.setVisible(other_hospital or has_named_expert)


class InstructionsDialog(RequestDialog):
    """告知结果与注意事项 (R63)."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("告知预约结果与注意事项", "保存"), parent)
        self.form.add_row(
            ChoiceField(FieldSpec(name="channel", label="渠道"), [FilterChoice(c.value, phrase(c)) for c in _CHANNELS])
        )
        self.form.add_row(
            ChoiceField(
                FieldSpec(name="result", label="结果"),
                [FilterChoice(result.value, phrase(result)) for result in ContactResult],
            )
        )
        self.form.add_row(DateTimeField(FieldSpec(name="sent_at", label="告知时间")))
        self.content = TextField(FieldSpec(name="content", label="告知内容"), lines=5)
        self.form.add_row(self.content)
        self.form.set_values(
            {
                "channel": Channel.WECOM.value,
                "result": ContactResult.REACHED.value,
                "sent_at": context.desk.clock.now(),
                "content": self._suggestion(),
            }
        )
        booking = view.booking
        if booking is not None:
            self.paper = PaperAfter(
                self, "保存并生成通知单…", lambda _saved: context.navigator.start("booking_notice", booking.booking_id)
            )
        self.begin_draft("instructions")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: log the contact."""
        return SendInstructions(
            command_id=self.command_id,
            request_id=self.view.request_id,
            channel=Channel(values["channel"]),
            result=ContactResult(values["result"]),
            content=values["content"],
            sent_at=values["sent_at"],
        )

    def _suggestion(self) -> str:
        booking = self.view.booking
        if booking is None:
            return ""
        visit = formats.local(booking.visit_at)
        where = " ".join(
            filter(None, [hospital_words(booking.hospital), booking.typed.department, booking.typed.place])
        )
        when = f"{formats.long_day(visit.date())} {visit:%H:%M}"
        return "\n".join(
            filter(None, [f"{when} {where}", booking.typed.instructions, "预约成功后不可改约或取消，请按时前往。"])
        )


class AttendanceDialog(RequestDialog):
    """记录到院: when, and from whom it is known (R72)."""

    action = RequestAction.RECORD_ATTENDANCE

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        kind = context.desk.pack.service(view.kind).attendance
        words = phrase(kind) if kind is not None else "到院"
        super().__init__(context, view, (words, "保存"), parent)
        self.form.add_row(DateTimeField(FieldSpec(name="happened_at", label="时间")))
        self.ask_source()
        self.form.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=500), lines=2))
        booked = view.booking
        now = context.desk.clock.now()
        self.form.set_values(
            {
                "happened_at": min(booked.visit_at, now) if booked is not None else now,
                "source": FactSource.INSURED_STATEMENT.value,
            }
        )
        self.begin_draft("attendance")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: record the arrival."""
        return RecordAttendance(
            command_id=self.command_id,
            request_id=self.view.request_id,
            happened_at=values["happened_at"],
            source=FactSource(values["source"]),
            note=values["note"] or "",
        )


class CompleteDialog(RequestDialog):
    """服务完成: the follow-up plan opens (R69)."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("服务完成", "完成并安排随访"), parent)
        plan = "、".join(step.label for step in context.desk.pack.service(view.kind).follow_ups)
        self.form.add_widget(Notice(f"完成后按计划随访：{plan}（R69）。", Tone.INFO))
        has_stay = context.desk.pack.service(view.kind).has_stay
        self.form.add_row(DateTimeField(FieldSpec(name="completed_at", label="出院时间" if has_stay else "完成时间")))
        is_case = view.kind is ServiceKind.CASE_MANAGEMENT
        self.form.add_row(
            TextField(
                FieldSpec(name="note", label="服务结果" if is_case else "说明", optional=True, most=2000), lines=3
            )
        )
        self.form.set_values({"completed_at": context.desk.clock.now()})
        self.begin_draft("complete")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: complete."""
        return CompleteService(
            command_id=self.command_id,
            request_id=self.view.request_id,
            completed_at=values["completed_at"],
            note=values["note"] or "",
        )
