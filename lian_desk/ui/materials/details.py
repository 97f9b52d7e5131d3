"""What a material is: kind, date, issuer, whose name stands on it, which request it serves, whether its file is sound."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import MaterialKind, MaterialState, NameAnswer, OwnSign
from lian_desk.services.materials.twins import TwinPlace
from lian_desk.services.materials.views import MaterialView
from lian_desk.services.upkeep.stored_files import FAULT_WORDS, Fault
from lian_desk.services.words.flaw_words import ADVICE, flaw_words
from lian_desk.services.words.format_words import is_recording
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.ui.common.forms.forms import ChoiceField, ComboField, DateField, FieldSpec, Form, LineField
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.cards import KeyValueGrid, Notice
from lian_desk.ui.common.look.chips import Chip, FilterChoice
from lian_desk.ui.common.look.formats import iso_moment, size
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label, section_title
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.materials.columns import answer_chip, pages_words, state_chip, type_name
from lian_desk.ui.materials.removal_band import RemovalBand

_TWINS_SHOWN: Final = 4
_MATCHES: Final = "yes"
_DIFFERS: Final = "no"
_QUESTION: Final = "未见姓名，请核对：对照原件看是不是本人的。是本人的，选“与档案一致”并写明依据；不是的，选“不一致”。"
_NAME_CHOICES: Final = (FilterChoice(_MATCHES, "与档案一致"), FilterChoice(_DIFFERS, "不一致"))


class MaterialDetails(QWidget):
    """The right-hand column of a material.

    Signals:
        save_requested(object), confirm_requested(object): the values of the form.
        deficient_requested(), export_requested(), play_requested(), file_requested(): further wishes.
        use_requested(object, bool): key of a request and whether the material shall serve it.
        trash_requested(), restore_requested(), erase_requested(): into the trash, out of it, gone for good.
        twin_requested(object): key of a material to be brought to the front.
    """

    save_requested = Signal(object)
    confirm_requested = Signal(object)
    deficient_requested = Signal()
    export_requested = Signal()
    play_requested = Signal()
    file_requested = Signal()
    use_requested = Signal(object, bool)
    trash_requested = Signal()
    restore_requested = Signal()
    erase_requested = Signal()
    twin_requested = Signal(object)

    def __init__(self, *, shows_file: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shows_file = shows_file
        self._view: MaterialView | None = None
        self._title = section_title("")
        self._chip = Chip()
        self._name = ElidedLabel("", "muted")
        self._notice = Notice("", Tone.BROKEN)
        self._deficiency = Notice("", Tone.RISK)
        self._flaw = Notice("", Tone.RISK)
        self.form = Form()
        self._kind = ComboField(
            FieldSpec(name="kind", label="类型"), [(kind, words) for kind, words in phrases(MaterialKind)]
        )
        self._matches = ChoiceField(
            FieldSpec(name="name_matches", label="姓名一致", optional=True, why="服务仅限被保险人本人使用"),
            _NAME_CHOICES,
        )
        self._sign = ComboField(
            FieldSpec(name="own_sign", label="依据什么确认是本人", optional=True, placeholder="请选择依据"),
            phrases(OwnSign),
        )
        self._sign_note = LineField(
            FieldSpec(
                name="own_sign_note", label="依据说明", optional=True, most=200, placeholder="例如：客户企业微信确认"
            )
        )
        self._answer = Chip()
        self._question = Notice("", Tone.RISK)
        self._facts = KeyValueGrid(key_width=64)
        # stands beside whichever fact comes last; until then, and in between, it is ours
        self._sound = Chip(parent=self)
        self._sound.hide()
        self._inside = QVBoxLayout()
        self._uses = QWidget()
        self._uses_column = QVBoxLayout(self._uses)
        self._boxes: dict[int, QCheckBox] = {}
        self._saved: dict[str, Any] = {}
        self.confirm_button = PrimaryButton("核对无误", self._wish_confirm)
        self.save_button = SecondaryButton("保存", self._wish_save)
        self.export_button = SecondaryButton("另存", self.export_requested.emit)
        self.play_button = SecondaryButton("导出后用系统播放器打开", self.play_requested.emit)
        self.deficient_button = link_button("材料有误…", self.deficient_requested.emit)
        self.trash_button = link_button("移入回收站…", self.trash_requested.emit)
        self.removal = RemovalBand()
        self.removal.restore_requested.connect(self.restore_requested)
        self.removal.erase_requested.connect(self.erase_requested)
        self._lay_out()

    @property
    def view(self) -> MaterialView | None:
        """The material shown."""
        return self._view

    @property
    def error(self) -> str:
        """The sentence in the band, empty when there is none."""
        return self._notice.text

    def show_view(self, view: MaterialView) -> None:
        """Show a material; what was typed for the same one and not saved yet stays."""
        is_same = self._view is not None and self._view.material_id == view.material_id
        has_unsaved = is_same and self.is_edited
        self._view = view
        self._title.setText(phrase(view.kind))
        chip = state_chip(view.state)
        self._chip.set_chip(chip.text, chip.tone)
        self._name.setText(view.shown_name)
        self._show_answer(view)
        self._deficiency.set_notice(view.deficiency and f"有误：{view.deficiency}")
        self._flaw.set_notice("" if view.flaw is None else f"{flaw_words(view.flaw, view.page_count)}；{ADVICE}")
        if not has_unsaved:
            self.form.set_values(_form_values(view))
            self._saved = self.form.raw_values()
        if not is_same:
            self.form.clear_errors()
            self._notice.set_notice("")
        if not is_same:
            self._sound.set_chip("文件已删除" if view.is_erased else "正在校验…", Tone.NEUTRAL)
        self._show_facts(view)
        self._show_uses(view)
        self.removal.show_removal(view.removal)
        is_open = not view.is_closed and view.removal is None
        for button in (self.confirm_button, self.save_button, self.deficient_button, self.trash_button):
            button.setEnabled(is_open)
        is_set_apart = view.state is MaterialState.QUARANTINED
        self.confirm_button.setEnabled(is_open and not is_set_apart)
        self.confirm_button.setToolTip("解除隔离后才能核对" if is_set_apart else "")
        self.form.setEnabled(view.removal is None)
        self.export_button.setEnabled(not view.is_erased)
        self.play_button.setVisible(is_recording(view.media_type) and not view.is_erased)
        self.confirm_button.setText("已核对" if view.state is MaterialState.CONFIRMED else "核对无误")

    def _show_answer(self, view: MaterialView) -> None:
        """Say whose name stands on it, always; where none was seen, ask."""
        answer = answer_chip(view.name_answer)
        words = answer.text
        if view.asks_for_sign and view.own_sign is not None and view.name_answer is NameAnswer.INSURED:
            words = f"{answer.text}（依据：{phrase(view.own_sign)}）"
        self._answer.set_chip("" if view.is_erased else words, answer.tone)
        self._answer.setToolTip(view.own_sign_note)
        is_open = view.name_answer is NameAnswer.UNSEEN and view.removal is None
        self._question.set_notice(_QUESTION if is_open else "")
        for field in (self._sign, self._sign_note):
            field.setVisible(view.asks_for_sign)

    @property
    def is_edited(self) -> bool:
        """True while the form holds something that is not saved."""
        if self._view is None:
            return False
        return self.form.raw_values() != self._saved

    def accept_saved(self) -> None:
        """What stands in the form was saved."""
        self._saved = self.form.raw_values()
        self.form.clear_errors()
        self._notice.set_notice("")

    def show_soundness(self, material_id: int, fault: Fault | None) -> None:
        """Show whether the stored file is what the row says."""
        if self._view is None or self._view.material_id != material_id or self._view.is_erased:
            return
        if fault is None:
            self._sound.set_chip("SHA-256 已校验", Tone.KEPT)
        else:
            self._sound.set_chip(FAULT_WORDS[fault], Tone.BROKEN)

    def show_refusal(self, error: BaseException) -> None:
        """Show a refusal beneath the field it names, else in the band."""
        if not self.form.show_refusal(error):
            self._notice.set_notice(sentence(error))

    def put_on_top(self, widget: QWidget) -> None:
        """Let another part of the feature stand above the form."""
        self._inside.insertWidget(0, widget)

    def _show_facts(self, view: MaterialView) -> None:
        self._facts.clear()
        if self._shows_file:
            link = link_button(f"{view.insured_name} · {view.file_number}", self.file_requested.emit)
            self._facts.add_widget("档案", _left(link, tip="打开档案"))
        what = dict.fromkeys((type_name(view.media_type), pages_words(view.media_type, view.page_count)))
        self._facts.add_fact("文件", " · ".join(filter(None, (*what, size(view.byte_size)))))
        packed = f" · 压缩包 {view.archive_name}" if view.archive_name else ""
        came = f"{phrase(view.source)} · {view.received_by}{packed}"
        self._facts.add_fact("收到", iso_moment(view.received_at), note=came)
        if view.plan.hidden:
            self._facts.add_fact("页面", f"隐藏了 {len(view.plan.hidden)} 页")
        if view.relation is not None and view.origin_id is not None:
            link = link_button(phrase(view.relation), partial(self.twin_requested.emit, view.origin_id))
            self._facts.add_widget("来自", _left(link, tip="查看来源材料"))
        self._show_twins(view)
        self._sound.setParent(self)
        self._facts.add_widget("完整性", _left(self._sound, tip=f"SHA-256 {view.sha256}"))
        self._sound.show()

    def _show_twins(self, view: MaterialView) -> None:
        """Name the other rows on the same bytes: those of the same person as links, somebody else's only masked."""
        own = [twin for twin in view.twins if twin.place is not TwinPlace.OTHER_PERSON]
        foreign = [twin for twin in view.twins if twin.place is TwinPlace.OTHER_PERSON]
        for twin in own[:_TWINS_SHOWN]:
            words = f"{phrase(twin.kind)} · {twin.file_number}{'（回收站）' if twin.is_trashed else ''}"
            link = link_button(words, partial(self.twin_requested.emit, twin.material_id))
            self._facts.add_widget("相同文件", _left(link, tip=twin.words))
        if foreign:
            note = f"{foreign[0].insured_name} · {foreign[0].file_number}{' 等' if len(foreign) > 1 else ''}"
            tip = "\n".join(twin.words for twin in foreign)
            self._facts.add_fact("相同文件", f"也在另外 {len(foreign)} 份他人档案中", note=note, tip=tip)

    def _show_uses(self, view: MaterialView) -> None:
        for box in self._boxes.values():
            box.hide()
            box.deleteLater()
        self._boxes.clear()
        for choice in view.requests:
            box = QCheckBox(f"{phrase(choice.kind)} {choice.number}")
            box.setChecked(choice.is_used)
            box.setEnabled(not view.is_closed and view.removal is None)
            box.clicked.connect(lambda used, key=choice.request_id: self.use_requested.emit(key, used))
            self._boxes[choice.request_id] = box
            self._uses_column.addWidget(box)
        self._uses.setVisible(bool(view.requests))

    def _values(self) -> dict[str, Any] | None:
        self._notice.set_notice("")
        values = self.form.values()
        if values is None:
            return None
        matches = values["name_matches"]
        return values | {"name_matches": None if matches is None else matches == _MATCHES}

    def _wish_save(self) -> None:
        values = self._values()
        if values is not None:
            self.save_requested.emit(values)

    def _wish_confirm(self) -> None:
        values = self._values()
        if values is not None:
            self.confirm_requested.emit(values)

    def _answer_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(label("材料上的姓名", "secondary"))
        line.addStretch(1)
        line.addWidget(self._answer)
        return line

    def _lay_out(self) -> None:
        self.form.add_row(self._kind)
        self.form.add_row(DateField(FieldSpec(name="document_on", label="报告日期", optional=True)))
        self.form.add_row(LineField(FieldSpec(name="hospital_name", label="出具医院", optional=True, most=200)))
        self.form.add_row(LineField(FieldSpec(name="doctor_name", label="出具医生", optional=True, most=200)))
        self.form.add_row(self._matches)
        self.form.add_row(self._sign)
        self.form.add_row(self._sign_note)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._chip)
        self._uses_column.setContentsMargins(0, 0, 0, 0)
        self._uses_column.setSpacing(4)
        self._uses_column.addWidget(label("用于服务", "secondary"))
        body = QWidget()
        body.setObjectName("body")
        inside = self._inside
        body.setLayout(inside)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.setSpacing(10)
        for widget in (self._flaw, self._deficiency, self._notice, self.form, self._uses, hairline(), self._facts):
            inside.addWidget(widget)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.confirm_button, self.save_button, self.export_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._name)
        column.addLayout(self._answer_line())
        column.addWidget(self._question)
        column.addWidget(self.removal)
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        column.addWidget(self.play_button)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.deficient_button)
        foot.addWidget(self.trash_button)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addWidget(label("每次查看、另存都会留痕。", "muted"))
        for notice in (self._notice, self._flaw, self._deficiency, self._question):
            notice.set_notice("")


def _left(widget: QWidget, *, tip: str) -> QWidget:
    holder = QWidget()
    holder.setToolTip(tip)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 2, 0, 2)
    row.addWidget(widget)
    row.addStretch(1)
    widget.show()
    return holder


def _form_values(view: MaterialView) -> dict[str, Any]:
    matches = None if view.name_matches is None else (_MATCHES if view.name_matches else _DIFFERS)
    return {
        "kind": view.kind,
        "document_on": view.document_on,
        "hospital_name": view.hospital_name,
        "doctor_name": view.doctor_name,
        "name_matches": matches,
        "own_sign": view.own_sign,
        "own_sign_note": view.own_sign_note,
    }
