"""How a started service ends without a visit, or looks for another date: each says first what it means for the use."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import FactSource, RescheduleCause
from lian_desk.services.bookings import CancelByInsured, RecordNoShow, RecordNotBooked, RescheduleByHospital
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.forms import EvidenceChoices
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.service_requests.reversing import ReverseStart
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.date_fields import DateField, DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.request_dialog import RequestDialog
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command


class NoShowDialog(RequestDialog):
    """未按时就约: counts as used (R49)."""

    action = RequestAction.RECORD_NO_SHOW

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("未按时就约", "记录并结束服务"), parent)
        _default_to_not_yet(self)
        clause = context.desk.pack.clause("R49")
        self.form.add_widget(Notice(f"{clause.text}（{clause.id}）不再另扣次数。", Tone.RISK))
        self.form.add_row(DateTimeField(FieldSpec(name="noticed_at", label="得知时间")))
        self.ask_source()
        self.form.add_row(
            TextField(
                FieldSpec(
                    name="note",
                    label="说明",
                    optional=True,
                    why="因个人原因未按时就诊的，可能会被医院限制预约申请（R51）。",
                    most=500,
                ),
                lines=2,
            )
        )
        self.form.set_values({"noticed_at": context.desk.clock.now(), "source": FactSource.HOSPITAL.value})
        self.begin_draft("no_show")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: close as not come."""
        return RecordNoShow(
            command_id=self.command_id,
            request_id=self.view.request_id,
            source=FactSource(values["source"]),
            noticed_at=values["noticed_at"],
            note=values["note"] or "",
        )


class CancelDialog(RequestDialog):
    """客户取消: the use stays spent, which is said before (R49, R50)."""

    action = RequestAction.CANCEL_BY_INSURED

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("客户取消", "取消服务，视为已使用"), parent)
        _default_to_not_yet(self)
        for clause_id in ("R49", "R50"):
            clause = context.desk.pack.clause(clause_id)
            self.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.RISK))
        self.ask_warning("已向客户说明取消视为已使用")
        self.ask_reason(FieldSpec(name="reason", label="取消原因", most=500))
        self.ask_evidence(choices)
        self.begin_draft("cancel", restored=self.evidence.show_parts)
        self.resize(640, 700)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: cancel."""
        return CancelByInsured(
            command_id=self.command_id,
            request_id=self.view.request_id,
            reason=values["reason"],
            evidence=self.evidence.read(values),
            warning_acknowledged=values["warning_acknowledged"],
        )


class RescheduleDialog(RequestDialog):
    """医院停诊改期: no use moves, no compensation is owed (R52, R53, R79)."""

    action = RequestAction.RESCHEDULE_BY_HOSPITAL

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("医院停诊改期", "改期"), parent)
        clause = context.desk.pack.clause("R79")
        self.form.add_widget(Notice(f"不另扣权益。{clause.text}（{clause.id}）", Tone.INFO))
        self.form.add_row(
            ChoiceField(
                FieldSpec(name="cause", label="原因"),
                [FilterChoice(cause.value, phrase(cause)) for cause in RescheduleCause],
            )
        )
        self.ask_reason(FieldSpec(name="note", label="医院的说明", most=500))
        self.form.add_row(DateField(FieldSpec(name="offered_on", label="医院提供的新日期", optional=True)))
        self.ask_evidence(choices, title="已告知客户的凭证")
        self.form.set_values({"cause": RescheduleCause.CANCELLED_BY_HOSPITAL.value})
        self.begin_draft("reschedule", restored=self.evidence.show_parts)
        self.resize(640, 680)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: let the booking fall through."""
        return RescheduleByHospital(
            command_id=self.command_id,
            request_id=self.view.request_id,
            cause=RescheduleCause(values["cause"]),
            note=values["note"],
            evidence=self.evidence.read(values),
            offered_on=values["offered_on"],
        )


class NotBookedDialog(RequestDialog):
    """未约成: a lead decides whether the use goes back (A23)."""

    action = RequestAction.RECORD_NOT_BOOKED

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("未约成（非客户原因）", "结束服务"), parent)
        _default_to_not_yet(self)
        clause = context.desk.pack.clause("A23")
        self.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.RISK))
        self.ask_reason(FieldSpec(name="reason", label="原因", most=500), lines=3)
        self.begin_draft("not_booked")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: close without a booking."""
        return RecordNotBooked(command_id=self.command_id, request_id=self.view.request_id, reason=values["reason"])


class ReverseDialog(RequestDialog):
    """冲正权益: a lead gives the use back (A23)."""

    action = RequestAction.REVERSE_START

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("冲正权益", "冲正 1 次"), parent)
        clause = context.desk.pack.clause("A23")
        self.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.RISK))
        self.ask_reason(FieldSpec(name="reason", label="原因", most=500))
        self.form.add_row(LineField(FieldSpec(name="insurer_reference", label="保险公司编号", optional=True, most=100)))
        self.ask_evidence(choices)
        self.begin_draft("reverse", restored=self.evidence.show_parts)
        self.resize(640, 660)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: post the reversal."""
        return ReverseStart(
            command_id=self.command_id,
            request_id=self.view.request_id,
            reason=values["reason"],
            evidence=self.evidence.read(values),
            insurer_reference=values["insurer_reference"] or "",
        )


def _default_to_not_yet(dialog: RequestDialog) -> None:
    """What cannot be undone has no quick key (visual principle 7): Enter means not yet."""
    dialog.cancel.setText("暂不")
    dialog.cancel.setAutoDefault(True)
    dialog.cancel.setDefault(True)
    for shortcut in dialog.findChildren(QShortcut):
        shortcut.setEnabled(False)
