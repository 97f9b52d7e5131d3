"""确认需求: hospital, department, expert or examination, time, notice; the rules answer while it is typed."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from lian_desk.models.vocabulary import ExaminationCode, ExpertHonour, ExpertTitle, ServiceKind
from lian_desk.services.request_views.requirement_form import RequirementAnswer, RequirementForm, ask_rules
from lian_desk.services.rules.citations import place_of
from lian_desk.services.service_requests import ConfirmRequirement, NoticeGiven, RequirementGiven
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField, ComboField
from lian_desk.ui.common.forms.date_fields import DateField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.evidence_fields import EvidenceFields, material_words
from lian_desk.ui.common.forms.fields import Field, FieldProblem, FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.hospital_field import HospitalField
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import Chip, FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_ASK_AFTER_MS: Final = 250
_YES, _NO = "yes", "no"


class HonoursField(Field):
    """Honours of an expert, any number of them; a chip says at once whether they make him renowned."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.buttons: dict[str, QPushButton] = {}
        self.renowned = Chip("知名专家", Tone.INFO)
        self.renowned.hide()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for honour in ExpertHonour:
            button = QPushButton(phrase(honour))
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False: self._touched())
            self.buttons[honour.value] = button
            row.addWidget(button)
        row.addWidget(self.renowned)
        row.addStretch(1)
        self._place(holder, next(iter(self.buttons.values())))

    def raw(self) -> Any:
        """Return the chosen values as text, in the order of the vocabulary."""
        return ",".join(value for value, button in self.buttons.items() if button.isChecked())

    def set_raw(self, raw: Any) -> None:
        """Choose values."""
        wanted = set(str(raw or "").split(","))
        for value, button in self.buttons.items():
            button.setChecked(value in wanted)

    def value(self) -> Any:
        """Return the chosen honours."""
        return tuple(ExpertHonour(word) for word in str(self.raw()).split(",") if word)


