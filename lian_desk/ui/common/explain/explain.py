"""「依据」: a small window with the clauses behind an answer, their place, the edition, and the facts used.

Dialogs know no desk. The composition root installs an explainer once; whoever has a clause asks for it here.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from lian_desk.models.errors import DeskError
from lian_desk.services.desk.explanations import Explanation
from lian_desk.services.rules.clause_lines import ClauseLine
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label

Explainer = Callable[[Sequence[str], Sequence[str]], Explanation]

_WIDTH: Final = 420
_MOST_HEIGHT: Final = 460
_EDGE: Final = 8
_SCROLL_BAR: Final = 20
_SIDE: Final = 16
#: The explainer of the running program; there is one desk at a time.
_INSTALLED: Final[list[Explainer]] = []


def install_explainer(explainer: Explainer | None) -> None:
    """Let every dialog of the running program explain refusals by ``explainer``; None takes it away."""
    _INSTALLED[:] = [] if explainer is None else [explainer]


def explain_clauses(clause_ids: Sequence[str], facts: Sequence[str] = ()) -> Explanation | None:
    """Return the explanation of clauses, None where no explainer is installed or it knows none of them."""
    if not _INSTALLED:
        return None
    found = _INSTALLED[0](clause_ids, facts)
    return found if found.clauses else None


def explain_refusal(error: BaseException) -> Explanation | None:
    """Return what is behind a refusal: its clause and its own sentence with the values it names."""
    if not isinstance(error, DeskError) or not error.clause:
        return None
    return explain_clauses([error.clause], [sentence(error)])


class ExplainPopover(QFrame):
    """A small window over the page that closes on a click elsewhere or Esc."""

    def __init__(self, explanation: Explanation, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.explanation = explanation
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("依据")
        body = self._body()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(area)
        self.setFixedWidth(_WIDTH)
        # the fonts of the style sheet decide how high the words are
        for part in (self, *self.findChildren(QWidget)):
            part.ensurePolished()
        # a wrapped label's least height is reckoned for a narrow one; at this width it is what its words need
        for words in body.findChildren(QLabel):
            if words.wordWrap():
                words.setMinimumHeight(words.heightForWidth(_WIDTH - _SCROLL_BAR - 2 * _SIDE))
        wanted = max(body.heightForWidth(_WIDTH - _SCROLL_BAR), body.minimumSizeHint().height())
        self.setFixedHeight(min(wanted + 4, _MOST_HEIGHT))

    @property
    def words(self) -> str:
        """Everything that is shown, for the screen reader and for tests."""
        return "\n".join(found.text() for found in self.findChildren(QLabel))

    def show_below(self, widget: QWidget) -> None:
        """Open with an edge under ``widget``, inside its screen."""
        self.show_beside(QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size()), widget)

    def show_beside(self, place: QRect, widget: QWidget) -> None:
        """Open under ``place`` (in screen coordinates), above it where there is no room, inside the widget's screen."""
        corner = QPoint(place.right() - self.width(), place.bottom() + 5)
        if corner.x() < widget.window().mapToGlobal(QPoint(0, 0)).x():
            # beside a field at the left it would hang out of the window and cover what lies behind a dialog
            corner.setX(place.left())
        room = widget.screen().availableGeometry()
        corner.setX(max(room.left() + _EDGE, min(corner.x(), room.right() - self.width() - _EDGE)))
        if corner.y() + self.height() > room.bottom():
            corner.setY(max(room.top(), place.top() - self.height() - 4))
        self.move(corner)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def _body(self) -> QWidget:
        shown = self.explanation
        body = QWidget()
        body.setObjectName("body")
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 12, _SIDE, 14)
        column.setSpacing(6)
        column.addWidget(label("依据", "section"))
        for fact in shown.facts:
            column.addWidget(_selectable(label(fact, wrap=True)))
        if shown.facts and shown.clauses:
            column.addWidget(hairline())
        for number, clause in enumerate(shown.clauses):
            if number:
                column.addWidget(hairline())
            column.addWidget(label(_heading(clause), "secondary", wrap=True))
            column.addWidget(_selectable(label(clause.text, wrap=True)))
        if shown.clauses:
            column.addWidget(label(f"健康管理服务手册 {shown.clauses[0].edition}", "muted"))
        else:
            column.addWidget(label("这一步没有对应的条款。", "muted"))
        column.addStretch(1)
        return body


def _heading(clause: ClauseLine) -> str:
    """Where the words stand: people know the places of the handbook, not the numbers of its rules."""
    is_decision = clause.id.startswith("A")
    return clause.place if is_decision else f"手册 {clause.place}"


def _selectable(shown: QLabel) -> QLabel:
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return shown
