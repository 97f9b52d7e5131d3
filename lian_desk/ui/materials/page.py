"""材料: every material over all files."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.materials.panel import MaterialsPanel

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes


class MaterialsPage(Page):
    """The page of the navigation; the same panel stands as a tab on the page of one file."""

    page_id = "materials"
    title = "材料"
    tables = frozenset({"material"})
    has_accent = True

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.panel = MaterialsPanel(context, None)
        self.body.addWidget(self.panel, 1)

    def reload(self) -> None:
        """Search again."""
        self.panel.reload()

    def refresh(self, changes: "Changes") -> None:
        """The panel listens to the change bus itself."""

    def primary_focus(self) -> QWidget | None:
        """The grid gets the keyboard."""
        return self.panel.tiles
