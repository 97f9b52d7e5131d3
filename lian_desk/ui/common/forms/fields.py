"""Input fields: each knows its label, whether it is optional, why it is asked, its bounds, and where its error stands.

A field never throws away what was typed: a value that cannot be read stays in the box and its sentence stands beneath.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from lian_desk.services.desk.explanations import Explanation
from lian_desk.services.reference_data.field_purposes import purpose_of
from lian_desk.services.rules.citations import with_places
from lian_desk.ui.common.explain.explain import ExplainPopover, explain_clauses
from lian_desk.ui.common.look.text import label, restyle
from lian_desk.ui.common.look.visibility import set_shown

REQUIRED: Final = "请填写这一项。"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """What every field has in common.

    Attributes:
        name: key of the value in ``Form.values()``.
        label: words above the field.
        optional: True shows 选填 beside the label; otherwise an empty field is refused.
        why: why it is asked (R20), shown on hover over the label.
        asked: name of the field in the table of purposes (``services.field_purposes``): why it is asked, whether it may
            be left out and how long it is kept stand behind ⓘ, on a click or with F1 in the field.
        placeholder: an example of what to type.
        most: greatest number of characters (code points); 0 for no bound.
    """

    name: str
    label: str
    optional: bool = False
    why: str = ""
    asked: str = ""
    placeholder: str = ""
    most: int = 0


class FieldProblem(ValueError):
    """What was typed cannot be a value; ``str()`` is the Chinese sentence beneath the field."""


class _AsksWhy(QPushButton):
    """ⓘ beside a label; the keyboard reaches the same with F1 in the field, so that Tab goes from field to field."""

    def __init__(self, words: str, clicked: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("ⓘ", parent)
        self.setProperty("role", "link")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"为何询问{words}")
        self.setToolTip("为何询问、是否必填、保存多久（F1）")
        self.clicked.connect(lambda _checked=False: clicked())


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
        self.purpose = purpose_of(spec.asked) if spec.asked else None
        why = with_places(spec.why or (self.purpose.words if self.purpose is not None else ""))
        self._heading.setToolTip(why)
        mark.setToolTip(why)
        self._asks = _AsksWhy(spec.label, self.show_purpose) if self.purpose is not None else None
        if why and self._asks is None:
            mark.setText(f"{mark.text()} ⓘ".strip())
        set_shown(mark, bool(mark.text()))
        self._error = label("", "error", wrap=True)
        self._error.hide()
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._heading)
        head.addWidget(mark)
        if self._asks is not None:
            head.addWidget(self._asks)
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

    def show_purpose(self) -> ExplainPopover | None:
        """Open why this is asked; None for a field that nobody asks of a customer."""
        if self.purpose is None or self._asks is None:
            return None
        lines = tuple(with_places(line) for line in self.purpose.lines)
        popover = ExplainPopover(explain_clauses(["R20"], lines) or Explanation((), lines), self)
        popover.show_below(self._asks)
        return popover

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: F1 tells why the field is asked."""
        if event.key() == Qt.Key.Key_F1 and self.purpose is not None:
            self.show_purpose()
            event.accept()
            return
        super().keyPressEvent(event)

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
