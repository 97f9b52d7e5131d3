"""办理步骤: every move of a request as the state table says it, for looking up; printed from the table."""

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.services.request_views.state_pages import state_lines
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.columns import StepRow, step_columns, step_rows

_NOTHING: Final = EmptyWords("没有找到这样的步骤", "换一个词，例如“凭证”或“冲正”。")


class StepsView(QWidget):
    """What each step asks for and what follows from it."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: MemoryRows[StepRow] = MemoryRows(step_rows(state_lines()))
        self.list = RecordList(
            context,
            ListSpec(self._rows, step_columns(), _NOTHING, placeholder="步骤 / 状态 / 所需", spoken="办理步骤"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.list.reload()
