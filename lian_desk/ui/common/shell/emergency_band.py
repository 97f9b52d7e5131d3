"""A quiet band on the page of a file whose routine waits after an emergency, with the way to lift it (R74)."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lian_desk.services.desk.explanations import explain
from lian_desk.services.service_requests.emergencies import CLAUSE, EmergencyLine, LiftEmergency, load_open_emergency
from lian_desk.services.words import formats
from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.forms import FieldSpec, TextField
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_LONG = 2000


class EmergencyBand(QFrame):
    """Hidden while the routine of the file goes on; follows the changes by itself."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file_id: int | None = None
        self.setProperty("role", "notice")
        self.setProperty("tone", Tone.RISK.value)
        self._words = label("", wrap=True)
        self.basis = link_button("依据", self._explain)
        self.lift = small_button("解除", self.ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self._words, 1)
        row.addWidget(self.basis)
        row.addWidget(self.lift)
        context.bus.committed.connect(self._apply)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_file(self, file_id: int | None) -> None:
        """Look at another file."""
        self._file_id = file_id
        self.hide()
        self._look()

    def ask(self) -> CommandDialog | None:
        """Ask what became of it, and lift it."""
        file_id = self._file_id
        if file_id is None:
            return None

        def make(command_id: int, values: dict[str, Any]) -> LiftEmergency:
            return LiftEmergency(command_id=command_id, assistance_file_id=file_id, outcome=values["outcome"])

        dialog = CommandDialog(self._context, "解除急救暂停", primary="解除，继续办理", make=make, parent=self.window())
        dialog.form.add_row(
            TextField(
                FieldSpec(name="outcome", label="现在的情况", placeholder="例如：已由 120 送医，家属陪同", most=_LONG)
            )
        )
        dialog.ready()
        dialog.open()
        dialog.form.fields["outcome"].focus()
        return dialog

    def _look(self) -> None:
        if self._file_id is not None:
            work = partial(load_open_emergency, self._context.desk, self._file_id)
            self._context.runner.read(self, work, partial(self._show, self._file_id))

    def _show(self, file_id: int, line: EmergencyLine | None) -> None:
        if file_id != self._file_id:
            return
        self.setVisible(line is not None)
        if line is not None:
            since = formats.moment(line.happened_at, self._context.desk.clock.now())
            said = f"对方回答：{line.said}" if line.said else ""
            self._words.setText(f"{since} 已宣读急救提示（120），常规步骤暂停，记录照常。{said}")
            self.setAccessibleName(self._words.text())

    def _apply(self, changes: "Changes") -> None:
        if changes.touches(("emergency",)):
            self._look()

    def _explain(self) -> None:
        ExplainPopover(explain(self._context.desk, [CLAUSE], [self._words.text()]), self).show_below(self.basis)
