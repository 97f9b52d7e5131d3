"""Three bars and a word under a new password."""

from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lian_desk.adapters.keys.password_strength import Strength, strength_of
from lian_desk.ui.common.look.text import label, restyle
from lian_desk.ui.common.look.theme import Tone

_WORDS: Final = {
    Strength.TOO_SHORT: "至少 8 个字符",
    Strength.WEAK: "偏弱：再长一些，或用一句自己记得住的话",
    Strength.FAIR: "可以",
    Strength.STRONG: "很好",
}
_TONES: Final = {
    Strength.TOO_SHORT: Tone.NEUTRAL,
    Strength.WEAK: Tone.BROKEN,
    Strength.FAIR: Tone.RISK,
    Strength.STRONG: Tone.KEPT,
}


class StrengthHint(QWidget):
    """Says how a password looks while it is typed; the word says it all, the colour only helps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._bars: list[QFrame] = []
        for _ in range(Strength.STRONG):
            bar = QFrame()
            bar.setProperty("role", "strength")
            bar.setFixedSize(44, 4)
            self._bars.append(bar)
            row.addWidget(bar)
        self._words = label("", "muted")
        row.addSpacing(6)
        row.addWidget(self._words, 1)
        self.show_password("")

    @property
    def words(self) -> str:
        """The word shown."""
        return self._words.text()

    def show_password(self, password: str) -> None:
        """Judge what stands in the field."""
        strength = strength_of(password)
        self._words.setText(_WORDS[strength])
        for place, bar in enumerate(self._bars):
            tone = _TONES[strength] if place < strength else Tone.NEUTRAL
            bar.setProperty("tone", tone.value if place < strength else "off")
            restyle(bar)
