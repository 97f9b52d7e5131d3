"""随访计划模板: the plan of each service and group of diseases, its versions, and its next version by a lead."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.follow_ups.care_plans import (
    EVERY_GROUP,
    CarePlanVersion,
    CarePlanView,
    RetireCarePlan,
    ReviseCarePlan,
    load_care_plans,
)
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.cards import Card, Notice, ScrollColumn
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.follow_ups.care_plan_steps import StepLines

_EVERY: Final = "全部疾病"


class CarePlanDialog(QDialog):
    """Shows one plan at a time. A lead writes the next version; earlier ones stay readable, and plans made keep theirs."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("随访计划模板")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._views: dict[tuple[ServiceKind, str], CarePlanView] = {}
        self._may_change = context.desk.operator.role in LEADS
        self.service = QComboBox()
        for kind in context.desk.pack.services:
            self.service.addItem(phrase(kind), kind)
        self.service.setAccessibleName("服务")
        self.group = QComboBox()
        for code, name in {EVERY_GROUP: _EVERY, **load_disease_list().groups}.items():
            self.group.addItem(name, code)
        self.group.setAccessibleName("疾病分组")
        self.standing = label("", "secondary", wrap=True)
        self.steps = StepLines(may_change=self._may_change)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("修改原因，例如：团队例会约定")
        self.reason.setAccessibleName("修改原因")
        self.reason.setMaxLength(200)
        self.versions = ScrollColumn()
        self.versions.body.setSpacing(0)
        self.banner = Notice("", Tone.BROKEN)
        self.banner.hide()
        self.save = PrimaryButton("保存为新版本", self.save_version)
        self.retire = SecondaryButton("停用本组模板", self.retire_plan)
        self._lay_out()
        for box in (self.service, self.group):
            box.currentIndexChanged.connect(lambda _place: self.show_plan())
        self.resize(860, 620)
        self.reload()

    @property
    def _key(self) -> tuple[ServiceKind, str]:
        return ServiceKind(self.service.currentData()), str(self.group.currentData())

    def reload(self) -> None:
        """Read every plan."""
        self._context.runner.read(self, partial(load_care_plans, self._context.desk), self._take, self._say)

    def show_plan(self) -> None:
        """Show the plan of the chosen service and group; a group without its own shows what holds for it."""
        service, group = self._key
        own = self._views.get((service, group))
        general = self._views.get((service, EVERY_GROUP))
        held = own.in_force if own is not None else None
        shown = held or (general.in_force if general is not None else None)
        self.steps.show_steps(shown.steps if shown is not None else ())
        self.retire.setVisible(self._may_change and held is not None and held.number > 0)
        self.standing.setText(_standing(held, shown))
        self._show_versions(own)
        self.banner.set_notice("")

    def save_version(self) -> None:
        """Write the next version."""
        service, group = self._key
        own = self._views.get((service, group))
        held = own.in_force if own is not None else None
        self._write(
            ReviseCarePlan(
                command_id=self._context.desk.new_id(),
                service=service,
                disease_group=group,
                steps=self.steps.steps(),
                reason=self.reason.text(),
                based_on=held.number if held is not None else 0,
            )
        )

    def retire_plan(self) -> None:
        """Give up the plan of this group."""
        service, group = self._key
        self._write(
            RetireCarePlan(
                command_id=self._context.desk.new_id(),
                service=service,
                disease_group=group,
                reason=self.reason.text(),
            )
        )

    def _write(self, command: ReviseCarePlan | RetireCarePlan) -> None:
        self.save.setEnabled(False)
        carry_out(self._context, self, command, lambda _outcome: self._written(), self._say)

    def _written(self) -> None:
        self.save.setEnabled(True)
        self.reason.clear()
        self.reload()

    def _take(self, views: tuple[CarePlanView, ...]) -> None:
        self._views = {(view.service, view.disease_group): view for view in views}
        self.show_plan()

    def _say(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self.banner.set_notice(sentence(error))

    def _show_versions(self, view: CarePlanView | None) -> None:
        self.versions.clear()
        for version in view.versions if view is not None else ():
            self.versions.add(self._version(version))
            self.versions.add(hairline())
        if view is None:
            self.versions.add(label("这一组还没有自己的模板。", "muted", wrap=True))
        self.versions.body.addStretch(1)

    def _version(self, version: CarePlanVersion) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(label(f"第 {version.number} 版" if version.number else "手册模板", "bold"))
        head.addStretch(1)
        if version.number:
            head.addWidget(Chip("在用" if version.retired_at is None else "已停用", _tone(version)))
        head.addWidget(link_button("套用", partial(self.steps.show_steps, version.steps)))
        column.addLayout(head)
        when = f"{formats.local(version.recorded_at):%Y-%m-%d %H:%M}" if version.recorded_at else ""
        about = " · ".join(part for part in (when, version.recorded_by, version.reason) if part)
        column.addWidget(label(about, "muted", wrap=True))
        column.addWidget(label("、".join(step.label for step in version.steps), "secondary", wrap=True))
        return widget

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        column.addWidget(label("随访计划模板", "title"))
        choose = QHBoxLayout()
        choose.setSpacing(8)
        choose.addWidget(self.service)
        choose.addWidget(self.group)
        choose.addWidget(self.standing, 1)
        column.addLayout(choose)
        plan = Card("计划")
        area = ScrollColumn()
        area.add(self.steps)
        area.body.addStretch(1)
        plan.add(area, 1)
        past = Card("版本")
        past.add(self.versions, 1)
        past.setFixedWidth(280)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(plan, 1)
        middle.addWidget(past)
        column.addLayout(middle, 1)
        column.addWidget(self.banner)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        if self._may_change:
            foot.addWidget(self.reason, 1)
            foot.addWidget(self.retire)
            foot.addWidget(SecondaryButton("关闭", self.accept))
            foot.addWidget(self.save)
        else:
            foot.addWidget(label("模板由主管修改。", "muted"), 1)
            foot.addWidget(SecondaryButton("关闭", self.accept))
        column.addLayout(foot)


def _tone(version: CarePlanVersion) -> Tone:
    return Tone.KEPT if version.retired_at is None else Tone.NEUTRAL


def _standing(held: CarePlanVersion | None, shown: CarePlanVersion | None) -> str:
    """Return one line on what holds; plans that were made before are not changed by it."""
    if shown is None:
        return ""
    name = f"第 {shown.number} 版" if shown.number else "手册模板"
    return f"当前：{name}" if held is not None else f"未单独设置，按{_EVERY}的{name}"


def open_care_plans(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open the plans."""
    CarePlanDialog(context, parent.window()).open()