class RequirementDialog(OrderDialog):
    """Confirms a requirement. ``saved`` carries the key of the request."""

    def __init__(self, context: UiContext, view: RequirementForm, parent: QWidget | None = None) -> None:
        request = view.request
        title = "修改需求" if view.is_revision else "确认需求"
        super().__init__(
            context,
            f"{title} · {phrase(request.kind)} · {request.insured_name}",
            primary="确认需求并开始计时" if view.has_booking else "确认计划",
            width=760,
            parent=parent,
        )
        self._view = view
        offer_materials(self, context, request.file_id)
        self._kind = request.kind
        self._answer: RequirementAnswer | None = None
        self._asked: RequirementGiven | None = None
        self.form.add_widget(label(f"客户需求：{request.need_text}", "secondary", wrap=True))
        self._add_place()
        self._add_notice_fields()
        self.preference = TextField(
            FieldSpec(
                name="preference",
                label="偏好与说明" if view.has_booking else "服务计划",
                optional=view.has_booking,
                most=2000,
            ),
            lines=2 if view.has_booking else 4,
        )
        self.form.add_row(self.preference)
        self.promise = Notice("", Tone.INFO)
        self.form.add_widget(self.promise)
        self.form.add_widget(Notice(view.sample_notice, Tone.RISK))
        self.sample_reason = LineField(
            FieldSpec(
                name="sample_list_reason",
                label="用样例医院名录确认的原因",
                why="正式名录导入之前，名录内外的判断不可作准；原因随需求保存并打印（R31）。",
                most=500,
            )
        )
        self.form.add_row(self.sample_reason)
        self.sample_reason.setVisible(view.asks_sample_reason)
        self.warnings = Notice("", Tone.RISK)
        self.form.add_widget(self.warnings)
        self.warning_reason = LineField(FieldSpec(name="warning_reason", label="继续办理的原因", most=500))
        self.form.add_row(self.warning_reason)
        self._add_confirmation()
        self._fill()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_AFTER_MS)
        self._timer.timeout.connect(self.ask)
        self.form.edited.connect(self._timer.start)
        self.keep_draft(f"requirement:{request.request_id}", desk_drafts(context), restored=self._restored)
        self._show_answer(None)
        self.ask()
        self.resize(760, 760)

    # ----------------------------------------------------------------------------------------------------- fields

    def _add_place(self) -> None:
        view = self._view
        kind = self._kind
        self.hospital = HospitalField(
            FieldSpec(name="hospital_id", label="医院", why="医院名录为准；城市与等级以院区为准（R31、A18）。"),
            self.context,
        )
        self.department = ComboField(
            FieldSpec(
                name="department_text",
                label="科室",
                optional=kind is ServiceKind.EXPEDITED_EXAMINATION,
                placeholder="输入科室，同义名称会自动对应",
            ),
            [(name, name) for name in view.departments],
        )
        # words that are typed and not chosen count too
        self.department.value = self._department_value  # type: ignore[method-assign]
        titles = [FilterChoice(title.value, phrase(title)) for title in ExpertTitle]
        self.title_field = ChoiceField(
            FieldSpec(name="expert_title", label="专家职称", optional=not view.asks_title), titles
        )
        self.expert = LineField(
            FieldSpec(
                name="expert_name",
                label="手术医生" if kind is ServiceKind.SURGERY_COORDINATION else "专家姓名",
                optional=kind is not ServiceKind.SURGERY_COORDINATION,
                most=200,
            )
        )
        self.honours = HonoursField(FieldSpec(name="expert_honours", label="头衔", optional=True))
        self.allowed_note = LineField(
            FieldSpec(name="department_allowed_note", label="主管放行说明", optional=True, most=500)
        )
        self.examination = LineField(FieldSpec(name="examination_text", label="检查项目", most=200))
        codes = [FilterChoice(code.value, phrase(code)) for code in ExaminationCode]
        self.coded_as = ChoiceField(
            FieldSpec(name="examination_coded_as", label="检查单注明的类别", optional=True), codes
        )
        self.from_visit = ChoiceField(
            FieldSpec(name="from_outpatient_visit", label="检查单来自"),
            [FilterChoice(_YES, "门诊就诊"), FilterChoice(_NO, "住院期间")],
        )
        self.from_on = DateField(FieldSpec(name="preferred_from_on", label="拟约时间（从）"))
        self.to_on = DateField(FieldSpec(name="preferred_to_on", label="拟约时间（至）", optional=True))
        self.form.add_row(self.hospital, self.department, stretches=(3, 2))
        self.form.add_row(self.expert)
        self.form.add_row(self.title_field)
        self.form.add_row(self.honours)
        self.form.add_row(self.allowed_note)
        self.form.add_row(self.examination)
        self.form.add_row(self.from_visit, self.coded_as, stretches=(2, 3))
        self.form.add_row(self.from_on, self.to_on)
        is_examination = view.asks_examination
        about_examination: tuple[Field, ...] = (self.examination, self.coded_as, self.from_visit)
        for field in about_examination:
            field.setVisible(is_examination)
        about_expert: tuple[Field, ...] = (self.expert, self.title_field, self.honours)
        for field in about_expert:
            field.setVisible(view.has_booking and not is_examination)
        about_place: tuple[Field, ...] = (self.hospital, self.department, self.from_on, self.to_on)
        for field in about_place:
            field.setVisible(view.has_booking)
        self.allowed_note.setVisible(view.by_lead and view.has_booking)

    def _add_notice_fields(self) -> None:
        view = self._view
        kind = view.notice_kind
        words = phrase(kind) if kind is not None else "通知单"
        papers = sorted(view.evidence.materials, key=lambda paper: paper.kind is not kind)
        self.notice = ComboField(
            FieldSpec(
                name="notice_material_id",
                label=f"{words}（材料）",
                why=view.notice_clause.text if view.notice_clause else "",
                placeholder=f"先在“材料”页收取{words}，再在这里选择",
            ),
            [(paper.material_id, material_words(paper)) for paper in papers],
        )
        self.issuer = HospitalField(FieldSpec(name="notice_hospital_id", label="开具医院"), self.context)
        self.doctor = LineField(
            FieldSpec(name="notice_doctor_name", label="开具医生", optional=view.notice_issuer != "doctor", most=200)
        )
        self.issued_on = DateField(FieldSpec(name="notice_on", label="开具日期"))
        self.team = CheckField(FieldSpec(name="notice_by_team", label="由所指定医生的同组医生签署", optional=True))
        self.order = TextField(
            FieldSpec(
                name="doctors_order",
                label="特殊医嘱",
                optional=True,
                why="定期住院/手术、入院前检查、停药等以医生医嘱为准，不保证可启动加急服务（R44）。",
                most=1000,
            ),
            lines=2,
        )
        if kind is not None:
            self.form.add_section(f"{words}与医嘱")
        self.form.add_row(self.notice)
        self.form.add_row(self.issuer, self.issued_on, stretches=(3, 2))
        self.form.add_row(self.doctor, self.team)
        self.form.add_row(self.order)
        about_notice: tuple[Field, ...] = (self.notice, self.issuer, self.issued_on, self.doctor, self.order)
        for field in about_notice:
            field.setVisible(kind is not None)
        self.team.setVisible(view.notice_issuer == "doctor")

    def _add_confirmation(self) -> None:
        view = self._view
        self.evidence = EvidenceFields(self.form, view.evidence, title="客户确认")
        self.backdating = LineField(
            FieldSpec(
                name="backdating_reason", label="补录原因", optional=True, why="确认时间早于录入较多时填写（R28）。"
            )
        )
        self.revision = LineField(FieldSpec(name="revision_reason", label="修改原因", most=500))
        self.form.add_row(self.backdating)
        self.form.add_row(self.revision)
        self.revision.setVisible(view.is_revision)
        self.form.add_widget(Notice(f"费用告知：{view.fees}（{view.fee_clause.id}）", Tone.INFO))
        self.fees = CheckField(FieldSpec(name="fee_notice_shown", label="已向客户说明费用由被保险人自行承担"))
        self.form.add_row(self.fees)

    def _fill(self) -> None:
        given = self._view.given
        self.hospital.choose(self._view.hospital)
        self.issuer.choose(self._view.notice_hospital)
        self.department.set_raw(given.department_text)
        self.expert.set_raw(given.expert_name)
        self.title_field.set_raw(given.expert_title.value if given.expert_title else None)
        self.honours.set_raw(",".join(honour.value for honour in given.expert_honours))
        self.examination.set_raw(given.examination_text)
        if given.from_outpatient_visit is not None:
            self.from_visit.set_raw(_YES if given.from_outpatient_visit else _NO)
        self.from_on.set_value(given.preferred_from_on)
        self.to_on.set_value(given.preferred_to_on)
        self.preference.set_raw(given.preference)
        self.order.set_raw(given.doctors_order)
        if given.notice is not None:
            self.notice.set_value(given.notice.material_id)
            self.doctor.set_raw(given.notice.doctor_name)
            self.issued_on.set_value(given.notice.issued_on)

    def _department_value(self) -> Any:
        """A department may have a name that nobody listed: what was typed is the value."""
        text = str(self.department.raw()).strip()
        if not text and not self.department.spec.optional:
            message = "请填写科室。"
            raise FieldProblem(message)
        return text or None

    def given(self) -> RequirementGiven:
        """Return the requirement as it stands; what cannot be read yet is left out."""
        notice_id = _or_none(self.notice)
        notice = None
        if self._view.notice_kind is not None and notice_id is not None:
            notice = NoticeGiven(
                material_id=notice_id,
                hospital_id=_or_none(self.issuer),
                doctor_name=str(self.doctor.raw()),
                issued_on=_or_none(self.issued_on),
                is_from_the_team=bool(self.team.raw()),
            )
        title = _or_none(self.title_field)
        coded = _or_none(self.coded_as)
        visit = _or_none(self.from_visit)
        return RequirementGiven(
            hospital_id=_or_none(self.hospital),
            department_text=str(self.department.raw()),
            department_allowed_note=str(self.allowed_note.raw()),
            expert_name=str(self.expert.raw()),
            expert_title=ExpertTitle(title) if title else None,
            expert_honours=self.honours.value(),
            examination_text=str(self.examination.raw()),
            examination_coded_as=ExaminationCode(coded) if coded else None,
            from_outpatient_visit=None if visit is None else visit == _YES,
            preferred_from_on=_or_none(self.from_on),
            preferred_to_on=_or_none(self.to_on),
            preference=str(self.preference.raw()),
            notice=notice,
            doctors_order=str(self.order.raw()),
        )

    def ask(self) -> None:
        """Ask the rules about what stands in the form, off the UI thread."""
        given = self._asked = self.given()
        request = self._view.request
        work = partial(
            ask_rules, self.context.desk, self._kind, given, file_id=request.file_id, request_id=request.request_id
        )
        self.context.runner.read(self, work, partial(self._take_answer, given))

    def _restored(self) -> None:
        self.evidence.show_parts()
        self.ask()

    def _take_answer(self, given: RequirementGiven, answer: RequirementAnswer) -> None:
        if given is self._asked:
            self._show_answer(answer)

    def _show_answer(self, answer: RequirementAnswer | None) -> None:
        """Show refusals beneath their fields, warnings in a band, and the promise that will run."""
        self._answer = answer
        reasons = answer.reasons if answer is not None else ()
        refused = {line.field: f"{line.words}（{line.clause.id} {line.clause.place}）" for line in reversed(reasons)}
        for name, field in self.form.fields.items():
            if name in refused and not _is_empty(field):
                field.show_error(refused[name])
            elif name in _JUDGED and field.error and name not in refused:
                field.show_error("")
        warnings = answer.warnings if answer is not None else ()
        self.warnings.set_notice("\n".join(f"{line.words}（{line.clause.id}）" for line in warnings))
        self.warning_reason.setVisible(bool(warnings))
        self.honours.renowned.setVisible(answer is not None and answer.is_renowned)
        if answer is not None and answer.is_renowned:
            because = "、".join(phrase(honour) for honour in answer.renowned_by)
            self.honours.renowned.setToolTip(f"因{because}头衔（{place_of('R33')}）")
        if answer is None or answer.limit_days is None:
            self.promise.set_notice("")
            return
        who = "知名专家，" if answer.is_renowned else ""
        self.promise.set_notice(
            f"确认后开始计时：{who}预约时限 {answer.limit_days} 个工作日（{answer.limit_clause}）；{answer.feedback_hours} 小时内反馈协调情况（R57）。",
            Tone.INFO,
        )

    def command(self, values: dict[str, Any]) -> ConfirmRequirement:
        """Override: confirm the requirement."""
        return ConfirmRequirement(
            command_id=self.command_id,
            request_id=self._view.request.request_id,
            requirement=self.given(),
            evidence=self.evidence.read(values),
            fee_notice_shown=values["fee_notice_shown"],
            warning_reason=values.get("warning_reason") or "",
            backdating_reason=values.get("backdating_reason") or "",
            revision_reason=values.get("revision_reason") or "",
            sample_list_reason=values.get("sample_list_reason") or "",
        )

    def written(self, _outcome: object) -> None:
        """Override: tell the key of the request."""
        self.finish(self._view.request.request_id)


_JUDGED = frozenset(
    {
        "hospital_id",
        "department_text",
        "expert_title",
        "examination_text",
        "from_outpatient_visit",
        "notice_material_id",
        "preferred_to_on",
    }
)


def _or_none(field: Field) -> Any:
    """Return the value of a field, None while it cannot be read."""
    try:
        return field.value()
    except FieldProblem:
        return None


def _is_empty(field: Field) -> bool:
    return field.raw() in {None, ""}
