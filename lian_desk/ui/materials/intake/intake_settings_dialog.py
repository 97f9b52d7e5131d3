"""收取设置: the largest file, the drop folder, and the recovery key of the materials."""

from collections import deque
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from lian_desk.models.errors import RuleViolation
from lian_desk.services.commands.settings import LARGEST_SIZE_LIMIT, AfterIntake, ChangeIntakeSettings
from lian_desk.services.materials.intake_settings import (
    IntakeSettingsView,
    make_recovery_key,
    require_fit_drop_folder,
)
from lian_desk.services.upkeep.resealing import reseal
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.forms.folder_field import FolderField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import ProgressLine
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_LEAVE = "原处不动"
_MOVE = "移到“已收取”"


class _SizeField(LineField):
    """Megabytes as a whole number."""

    def value(self) -> Any:
        """Return the number."""
        text = super().value()
        try:
            return int(str(text).replace(",", ""))
        except ValueError:
            raise FieldProblem(f"请填 1 至 {LARGEST_SIZE_LIMIT} 之间的整数（MB）。") from None


class IntakeSettingsDialog(FormDialog):
    """What is a lead's stands there for everybody to see, and is changed by a lead only."""

    def __init__(self, context: UiContext, view: IntakeSettingsView, parent: QWidget | None = None) -> None:
        super().__init__("收取设置", primary="保存", width=640, parent=parent)
        self._context = context
        self._command_id = context.desk.new_id()
        settings = view.settings
        self.folder = FolderField(
            FieldSpec(
                name="drop_folder",
                label="收件文件夹",
                optional=True,
                why="放进去的文件列为“待收取”，由您指定收取到哪份档案；在此之前不会收取，也不会移动。",
                placeholder="不设则不监看",
            )
        )
        self.folder.set_raw(settings.drop_folder)
        self.after = ChoiceField(
            FieldSpec(name="after_intake", label="收取之后，原文件", why="移走的文件仍未加密，请按单位规定清理。"),
            [FilterChoice(AfterIntake.MOVE.value, _MOVE), FilterChoice(AfterIntake.LEAVE.value, _LEAVE)],
        )
        self.after.set_value(settings.after_intake.value)
        self.limit = _SizeField(FieldSpec(name="size_limit_megabytes", label="单个文件上限（MB）"))
        self.limit.set_raw(str(settings.size_limit_megabytes))
        self.recipient = LineField(
            FieldSpec(
                name="recovery_recipient",
                label="材料恢复公钥",
                optional=True,
                why="设定之后收取的每份材料，另可用离线保管的恢复私钥打开；密码遗失时不至于丢失材料。",
                placeholder="age1…，不设则只有本工作区能打开",
                most=200,
            )
        )
        self.recipient.set_raw(settings.recovery_recipient)
        self.make_key = link_button("生成一对新密钥，私钥存到…", self._choose_key_file)
        self._earlier = deque(view.earlier)
        self._all_earlier = len(view.earlier)
        self.reseal = link_button(f"以前收取的 {self._all_earlier:,} 份也补上恢复公钥", self._begin_reseal)
        self.reseal_line = ProgressLine("正在补上恢复公钥")
        self.reseal_line.cancelled.connect(self._earlier.clear)
        self._lay_out_form(is_lead=view.is_lead)
        self.fit()

    def _lay_out_form(self, *, is_lead: bool) -> None:
        self.form.add_row(self.folder)
        self.form.add_row(self.after)
        self.form.add_row(self.limit)
        self.form.add_row(self.recipient)
        beneath = QWidget()
        left = QHBoxLayout(beneath)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.make_key)
        left.addWidget(self.reseal)
        left.addStretch(1)
        self.form.add_widget(beneath)
        self.form.add_widget(self.reseal_line)
        self.reseal.setVisible(bool(self._earlier))
        self.reseal_line.hide()
        if is_lead:
            words = "恢复公钥只对设定以后收取的材料有效；私钥只出现在您选择的文件里，本机不留。"
        else:
            words = "文件上限与恢复公钥由主管设定。"
        self.form.add_widget(Notice(words, Tone.INFO))
        for field in (self.limit, self.recipient):
            field.setEnabled(is_lead)
        self.make_key.setVisible(is_lead)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: look at the folder off the UI thread, then carry the change out."""
        folder = values["drop_folder"]
        command = ChangeIntakeSettings(
            command_id=self._command_id,
            drop_folder="" if folder is None else str(folder),
            after_intake=AfterIntake(values["after_intake"]),
            size_limit_megabytes=values["size_limit_megabytes"],
            recovery_recipient=values["recovery_recipient"] or "",
        )
        look = partial(require_fit_drop_folder, self._context.desk, folder)
        self._context.runner.read(self, look, lambda _fit: self._carry_out(command), self.refuse)

    def _carry_out(self, command: ChangeIntakeSettings) -> None:
        carry_out(self._context, self, command, lambda _outcome: self.finish(), self.refuse)

    def _choose_key_file(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(self, "私钥存到（请选 U 盘）", "材料恢复私钥.txt")
        if name:
            self._context.runner.read(self, partial(make_recovery_key, Path(name)), self._key_made, self.refuse)

    def _key_made(self, recipient: str) -> None:
        self.recipient.set_raw(recipient)
        self.recipient.edited.emit()
        self.show_banner("私钥已写入所选文件，请离线保管；按“保存”后生效。", Tone.INFO)

    def _begin_reseal(self) -> None:
        self.reseal.hide()
        self.reseal_line.show()
        self._reseal_next()

    def _reseal_next(self) -> None:
        """One file after the other on the writing thread, so that other work comes in between."""
        done = self._all_earlier - len(self._earlier)
        self.reseal_line.show_progress(done, self._all_earlier)
        if not self._earlier:
            self.reseal_line.hide()
            self.show_banner("恢复私钥现在能打开这些材料。", Tone.INFO)
            return
        name = self._earlier.popleft()
        work = partial(reseal, self._context.desk, name)
        self._context.runner.write(self, work, lambda _done: self._reseal_next(), self._reseal_failed)

    def _reseal_failed(self, error: BaseException) -> None:
        """A damaged file is named by the check of the materials; the others go on."""
        self.show_banner(sentence(error))
        if isinstance(error, RuleViolation):
            self.reseal_line.hide()
        else:
            self._reseal_next()
