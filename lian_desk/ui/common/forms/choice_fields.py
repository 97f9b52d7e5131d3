"""Fields that offer a choice: a searchable list, a row of chips, a tick."""

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QWidget

from lian_desk.services.rules.citations import with_places
from lian_desk.ui.common.forms.fields import REQUIRED, Field, FieldProblem, FieldSpec
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.theme import current_theme


class ComboField(Field):
    """One of a list; typing searches inside the words. ``value()`` is the chosen value or ``None``."""

    def __init__(self, spec: FieldSpec, choices: Sequence[tuple[Any, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.combo = QuietCombo()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setMaxVisibleItems(14)
        self.combo.setMinimumContentsLength(6)
        line = self.combo.lineEdit()
        assert line is not None
        line.setPlaceholderText(spec.placeholder or "输入以查找，或从列表选择")
        completer = QCompleter(self.combo.model(), self.combo)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = completer.popup()
        assert popup is not None
        popup.setObjectName("completer")
        # it has no parent whose look it could take
        current_theme().keep_dressed(popup)
        self.combo.setCompleter(completer)
        self._quiet = False
        self.set_choices(choices)
        self.combo.currentIndexChanged.connect(self._changed)
        self.combo.editTextChanged.connect(self._changed)
        self._place(self.combo)

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer other values; the chosen one stays chosen where it is still offered."""
        before = self.raw()
        self._quiet = True
        self.combo.clear()
        for value, words in choices:
            self.combo.addItem(words, value)
        self.combo.setCurrentIndex(-1)
        self._quiet = False
        self.set_raw(before)

    def value(self) -> Any:
        """Return the chosen value."""
        text = self.combo.currentText().strip()
        if not text:
            if self.spec.optional:
                return None
            raise FieldProblem(REQUIRED)
        place = self.combo.findText(text)
        if place < 0:
            message = "列表里没有这一项，请从列表中选择。"
            raise FieldProblem(message)
        return self.combo.itemData(place)

    def raw(self) -> Any:
        """Return the words that stand in the box."""
        return self.combo.currentText()

    def set_raw(self, raw: Any) -> None:
        """Show words."""
        self._quiet = True
        words = str(raw or "")
        self.combo.setCurrentIndex(self.combo.findText(words) if words else -1)
        self.combo.setEditText(words)
        self._quiet = False

    def set_value(self, value: Any) -> None:
        """Choose a value; one that is not offered empties the field."""
        place = next((i for i in range(self.combo.count()) if self.combo.itemData(i) == value), -1)
        self.set_raw(self.combo.itemText(place) if place >= 0 else "")

    def _changed(self) -> None:
        if not self._quiet:
            self._touched()


class QuietCombo(QComboBox):
    """A box that the mouse wheel scrolls past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: the page scrolls, the choice stays."""
        event.ignore()


class ChoiceField(Field):
    """One of a few, as chips. ``value()`` is the chosen text value or ``None``."""

    stretches: ClassVar[bool] = True

    def __init__(self, spec: FieldSpec, choices: Sequence[FilterChoice], parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.chips = FilterChips(choices)
        self.chips.set_value(None)
        self._last: str | None = None
        self.chips.chosen.connect(self._choose)
        self._place(self.chips, self.chips.first_button())

    def value(self) -> Any:
        """Return the chosen value."""
        if self.chips.value is None and not self.spec.optional:
            message = "请选择一项。"
            raise FieldProblem(message)
        return self.chips.value

    def raw(self) -> Any:
        """Return the chosen value."""
        return self.chips.value

    def set_raw(self, raw: Any) -> None:
        """Choose a value."""
        self._last = None if raw is None else str(raw)
        self.chips.set_value(self._last)

    def _choose(self, value: object) -> None:
        """Take the choice; where none is needed, choosing the same again takes it back."""
        chosen = value if isinstance(value, str) else None
        if self.spec.optional and chosen == self._last:
            chosen = None
            self.chips.set_value(None)
        self._last = chosen
        self._touched()


class CheckField(Field):
    """A yes or no; a field that is not optional must be ticked."""

    stretches: ClassVar[bool] = True

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.box = QCheckBox(with_places(spec.label))
        self.box.toggled.connect(lambda _on: self._touched())
        self._heading.hide()
        # an empty box is an answer: nobody has to be told that it may stay empty
        self._mark.hide()
        self._place(self.box)
        self.box.setAccessibleName(self.box.text())

    def value(self) -> Any:
        """Return True or False."""
        if not self.box.isChecked() and not self.spec.optional:
            message = "需要确认这一项才能继续。"
            raise FieldProblem(message)
        return self.box.isChecked()

    def raw(self) -> Any:
        """Return True or False."""
        return self.box.isChecked()

    def set_raw(self, raw: Any) -> None:
        """Tick or untick."""
        self.box.blockSignals(True)
        self.box.setChecked(bool(raw))
        self.box.blockSignals(False)
