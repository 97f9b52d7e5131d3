"""Cards and what fills them: headings, figures, facts in two columns, bands that warn."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from lian_desk.services.rules.citations import with_places
from lian_desk.ui.common.look.chips import Chip, ChipText
from lian_desk.ui.common.look.text import hairline, label, restyle, section_title
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.common.look.visibility import set_shown


class Card(QFrame):
    """A white sheet with a hairline; ``body`` takes the content, ``head`` may take chips or a link at the right."""

    def __init__(self, title: str = "", *, aside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.body.setSpacing(8)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = section_title(title)
        # without a heading it has no place, yet it goes with the card
        self.title.setParent(self)
        self.title.hide()
        if title or aside is not None:
            self.title.show()
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            if aside is not None:
                self.head.addWidget(aside)
            self.body.addLayout(self.head)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget below what is there."""
        self.body.addWidget(widget, stretch)


class ScrollColumn(QScrollArea):
    """A column of cards that scrolls where the window is low, so that no card is squeezed; fill ``body``."""

    def __init__(self, width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        inside.setObjectName("body")
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.installEventFilter(self)
        if width:
            self.setFixedWidth(width)

    def minimumSizeHint(self) -> QSize:
        """Override: as narrow as its cards may be and no narrower, for it does not scroll sideways."""
        inside = self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        width = inside.minimumSizeHint().width() + bar if inside is not None else 0
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: cards that need another width say so to the column only; the layout around it is told here."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def clear(self) -> None:
        """Take every widget away."""
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a card below what is there."""
        self.body.addWidget(widget, stretch)


class StatCard(Card):
    """One figure of the day: what it counts, the number, and a chip that says how it stands."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setSpacing(2)
        self._figure = label("—", "figure")
        self._chip = Chip()
        self._chip.hide()
        self._note = label("", "muted")
        self._note.hide()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._figure)
        row.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.body.addWidget(label(caption, "secondary"))
        self.body.addLayout(row)
        self.body.addWidget(self._note)
        self._caption = caption
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_figure(self, figure: str, chip: ChipText | None = None, note: str = "") -> None:
        """Show the number, its chip and a quiet line below."""
        self._figure.setText(figure)
        if chip is None:
            self._chip.hide()
        else:
            self._chip.set_chip(chip.text, chip.tone)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(f"{self._caption} {figure} {chip.text if chip else ''} {note}".strip())


class KeyValueGrid(QWidget):
    """Facts in two columns: what, and its value with chips and a quiet second line; a hairline under each."""

    def __init__(self, *, key_width: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, key_width)
        self._grid.setColumnStretch(1, 1)
        self._row = 0

    def clear(self) -> None:
        """Take every fact away."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._row = 0

    def add_fact(
        self, key: str, value: str, *, chips: Sequence[ChipText] = (), note: str = "", tip: str = ""
    ) -> QLabel:
        """Add one fact and return the label of its value; ``tip`` explains it on hover."""
        shown = label(value or "—", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        if chips:
            row = QHBoxLayout()
            row.setSpacing(6)
            shown.setWordWrap(False)
            row.addWidget(shown)
            for chip in chips:
                row.addWidget(Chip(chip.text, chip.tone))
            row.addStretch(1)
            column.addLayout(row)
        else:
            column.addWidget(shown)
        if note:
            column.addWidget(label(note, "muted", wrap=True))
        cell.setToolTip(tip)
        self.add_widget(key, cell)
        return shown

    def add_widget(self, key: str, widget: QWidget) -> None:
        """Add a fact whose value is a widget."""
        name = label(key, "secondary")
        name.setContentsMargins(4, 3, 0, 3)
        self._grid.addWidget(name, self._row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(widget, self._row, 1)
        self._grid.addWidget(hairline(), self._row + 1, 0, 1, 2)
        self._row += 2


class Notice(QFrame):
    """A tinted band with a sentence: amber warns, red refuses, blue informs."""

    def __init__(self, text: str = "", tone: Tone = Tone.RISK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setProperty("tone", tone.value)
        text = with_places(text)
        self._label = label(text, "body", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.addWidget(self._label, 1)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._label.text()

    def set_notice(self, text: str, tone: Tone | None = None) -> None:
        """Show another sentence; an empty one hides the band. Rule numbers in brackets are spoken as places."""
        text = with_places(text)
        self._label.setText(text)
        self.setAccessibleName(text)
        if tone is not None and self.property("tone") != tone.value:
            self.setProperty("tone", tone.value)
            restyle(self)
            restyle(self._label)
        set_shown(self, bool(text))
