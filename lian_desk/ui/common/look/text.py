"""Labels: plain text only (what people typed is never read as markup), one role of type each, long names are cut."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def label(text: str, role: str = "body", *, wrap: bool = False) -> QLabel:
    """Return a plain-text label; ``role`` is one of body, bold, secondary, muted, section, title, figure, error, accent."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if wrap:
        # a wrapping label must be free to grow downwards, or Qt cuts its last line
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def section_title(text: str) -> QLabel:
    """Return the bold heading of a card."""
    return label(text, "section")


def hairline() -> QFrame:
    """Return a thin horizontal rule."""
    line = QFrame()
    line.setProperty("role", "line")
    return line


def upright() -> QFrame:
    """Return a thin vertical rule."""
    line = QFrame()
    line.setProperty("role", "upright")
    return line


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose dynamic property changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


class ElidedLabel(QLabel):
    """One line that is cut with … where it does not fit; the whole text stands in the tool tip."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Override: a cut text needs hardly any width."""
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: show the tool tip only when something is cut."""
        super().resizeEvent(event)
        self._explain()

    def changeEvent(self, event: QEvent) -> None:
        """Override: another font needs another width."""
        super().changeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint the text cut to the width."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def _explain(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")
