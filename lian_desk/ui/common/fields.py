"""Input fields: each knows its label, whether it is optional, why it is asked, its bounds, and where its error stands.

A field never throws away what was typed: a value that cannot be read stays in the box and its sentence stands beneath.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from lian_desk.services.citations import with_places
from lian_desk.ui.common.text import label, restyle

REQUIRED: Final = "请填写这一项。"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """What every field has in common.

    Attributes:
        name: key of the value in ``Form.values()``.
        label: words above the field.
        optional: True shows 选填 beside the label; otherwise an empty field is refused.
        why: why it is asked (R20), shown on hover over the label.
        placeholder: an example of what to type.
        most: greatest number of characters (code points); 0 for no bound.
    """

    name: str
    label: str
    optional: bool = False
    why: str = ""
    placeholder: str = ""
    most: int = 0


class FieldProblem(ValueError):
    """What was typed cannot be a value; ``str()`` is the Chinese sentence beneath the field."""


class Field(QWidget):
    """Label, input and error place, one below the other.

    Signals:
        edited(): the user changed something.
    """

    edited = Signal()
    stretches: ClassVar[bool] = False

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._input: QWidget = self
        self._heading = label(spec.label, "secondary")
        mark = self._mark = label("选填" if spec.optional else "", "muted")
        if spec.why:
            why = with_places(spec.why)
            self._heading.setToolTip(why)
            mark.setText(f"{mark.text()} ⓘ".strip())
            mark.setToolTip(why)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._heading)
        head.addWidget(mark)
        head.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(3)
        self.column.addLayout(head)
        self.column.addWidget(self._error)

    @property
    def error(self) -> str:
        """The sentence beneath the field, empty when there is none."""
        return self._error.text()

    @property
    def input(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self._input

    def value(self) -> Any:
        """Return what was typed as a value, ``None`` when empty.

        Raises:
            FieldProblem: it cannot be a value.
        """
        return self.raw()

    def set_value(self, value: Any) -> None:
        """Show a value without emitting ``edited``."""
        self.set_raw(value)

    def raw(self) -> Any:
        """Return what stands in the field as plain data, for drafts. Override."""
        return None

    def set_raw(self, raw: Any) -> None:
        """Put back what :meth:`raw` returned. Override."""

    def show_error(self, sentence: str) -> None:
        """Show a sentence beneath the field; an empty one takes it away."""
        sentence = with_places(sentence)
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.input.setProperty("wrong", bool(sentence))
        self.input.setAccessibleDescription(sentence)
        restyle(self.input)

    def focus(self) -> None:
        """Give the keyboard to this field."""
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self, widget: QWidget, keyboard: QWidget | None = None) -> None:
        """Put the input between label and error and bind the label to it; ``keyboard`` is the part that is typed in."""
        self.column.insertWidget(1, widget)
        self._input = keyboard or widget
        self._heading.setBuddy(self.input)
        self.input.setAccessibleName(self.spec.label)
        self.setFocusProxy(self.input)

    def _touched(self) -> None:
        if self.error:
            self.show_error("")
        self.edited.emit()

    def _text_value(self, text: str) -> str | None:
        """Check emptiness and length of a text; the length counts code points, as the database does."""
        cleaned = text.strip()
        if not cleaned:
            if self.spec.optional:
                return None
            raise FieldProblem(REQUIRED)
        if self.spec.most and len(cleaned) > self.spec.most:
            message = f"最多 {self.spec.most} 个字，现在是 {len(cleaned)} 个，请缩短后再保存。"
            raise FieldProblem(message)
        return cleaned


class LineField(Field):
    """One line of text. ``value()`` is stripped text or ``None``."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(spec.placeholder)
        self.line.textEdited.connect(lambda _text: self._touched())
        self._place(self.line)

    def value(self) -> Any:
        """Return the stripped text, ``None`` when empty."""
        return self._text_value(self.line.text())

    def raw(self) -> Any:
        """Return the text as it stands."""
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        """Show a text."""
        self.line.setText("" if raw is None else str(raw))


class PasswordField(LineField):
    """One line whose characters are not shown; never part of a draft."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)

    def value(self) -> Any:
        """Return the text unstripped: blanks may belong to a password."""
        if not self.line.text() and not self.spec.optional:
            raise FieldProblem(REQUIRED)
        return self.line.text()

    def raw(self) -> Any:
        """Override: a draft holds no password."""
        return None


class TextField(Field):
    """Several lines of text; Tab goes on to the next field."""

    stretches: ClassVar[bool] = True

    def __init__(self, spec: FieldSpec, *, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(spec.placeholder)
        self.text.setFixedHeight(lines * self.text.fontMetrics().lineSpacing() + 24)
        self._quiet = False
        self.text.textChanged.connect(self._changed)
        self._place(self.text)

    def value(self) -> Any:
        """Return the stripped text, ``None`` when empty."""
        return self._text_value(self.text.toPlainText())

    def raw(self) -> Any:
        """Return the text as it stands."""
        return self.text.toPlainText()

    def set_raw(self, raw: Any) -> None:
        """Show a text."""
        self._quiet = True
        self.text.setPlainText("" if raw is None else str(raw))
        self._quiet = False

    def _changed(self) -> None:
        if not self._quiet:
            self._touched()
