"""The cards of the team's page: causes of delay, and who carries how much."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from lian_desk.adapters.paper_forms.paper_views import CauseLine, LoadLine
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.team.bars import ShareBar

_GOOD: Final = 0.95
_FAIR: Final = 0.85
_BAR: Final = 76


class _Lines(QWidget):
    """A grid that is laid out anew each time."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(6)

    def clear(self) -> None:
        """Take everything away."""
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class CauseLines(_Lines):
    """超时原因: each cause with a bar as long as its share of the most frequent one."""

    def show_causes(self, causes: Sequence[CauseLine]) -> None:
        """Show the causes, the most frequent first."""
        self.clear()
        if not causes:
            self.grid.addWidget(label("期间内没有超时的预约。", "muted"), 0, 0)
            return
        most = max(cause.count for cause in causes)
        for row, cause in enumerate(causes):
            self.grid.addWidget(label(cause.cause, "body"), row, 0)
            self.grid.addWidget(ShareBar(cause.count / most, Tone.BROKEN if row == 0 else Tone.RISK), row, 1)
            self.grid.addWidget(label(f"{cause.count:,}", "bold"), row, 2, Qt.AlignmentFlag.AlignRight)
        self.grid.setColumnMinimumWidth(0, 108)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnMinimumWidth(2, 40)


class LoadLines(_Lines):
    """专案管家: open files and services, promises kept, today's follow-ups."""

    def show_load(self, load: Sequence[LoadLine]) -> None:
        """Show who carries how much."""
        self.clear()
        if not load:
            self.grid.addWidget(label("没有在岗的专案管家。", "muted"), 0, 0)
            return
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, title in enumerate(("姓名", "在管档案", "进行中", "时限内", "", "今日随访")):
            self.grid.addWidget(label(title, "muted"), 0, column, right if column in {1, 2, 5} else Qt.AlignmentFlag(0))
        for place, line in enumerate(load):
            row = 2 * place + 1
            self.grid.addWidget(hairline(), row, 0, 1, 6)
            self.grid.addWidget(ElidedLabel(line.name, "bold"), row + 1, 0)
            self.grid.addWidget(label(f"{line.open_files:,}"), row + 1, 1, right)
            self.grid.addWidget(label(f"{line.open_requests:,}"), row + 1, 2, right)
            share = line.kept_share
            if share is None:
                self.grid.addWidget(label("没有到期", "muted"), row + 1, 3, 1, 2)
            else:
                self.grid.addWidget(ShareBar(share, tone_of(share), width=_BAR), row + 1, 3)
                self.grid.addWidget(label(f"{share:.0%}"), row + 1, 4, right)
            self.grid.addWidget(label(f"{line.follow_ups_done:,}/{line.follow_ups_due:,}"), row + 1, 5, right)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnMinimumWidth(0, 64)


def tone_of(share: float) -> Tone:
    """Return what a share of kept promises means."""
    if share >= _GOOD:
        return Tone.KEPT
    return Tone.RISK if share >= _FAIR else Tone.BROKEN
