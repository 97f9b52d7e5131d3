"""保单: the policy, the periods of its effect with both of their times, and the guardian (R4 to R7, R9, R88)."""

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import PolicyStatus, Role
from lian_desk.services.assistance_files.views import FileView, PeriodLine
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files.fact_card import FactCard
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_TONES = {
    PolicyStatus.IN_FORCE: Tone.KEPT,
    PolicyStatus.SUSPENDED: Tone.RISK,
    PolicyStatus.TERMINATED: Tone.BROKEN,
}
_OF_THE_POLICY = frozenset(
    {"verify_policy", "policy_terms", "suspend_policy", "reinstate_policy", "terminate_policy", "reverse_termination"}
)


class PolicyTab(QWidget):
    """The policy of a file."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view: FileView | None = None
        self._verify = small_button("核实状态", lambda: self._start("verify_policy"))
        self._suspend = small_button("中止", lambda: self._start("suspend_policy"))
        self._reinstate = small_button("效力恢复", lambda: self._start("reinstate_policy"))
        self._terminate = small_button("终止", lambda: self._start("terminate_policy"))
        self._terms = small_button("等待期·宽限期", lambda: self._start("policy_terms"))
        self._undo = small_button("更正终止", lambda: self._start("reverse_termination"))
        self._guardian_button = small_button("登记监护人", lambda: self._start("record_guardian"))
        self._phone = small_button("更新电话", lambda: self._start("change_phone"))
        self._former_names = small_button("曾用名", lambda: self._start("change_former_names"))
        self._former_names.setToolTip("登记以前用过的姓名：早先的材料按本人的处理，检索与遮盖都认得。")
        self._policy = FactCard("保单", aside=self._phone)
        self._policy.head.addWidget(self._former_names)
        self._policy_grid = self._policy.grid
        self._periods = FactCard("效力期间")
        for button in (self._verify, self._terms, self._suspend, self._reinstate, self._terminate, self._undo):
            self._periods.head.addWidget(button)
        self._period_grid = self._periods.grid
        self._guardian = Card("监护人", aside=self._guardian_button)
        self._guardian_grid = KeyValueGrid(key_width=88)
        self._guardian.add(self._guardian_grid)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._policy, 1)
        left.addWidget(self._guardian)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 2)
        row.addWidget(self._periods, 3)

    def show_view(self, view: FileView) -> None:
        """Show a file's policy."""
        self._view = view
        status = view.policy_status
        self._suspend.setVisible(status is PolicyStatus.IN_FORCE)
        self._reinstate.setVisible(status is PolicyStatus.SUSPENDED)
        self._terminate.setVisible(status is not PolicyStatus.TERMINATED)
        self._verify.setVisible(status is not PolicyStatus.TERMINATED)
        self._terms.setVisible(status is not PolicyStatus.TERMINATED)
        self._undo.setVisible(
            status is PolicyStatus.TERMINATED and self._context.desk.operator.role is not Role.CASE_MANAGER
        )
        self._policy_grid.clear()
        self._policy_grid.add_fact("保单号", view.policy_number)
        self._policy_grid.add_fact("产品", self._context.desk.pack.product.name)
        self._policy_grid.add_fact("投保人", view.policyholder)
        year = f"第 {view.policy_year} / {view.covered_years} 保单年度" if view.policy_year else "不在服务期限内"
        self._policy_grid.add_fact("生效日期", formats.iso_day(view.effective_on), note=year)
        self._policy_grid.add_fact("服务期限", _term(view), chips=_term_chips(view, self._warns_from()))
        today = self._context.desk.today
        self._policy_grid.add_fact("等待期", _waiting(view), chips=_waiting_chips(view, today))
        self._policy_grid.add_fact("宽限期", _grace(view), chips=_grace_chips(view, today))
        self._policy_grid.add_fact(
            "档案", f"{view.number} · {view.case_manager}", note=formats.iso_moment(view.opened_at)
        )
        self._policy_grid.add_fact("曾用名", "、".join(view.former_names) or "未登记")
        self._policy_grid.add_fact("身份核对", phrase(view.identity_method), note=view.identity_note)
        self._period_grid.clear()
        for line in reversed(view.periods):
            self._period_grid.add_fact(
                formats.iso_day(formats.local(line.true_from).date()),
                _until(line),
                chips=(ChipText(phrase(line.status), _TONES[line.status]),),
                note=_knowledge(line),
            )
        self._show_guardian(view)

    def _warns_from(self) -> int:
        return self._context.desk.pack.thresholds.term_warning_days

    def _show_guardian(self, view: FileView) -> None:
        self._guardian.setVisible(view.is_minor or view.guardian is not None)
        self._guardian_button.setEnabled(not view.is_read_only)
        self._guardian_grid.clear()
        if view.guardian is None:
            self._guardian_grid.add_fact("—", "被保险人未成年，需登记监护人代为启用服务。")
        else:
            self._guardian_grid.add_fact(phrase(view.guardian.relation), view.guardian.name)
            self._guardian_grid.add_fact("证件号", view.guardian.identity_number)
            self._guardian_grid.add_fact("电话", view.guardian.phone)

    def _start(self, action_id: str) -> None:
        if self._view is not None:
            subject = self._view.policy_id if action_id in _OF_THE_POLICY else self._view.file_id
            self._context.navigator.start(action_id, subject)


def _term(view: FileView) -> str:
    return f"至 {formats.iso_day(view.term_ends_on)}（不含）"


def _term_chips(view: FileView, warns_from: int) -> tuple[ChipText, ...]:
    if not view.days_left:
        return (ChipText("已届满", Tone.BROKEN),)
    tone = Tone.RISK if view.days_left <= warns_from else Tone.NEUTRAL
    return (ChipText(f"还有 {view.days_left:,} 天", tone),)


def _waiting(view: FileView) -> str:
    return f"至 {formats.iso_day(view.waiting_until_on)}（不含）" if view.waiting_until_on else "未登记"


def _waiting_chips(view: FileView, today: date) -> tuple[ChipText, ...]:
    if view.waiting_until_on is None:
        return ()
    if view.waiting_until_on > today:
        left = (view.waiting_until_on - today).days
        return (ChipText(f"还有 {left:,} 天，扣次须主管同意", Tone.RISK),)
    return (ChipText("已过", Tone.NEUTRAL),)


def _grace(view: FileView) -> str:
    if view.grace_from_on is None or view.grace_until_on is None:
        return "未登记"
    return f"{formats.iso_day(view.grace_from_on)} 至 {formats.iso_day(view.grace_until_on)}（不含）"


def _grace_chips(view: FileView, today: date) -> tuple[ChipText, ...]:
    if view.grace_from_on is None or view.grace_until_on is None:
        return ()
    if view.grace_from_on <= today < view.grace_until_on:
        return (ChipText(f"还有 {(view.grace_until_on - today).days:,} 天", Tone.RISK),)
    return (ChipText("未开始" if today < view.grace_from_on else "已过", Tone.NEUTRAL),)


def _until(line: PeriodLine) -> str:
    if line.true_to is None:
        return "至今"
    return f"至 {formats.iso_day(formats.local(line.true_to).date())}（不含）"


def _knowledge(line: PeriodLine) -> str:
    parts = [phrase(line.source), f"获知 {formats.iso_moment(line.known_from)}"]
    if line.reason is not None:
        parts.insert(0, phrase(line.reason))
    return " · ".join(filter(None, (*parts, line.note)))
