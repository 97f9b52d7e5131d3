"""服务审核: three checks side by side, what the rules found, and a person's word on each (R25)."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from lian_desk.models.vocabulary import CheckResult
from lian_desk.services.request_views.forms import CheckFinding, ReviewView
from lian_desk.services.rules.citations import place_of, with_places
from lian_desk.services.service_requests import CheckGiven, RecordReview
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField, ComboField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.look.cards import Card, Notice
from lian_desk.ui.common.look.chips import Chip, FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_CHECKS = (("identity", "被保险人身份"), ("entitlement", "权益使用情况"), ("material", "医疗材料"))
_CLAUSES = (
    ("R1", "仅限被保险人本人使用"),
    ("R3", "超出服务期限"),
    ("R4", "保单不在有效状态"),
    ("R8", "疾病不在服务条件内"),
    ("R12", "权益次数已用完"),
    ("R14", "没有病情材料"),
    ("R24", "材料不真实、不准确"),
    ("R40", "无法提供入院通知单"),
    ("R41", "无法提供手术通知单"),
    ("R42", "无法提供检查通知单"),
)


class ReviewDialog(OrderDialog):
    """Records the review. ``saved`` carries the key of the request."""

    def __init__(self, context: UiContext, view: ReviewView, parent: QWidget | None = None) -> None:
        request = view.request
        super().__init__(
            context,
            f"服务审核 · {phrase(request.kind)} · {request.insured_name}",
            primary="保存审核结果",
            width=860,
            parent=parent,
        )
        self._view = view
        offer_materials(self, context, request.file_id)
        self.results: dict[str, ChoiceField] = {}
        self.reasons: dict[str, TextField] = {}
        self.form.add_widget(label(f"需求：{request.need_text}", wrap=True))
        self.form.add_widget(self._findings())
        for line in view.warnings:
            self.form.add_widget(Notice(f"{line.words}（{line.clause.id}）", Tone.RISK))
        choices = [FilterChoice(result.value, phrase(result)) for result in CheckResult]
        for name, title in _CHECKS:
            self.results[name] = ChoiceField(FieldSpec(name=f"{name}_result", label=f"{title}：审核结果"), choices)
            self.reasons[name] = TextField(
                FieldSpec(name=f"{name}_reason", label=f"{title}：原因", optional=True, most=500), lines=2
            )
            self.results[name].edited.connect(self._show_consequence)
        self.form.add_row(*self.results.values())
        self.form.add_row(*self.reasons.values())
        self.clause = ComboField(
            FieldSpec(name="rejection_clause", label="不通过的依据", placeholder="选择手册条款"), _CLAUSES
        )
        self.form.add_row(self.clause)
        self.consequence = Notice("", Tone.INFO)
        self.form.add_widget(self.consequence)
        for name, _title in _CHECKS:
            finding: CheckFinding = getattr(view, name)
            suggested = CheckResult.PASSED if finding.passes else CheckResult.NEEDS_MORE
            if finding.reasons:
                suggested = CheckResult.FAILED
            self.results[name].set_raw(suggested.value)
            if not finding.passes:
                said = [reason.words for reason in finding.reasons] or list(finding.lines)
                self.reasons[name].set_raw(with_places("；".join(said)))
        self.keep_draft(f"review:{request.request_id}", desk_drafts(context), restored=self._show_consequence)
        self._show_consequence()
        self.resize(860, 660)

    def command(self, values: dict[str, Any]) -> RecordReview:
        """Override: record the three checks."""
        checks = {
            name: CheckGiven(CheckResult(values[f"{name}_result"]), values.get(f"{name}_reason") or "")
            for name, _title in _CHECKS
        }
        return RecordReview(
            command_id=self.command_id,
            request_id=self._view.request.request_id,
            rejection_clause=values.get("rejection_clause") or "",
            **checks,
        )

    def written(self, _outcome: object) -> None:
        """Override: tell the key of the request."""
        self.finish(self._view.request.request_id)

    def _findings(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for name, title in _CHECKS:
            finding: CheckFinding = getattr(self._view, name)
            chip = Chip("规则通过", Tone.KEPT) if finding.passes else Chip("规则提示", Tone.BROKEN)
            card = Card(title, aside=chip)
            for words in finding.lines:
                card.add(label(with_places(words), "body", wrap=True))
            for reason in finding.reasons:
                card.add(label(f"{reason.words}（{place_of(reason.clause.id)}）", "error", wrap=True))
            card.body.addStretch(1)
            row.addWidget(card, 1)
        return holder

    def _show_consequence(self) -> None:
        results = {field.raw() for field in self.results.values()}
        failed = CheckResult.FAILED.value in results
        self.clause.setVisible(failed)
        if failed:
            self.consequence.set_notice("保存后申请结束：审核不通过，并写明依据。", Tone.BROKEN)
        elif CheckResult.NEEDS_MORE.value in results:
            self.consequence.set_notice("保存后转为“待补件”；材料到后回到审核。", Tone.RISK)
        else:
            self.consequence.set_notice("三项通过后即可确认需求。", Tone.KEPT)
