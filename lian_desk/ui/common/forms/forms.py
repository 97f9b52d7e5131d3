"""Forms: rows of fields with one place for values and errors. Nothing typed is ever lost.

Everything a feature needs to build a form is importable from here.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from lian_desk.models.errors import DeskError
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField, ComboField
from lian_desk.ui.common.forms.date_fields import DateField, DateTimeField, parse_date, parse_moment
from lian_desk.ui.common.forms.fields import Field, FieldProblem, FieldSpec, LineField, PasswordField, TextField
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import section_title

__all__ = [
    "CheckField",
    "ChoiceField",
    "ComboField",
    "DateField",
    "DateTimeField",
    "Field",
    "FieldProblem",
    "FieldSpec",
    "Form",
    "LineField",
    "PasswordField",
    "TextField",
    "parse_date",
    "parse_moment",
]


class Form(QWidget):
    """Fields below and beside each other.

    Signals:
        edited(): the user changed a field.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def add_section(self, title: str) -> None:
        """Add a heading above the fields that follow."""
        self._column.addWidget(section_title(title))

    def add_row(self, *fields: Field, stretches: Sequence[int] = ()) -> None:
        """Add fields side by side; ``stretches`` gives their shares, equal when left out."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for place, field in enumerate(fields):
            grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, stretches[place] if place < len(stretches) else 1)
            self.fields[field.spec.name] = field
            field.edited.connect(self.edited)
        grid.setRowStretch(1, 1)
        self._column.addLayout(grid)

    def adopt(self, field: Field) -> None:
        """Count a field that stands inside another widget of the form."""
        self.fields[field.spec.name] = field
        field.edited.connect(self.edited)

    def add_widget(self, widget: QWidget) -> None:
        """Add something that is not a field, for example a notice."""
        self._column.addWidget(widget)

    def values(self) -> dict[str, Any] | None:
        """Return every value by name, or ``None`` after showing what is wrong beneath each field.

        The first wrong field gets the keyboard. Hidden fields are left out.
        """
        found: dict[str, Any] = {}
        wrong: list[Field] = []
        for name, field in self.fields.items():
            if field.isHidden():
                continue
            try:
                found[name] = field.value()
                field.show_error("")
            except FieldProblem as problem:
                field.show_error(str(problem))
                wrong.append(field)
        if wrong:
            wrong[0].focus()
            return None
        return found

    def show_error(self, name: str, words: str) -> None:
        """Show a sentence beneath one field and give it the keyboard."""
        self.fields[name].show_error(words)
        self.fields[name].focus()

    def show_refusal(self, error: BaseException) -> bool:
        """Show a refusal of the service beneath the field it names (its parameter ``field``); False when it names none."""
        named = str(error.parameters.get("field", "")) if isinstance(error, DeskError) else ""
        if named not in self.fields:
            return False
        self.show_error(named, sentence(error))
        return True

    def clear_errors(self) -> None:
        """Take every sentence away."""
        for field in self.fields.values():
            field.show_error("")

    def raw_values(self) -> dict[str, Any]:
        """Return what stands in the fields as plain data, readable or not, for a draft."""
        return {name: raw for name, field in self.fields.items() if (raw := field.raw()) is not None}

    def set_raw_values(self, raw: dict[str, Any]) -> None:
        """Put a draft back; names that are unknown by now are ignored."""
        for name, held in raw.items():
            if name in self.fields:
                self.fields[name].set_raw(held)

    def set_values(self, values: dict[str, Any]) -> None:
        """Show values, for example when something is corrected."""
        for name, value in values.items():
            self.fields[name].set_value(value)
