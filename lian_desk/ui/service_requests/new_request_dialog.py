"""发起服务: which service, for which illness, what is wanted; a service that is out says why."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from lian_desk.models.vocabulary import Channel, ServiceKind
from lian_desk.services.request_views.forms import DiseaseChoice, KindOffer, NewRequestView
from lian_desk.services.service_requests import OpenRequest
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField, ComboField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.fields import Field, FieldProblem, FieldSpec, TextField
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.lists.checklist import ChecklistChips
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.cards import Card, Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_CHANNELS: Final = (Channel.WECOM, Channel.LIAN_APP, Channel.HOTLINE, Channel.PHONE, Channel.WALK_IN)


class KindField(Field):
    """The five services with what is left of each; one that is out is dimmed, and its reason stands below.

    Signals:
        chosen(object): the :class:`KindOffer` that was picked.
    """

    chosen = Signal(object)

    def __init__(self, spec: FieldSpec, offers: tuple[KindOffer, ...], parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.offers = {offer.kind.value: offer for offer in offers}
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self.takes_any = False
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setSpacing(8)
        for number, offer in enumerate(offers):
            button = QPushButton(_kind_words(offer))
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _on=False, value=offer.kind.value: self._pick(value))
            self._group.addButton(button)
            self.buttons[offer.kind.value] = button
            grid.addWidget(button, number // 3, number % 3)
        grid.setColumnStretch(3, 1)
        self._place(holder, self.buttons[offers[0].kind.value])

    def value(self) -> Any:
        """Return the chosen service; one that is out is refused with its reason, unless ``takes_any`` for a draft."""
        offer = self.offer
        if offer is None:
            message = "请选择服务项目。"
            raise FieldProblem(message)
        if offer.reasons and not self.takes_any:
            reason = offer.reasons[0]
            message = f"{reason.words}（{reason.clause.id}）"
            raise FieldProblem(message)
        return offer.kind

    @property
    def offer(self) -> KindOffer | None:
        """The service that is picked."""
        raw = self.raw()
        return self.offers.get(raw) if isinstance(raw, str) else None

    def raw(self) -> Any:
        """Return the value of the picked service."""
        return next((value for value, button in self.buttons.items() if button.isChecked()), None)

    def set_raw(self, raw: Any) -> None:
        """Pick a service."""
        if raw in self.buttons:
            self.buttons[raw].setChecked(True)

    def _pick(self, value: str) -> None:
        self._touched()
        self.chosen.emit(self.offers[value])


def _kind_words(offer: KindOffer) -> str:
    if offer.balance is None:
        return f"{phrase(offer.kind)} · 不限次"
    return f"{phrase(offer.kind)} · 余 {offer.balance.left} 次"


def _disease_words(choice: DiseaseChoice) -> str:
    return f"{phrase(choice.certainty)} · {choice.name}（{phrase(choice.severity)}）"


class NewRequestDialog(OrderDialog):
    """Takes in a request and submits it. ``saved`` carries the key of the request."""

    def __init__(self, context: UiContext, view: NewRequestView, parent: QWidget | None = None) -> None:
        super().__init__(context, f"发起服务 · {view.file_number}", primary="提交申请", width=680, parent=parent)
        self._view = view
        offer_materials(self, context, view.file_id)
        self._submit_now = True
        self.kind = KindField(FieldSpec(name="kind", label="服务项目"), view.kinds)
        self.reasons = Notice("", Tone.BROKEN)
        self.disease = ComboField(
            FieldSpec(name="disease_entry_id", label="疾病", why="每次申请都要对应一项确诊或疑似的疾病（R8）。"),
            [(choice.entry_id, _disease_words(choice)) for choice in view.diseases],
        )
        self.papers = Card("材料")
        self.chips = ChecklistChips(columns=3)
        self.papers.add(self.chips)
        self.need = TextField(
            FieldSpec(name="need_text", label="服务需求", placeholder="客户的原话或要点：时间、地点、医院、偏好"),
            lines=4,
        )
        self.channel = ChoiceField(
            FieldSpec(name="channel", label="渠道"),
            [FilterChoice(channel.value, phrase(channel)) for channel in _CHANNELS],
        )
        self.received = DateTimeField(FieldSpec(name="received_at", label="收到需求的时间"))
        self.form.add_row(self.kind)
        self.form.add_widget(self.reasons)
        self.form.add_row(self.disease)
        self.form.add_widget(self.papers)
        self.form.add_row(self.need)
        self.form.add_row(self.channel)
        self.form.add_row(self.received)
        self.draft_button = SecondaryButton("存为草稿", self._save_draft)
        self.foot.insertWidget(self.foot.count() - 1, self.draft_button)
        self._fill()
        self.kind.chosen.connect(lambda _offer: self._show_reasons())
        self.disease.edited.connect(self._show_papers)
        self.keep_draft(f"new_request:{view.file_id}", desk_drafts(context), restored=self._show_reasons)
        self._show_reasons()
        self.need.focus()

    def command(self, values: dict[str, Any]) -> OpenRequest:
        """Override: open the request."""
        return OpenRequest(
            command_id=self.command_id,
            assistance_file_id=self._view.file_id,
            kind=values["kind"],
            disease_entry_id=values["disease_entry_id"],
            need_text=values["need_text"],
            channel=Channel(values["channel"]),
            received_at=values["received_at"],
            application_id=self._view.application_id,
            submit=self._submit_now,
        )

    def _save_draft(self) -> None:
        """Keep the request as a draft in the file: the rules are asked when it is submitted."""
        self._submit_now, self.kind.takes_any = False, True
        self.try_submit()
        self._submit_now, self.kind.takes_any = True, False

    def _fill(self) -> None:
        view = self._view
        fitting = [offer.kind for offer in view.kinds if not offer.reasons]
        wanted = view.wanted_kind or (fitting[0] if fitting else ServiceKind.CASE_MANAGEMENT)
        self.form.set_values(
            {
                "kind": wanted.value,
                "channel": view.channel.value if view.channel in _CHANNELS else Channel.WECOM.value,
                "received_at": view.received_at,
                "need_text": view.need_text,
            }
        )
        if view.diseases:
            self.disease.set_value(view.diseases[0].entry_id)

    def _show_papers(self) -> None:
        """Show what the service asks for with the illness that is chosen, and what of it is there."""
        offer = self.kind.offer
        try:
            entry = self.disease.value()
        except FieldProblem:
            entry = None
        lines = self._view.checklists.get((offer.kind, entry), ()) if offer is not None else ()
        self.chips.show_lines(lines)
        self.papers.setVisible(bool(lines))
        missing = sum(line.is_missing and line.is_required for line in lines)
        self.papers.title.setText(
            f"材料 · 还缺 {missing} 种必须的，提交后可以一键请客户补充" if missing else "材料 · 必须的都有了"
        )

    def _show_reasons(self) -> None:
        self._show_papers()
        offer = self.kind.offer
        if offer is None:
            self.reasons.set_notice("")
            return
        if offer.reasons:
            words = "\n".join(f"{line.words}（{line.clause.id} {line.clause.place}）" for line in offer.reasons)
            self.reasons.set_notice(words, Tone.BROKEN)
        else:
            warnings = "\n".join(f"{line.words}（{line.clause.id}）" for line in offer.warnings)
            self.reasons.set_notice(warnings, Tone.RISK)
