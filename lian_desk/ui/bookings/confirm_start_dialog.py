"""确认开启服务: the handbook's warning in full, the evidence, and one use less. The default key is 「暂不开启」 (R80)."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lian_desk.models.errors import ErrorCode
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.forms import StartView
from lian_desk.services.rules.citations import place_of
from lian_desk.services.rules.clause_lines import ClauseLine
from lian_desk.services.service_requests import ConfirmStart
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.forms.hospital_field import hospital_chips, hospital_words
from lian_desk.ui.common.forms.request_dialog import RequestDialog
from lian_desk.ui.common.look.cards import KeyValueGrid, Notice
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

NOT_YET = "暂不开启"


class ConfirmStartDialog(RequestDialog):
    """Says what the start means before it is confirmed. ``saved`` carries the key of the request.

    Enter means 「暂不开启」; the start takes a tick, the evidence and a click or the space bar on its button.
    """

    action = RequestAction.CONFIRM_START

    def __init__(self, context: UiContext, view: StartView, parent: QWidget | None = None) -> None:
        super().__init__(context, view.request, ("确认开启服务", "确认开启，扣除 1 次"), parent)
        self.start = view
        self._not_yet_by_default()
        self.form.add_widget(self._facts())
        for line in view.reasons:
            self.form.add_widget(Notice(f"{line.words}（{line.clause.id} {line.clause.place}）", Tone.BROKEN))
        for line in view.warnings:
            self.form.add_widget(Notice(f"{line.words}（{line.clause.id}）", Tone.RISK))
        self.form.add_widget(self._warning())
        self.acknowledged = self.ask_warning("已逐条向客户说明上述规定，客户仍要求开启")
        if any(line.code == ErrorCode.POLICY_STATUS_STALE for line in view.warnings):
            self.form.add_row(
                TextField(
                    FieldSpec(
                        name="stale_status_reason",
                        label="未能重新核实的原因",
                        optional=True,
                        why="R4：保单状态需先核实；离线时写明原因",
                        placeholder="例如：离线，无法查询",
                    )
                )
            )
        self.ask_evidence(view.evidence, title="监护人的确认" if view.request.is_minor else "被保险人的确认")
        self.primary.setEnabled(not view.reasons)
        self.begin_draft("confirm_start", restored=self.evidence.show_parts)
        self.resize(680, 780)
        self.cancel.setFocus()

    def command(self, values: dict[str, Any]) -> ConfirmStart:
        """Override: start the service."""
        return ConfirmStart(
            command_id=self.command_id,
            request_id=self.view.request_id,
            evidence=self.evidence.read(values),
            warning_acknowledged=values["warning_acknowledged"],
            stale_status_reason=values.get("stale_status_reason") or "",
        )

    def _not_yet_by_default(self) -> None:
        """What cannot be undone has no quick key: Ctrl+Enter is taken away and Enter means not yet."""
        self.cancel.setText(NOT_YET)
        self.cancel.setAutoDefault(True)
        self.cancel.setDefault(True)
        for shortcut in self.findChildren(QShortcut):
            shortcut.setEnabled(False)

    def _facts(self) -> KeyValueGrid:
        grid = KeyValueGrid()
        request = self.view
        wanted = request.requirement
        if wanted is not None and wanted.hospital is not None:
            grid.add_fact("医院", hospital_words(wanted.hospital), chips=hospital_chips(wanted.hospital))
        if wanted is not None:
            expert = " · ".join(
                filter(
                    None,
                    [
                        wanted.department,
                        wanted.expert_name,
                        phrase(wanted.expert_title) if wanted.expert_title else "",
                        wanted.examination,
                    ],
                )
            )
            renowned = (ChipText("知名专家", Tone.INFO),) if wanted.is_renowned else ()
            grid.add_fact("预约内容", expert, chips=renowned)
        if request.balance is not None:
            left = request.balance.left
            grid.add_fact(
                "权益次数",
                f"现余 {left} 次",
                chips=(ChipText(f"开启后余 {max(left - 1, 0)} 次", Tone.RISK if left > 1 else Tone.BROKEN),),
            )
        return grid

    def _warning(self) -> QFrame:
        """Return the clauses in full, each with its id."""
        band = QFrame()
        band.setProperty("role", "notice")
        band.setProperty("tone", Tone.RISK.value)
        column = QVBoxLayout(band)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addWidget(label("开启前请逐条说明", "bold"))
        lines = _by_place(self.start.warning)
        for number, (place, words) in enumerate(lines):
            if number:
                column.addWidget(hairline())
            column.addWidget(label(f"{place} · {words}", "body", wrap=True))
        words = " ".join(f"{place} {words}" for place, words in lines)
        band.setAccessibleName(f"开启前请逐条说明 {words}")
        return band


def _by_place(clauses: Sequence[ClauseLine]) -> list[tuple[str, str]]:
    """Return each place of the handbook once with everything it says; what stands within other words is not repeated."""
    said: dict[str, list[str]] = {}
    for clause in clauses:
        texts = said.setdefault(place_of(clause.id), [])
        if not any(clause.text.rstrip("。") in text for text in texts):
            texts[:] = [text for text in texts if text.rstrip("。") not in clause.text] + [clause.text]
    return [(place, "".join(texts)) for place, texts in said.items()]
