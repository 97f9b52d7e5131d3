"""请客户补材料: tick what to ask for, see the message, copy it with one click; the feed keeps what was asked."""

from functools import partial
from typing import Any, Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import Channel
from lian_desk.services.completeness.checklist import ChecklistLine
from lian_desk.services.completeness.material_requests import (
    CHANNELS,
    Address,
    MaterialRequestView,
    RecordMaterialRequest,
    compose,
    load_material_request,
)
from lian_desk.services.rules.citations import place_of
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.fields import FieldSpec
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import open_found

_ADDRESS_WORDS: Final = {
    Address.SURNAME: "姓氏",
    Address.FULL_NAME: "全名",
    Address.GUARDIAN: "监护人姓氏",
    Address.NONE: "不称呼",
}
_FORM_WIDTH: Final = 430


class MaterialRequestDialog(OrderDialog):
    """``saved`` carries the key of the request; by then the message lies on the clipboard, names in clear."""

    def __init__(self, context: UiContext, view: MaterialRequestView, parent: QWidget | None = None) -> None:
        title = f"请客户补材料 · {phrase(view.kind)} · {view.shown_name}"
        super().__init__(context, title, primary="复制消息并记录", width=940, parent=parent)
        self._asked_for = ""
        self._view = view
        self.boxes: dict[QCheckBox, ChecklistLine] = {}
        self.channel = ChoiceField(
            FieldSpec(name="channel", label="用什么方式发给客户"),
            [FilterChoice(channel.value, phrase(channel)) for channel in CHANNELS],
        )
        self.address = ChoiceField(
            FieldSpec(name="address", label="称呼", why="预览中姓名脱敏，复制出去的消息按这里的选择用真实姓名。"),
            [FilterChoice(address.value, _ADDRESS_WORDS[address]) for address in view.addresses],
        )
        self.message = QPlainTextEdit()
        self.message.setReadOnly(True)
        self.message.setAccessibleName("消息预览")
        self._build()
        self.channel.set_raw(CHANNELS[0].value)
        self.address.set_raw(view.addresses[0].value)
        self.address.edited.connect(self.show_message)
        self.show_message()
        self.resize(940, 700)

    @property
    def asked(self) -> list[ChecklistLine]:
        """The lines that are ticked."""
        return [line for box, line in self.boxes.items() if box.isChecked()]

    def show_message(self) -> None:
        """Show the message for what is ticked, names masked."""
        asked = self.asked
        self.primary.setEnabled(bool(asked))
        words = compose(self._view, asked, self._address(), in_clear=False) if asked else ""
        self.message.setPlainText(words)
        self.message.setPlaceholderText("勾选要请客户提供的材料，这里显示可以直接发送的消息。")

    def command(self, values: dict[str, Any]) -> RecordMaterialRequest:
        """Override: write down what was asked; the copy follows when that is done."""
        asked = self.asked
        self._asked_for = compose(self._view, asked, self._address(), in_clear=True)
        return RecordMaterialRequest(
            command_id=self.command_id,
            request_id=self._view.request_id,
            asked=tuple(line.words for line in asked),
            channel=Channel(values["channel"]),
        )

    def written(self, _outcome: object) -> None:
        """Override: put the message that was asked for on the clipboard."""
        QGuiApplication.clipboard().setText(self._asked_for)
        self.finish(self._view.request_id)

    def _address(self) -> Address:
        raw = self.address.raw()
        return Address(raw) if raw else self._view.addresses[0]

    def _build(self) -> None:
        self._add_group("必须提供", [line for line in self._view.lines if line.is_required])
        self._add_group("建议提供", [line for line in self._view.lines if not line.is_required])
        self.form.add_row(self.channel)
        self.form.add_row(self.address)
        self.area.setFixedWidth(_FORM_WIDTH)
        card = Card("消息预览")
        card.add(self.message, 1)
        card.add(label("复制的同时在档案里记下要了什么、用什么方式；消息发出后请回到对话里粘贴。", "muted", wrap=True))
        self.middle.setSpacing(14)
        self.middle.setContentsMargins(0, 0, 24, 12)
        self.middle.addWidget(card, 1)
        if not any(line.is_missing for line in self._view.lines):
            self.show_banner("清单上的材料都有了；需要更清楚或更新的一份时，可以勾选后再请客户提供。", Tone.KEPT)

    def _add_group(self, title: str, lines: list[ChecklistLine]) -> None:
        if not lines:
            return
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(title, "bold"))
        for line in lines:
            box = QCheckBox(_box_words(line))
            box.setChecked(line.is_missing)
            box.setToolTip(place_of(line.clause))
            box.toggled.connect(lambda _on: self.show_message())
            self.boxes[box] = line
            column.addWidget(box)
            explained = "；".join(filter(None, (line.hint, line.problem)))
            if explained:
                note = label(explained, "muted", wrap=True)
                note.setContentsMargins(24, 0, 0, 2)
                column.addWidget(note)
        self.form.add_widget(holder)


def _box_words(line: ChecklistLine) -> str:
    if line.is_missing:
        return line.words
    return f"{line.words}（已有 {line.paper_count} 份 {line.page_count} 页）"


def ask_for_material(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open the dialog for the request with key ``subject``."""
    work = partial(load_material_request, context.desk, subject)
    open_found(context, parent, work, lambda view: MaterialRequestDialog(context, view, parent))
