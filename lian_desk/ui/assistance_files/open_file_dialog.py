"""新建档案: everything known on the first day, in one dialog and one transaction (R16 to R19)."""

from typing import Any, Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.vocabulary import FactSource, IdentityCheckMethod, IdentityDocumentKind, SignerKind
from lian_desk.services.assistance_files.previews import (
    PersonPreview,
    preview_birth,
    preview_identity_number,
    preview_policy,
    tells_birth,
)
from lian_desk.services.service_requests.applications import ApplicationPrefill
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files import file_fields
from lian_desk.ui.assistance_files.open_file_values import EVIDENCE_PLACES, further_file_command, open_file_command
from lian_desk.ui.assistance_files.step_rail import StepRail
from lian_desk.ui.common.forms.choice_fields import CheckField
from lian_desk.ui.common.forms.date_fields import DateField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.fields import Field, FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label, section_title
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_WIDTH: Final = 920
_HEIGHT: Final = 760
_LEAST_HEIGHT: Final = 480
_MARGIN: Final = 60
_CARD_LENGTH: Final = 18

#: Parts that may be left for later; the first field begins the part, then the others are asked too.
_OPTIONAL_PARTS: Final = {
    "疾病": ("disease_code", "certainty", "noted_on", "disease_evidence"),
    "信息授权": ("signer_kind", "signer_name", "signed_at", "evidence_form", "authorization_evidence"),
}


