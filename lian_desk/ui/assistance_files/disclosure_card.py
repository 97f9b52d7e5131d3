"""对外提供: what left the desk about this file, and the ways for more to leave: a pack, the whole file, a note of it."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.privacy.disclosure_views import DisclosureLine, load_disclosures
from lian_desk.services.words import formats
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.cards import Card, ScrollColumn
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.running.context import UiContext

_NOTHING: Final = "还没有对外提供过这份档案的信息。"


class DisclosureCard(Card):
    """The disclosure log of one file with its buttons."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        self._pack = small_button("就诊资料包…", lambda: self._start("disclosure_pack"))
        super().__init__("对外提供", aside=self._pack, parent=parent)
        self._context = context
        self._file_id: int | None = None
        self._record = link_button("登记信息提供", lambda: self._start("record_disclosure"))
        self._whole = link_button("应被保险人要求导出整份档案…", lambda: self._start("export_whole_file"))
        self.lines = ScrollColumn()
        self.lines.body.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self._whole)
        row.addStretch(1)
        row.addWidget(self._record)
        self.add(self.lines, 1)
        self.body.addLayout(row)

    def show_file(self, file_id: int, *, is_read_only: bool) -> None:
        """Show the log of a file; a closed file may still be handed to its owner, nothing else of it leaves."""
        self._file_id = file_id
        self._pack.setEnabled(not is_read_only)
        self._record.setEnabled(not is_read_only)
        work = partial(load_disclosures, self._context.desk, file_id)
        self._context.runner.read(self, work, partial(self._show, file_id))

    def _show(self, file_id: int, lines: tuple[DisclosureLine, ...]) -> None:
        if file_id != self._file_id:
            return
        self.lines.clear()
        if not lines:
            self.lines.add(label(_NOTHING, "secondary", wrap=True))
        for number, line in enumerate(lines):
            if number:
                self.lines.add(hairline())
            self.lines.add(_line(line))
        self.lines.body.addStretch(1)

    def _start(self, action_id: str) -> None:
        self._context.navigator.start(action_id, self._file_id)


def _line(line: DisclosureLine) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(label(line.recipient, "bold", wrap=True))
    column.addWidget(label(f"{line.content} · {line.purpose}", "body", wrap=True))
    column.addWidget(label(f"{formats.iso_moment(line.disclosed_at)} · {line.operator}", "muted"))
    return holder
