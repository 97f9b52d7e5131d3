"""Which pages of which materials go with a paper: chosen one material after the other, nothing by default (R21)."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lian_desk.services.papers.choices import MaterialChoice
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.ui.common.forms.fields import Field, FieldProblem, FieldSpec
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.text import ElidedLabel


class PagesField(Field):
    """``value()`` is a tuple of :class:`PagesGiven`, empty for no page."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._materials: dict[int, MaterialChoice] = {}
        self._chosen: dict[int, tuple[int, ...]] = {}
        self.combo = QComboBox()
        self.combo.setMinimumContentsLength(6)
        self.numbers = QLineEdit()
        self.numbers.setPlaceholderText("页码，如 1-2,5")
        self.numbers.setAccessibleName("页码")
        self.numbers.returnPressed.connect(self.add)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.numbers, 1)
        row.addWidget(small_button("附上", self.add))
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.combo)
        column.addLayout(row)
        column.addLayout(self._list)
        self._place(holder, self.combo)

    def set_materials(self, materials: tuple[MaterialChoice, ...]) -> None:
        """Offer the materials of a file."""
        self._materials = {choice.key: choice for choice in materials}
        self.combo.clear()
        for choice in materials:
            self.combo.addItem(choice.words, choice.key)
        self.combo.setEnabled(bool(materials))
        self.combo.setPlaceholderText("" if materials else "没有可附的材料")

    def add(self) -> None:
        """Take the pages that are typed of the material that is chosen; no number means all of them."""
        choice = self._materials.get(self.combo.currentData())
        if choice is None:
            return
        try:
            pages = _page_numbers(self.numbers.text(), choice.page_count)
        except ValueError:
            self.show_error(f"页码请写成 1-2,5 这样，在 1 至 {choice.page_count} 之间。")
            return
        self._chosen[choice.key] = pages
        self.numbers.clear()
        self._show_chosen()
        self._touched()

    def remove(self, key: int) -> None:
        """Take a material off the list."""
        self._chosen.pop(key, None)
        self._show_chosen()
        self._touched()

    def value(self) -> Any:
        """Return the chosen pages.

        Raises:
            FieldProblem: numbers are typed that were not taken yet.
        """
        if self.numbers.text().strip():
            message = "页码还没有附上，请点「附上」或清空。"
            raise FieldProblem(message)
        return tuple(PagesGiven(material_id=key, pages=pages) for key, pages in self._chosen.items())

    def raw(self) -> Any:
        """Return the choice as plain data."""
        return {str(key): list(pages) for key, pages in self._chosen.items()}

    def set_raw(self, raw: Any) -> None:
        """Put a choice back."""
        self._chosen = {int(key): tuple(pages) for key, pages in dict(raw or {}).items()}
        self._show_chosen()

    def _show_chosen(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for key, pages in self._chosen.items():
            known = self._materials.get(key)
            words = known.words if known is not None else ""
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(ElidedLabel(f"{words} · 附第 {'、'.join(map(str, pages))} 页"), 1)
            row.addWidget(link_button("去掉", partial(self.remove, key)))
            self._list.addWidget(line)


def _page_numbers(text: str, last: int) -> tuple[int, ...]:
    """Return the pages of a text such as 1-2,5; an empty one means all.

    Raises:
        ValueError: it cannot be read, or a page is not there.
    """
    if not text.strip():
        return tuple(range(1, last + 1))
    pages: list[int] = []
    for part in text.replace("，", ",").replace("、", ",").replace("－", "-").split(","):
        begin, _dash, end = part.strip().partition("-")
        span = int(begin), int(end or begin)
        if not 1 <= span[0] <= span[1] <= last:
            raise ValueError(text)
        pages.extend(range(span[0], span[1] + 1))
    return tuple(dict.fromkeys(pages))
