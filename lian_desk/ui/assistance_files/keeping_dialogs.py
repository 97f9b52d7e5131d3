"""The dialogs of how a file is kept: handover, legal hold, erasure, transfer and death (A46, R68, R90)."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import ErasureGround, FactSource, SensitiveKind
from lian_desk.services.bookings.sensitive_events import RecordSensitiveEvent
from lian_desk.services.entitlements.file_ownership import HandOverFile, TakeBackFile
from lian_desk.services.privacy.file_erasure import EraseAssistanceFile, LiftLegalHold, PlaceLegalHold
from lian_desk.services.privacy.keeping_views import KeepingView
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField, ComboField
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_ERASED_WORDS: Final = (
    "删除后不能恢复：姓名、证件、电话、病史、记录文字、材料与已出具的文书都会删去；"
    "保单号、权益记录、服务编号与状态、操作记录保留。"
)


def hand_over_dialog(context: UiContext, view: KeepingView, parent: QWidget) -> CommandDialog:
    """Return 移交工位."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return HandOverFile(
            command_id=command_id,
            assistance_file_id=view.file_id,
            to_workstation=values["to_workstation"],
            reason=values["reason"],
        )

    dialog = CommandDialog(context, "移交工位", primary="移交", make=make, parent=parent)
    dialog.form.add_widget(Notice(f"现归工位 {view.owner}；移交后只有对方能扣减或冲正这份档案的权益。", Tone.RISK))
    dialog.form.add_row(
        LineField(FieldSpec(name="to_workstation", label="移交给工位", placeholder="例如：NJ02", most=8))
    )
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因", most=500), lines=3))
    return dialog.ready()


def take_back_dialog(context: UiContext, view: KeepingView, parent: QWidget) -> CommandDialog:
    """Return 收回档案."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return TakeBackFile(command_id=command_id, assistance_file_id=view.file_id, reason=values["reason"])

    dialog = CommandDialog(context, "收回档案", primary="收回", make=make, parent=parent)
    dialog.form.add_widget(
        Notice(f"现归工位 {view.owner}；只在对方确实没有收到时收回，以免两处都扣减权益。", Tone.RISK)
    )
    dialog.form.add_row(
        CheckField(FieldSpec(name="asked", label=f"已与工位 {view.owner} 核实，对方没有收到也没有办理"))
    )
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="原因", most=500), lines=3))
    return dialog.ready()


def place_hold_dialog(context: UiContext, view: KeepingView, parent: QWidget) -> CommandDialog:
    """Return 设定法律保全."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return PlaceLegalHold(command_id=command_id, assistance_file_id=view.file_id, reason=values["reason"])

    dialog = CommandDialog(context, "设定法律保全", primary="设定保全", make=make, parent=parent)
    dialog.form.add_row(
        TextField(
            FieldSpec(
                name="reason",
                label="原因",
                placeholder="例如：与医疗机构的诉讼，法院案号 …",
                why="保全期间不删除任何内容（R90）。",
                most=500,
            ),
            lines=3,
        )
    )
    return dialog.ready()


def lift_hold_dialog(context: UiContext, view: KeepingView, parent: QWidget) -> CommandDialog:
    """Return 解除法律保全."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return LiftLegalHold(command_id=command_id, assistance_file_id=view.file_id, reason=values["reason"])

    dialog = CommandDialog(context, "解除法律保全", primary="解除保全", make=make, parent=parent)
    dialog.form.add_widget(Notice(f"保全原因：{view.hold_reason or ''}", Tone.NEUTRAL))
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="解除原因", most=500), lines=3))
    return dialog.ready()


class EraseDialog(CommandDialog):
    """删除个人信息: cannot be taken back, so Enter means the button that does nothing."""

    def __init__(self, context: UiContext, view: KeepingView, parent: QWidget | None = None) -> None:
        def make(command_id: int, values: dict[str, Any]) -> "Command":
            return EraseAssistanceFile(
                command_id=command_id,
                assistance_file_id=view.file_id,
                ground=ErasureGround(values["ground"]),
                reason=values["reason"],
                file_number=values["file_number"],
            )

        super().__init__(context, "删除个人信息", primary="永久删除", make=make, parent=parent)
        self.form.add_widget(Notice(_ERASED_WORDS, Tone.BROKEN))
        grounds = [FilterChoice(ground.value, words) for ground, words in phrases(ErasureGround)]
        self.form.add_row(ChoiceField(FieldSpec(name="ground", label="依据"), grounds))
        self.form.add_row(TextField(FieldSpec(name="reason", label="说明", most=500), lines=3))
        self.form.add_row(
            LineField(FieldSpec(name="file_number", label=f"照抄档案编号 {view.number}", placeholder=view.number))
        )
        self.primary.setAutoDefault(False)
        self.primary.setDefault(False)
        self.ready()


def sensitive_dialog(
    context: UiContext, view: KeepingView, parent: QWidget, request_id: int | None = None
) -> CommandDialog:
    """Return 登记转院或去世; ``request_id`` is the stay it was asked for."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return RecordSensitiveEvent(
            command_id=command_id,
            assistance_file_id=view.file_id,
            kind=SensitiveKind(values["kind"]),
            happened_at=values["happened_at"],
            source=FactSource(values["source"]),
            note=values.get("note") or "",
            request_id=values.get("request_id"),
        )

    dialog = CommandDialog(context, "登记转院或去世", primary="登记", make=make, parent=parent)
    dialog.form.add_widget(
        Notice(
            "转院：停止这次住院的在院跟进。去世：停止全部随访与提醒，不再开启新的服务，与家属沟通由主管处理。",
            Tone.RISK,
        )
    )
    kinds = [FilterChoice(kind.value, words) for kind, words in phrases(SensitiveKind)]
    dialog.form.add_row(ChoiceField(FieldSpec(name="kind", label="情况"), kinds))
    stays = [(stay.request_id, f"{phrase(stay.kind)} {stay.number}") for stay in view.stays]
    dialog.form.add_row(ComboField(FieldSpec(name="request_id", label="所在的服务", optional=True), stays))
    dialog.form.add_row(
        DateTimeField(FieldSpec(name="happened_at", label="发生时间")),
        ChoiceField(
            FieldSpec(name="source", label="信息来源"),
            [
                FilterChoice(source.value, words)
                for source, words in phrases(FactSource)
                if source in {FactSource.HOSPITAL, FactSource.INSURED_STATEMENT, FactSource.DOCUMENT}
            ],
        ),
    )
    dialog.form.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=500), lines=3))
    known = request_id or (view.stays[0].request_id if len(view.stays) == 1 else None)
    dialog.form.set_values({"happened_at": context.desk.clock.now(), "request_id": known})
    return dialog.ready()