class OpenFileDialog(FormDialog):
    """Opens an assistance file. ``saved`` carries its key."""

    def __init__(
        self, context: UiContext, application: ApplicationPrefill | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("新建档案", primary="建立档案", width=_WIDTH, parent=parent)
        self._context = context
        self._application_id = application.application_id if application is not None else None
        self._command_id = context.desk.new_id()
        self._person_note = label("", "accent")
        self._policy_note = label("", "secondary")
        self._later = Notice("", Tone.NEUTRAL)
        self._parts: dict[str, tuple[QLabel, list[Field]]] = {}
        self.rail = StepRail(self.area)
        self.middle.insertWidget(0, self.rail)
        self.twin = link_button("打开已有档案", self._open_twin)
        self.twin.hide()
        self.further = link_button("为同一人的另一份保单建档", self._open_further)
        self.further.setToolTip("同一被保险人的两份保单各有一份档案，权益分别计算。")
        self.further.hide()
        self._twin_id: int | None = None
        self._is_further = False
        self.foot.insertWidget(0, self.twin)
        self.foot.insertWidget(1, self.further)
        if application is not None:
            self.foot.insertWidget(2, link_button("归入已有档案或结束申请", self._settle))
        self._build(application)
        self.form.edited.connect(self._show_consequences)
        for name in ("identity_number", "identity_document"):
            self.form.fields[name].edited.connect(self._check_number)
        self.form.fields["signer_kind"].edited.connect(self._help_signer)
        key = "open_file" if application is None else f"open_file:{application.application_id}"
        self.keep_draft(key, desk_drafts(context), restored=self._after_draft)
        self._show_consequences()
        room = parent.window().height() - _MARGIN if parent is not None else _HEIGHT
        self.resize(_WIDTH, max(_LEAST_HEIGHT, min(_HEIGHT, room)))

    def showEvent(self, event: QShowEvent) -> None:
        """Override: begin with the name."""
        super().showEvent(event)
        self.form.fields["name"].focus()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: open the file in one transaction."""
        self.twin.hide()
        self.further.hide()
        product = self._context.desk.pack.product.code
        first = open_file_command(self._command_id, values, product, self._application_id)
        twin = self._twin_id if self._is_further else None
        command = first if twin is None else further_file_command(first, twin)
        self._is_further = False
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def try_submit(self) -> None:
        """Override: what was begun must be whole, before anything is written."""
        for names in _OPTIONAL_PARTS.values():
            held = {name: bool(self.form.fields[name].raw()) for name in names}
            if any(held.values()) and not all(held.values()):
                missing = next(name for name, is_held in held.items() if not is_held)
                self.form.show_error(missing, "已开始填写这一部分，请补全此项，或清空这一部分。")
                self._show_consequences()
                return
        super().try_submit()
        if not self.is_busy and not self.form.fields["identity_number"].error:
            # the look at every field took the sentence of a wrong number away with the others
            self._check_number()
        self._show_consequences()

    def refuse(self, error: BaseException) -> None:
        """Override: a twin can be opened from here; a refusal about a hidden field stands above the buttons."""
        if isinstance(error, DeskError):
            named = str(error.parameters.get("field", ""))
            error.parameters["field"] = EVIDENCE_PLACES.get((named, error.clause or ""), named)
        super().refuse(error)
        self._show_consequences()
        if not isinstance(error, DeskError):
            return
        field = self.form.fields.get(str(error.parameters.get("field", "")))
        if field is not None and field.isHidden():
            self.show_banner(sentence(error))
        if error.code in {ErrorCode.PERSON_EXISTS, ErrorCode.POLICY_EXISTS}:
            twin = error.parameters.get("file_id")
            self._twin_id = twin if isinstance(twin, int) else None
            self.twin.setVisible(self._twin_id is not None)
            self.further.setVisible(self._twin_id is not None and error.code is ErrorCode.PERSON_EXISTS)

    # ------------------------------------------------------------------------------------------------------ building

    def _build(self, application: ApplicationPrefill | None) -> None:
        if application is not None:
            words = f"来自申请：{application.contact} · {phrase(application.channel)} · {application.need_text}"
            self.form.add_widget(Notice(words, Tone.INFO))
        for title, fill in (
            ("被保险人", self._add_person),
            ("监护人", self._add_guardian),
            ("保单", self._add_policy),
            ("疾病", lambda: file_fields.add_disease_fields(self.form, optional=True)),
            ("病史与用药", lambda: file_fields.add_history_fields(self.form)),
            ("信息授权", self._add_authorization),
        ):
            heading = section_title(title)
            before = set(self.form.fields)
            self.form.add_widget(heading)
            fill()
            self._parts[title] = (heading, [field for name, field in self.form.fields.items() if name not in before])
            self.rail.add_part(title, heading)
        self.form.add_widget(self._later)
        self.form.set_values(
            {
                "identity_document": IdentityDocumentKind.RESIDENT_IDENTITY_CARD.value,
                "identity_method": IdentityCheckMethod.DOCUMENT_SEEN.value,
                "status_source": FactSource.INSURER_SYSTEM.value,
            }
        )
        if application is not None:
            self.form.set_values({"name": application.name, "phone": application.phone})

    def _add_person(self) -> None:
        document, number, sex, born_on = file_fields.identity_fields()
        name = LineField(FieldSpec(name="name", label="姓名", asked="name"))
        phone = LineField(FieldSpec(name="phone", label="手机号", asked="phone"))
        self.form.add_row(name, phone)
        self.form.add_row(CheckField(FieldSpec(name="phone_declined", label="被保险人不愿提供电话", optional=True)))
        self.form.add_row(file_fields.former_names_field())
        self.form.add_row(document)
        self.form.add_row(number)
        self.form.add_widget(self._person_note)
        self.form.add_row(sex, born_on)
        file_fields.add_identity_check(self.form)

    def _add_guardian(self) -> None:
        relation, name, number, phone, proof = file_fields.guardian_fields()
        self.form.add_row(relation)
        self.form.add_row(name, phone)
        self.form.add_row(number, proof)

    def _add_policy(self) -> None:
        self.form.add_row(
            LineField(FieldSpec(name="policy_number", label="保单号", asked="policy_number")),
            DateField(FieldSpec(name="effective_on", label="生效日期", asked="effective_on")),
        )
        self.form.add_widget(self._policy_note)
        self.form.add_row(
            LineField(FieldSpec(name="policyholder_name", label="投保人姓名", asked="policyholder_name")),
            file_fields.source_field(),
        )

    def _add_authorization(self) -> None:
        words = self._context.desk.pack.texts.truth_declaration
        file_fields.add_authorization_fields(self.form, words, optional=True)

    # ------------------------------------------------------------------------------------------------------ telling

    def _after_draft(self) -> None:
        file_fields.show_all_history_lines(self.form)
        self._show_consequences()

    def _show_consequences(self) -> None:
        fields = self.form.fields
        is_card = tells_birth(*self._document())
        for name in ("sex", "born_on"):
            fields[name].setVisible(not is_card)
        fields["phone"].setVisible(not fields["phone_declined"].raw())
        preview = self._preview_person(is_card=is_card)
        needs_guardian = preview is not None and preview.needs_guardian
        heading, guardian = self._parts["监护人"]
        heading.setVisible(needs_guardian)
        for field in guardian:
            field.setVisible(needs_guardian)
        self._show_person(preview)
        self._show_policy()
        self._show_parts(needs_guardian=needs_guardian)

    def _document(self) -> tuple[str, str]:
        """Return kind and number of the document as they stand in the form."""
        fields = self.form.fields
        return str(fields["identity_document"].raw() or ""), str(fields["identity_number"].raw() or "").strip()

    def _preview_person(self, *, is_card: bool) -> PersonPreview | None:
        desk = self._context.desk
        if is_card:
            document, number = self._document()
            return preview_identity_number(desk, document, number) if number else None
        try:
            born_on = self.form.fields["born_on"].value()
        except FieldProblem:
            return None
        return preview_birth(desk, born_on, None) if born_on else None

    def _show_person(self, preview: PersonPreview | None) -> None:
        if preview is None or preview.born_on is None:
            self._person_note.hide()
            return
        parts = [phrase(preview.sex) if preview.sex else "", formats.iso_day(preview.born_on), f"{preview.age} 岁"]
        if preview.needs_guardian:
            parts.append("未成年，由监护人代为启用服务，请登记监护人")
        self._person_note.setText(" · ".join(filter(None, parts)))
        self._person_note.show()

    def _check_number(self) -> None:
        """Check a whole number at once, beneath the field; a half one is still being typed."""
        field = self.form.fields["identity_number"]
        document, text = self._document()
        if tells_birth(document, text) and len(text) >= _CARD_LENGTH:
            field.show_error(preview_identity_number(self._context.desk, document, text).problem)
        else:
            field.show_error("")
        self._show_consequences()

    def _show_policy(self) -> None:
        try:
            effective_on = self.form.fields["effective_on"].value()
        except FieldProblem:
            effective_on = None
        self._policy_note.setVisible(effective_on is not None)
        if effective_on is None:
            return
        preview = preview_policy(self._context.desk, effective_on)
        if preview.policy_year is None:
            words = f"今天不在前 {preview.covered_years} 个保单年度内"
        else:
            days = f"{preview.remaining_days:,}"
            words = f"第 {preview.policy_year} / {preview.covered_years} 保单年度 · 服务期限剩 {days} 天"
        self._policy_note.setText(words)

    def _show_parts(self, *, needs_guardian: bool) -> None:
        """Tell at the left which part is filled, and below the form what is left for later."""
        later = []
        for title, (_heading, fields) in self._parts.items():
            asked = [field for field in fields if not field.isHidden()]
            if title in _OPTIONAL_PARTS or title == "病史与用药":
                wanted = _OPTIONAL_PARTS.get(title) or tuple(field.spec.name for field in asked)
                held = [bool(self.form.fields[name].raw()) for name in wanted]
                words, tone = ("待补", Tone.NEUTRAL) if not any(held) else ("填写中", Tone.RISK)
                if not any(held):
                    later.append(title)
            else:
                held = [bool(field.raw()) for field in asked if not field.spec.optional]
                words, tone = "待填", Tone.RISK
            if all(held):
                words, tone = "", Tone.KEPT
            if any(field.error for field in asked):
                words, tone = "需更正", Tone.BROKEN
            self.rail.set_part(title, words, tone, is_shown=title != "监护人" or needs_guardian)
        self._later.set_notice(f"{'、'.join(later)}尚未填写：可以先建立档案，开启服务之前需补全。" if later else "")

    def _help_signer(self) -> None:
        """The signer's name and this moment are what is usual; both can be changed."""
        fields = self.form.fields
        named = {SignerKind.INSURED.value: "name", SignerKind.GUARDIAN.value: "guardian_name"}
        source = named.get(str(fields["signer_kind"].raw() or ""))
        if source is not None and not fields["signer_name"].raw():
            fields["signer_name"].set_value(fields[source].raw())
        if source is not None and not fields["signed_at"].raw():
            fields["signed_at"].set_value(self._context.desk.clock.now())
        self._show_consequences()

    def _settle(self) -> None:
        self.suspend()
        self._context.navigator.start("settle_application", self._application_id)

    def _open_further(self) -> None:
        self._is_further = True
        self.try_submit()
        # a form that is not whole was not sent: the next try means what its own button says
        self._is_further = self._is_further and self.is_busy

    def _open_twin(self) -> None:
        if self._twin_id is not None:
            self.suspend()
            self._context.navigator.open_file(self._twin_id)
