"""The form of a paper: kind, what about, for whose eyes, period, pages, correction, folder; and the order it means."""

from datetime import date
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths

from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.papers.choices import PaperChoices
from lian_desk.services.papers.orders import WITH_PERIOD, WITH_SUBJECT, ExportOrder, usual_reader
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.fields import FieldProblem
from lian_desk.ui.common.forms.forms import ChoiceField, ComboField, DateField, FieldSpec, Form, LineField
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.papers.folder_field import FolderField
from lian_desk.ui.papers.pages_field import PagesField

#: A pack for a hospital is put together in a dialog of its own, page by page.
FILE_KINDS: Final = tuple(
    kind for kind in DocumentKind if kind not in {DocumentKind.TEAM_SUMMARY, DocumentKind.DISCLOSURE_PACK}
)
_SUBJECT_WORDS: Final = {DocumentKind.BOOKING_NOTICE: "哪次预约", DocumentKind.EDUCATION_LEAFLET: "哪次宣教"}
_NO_SUBJECT: Final = {
    DocumentKind.BOOKING_NOTICE: "这份档案还没有预约。",
    DocumentKind.EDUCATION_LEAFLET: "这份档案还没有宣教记录。",
}


class PaperForm:
    """Fills a :class:`Form` with the fields of papers and shows those that a kind asks for."""

    def __init__(self, form: Form, kind: DocumentKind, file_id: int | None) -> None:
        """Add the fields for papers of ``file_id``, or of the team for ``None``."""
        self._form = form
        self._file_id = file_id
        self._choices: PaperChoices | None = None
        self._wanted_subject: int | None = None
        self._wanted_correction: int | None = None
        kinds = FILE_KINDS if file_id is not None else (DocumentKind.TEAM_SUMMARY,)
        self._add_fields([(choice, phrase(choice)) for choice in kinds])
        self.kind = kind
        form.set_values({"kind": kind, "masking": usual_reader(kind).value, "folder": documents_folder()})
        self.show_kind()

    # ------------------------------------------------------------------------------------------------- reading

    def follow_kind(self) -> bool:
        """Take over the kind that is chosen; True when it is another one."""
        chosen = self._quiet("kind")
        # a box of choices gives the plain word of a member back
        if chosen is None or DocumentKind(chosen) is self.kind:
            return False
        self.kind = DocumentKind(chosen)
        self._form.set_values({"masking": usual_reader(self.kind).value})
        self.show_kind()
        return True

    @property
    def masking(self) -> MaskingLevel:
        """For whose eyes the paper is, as chosen."""
        return MaskingLevel(self._form.fields["masking"].raw() or MaskingLevel.INTERNAL)

    @property
    def missing_subject(self) -> str:
        """Why there is nothing to see yet; empty when there is."""
        if self.kind not in WITH_SUBJECT or self._quiet("subject") is not None:
            return ""
        if self._choices is not None and not self._choices.subjects(self.kind):
            return _NO_SUBJECT[self.kind]
        return f"请选择{_SUBJECT_WORDS[self.kind]}。"

    def draft_order(self) -> ExportOrder:
        """Return what can be shown for what stands in the form; unreadable fields count as empty."""
        return ExportOrder(
            kind=self.kind,
            file_id=self._file_id,
            masking=self.masking,
            recipient=self._quiet("recipient") or "",
            period=self._period(self._quiet("period_from"), self._quiet("period_to")),
            subject_id=self._quiet("subject"),
            pages=self._quiet("pages") or () if self.kind is DocumentKind.MEDICAL_SHEET else (),
        )

    def order(self, values: dict[str, Any]) -> ExportOrder:
        """Return what the checked values of the form ask for."""
        return ExportOrder(
            kind=self.kind,
            file_id=self._file_id,
            masking=self.masking,
            recipient=values.get("recipient") or "",
            purpose=values.get("purpose") or "",
            period=self._period(values.get("period_from"), values.get("period_to")),
            subject_id=values.get("subject"),
            pages=values.get("pages") or (),
            corrects_id=values.get("corrects"),
            correction_reason=values.get("correction_reason") or "",
        )

    def fault(self, values: dict[str, Any]) -> tuple[str, str] | None:
        """Return field and sentence of what does not fit together, or None."""
        first, last = values.get("period_from"), values.get("period_to")
        if (first is None) != (last is None):
            return "period_to" if last is None else "period_from", "起止日期请一起填写，或都留空。"
        if first is not None and last is not None and last < first:
            return "period_to", "止日早于起日，请核对。"
        if self.masking is MaskingLevel.REVEALED and not values.get("purpose"):
            return "purpose", "导出未遮盖的个人信息，请写明用途或交给谁（R90）。"
        if values.get("corrects") is not None and not values.get("correction_reason"):
            return "correction_reason", "更正会写在新件上，请说明原因（R92）。"
        return None

    # ------------------------------------------------------------------------------------------------- showing

    def want(self, *, subject_id: int | None = None, corrects_id: int | None = None) -> None:
        """Choose a booking, note or paper to correct as soon as the choices are there."""
        self._wanted_subject, self._wanted_correction = subject_id, corrects_id

    def show_choices(self, choices: PaperChoices) -> None:
        """Offer what was read of the file."""
        self._choices = choices
        pages = self._form.fields["pages"]
        if isinstance(pages, PagesField):
            pages.set_materials(choices.materials)
        self.show_kind()

    def show_kind(self) -> None:
        """Show the fields that the kind asks for, and hide the others."""
        kind, fields = self.kind, self._form.fields
        fields["kind"].setVisible(self._file_id is not None)
        fields["masking"].setVisible(self._file_id is not None)
        for name in ("period_from", "period_to"):
            fields[name].setVisible(kind in WITH_PERIOD)
        fields["subject"].setVisible(kind in WITH_SUBJECT)
        fields["pages"].setVisible(kind is DocumentKind.MEDICAL_SHEET)
        self._offer_subjects()
        self._offer_corrections()
        self.follow_choices()

    def follow_choices(self) -> None:
        """Show what the reader and the correction ask for."""
        fields = self._form.fields
        fields["recipient"].setVisible(self.masking is MaskingLevel.HOSPITAL)
        fields["correction_reason"].setVisible(self._quiet("corrects") is not None)

    def _offer_subjects(self) -> None:
        field = self._form.fields["subject"]
        if not isinstance(field, ComboField) or self.kind not in WITH_SUBJECT:
            return
        subjects = self._choices.subjects(self.kind) if self._choices is not None else ()
        field.set_choices([(choice.key, choice.words) for choice in subjects])
        keys = [choice.key for choice in subjects]
        if self._wanted_subject in keys:
            field.set_value(self._wanted_subject)
        elif keys and self._quiet("subject") not in keys:
            field.set_value(keys[0])

    def _offer_corrections(self) -> None:
        field = self._form.fields["corrects"]
        known = self._choices.corrections if self._choices is not None else ()
        same = [(choice.key, choice.words) for choice in known if choice.kind is self.kind]
        if isinstance(field, ComboField):
            field.set_choices(same)
            if self._wanted_correction in [key for key, _words in same]:
                field.set_value(self._wanted_correction)
        field.setVisible(bool(same))

    def _quiet(self, name: str) -> Any:
        try:
            return self._form.fields[name].value()
        except FieldProblem:
            return None

    def _period(self, first: date | None, last: date | None) -> tuple[date, date] | None:
        if self.kind not in WITH_PERIOD or first is None or last is None or last < first:
            return None
        return first, last

    def _add_fields(self, kinds: list[tuple[DocumentKind, str]]) -> None:
        form = self._form
        form.add_row(ComboField(FieldSpec(name="kind", label="文书"), kinds))
        form.add_row(ComboField(FieldSpec(name="subject", label="关于")))
        levels = [FilterChoice(level.value, phrase(level)) for level in MaskingLevel]
        form.add_row(ChoiceField(FieldSpec(name="masking", label="给谁看"), levels))
        why = "交给医疗机构的内容与页面记入信息提供记录（R21）。"
        form.add_row(LineField(FieldSpec(name="recipient", label="交给哪家医院、哪个科室", why=why, most=200)))
        form.add_row(
            LineField(
                FieldSpec(
                    name="purpose",
                    label="用途",
                    optional=True,
                    placeholder="例如：归档、就诊",
                    why="与导出一起记入操作记录；不遮盖时必填。",
                    most=200,
                )
            )
        )
        form.add_row(
            DateField(FieldSpec(name="period_from", label="期间起", optional=True, placeholder="建档日")),
            DateField(FieldSpec(name="period_to", label="期间止", optional=True, placeholder="今日")),
        )
        form.add_row(
            PagesField(FieldSpec(name="pages", label="附材料页面", optional=True, why="只附选中的页面（R67）。"))
        )
        form.add_row(
            ComboField(
                FieldSpec(
                    name="corrects",
                    label="更正已签发的",
                    optional=True,
                    placeholder="不是更正",
                    why="更正是新的一份，写明旧件编号；旧件保留，校验时会提示已被更正（R92）。",
                )
            )
        )
        form.add_row(LineField(FieldSpec(name="correction_reason", label="更正原因", optional=True, most=200)))
        form.add_row(FolderField(FieldSpec(name="folder", label="保存到", why="文件名只含档案号与记录编号。")))


def documents_folder() -> str:
    """Return the user's folder for documents, or the home folder."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return str(folder if folder.is_dir() else Path.home())
