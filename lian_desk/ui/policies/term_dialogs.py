"""Waiting and grace period of a policy (A28, A29), and a termination entered by mistake (R7, lead only)."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import FactSource
from lian_desk.services.corrections.terminations import ReverseTermination
from lian_desk.services.policies.terms import RecordPolicyTerms
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.date_fields import DateField
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command


def terms_dialog(context: UiContext, policy_id: int, parent: QWidget) -> CommandDialog:
    """Return 等待期与宽限期."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return RecordPolicyTerms(
            command_id=command_id,
            policy_id=policy_id,
            source=FactSource(values["source"]),
            waiting_until_on=values["waiting_until_on"],
            grace_from_on=values["grace_from_on"],
            grace_until_on=values["grace_until_on"],
        )

    dialog = CommandDialog(context, "等待期与宽限期", primary="保存", make=make, parent=parent)
    for clause_id in ("A28", "A29"):
        clause = context.desk.pack.clause(clause_id)
        dialog.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.INFO))
    why = "这一天起不在等待期内。"
    dialog.form.add_row(DateField(FieldSpec(name="waiting_until_on", label="等待期届满日", optional=True, why=why)))
    dialog.form.add_row(
        DateField(FieldSpec(name="grace_from_on", label="宽限期起始日", optional=True)),
        DateField(FieldSpec(name="grace_until_on", label="宽限期届满日", optional=True, why="这一天起不在宽限期内。")),
    )
    dialog.form.add_row(_source_field())
    dialog.fit()
    return dialog


def reverse_termination_dialog(context: UiContext, policy_id: int, parent: QWidget) -> CommandDialog:
    """Return 更正：误登记合同终止."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return ReverseTermination(
            command_id=command_id,
            policy_id=policy_id,
            reason=values["reason"],
            source=FactSource(values["source"]),
        )

    dialog = CommandDialog(context, "更正：误登记合同终止", primary="恢复合同与服务", make=make, parent=parent)
    dialog.form.add_widget(
        Notice("仅用于登记有误。档案恢复可写，随终止结束的服务回到原来的状态；此更正只由主管办理并留痕。", Tone.RISK)
    )
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="更正原因", most=500), lines=2))
    dialog.form.add_row(_source_field())
    dialog.fit()
    return dialog


def _source_field() -> ChoiceField:
    offered = (FactSource.INSURER_SYSTEM, FactSource.INSURER_NOTICE)
    return ChoiceField(
        FieldSpec(name="source", label="信息来源", why="以保险公司的记录为准。"),
        [FilterChoice(source.value, phrase(source)) for source in offered],
    )
