"""The checklist of materials as chips: what is there, what blocks, what would help (R14, R15)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from lian_desk.services.completeness.checklist import ChecklistLine
from lian_desk.services.rules.citations import place_of
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.look.visibility import set_shown


def checklist_chip(line: ChecklistLine) -> Chip:
    """Return the chip of one line: ✓ and the pages, 缺 for what blocks, — for what would help."""
    name = line.words
    if line.paper_count:
        chip = Chip(f"✓ {name} {line.page_count} 页", Tone.KEPT)
    elif line.is_required:
        chip = Chip(f"缺 {name}", Tone.BROKEN)
    else:
        chip = Chip(f"— {name}", Tone.NEUTRAL)
    waiting = f"{line.unconfirmed_count} 份待核对" if line.unconfirmed_count else ""
    chip.setToolTip("\n".join(filter(None, (line.hint, line.problem, waiting, place_of(line.clause)))))
    return chip


class ChecklistChips(QWidget):
    """The lines in rows of ``columns``."""

    def __init__(self, lines: Sequence[ChecklistLine] = (), *, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(columns, 1)
        self.show_lines(lines)

    def show_lines(self, lines: Sequence[ChecklistLine]) -> None:
        """Show other lines."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            self._grid.addWidget(checklist_chip(line), number // self._columns, number % self._columns)
        set_shown(self, bool(lines))
