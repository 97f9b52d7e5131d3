"""The same file again: each file that is here already, where its twin is, and what shall become of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.errors import DeskError
from lian_desk.services.materials.intake import IntakeResult
from lian_desk.services.materials.twin_answers import load_twins, settle_twin
from lian_desk.services.materials.twins import Twin, TwinAnswer, TwinPlace, answers_for
from lian_desk.ui.common.lists.plain_table import PlainTable
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, small_button
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes
    from lian_desk.services.desk.desk import Desk

ANSWER_WORDS: Final = {
    TwinAnswer.LINK: "沿用已有的",
    TwinAnswer.KEEP: "单独保留",
    TwinAnswer.LEAVE: "不收",
}
_KEYS: Final = {TwinAnswer.LINK: "1", TwinAnswer.KEEP: "2", TwinAnswer.LEAVE: "3"}
_HEADINGS: Final = ("文件", "已经在哪里", "怎么处理")
_NAME, _WHERE, _ANSWER = range(3)
_ROOT: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass
class Question:
    """A file that is here already, its twins, and the answer so far."""

    result: IntakeResult
    twins: tuple[Twin, ...]
    answer: TwinAnswer
    problem: str = ""

    @property
    def where(self) -> str:
        """Where the nearest twin is; whose it is, stays masked."""
        if self.problem:
            return self.problem
        if not self.twins:
            return "原来那份已不在，可以单独保留"
        nearest, more = self.twins[0], len(self.twins) - 1
        whose = f"{nearest.insured_name} · " if nearest.place is TwinPlace.OTHER_PERSON else ""
        others = f"；另有 {more} 处" if more else ""
        return f"{whose}{nearest.words}{others}"


class TwinTableModel(QAbstractTableModel):
    """The questions, one a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.questions: list[Question] = []

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.questions = list(questions)
        self.endResetModel()

    def answer(self, rows: Sequence[int], answer: TwinAnswer) -> None:
        """Answer some questions; an answer that a question does not allow leaves it as it is."""
        for row in rows:
            question = self.questions[row]
            if answer in answers_for(question.twins):
                question.answer = answer
                self.dataChanged.emit(self.index(row, _ANSWER), self.index(row, _ANSWER))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self.questions)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.columnCount."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.headerData."""
        is_heading = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if is_heading and section < len(_HEADINGS) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self.questions):
            return None
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        question = self.questions[index.row()]
        return (question.result.name, question.where, ANSWER_WORDS[question.answer])[index.column()]


class TwinDialog(QDialog):
    """Asks about files that are here already; Enter carries the answers out.

    Signals:
        settled(object): the results that are still without an answer, in a list.
        chosen(object): key of the last material that an answer led to.
    """

    settled = Signal(object)
    chosen = Signal(object)

    def __init__(self, context: UiContext, waiting: Sequence[IntakeResult], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("同一份文件")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._waiting = list(waiting)
        self.model = TwinTableModel(self)
        self.table = PlainTable(self.model, "已经收过的文件", {_NAME: 230, _ANSWER: 110}, _WHERE)
        self._hint = label("正在查找…", "secondary", wrap=True)
        self.buttons = {
            answer: small_button(f"{words}（{_KEYS[answer]}）", partial(self.answer, answer))
            for answer, words in ANSWER_WORDS.items()
        }
        self.apply_button = PrimaryButton("按此处理", self.apply)
        self.cancel_button = SecondaryButton("以后再说", self.reject)
        self._lay_out()
        for answer, key in _KEYS.items():
            QShortcut(QKeySequence(key), self).activated.connect(partial(self.answer, answer))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.apply)
        self.apply_button.setEnabled(False)
        context.runner.read(self, partial(_questions, context.desk, self._waiting), self._show, self._fail)
        self.resize(860, 460)

    def answer(self, answer: TwinAnswer) -> None:
        """Answer for the chosen rows, for all when none is chosen."""
        self.model.answer(self.table.chosen_rows or range(len(self.model.questions)), answer)

    def apply(self) -> None:
        """Carry the answers out, one command each; what is refused stays with its reason."""
        if not self.apply_button.isEnabled():
            return
        self.apply_button.setEnabled(False)
        self.cancel_button.setEnabled(False)
        work = partial(_settle, self._context.desk, tuple(self.model.questions), self._context.bus.arrived.emit)
        self._context.runner.write(self, work, self._settled, self._fail)

    def reject(self) -> None:
        """Override: never leave the write lane alone."""
        if self.cancel_button.isEnabled():
            super().reject()

    def _show(self, questions: list[Question]) -> None:
        self.model.show_questions(questions)
        self._hint.setText(
            "内容与已有材料完全相同，磁盘上只存一份。“沿用已有的”会用回原来的登记（在回收站中的会移出）；"
            "“单独保留”另建一条登记。他人档案中的材料不能沿用，请先核对是不是被保险人本人的。"
        )
        self.apply_button.setEnabled(bool(questions))
        if questions:
            self.table.choose_first()

    def _settled(self, answer: tuple[list[Question], int | None]) -> None:
        left, key = answer
        self.cancel_button.setEnabled(True)
        self.settled.emit([question.result for question in left])
        if key is not None:
            self.chosen.emit(key)
        if left:
            self.model.show_questions(left)
            self.apply_button.setEnabled(True)
            self._hint.setText("下面几份没有处理成，原因写在中间一列。")
        else:
            self.accept()

    def _fail(self, error: BaseException) -> None:
        self._hint.setText(sentence(error))
        self.cancel_button.setEnabled(True)

    def _lay_out(self) -> None:
        answers = QHBoxLayout()
        answers.addWidget(label("所选的文件", "secondary"))
        for button in self.buttons.values():
            answers.addWidget(button)
        answers.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.apply_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        column.addWidget(label("同一份文件已经收过", "title"))
        column.addWidget(self._hint)
        column.addWidget(self.table, 1)
        column.addLayout(answers)
        column.addWidget(hairline())
        column.addLayout(foot)


def _questions(desk: "Desk", waiting: Sequence[IntakeResult]) -> list[Question]:
    """Off the UI thread: where the twins are now."""
    questions = []
    for result in waiting:
        if result.waiting is not None:
            twins = load_twins(desk, result.waiting.assistance_file_id, result.waiting.sha256)
            questions.append(Question(result, twins, answers_for(twins)[0]))
    return questions


def _settle(
    desk: "Desk", questions: Sequence[Question], tell: Callable[["Changes"], object]
) -> tuple[list[Question], int | None]:
    """Off the UI thread: carry every answer out; return what was refused and the last material that came of it."""
    left: list[Question] = []
    key: int | None = None
    for question in questions:
        if question.result.waiting is None:
            continue
        try:
            outcome = settle_twin(desk, question.result.waiting, question.twins, question.answer)
        except DeskError as error:
            question.problem = sentence(error)
            left.append(question)
            continue
        if outcome is not None:
            tell(outcome.changes)
            key = outcome.key
    return left, key
