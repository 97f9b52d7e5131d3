"""The steps of a plan as lines to edit: how many days, which days, what it is called."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import DayUnit
from lian_desk.services.follow_ups.care_plans import LONGEST_OFFSET, MOST_STEPS, PlannedStep
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.visibility import set_shown


class StepLine(QWidget):
    """One step."""

    edited = Signal()

    def __init__(self, step: PlannedStep, *, may_change: bool) -> None:
        super().__init__()
        self.days = QLineEdit(str(step.offset_days))
        self.days.setValidator(QIntValidator(0, LONGEST_OFFSET, self))
        self.days.setAccessibleName("第几天")
        self.days.setFixedWidth(56)
        self.days.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit = QComboBox()
        for unit in DayUnit:
            self.unit.addItem(phrase(unit), unit)
        self.unit.setCurrentIndex(list(DayUnit).index(step.unit))
        self.unit.setAccessibleName("按工作日或自然日")
        self.unit.setFixedWidth(132)
        self.name = QLineEdit(step.label)
        self.name.setPlaceholderText("例如：出院后第 7 天")
        self.name.setAccessibleName("名称")
        self.remove = link_button("删除")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(8)
        row.addWidget(label("第", "secondary"))
        row.addWidget(self.days)
        row.addWidget(self.unit)
        row.addWidget(self.name, 1)
        row.addWidget(self.remove)
        for part in (self.days, self.unit, self.name):
            part.setEnabled(may_change)
        self.remove.setVisible(may_change)
        self.days.textEdited.connect(lambda _text: self.edited.emit())
        self.unit.activated.connect(lambda _place: self.edited.emit())
        self.name.textEdited.connect(lambda _text: self.edited.emit())

    def step(self) -> PlannedStep:
        """Return the step as it stands; an empty day is day 0, which the command refuses in words."""
        return PlannedStep(int(self.days.text() or 0), DayUnit(self.unit.currentData()), self.name.text())


class StepLines(QWidget):
    """The steps of a plan below each other; ``edited`` when one is changed, added or removed."""

    edited = Signal()

    def __init__(self, *, may_change: bool) -> None:
        super().__init__()
        self._may_change = may_change
        self.lines: list[StepLine] = []
        self.add = small_button("增加一次随访", self._add)
        set_shown(self.add, may_change)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 6, 0, 0)
        foot.addWidget(self.add)
        foot.addStretch(1)
        self._column.addWidget(label("事件（就诊、出院、手术、检查完成）之后", "muted"))
        self._column.addLayout(foot)

    def show_steps(self, steps: tuple[PlannedStep, ...]) -> None:
        """Show steps in the place of those before."""
        while self.lines:
            self._take_away(self.lines[-1])
        for step in steps:
            self._put(step)

    def steps(self) -> tuple[PlannedStep, ...]:
        """Return the steps as they stand."""
        return tuple(line.step() for line in self.lines)

    def _put(self, step: PlannedStep) -> StepLine:
        line = StepLine(step, may_change=self._may_change)
        line.edited.connect(self.edited)
        line.remove.clicked.connect(partial(self._removed, line))
        self.lines.append(line)
        self._column.insertWidget(len(self.lines), line)
        self.add.setEnabled(len(self.lines) < MOST_STEPS)
        return line

    def _add(self) -> None:
        last = self.lines[-1].step() if self.lines else None
        days = min(last.offset_days + 7, LONGEST_OFFSET) if last else 1
        self._put(PlannedStep(days, last.unit if last else DayUnit.CALENDAR, "")).name.setFocus()
        self.edited.emit()

    def _removed(self, line: StepLine, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - what a button sends
        self._take_away(line)
        self.edited.emit()

    def _take_away(self, line: StepLine) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.add.setEnabled(True)
