"""The head of a file: who it is, how the policy stands, what is left, whether information may be used."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import HistoryKind, Knownness, PolicyStatus, ServiceKind
from lian_desk.services.assistance_files.views import FileView
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.journey import EntitlementDots, PolicyYearRuler
from lian_desk.ui.common.look.text import ElidedLabel, label, upright
from lian_desk.ui.common.look.tokens import Tone

#: Clear data hides itself again after this time.
REVEAL_SECONDS = 60

_NAME_WIDTH = 260
_SHORT_NAMES = {
    ServiceKind.OUTPATIENT_COORDINATION: "门诊",
    ServiceKind.INPATIENT_COORDINATION: "住院",
    ServiceKind.SURGERY_COORDINATION: "手术",
    ServiceKind.EXPEDITED_EXAMINATION: "检查",
}
_POLICY_TONES = {
    PolicyStatus.IN_FORCE: Tone.KEPT,
    PolicyStatus.SUSPENDED: Tone.RISK,
    PolicyStatus.TERMINATED: Tone.BROKEN,
}


class FileHeader(Card):
    """Signals: ``reveal_requested()``; ``hide_requested()`` when clear data is to be masked again."""

    reveal_requested = Signal()
    hide_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._name = ElidedLabel("", "title")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name.setMaximumWidth(_NAME_WIDTH)
        self._person = label("", "body")
        self._numbers = label("", "muted")
        self._numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reveal = small_button("显示", self._toggle)
        self.reveal.setToolTip("显示完整姓名、证件号与电话 60 秒；每次显示都会留痕。")
        self._disease = ElidedLabel("", "secondary")
        self._policy_chip = Chip()
        self._year = label("", "body")
        self._ruler = PolicyYearRuler()
        self._days = ElidedLabel("", "muted")
        self._dots: dict[ServiceKind, EntitlementDots] = {}
        self._authorization = Chip()
        self._is_revealed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REVEAL_SECONDS * 1000)
        self._timer.timeout.connect(self.hide_requested)
        self._lay_out()

    def show_view(self, view: FileView) -> None:
        """Show the head of a file."""
        self._is_revealed = view.is_revealed
        self._name.setText(view.insured_name)
        self._person.setText(f"{phrase(view.sex)} · {view.age} 岁{' · 未成年' if view.is_minor else ''}")
        phone = "不愿提供电话" if view.phone_declined else view.phone
        self._numbers.setText(f"{view.identity_number} · {phone}")
        self.reveal.setText("隐藏" if view.is_revealed else "显示")
        self._disease.setText(_medical_line(view))
        self._policy_chip.set_chip(phrase(view.policy_status), _POLICY_TONES[view.policy_status])
        self._show_years(view)
        for kind, dots in self._dots.items():
            balance = view.balances.get(kind)
            dots.set_uses(balance.left if balance else 0, balance.granted if balance else 0)
        self._show_authorization(view)
        if not view.is_revealed:
            self._timer.stop()
        elif not self._timer.isActive():
            # a refresh while the data is clear does not lengthen the time
            self._timer.start()

    def _show_years(self, view: FileView) -> None:
        year = view.policy_year
        if year is None:
            self._year.setText(f"不在前 {view.covered_years} 个保单年度内")
        else:
            self._year.setText(f"第 {year} / {view.covered_years} 保单年度")
        self._ruler.set_years(view.covered_years, year or 0)
        self._days.setText(f"{formats.iso_day(view.effective_on)} 生效 · {view.policy_number}")

    def _show_authorization(self, view: FileView) -> None:
        held = view.authorization
        if held is not None:
            self._authorization.set_chip(f"已授权 · {formats.iso_day(formats.local(held.signed_at).date())}", Tone.KEPT)
        elif any(not line.is_withdrawn for line in view.authorizations):
            self._authorization.set_chip("待核实", Tone.RISK)
        elif view.authorizations:
            self._authorization.set_chip("已撤回", Tone.BROKEN)
        else:
            self._authorization.set_chip("未授权", Tone.BROKEN)

    def _toggle(self) -> None:
        if self._is_revealed:
            self.hide_requested.emit()
        else:
            self.reveal_requested.emit()

    def _lay_out(self) -> None:
        who = QVBoxLayout()
        who.setSpacing(4)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self._name)
        first.addWidget(self._person)
        first.addWidget(self.reveal)
        first.addStretch(1)
        who.addLayout(first)
        who.addWidget(self._numbers)
        who.addWidget(self._disease)
        policy = QVBoxLayout()
        policy.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._policy_chip)
        line.addWidget(self._year)
        line.addStretch(1)
        policy.addLayout(line)
        policy.addWidget(self._ruler)
        policy.addWidget(self._days)
        uses = QVBoxLayout()
        uses.setSpacing(6)
        uses.addWidget(label("剩余权益", "secondary"))
        # two and two: side by side they would be squeezed in the least window, and a dot that is cut off is a wrong number
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for place, (kind, words) in enumerate(_SHORT_NAMES.items()):
            self._dots[kind] = EntitlementDots(words)
            grid.addWidget(self._dots[kind], place // 2, place % 2)
        uses.addLayout(grid)
        uses.addStretch(1)
        authorization = QVBoxLayout()
        authorization.setSpacing(6)
        authorization.addWidget(label("信息授权", "secondary"))
        authorization.addWidget(self._authorization, 0, Qt.AlignmentFlag.AlignLeft)
        authorization.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(who, 7)
        columns.addWidget(upright())
        columns.addLayout(policy, 5)
        columns.addWidget(upright())
        columns.addLayout(uses)
        columns.addWidget(upright())
        columns.addLayout(authorization)
        self.body.addLayout(columns)


def _medical_line(view: FileView) -> str:
    """Return illness, allergies, history: a narrow window cuts the end off, and an allergy must not be cut."""
    parts = [f"{phrase(line.certainty)} · {line.name}（{phrase(line.severity)}）" for line in view.diseases[:2]]
    if not parts:
        parts.append("尚未登记疾病")
    for kind, words in ((HistoryKind.ALLERGY, "过敏"), (HistoryKind.CONDITION, "既往")):
        lines = [line for line in view.history if line.kind is kind]
        known = [line.text for line in lines if line.knownness is Knownness.KNOWN]
        if known:
            parts.append(f"{words}：{'、'.join(known)}")
        elif lines:
            parts.append(f"{words}：{phrase(lines[0].knownness)}")
    return "　".join(parts)
