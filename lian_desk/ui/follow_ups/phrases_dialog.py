"""常用语管理: write, change and retire one's own phrases; leads those of the team."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import PhraseField
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.follow_ups.phrases import PhraseLine, RetirePhrase, SavePhrase, load_phrases
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import CheckField, ChoiceField, FieldSpec, TextField
from lian_desk.ui.common.look.buttons import SecondaryButton, link_button, small_button
from lian_desk.ui.common.look.cards import Notice, ScrollColumn
from lian_desk.ui.common.look.chips import Chip, FilterChips, FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_LIMIT: Final = 400
_ROW_HEIGHT: Final = 40
_CHOICES: Final = tuple(FilterChoice(field.value, phrase(field)) for field in PhraseField)


class PhraseDialog(FormDialog):
    """One phrase: new, or the next wording of one."""

    def __init__(self, context: UiContext, line: PhraseLine | None, parent: QWidget | None = None) -> None:
        super().__init__("修改常用语" if line else "新增常用语", width=520, parent=parent)
        self._context = context
        self._line = line
        self.form.add_row(ChoiceField(FieldSpec(name="field", label="用于"), _CHOICES))
        self.form.add_row(
            TextField(
                FieldSpec(
                    name="phrase",
                    label="内容",
                    why="只写自述与告知，不写诊断、用药建议或理赔结论（R73、R76）。",
                    most=_LIMIT,
                ),
                lines=3,
            )
        )
        self._may_share = context.desk.operator.role in LEADS
        if self._may_share:
            self.form.add_row(CheckField(FieldSpec(name="is_shared", label="团队共用", optional=True)))
        if line is not None:
            self.form.set_values({"field": line.field.value, "phrase": line.text})
            if self._may_share:
                self.form.set_values({"is_shared": line.is_shared})
        else:
            self.form.set_values({"field": PhraseField.CONDITION.value})
        self.fit()
        self.form.fields["phrase"].focus()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: save it."""
        command = SavePhrase(
            command_id=self._context.desk.new_id(),
            field=PhraseField(values["field"]),
            text=values["phrase"],
            is_shared=bool(values.get("is_shared")),
            replaces=self._line.key if self._line is not None else None,
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)


class PhrasesDialog(QDialog):
    """The phrases that the operator is offered, by field.

    Signals:
        changed(): a phrase was written or retired.
    """

    changed = Signal()

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("常用语")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._lines: tuple[PhraseLine, ...] = ()
        self.chips = FilterChips(_CHOICES)
        self.chips.set_value(PhraseField.CONDITION.value)
        self.chips.chosen.connect(lambda _value: self._show())
        self.banner = Notice("", Tone.BROKEN)
        self.banner.hide()
        self.rows = ScrollColumn()
        self.rows.body.setSpacing(0)
        self._lay_out()
        self.resize(720, 600)
        self.reload()

    def reload(self) -> None:
        """Read the phrases."""
        self._context.runner.read(self, partial(load_phrases, self._context.desk), self._take, self._say)

    def _take(self, lines: tuple[PhraseLine, ...]) -> None:
        self._lines = lines
        self._show()

    def _show(self) -> None:
        self.rows.clear()
        shown = [line for line in self._lines if line.field.value == self.chips.value]
        if not shown:
            self.rows.add(label("还没有常用语。", "muted"))
        for line in shown:
            self.rows.add(self._row(line))
            self.rows.add(hairline())
        self.rows.body.addStretch(1)

    def _row(self, line: PhraseLine) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(4, 0, 4, 0)
        widget.setFixedHeight(_ROW_HEIGHT)
        row.setSpacing(12)
        letters = label(line.initials[:6], "muted")
        letters.setFixedWidth(56)
        row.addWidget(letters)
        row.addWidget(ElidedLabel(line.text), 1)
        row.addWidget(Chip("随程序提供" if line.key is None else "团队" if line.is_shared else "我的", Tone.NEUTRAL))
        if line.key is not None and (not line.is_shared or self._context.desk.operator.role in LEADS):
            row.addWidget(link_button("修改", partial(self._edit, line)))
            row.addWidget(link_button("停用", partial(self._retire, line.key)))
        return widget

    def _edit(self, line: PhraseLine | None = None) -> None:
        dialog = PhraseDialog(self._context, line, self)
        dialog.saved.connect(lambda _key: self._written())
        dialog.open()

    def _retire(self, key: int) -> None:
        command = RetirePhrase(command_id=self._context.desk.new_id(), phrase_id=key)
        carry_out(self._context, self, command, lambda _outcome: self._written(), self._say)

    def _written(self) -> None:
        self.banner.set_notice("")
        self.changed.emit()
        self.reload()

    def _say(self, error: BaseException) -> None:
        self.banner.set_notice(sentence(error))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label("常用语", "title"))
        head.addStretch(1)
        head.addWidget(small_button("新增", self._edit))
        column.addLayout(head)
        column.addWidget(
            label("在随访表单的文字框里输入拼音首字母的前两个字母，选择后直接填入；F4 显示全部。", "secondary")
        )
        column.addWidget(self.chips)
        column.addWidget(self.banner)
        column.addWidget(self.rows, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("关闭", self.accept))
        column.addLayout(foot)


def open_phrases(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open the phrases of the operator."""
    PhrasesDialog(context, parent.window()).open()
