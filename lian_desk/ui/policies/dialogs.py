"""The dialogs of a policy's effect; each states the clause it follows in full."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.vocabulary import FactSource, PolicyStatus, TerminationReason
from lian_desk.services.policies.policies import ReinstatePolicy, SuspendPolicy, TerminatePolicy, VerifyPolicyStatus
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField, ComboField
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.date_fields import DateField
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.text import restyle
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_DIFFERS = "与档案中登记的状态不同；请先用“中止”“效力恢复”或“终止”登记这次变化。"


class VerifyDialog(CommandDialog):
    """核实状态: the status was looked up and is still what is recorded."""

    def refuse(self, error: BaseException) -> None:
        """Override: another status is not an overlap of periods but a change that has its own dialog."""
        if isinstance(error, DeskError) and error.code is ErrorCode.PERIOD_OVERLAPS:
            super().refuse(error)
            self.form.show_error("status", _DIFFERS)
            return
        super().refuse(error)


class TerminateDialog(CommandDialog):
    """合同终止: cannot be taken back, so the button that Enter means is the one that does nothing."""

    def __init__(self, context: UiContext, policy_id: int, parent: QWidget | None = None) -> None:
        def make(command_id: int, values: dict[str, Any]) -> "Command":
            return TerminatePolicy(
                command_id=command_id,
                policy_id=policy_id,
                from_on=values["from_on"],
                reason=TerminationReason(values["reason"]),
                source=FactSource(values["source"]),
                note=values["note"] or "",
            )

        super().__init__(context, "登记合同终止", primary="终止服务", make=make, parent=parent)
        self.form.add_widget(_clause(context, "R7", Tone.BROKEN))
        self.form.add_row(
            ComboField(
                FieldSpec(name="reason", label="终止原因"), [(m.value, w) for m, w in phrases(TerminationReason)]
            )
        )
        _add_day_and_source(self, "终止日期")
        self.form.add_row(_note_field("选“其他原因”时必须写明"))
        self.form.add_row(
            CheckField(
                FieldSpec(
                    name="understood", label="已核对：未完成的服务与随访随之结束，档案只能查看和打印，此操作不能撤销"
                )
            )
        )
        self.primary.setProperty("role", "danger")
        restyle(self.primary)
        self.cancel.setText("暂不终止")
        self.cancel.setAutoDefault(True)
        self.cancel.setDefault(True)
        self.fit()


def verify_dialog(context: UiContext, policy_id: int, parent: QWidget) -> VerifyDialog:
    """Return 核实保单状态."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return VerifyPolicyStatus(
            command_id=command_id,
            policy_id=policy_id,
            status=PolicyStatus(values["status"]),
            source=FactSource(values["source"]),
        )

    dialog = VerifyDialog(context, "核实保单状态", primary="记录核实", make=make, parent=parent)
    dialog.form.add_widget(_clause(context, "R4", Tone.INFO))
    statuses = [FilterChoice(member.value, words) for member, words in phrases(PolicyStatus)]
    dialog.form.add_row(ChoiceField(FieldSpec(name="status", label="查到的状态"), statuses))
    dialog.form.add_row(_source_field())
    dialog.fit()
    return dialog


def suspend_dialog(context: UiContext, policy_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记效力中止."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return SuspendPolicy(
            command_id=command_id,
            policy_id=policy_id,
            from_on=values["from_on"],
            source=FactSource(values["source"]),
            note=values["note"] or "",
        )

    dialog = CommandDialog(context, "登记效力中止", primary="登记中止", make=make, parent=parent)
    dialog.form.add_widget(_clause(context, "R5", Tone.RISK))
    _add_day_and_source(dialog, "中止日期")
    dialog.form.add_row(_note_field())
    dialog.fit()
    return dialog


def reinstate_dialog(context: UiContext, policy_id: int, parent: QWidget) -> CommandDialog:
    """Return 登记效力恢复."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return ReinstatePolicy(
            command_id=command_id,
            policy_id=policy_id,
            from_on=values["from_on"],
            source=FactSource(values["source"]),
            note=values["note"] or "",
        )

    dialog = CommandDialog(context, "登记效力恢复", primary="登记恢复", make=make, parent=parent)
    dialog.form.add_widget(_clause(context, "R6", Tone.INFO))
    _add_day_and_source(dialog, "恢复日期")
    dialog.form.add_row(_note_field())
    dialog.fit()
    return dialog


def _clause(context: UiContext, clause_id: str, tone: Tone) -> Notice:
    clause = context.desk.pack.clause(clause_id)
    return Notice(f"{clause.text}\n依据：手册 {clause.place}", tone)


def _source_field() -> ChoiceField:
    offered = (FactSource.INSURER_SYSTEM, FactSource.INSURER_NOTICE)
    return ChoiceField(
        FieldSpec(name="source", label="信息来源", why="以保险公司的记录为准。"),
        [FilterChoice(source.value, phrase(source)) for source in offered],
    )


def _note_field(hint: str = "") -> TextField:
    return TextField(FieldSpec(name="note", label="说明", optional=True, placeholder=hint), lines=2)


def _add_day_and_source(dialog: CommandDialog, words: str) -> None:
    why = "从这一天 0 时起计；晚登记的也按这一天计。"
    dialog.form.add_row(DateField(FieldSpec(name="from_on", label=words, why=why)), _source_field())
