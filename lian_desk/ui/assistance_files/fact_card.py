"""A card of facts that scrolls inside, so that a low window squeezes no line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.look.cards import Card, KeyValueGrid, ScrollColumn


class FactCard(Card):
    """A heading, buttons at its right, and facts; fill ``grid``."""

    def __init__(
        self, title: str, *, key_width: int = 88, aside: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, aside=aside, parent=parent)
        self.grid = KeyValueGrid(key_width=key_width)
        self.area = ScrollColumn()
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(title)
        self.area.add(self.grid)
        self.area.body.addStretch(1)
        self.add(self.area, 1)
