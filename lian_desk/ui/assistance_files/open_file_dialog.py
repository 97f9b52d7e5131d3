"""新建档案: everything known on the first day, in one dialog and one transaction (R16 to R19)."""

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.models.vocabulary import FactSource, IdentityCheckMethod, IdentityDocumentKind, Sex
from lian_desk.services import formats
from lian_desk.services.applications import ApplicationView
from lian_desk.services.assistance_files import OpenAssistanceFile, PersonInput
from lian_desk.services.file_previews import PersonPreview, preview_birth, preview_identity_number, preview_policy
from lian_desk.services.policies import PolicyInput
from lian_desk.services.wording import phrase
from lian_desk.ui.assistance_files import file_fields
from lian_desk.ui.common.buttons import link_button
from lian_desk.ui.common.cards import Notice
from lian_desk.ui.common.choice_fields import CheckField
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.date_fields import DateField
from lian_desk.ui.common.desk_drafts import desk_drafts
from lian_desk.ui.common.fields import FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.form_dialog import FormDialog
from lian_desk.ui.common.text import label, section_title
from lian_desk.ui.common.tokens import Tone

_WIDTH = 760
_HEIGHT = 760


class OpenFileDialog(FormDialog):
    """Opens an assistance file. ``saved`` carries its key."""

    def __init__(
        self, context: UiContext, application: ApplicationView | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("新建档案", primary="建立档案", width=_WIDTH, parent=parent)
        self._context = context
        self._application = application
        self._person_note = label("", "accent")
        self._policy_note = label("", "secondary")
        self._guardian_title = section_title("监护人（未成年人由监护人代为启用服务）")
        self._guardian: tuple[Any, ...] = ()
        self._twin = link_button("打开已有档案", self._open_twin)
        self._twin.hide()
        self._twin_id: int | None = None
        self.foot.insertWidget(0, self._twin)
        if application is not None:
            words = f"来自申请：{application.contact_name} · {phrase(application.channel)} · {application.need_text}"
            self.form.add_widget(Notice(words, Tone.INFO))
        self._add_person()
        self._add_guardian()
        self._add_policy()
        self.form.add_section("疾病")
        file_fields.add_disease_fields(self.form, optional=True)
        self.form.add_section("病史与用药")
        file_fields.add_history_fields(self.form)
        self.form.add_section("信息授权")
        file_fields.add_authorization_fields(self.form, context.desk.pack.texts.truth_declaration, optional=True)
        self.form.set_values(
            {
                "identity_document": IdentityDocumentKind.RESIDENT_IDENTITY_CARD.value,
                "identity_method": IdentityCheckMethod.DOCUMENT_SEEN.value,
                "status_source": FactSource.INSURER_SYSTEM.value,
            }
        )
        self.form.edited.connect(self._show_consequences)
        key = "open_file" if application is None else f"open_file:{application.application_id}"
        self.keep_draft(key, desk_drafts(context), restored=self._after_draft)
        self._show_consequences()
        self.resize(_WIDTH, _HEIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        """Override: begin with the name."""
        super().showEvent(event)
        self.form.fields["name"].focus()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: open the file in one transaction."""
        self._twin.hide()
        desk = self._context.desk
        disease = file_fields.disease_input(values)
        declined = bool(values["phone_declined"])
        sex = values.get("sex")
        command = OpenAssistanceFile(
            command_id=desk.new_id(),
            person=PersonInput(
                name=values["name"],
                identity_document=IdentityDocumentKind(values["identity_document"]),
                identity_number=values["identity_number"],
                phone=values.get("phone") or "",
                phone_declined=declined,
                sex=Sex(sex) if sex else None,
                born_on=values.get("born_on"),
            ),
            policy=PolicyInput(
                policy_number=values["policy_number"],
                effective_on=values["effective_on"],
                policyholder_name=values["policyholder_name"],
                product_code=desk.pack.product.code,
                status_source=FactSource(values["status_source"]),
            ),
            identity_method=IdentityCheckMethod(values["identity_method"]),
            identity_note=values["identity_note"] or "",
            guardian=file_fields.guardian_input(values) if "guardian_name" in values else None,
            diseases=(disease,) if disease is not None else (),
            history=file_fields.history_inputs(values),
            authorization=file_fields.authorization_input(values),
            application_id=self._application.application_id if self._application else None,
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def try_submit(self) -> None:
        """Override: what was begun must be whole, before anything is written."""
        for first, others in (
            ("disease_code", ("certainty", "noted_on", "disease_evidence")),
            ("signer_kind", ("signer_name", "signed_at", "evidence_form", "authorization_evidence")),
        ):
            begun = bool(self.form.fields[first].raw())
            for name in others:
                if begun and not self.form.fields[name].raw():
                    self.form.show_error(name, "已开始填写这一部分，请补全此项，或清空这一部分。")
                    return
        super().try_submit()

    def refuse(self, error: BaseException) -> None:
        """Override: a twin can be opened from here."""
        super().refuse(error)
        if isinstance(error, DeskError) and error.code in {ErrorCode.PERSON_EXISTS, ErrorCode.POLICY_EXISTS}:
            twin = error.parameters.get("file_id")
            self._twin_id = twin if isinstance(twin, int) else None
            self._twin.setVisible(self._twin_id is not None)

    # ------------------------------------------------------------------------------------------------------ inside

    def _add_person(self) -> None:
        document, number, sex, born_on = file_fields.identity_fields()
        self.form.add_section("被保险人")
        self.form.add_row(
            LineField(FieldSpec(name="name", label="姓名", why="与保单及材料上的姓名核对（R1、R16）。")),
        )
        self.form.add_row(document)
        self.form.add_row(number)
        self.form.add_widget(self._person_note)
        self.form.add_row(sex, born_on)
        self.form.add_row(
            LineField(FieldSpec(name="phone", label="手机号", why="用于告知预约情况与随访；可以不提供（R22）。")),
            CheckField(FieldSpec(name="phone_declined", label="不愿提供电话", optional=True)),
            stretches=(2, 1),
        )
        file_fields.add_identity_check(self.form)

    def _add_guardian(self) -> None:
        relation, name, number, phone, proof = self._guardian = file_fields.guardian_fields()
        self.form.add_widget(self._guardian_title)
        self.form.add_row(relation)
        self.form.add_row(name, phone)
        self.form.add_row(number, proof)

    def _add_policy(self) -> None:
        self.form.add_section("保单")
        self.form.add_row(
            LineField(FieldSpec(name="policy_number", label="保单号")),
            DateField(FieldSpec(name="effective_on", label="生效日期", why="前10个保单年度内可使用服务（R3）。")),
        )
        self.form.add_widget(self._policy_note)
        self.form.add_row(
            LineField(FieldSpec(name="policyholder_name", label="投保人姓名")),
            file_fields.source_field(),
        )

    def _after_draft(self) -> None:
        file_fields.show_all_history_lines(self.form)
        self._show_consequences()

    def _show_consequences(self) -> None:
        fields = self.form.fields
        is_card = fields["identity_document"].raw() == IdentityDocumentKind.RESIDENT_IDENTITY_CARD.value
        for name in ("sex", "born_on"):
            fields[name].setVisible(not is_card)
        declined = bool(fields["phone_declined"].raw())
        fields["phone"].setEnabled(not declined)
        fields["phone"].setVisible(not declined)
        preview = self._preview_person(is_card=is_card)
        needs_guardian = preview is not None and preview.needs_guardian
        self._guardian_title.setVisible(needs_guardian)
        for field in self._guardian:
            field.setVisible(needs_guardian)
        self._show_person(preview)
        self._show_policy()

    def _preview_person(self, *, is_card: bool) -> PersonPreview | None:
        desk = self._context.desk
        if is_card:
            number = str(self.form.fields["identity_number"].raw() or "")
            return preview_identity_number(desk, number) if number.strip() else None
        try:
            born_on = self.form.fields["born_on"].value()
        except FieldProblem:
            return None
        return preview_birth(desk, born_on, None) if born_on else None

    def _show_person(self, preview: PersonPreview | None) -> None:
        field = self.form.fields["identity_number"]
        complete = len(str(field.raw() or "").strip()) >= _CARD_LENGTH
        field.show_error(preview.problem if preview is not None and complete else "")
        if preview is None or preview.born_on is None:
            self._person_note.hide()
            return
        parts = [phrase(preview.sex) if preview.sex else "", formats.iso_day(preview.born_on), f"{preview.age} 岁"]
        if preview.needs_guardian:
            parts.append("未成年，需登记监护人")
        self._person_note.setText(" · ".join(filter(None, parts)))
        self._person_note.show()

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
            words = f"第 {preview.policy_year} / {preview.covered_years} 保单年度 · 服务期限剩 {preview.remaining_days:,} 天"
        self._policy_note.setText(words)

    def _open_twin(self) -> None:
        if self._twin_id is None:
            return
        self.suspend()
        self._context.navigator.open_file(self._twin_id)


_CARD_LENGTH = 18
