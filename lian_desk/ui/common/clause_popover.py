"""「依据」: the clauses behind what is shown, with their words, their place in the handbook and the edition."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from lian_desk.services.request_clauses import ClauseLine
from lian_desk.ui.common.text import hairline, label

_WIDTH = 420
_MOST_HEIGHT = 460


class ClausePopover(QFrame):
    """A small window over the page that closes on a click elsewhere or Esc."""

    def __init__(self, clauses: Sequence[ClauseLine], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("依据")
        body = QWidget()
        body.setObjectName("plain")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        column.addWidget(label("依据", "section"))
        for number, clause in enumerate(clauses):
            if number:
                column.addWidget(hairline())
            column.addWidget(label(f"{clause.id} · {clause.place}", "secondary", wrap=True))
            words = label(clause.text, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(words)
        if clauses:
            column.addWidget(label(f"健康管理服务手册 {clauses[0].edition}", "muted"))
        else:
            column.addWidget(label("这一步没有对应的条款。", "muted"))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(area)
        self.setFixedWidth(_WIDTH)
        wanted = body.heightForWidth(_WIDTH - 20) if body.hasHeightForWidth() else body.sizeHint().height()
        self.setFixedHeight(min(wanted + 12, _MOST_HEIGHT))

    def show_below(self, widget: QWidget) -> None:
        """Open with the right edge under ``widget``, inside its screen."""
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        room = widget.screen().availableGeometry()
        corner.setX(max(room.left() + 8, min(corner.x(), room.right() - self.width() - 8)))
        if corner.y() + self.height() > room.bottom():
            corner.setY(widget.mapToGlobal(QPoint(0, -self.height() - 4)).y())
        self.move(corner)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)
