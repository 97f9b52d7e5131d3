"""授权与留痕: authorizations with their evidence, and the sealed lines about this file (R19, R24, R89)."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lian_desk.services.assistance_files.views import AuthorizationLine, FileView
from lian_desk.services.desk.audit_views import AuditLine, load_audit_lines
from lian_desk.services.desk.audit_wording import audit_phrase
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files.disclosure_card import DisclosureCard
from lian_desk.ui.assistance_files.fact_card import FactCard
from lian_desk.ui.assistance_files.keeping_card import KeepingCard
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.timeline import TimelineEntry, TimelineView
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext


class TrailTab(QWidget):
    """Authorizations and how the file is kept at the left, the sealed log at the right."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file_id: int | None = None
        self._record = small_button("登记授权", lambda: self._start("record_authorization", self._file_id))
        self._authorizations = FactCard("信息授权", aside=self._record)
        self._complain = small_button("登记投诉", lambda: self._start("record_complaint", self._file_id))
        self._grid = self._authorizations.grid
        self.log = TimelineView()
        self.log.setAccessibleName("操作记录")
        log_card = Card("操作记录", aside=self._complain)
        log_card.add(self.log, 1)
        self.disclosures = DisclosureCard(context)
        self.keeping = KeepingCard(context)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._authorizations, 3)
        left.addWidget(self.disclosures, 3)
        left.addWidget(self.keeping, 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 2)
        row.addWidget(log_card, 3)

    def show_view(self, view: FileView) -> None:
        """Show a file's authorizations and read its sealed lines."""
        self._file_id = view.file_id
        self.disclosures.show_file(view.file_id, is_read_only=view.is_read_only)
        self.keeping.show_file(view.file_id)
        self._record.setEnabled(not view.is_read_only)
        self._complain.setEnabled(not view.is_read_only)
        self._grid.clear()
        if not view.authorizations:
            self._grid.add_fact("—", "尚未取得信息授权；使用服务前需完成信息授权。")
        for line in view.authorizations:
            self._show_authorization(line, read_only=view.is_read_only)
        work = partial(load_audit_lines, self._context.desk, view.file_id)
        self._context.runner.read(self, work, partial(self._show_log, view.file_id))

    def _show_authorization(self, line: AuthorizationLine, *, read_only: bool) -> None:
        if line.is_withdrawn:
            chip = ChipText("已撤回", Tone.BROKEN)
        elif line.is_verified:
            chip = ChipText("已核实", Tone.KEPT)
        else:
            chip = ChipText("待核实", Tone.RISK)
        self._grid.add_fact(
            formats.iso_day(formats.local(line.signed_at).date()),
            f"{phrase(line.signer_kind)} {line.signer_name}",
            chips=(chip,),
            note=" · ".join(
                filter(None, (line.evidence_note, "已作真实性声明" if line.truth_declared else "未作真实性声明"))
            ),
        )
        buttons = self._buttons(line) if not read_only else ()
        if buttons:
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            self._grid.add_widget("", holder)

    def _buttons(self, line: AuthorizationLine) -> Sequence[QPushButton]:
        if line.is_withdrawn:
            return ()
        withdraw = small_button("撤回", partial(self._start, "withdraw_authorization", line.authorization_id))
        if line.is_verified:
            return (withdraw,)
        return (small_button("核实", partial(self._start, "verify_authorization", line.authorization_id)), withdraw)

    def _show_log(self, file_id: int, lines: Sequence[AuditLine]) -> None:
        if file_id != self._file_id:
            return
        self.log.set_entries(
            [
                TimelineEntry(
                    key=line.sequence,
                    when=formats.iso_moment(line.happened_at),
                    who=f"{line.operator} · #{line.sequence}" if line.operator else f"#{line.sequence}",
                    title=audit_phrase(line.kind),
                )
                for line in lines
            ]
        )

    def _start(self, action_id: str, subject: int | None) -> None:
        if subject is not None:
            self._context.navigator.start(action_id, subject)
