"""Short dialogs of a request: material arrived, pause, resume, withdraw, archive."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import PauseReason, Role
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.forms import EvidenceChoices
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.service_requests import (
    ArchiveRequest,
    MaterialArrived,
    PauseRequest,
    ResumeRequest,
    WithdrawRequest,
)
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.evidence_fields import material_words
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.request_dialog import RequestDialog
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_PAUSES = (PauseReason.AWAITING_CUSTOMER, PauseReason.DOCTORS_ORDER, PauseReason.FORCE_MAJEURE)
_MATERIALS_SHOWN = 8


class MaterialArrivedDialog(RequestDialog):
    """补件已到: which of the newest papers answer the request for more."""

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("补件已到", "回到审核"), parent)
        self._boxes: dict[int, CheckField] = {}
        if not choices.materials:
            self.form.add_widget(Notice("档案里还没有材料；请先在“材料”页收取。", Tone.RISK))
        for paper in choices.materials[:_MATERIALS_SHOWN]:
            box = CheckField(
                FieldSpec(name=f"material_{paper.material_id}", label=material_words(paper), optional=True)
            )
            self._boxes[paper.material_id] = box
            self.form.add_row(box)
        self.form.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=500), lines=2))
        self.begin_draft("material_arrived")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: back to the review."""
        return MaterialArrived(
            command_id=self.command_id,
            request_id=self.view.request_id,
            material_ids=tuple(key for key in self._boxes if values[f"material_{key}"]),
            note=values["note"] or "",
        )


class PauseDialog(RequestDialog):
    """暂停: why, since when, and the words of the order or of the customer."""

    action = RequestAction.PAUSE

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("暂停", "暂停并停止计时"), parent)
        self.reason = ChoiceField(
            FieldSpec(name="reason", label="原因"), [FilterChoice(reason.value, phrase(reason)) for reason in _PAUSES]
        )
        self.effect = Notice("", Tone.INFO)
        self.form.add_row(self.reason)
        self.form.add_widget(self.effect)
        self.form.add_row(DateTimeField(FieldSpec(name="paused_at", label="自何时起")))
        self.ask_reason(FieldSpec(name="note", label="说明", placeholder="医嘱原文、客户原话或不可抗力事由"), lines=3)
        self.form.set_values({"reason": PauseReason.AWAITING_CUSTOMER.value, "paused_at": context.desk.clock.now()})
        #: one request is paused here; an event that meets many is declared by a lead for a region
        self.region = link_button("按地区宣布不可抗力…", self._declare)
        self.reason.column.addWidget(self.region, 0, Qt.AlignmentFlag.AlignLeft)
        self.reason.edited.connect(self._show_effect)
        self.begin_draft("pause", restored=self._show_effect)
        self._show_effect()

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: pause."""
        return PauseRequest(
            command_id=self.command_id,
            request_id=self.view.request_id,
            reason=PauseReason(values["reason"]),
            note=values["note"],
            paused_at=values["paused_at"],
        )

    def _show_effect(self) -> None:
        rule = self.context.desk.pack.pauses[PauseReason(self.reason.raw())]
        stopped = "、".join(phrase(kind) for kind in sorted(rule.stops))
        self.effect.set_notice(f"暂停期间不计：{stopped}（{rule.clause}）；恢复后时限顺延。")
        is_lead = self.context.desk.operator.role is not Role.CASE_MANAGER
        self.region.setVisible(is_lead and rule.reason is PauseReason.FORCE_MAJEURE)

    def _declare(self) -> None:
        self.suspend()
        self.context.navigator.start("declare_force_majeure")


class ResumeDialog(RequestDialog):
    """恢复服务: since when; the clocks are reckoned anew."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("恢复服务", "恢复并继续计时"), parent)
        if view.paused_from is not None:
            self.form.add_widget(Notice(f"恢复后回到“{phrase(view.paused_from)}”，时限按暂停的时间顺延。", Tone.INFO))
        self.form.add_row(DateTimeField(FieldSpec(name="resumed_at", label="自何时起")))
        self.form.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=500), lines=2))
        self.form.set_values({"resumed_at": context.desk.clock.now()})
        self.begin_draft("resume")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: resume."""
        return ResumeRequest(
            command_id=self.command_id,
            request_id=self.view.request_id,
            resumed_at=values["resumed_at"],
            note=values["note"] or "",
        )


class WithdrawDialog(RequestDialog):
    """客户撤回: free before the start."""

    action = RequestAction.WITHDRAW

    def __init__(
        self, context: UiContext, view: RequestView, choices: EvidenceChoices, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, view, ("客户撤回", "撤回申请"), parent)
        self.form.add_widget(Notice("服务尚未开启，撤回不扣除权益。", Tone.INFO))
        self.ask_reason(FieldSpec(name="reason", label="撤回原因", most=500))
        self.ask_evidence(choices)
        self.begin_draft("withdraw", restored=self.evidence.show_parts)

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: withdraw."""
        return WithdrawRequest(
            command_id=self.command_id,
            request_id=self.view.request_id,
            reason=values["reason"],
            evidence=self.evidence.read(values),
        )


class ArchiveDialog(RequestDialog):
    """归档: the update of the file; a lead may waive follow-ups with a reason (R71)."""

    def __init__(self, context: UiContext, view: RequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, view, ("归档", "完成更新并归档"), parent)
        self.form.add_row(
            TextField(
                FieldSpec(
                    name="update_text",
                    label="档案更新",
                    why="结果、随访与档案更新齐备后才能归档（R71）。",
                    placeholder="本次服务的结果与后续安排",
                    most=2000,
                ),
                lines=4,
            )
        )
        waiver = LineField(FieldSpec(name="waiver_reason", label="主管免除随访的原因", optional=True, most=500))
        self.form.add_row(waiver)
        waiver.setVisible(context.desk.operator.role is not Role.CASE_MANAGER)
        self.begin_draft("archive")

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: archive."""
        return ArchiveRequest(
            command_id=self.command_id,
            request_id=self.view.request_id,
            update_text=values["update_text"],
            waiver_reason=values.get("waiver_reason") or "",
        )
