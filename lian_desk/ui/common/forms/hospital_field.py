"""A hospital of the list, searched as it is typed: by name, city, alias or initials; chips say city, level and list."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QStringListModel, QTimer
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.request_views.requirement_form import search_hospitals
from lian_desk.services.request_views.views import HospitalLine
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.fields import REQUIRED, Field, FieldProblem, FieldSpec
from lian_desk.ui.common.look.chips import Chip, ChipText
from lian_desk.ui.common.look.theme import current_theme
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_PAUSE_MS: Final = 120


def hospital_words(line: HospitalLine) -> str:
    """Return the name of a campus: 复旦大学附属中山医院（青浦院区）."""
    return f"{line.name}（{line.campus}）" if line.campus else line.name


def hospital_chips(line: HospitalLine) -> tuple[ChipText, ...]:
    """Return the chips of a campus: list and level in one, cancer hospital and city."""
    level = phrase(line.level)
    tone = Tone.KEPT if line.level is HospitalLevel.CLASS_A_TERTIARY else Tone.INFO
    if line.is_sample:
        tone = Tone.RISK
    first = ChipText(f"{line.standing} · {level}", tone if line.is_on_list else Tone.BROKEN)
    special = (ChipText("肿瘤专科", Tone.INFO),) if line.specialty is HospitalSpecialty.CANCER else ()
    return (first, *special)


class HospitalField(Field):
    """Search as you type; ``value()`` is the key of the chosen campus or ``None``."""

    def __init__(self, spec: FieldSpec, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._context = context
        self.chosen: HospitalLine | None = None
        self._offered: dict[str, HospitalLine] = {}
        self._quiet = False
        self._asked = ""
        self.line = QLineEdit()
        self.line.setPlaceholderText(spec.placeholder or "医院名称、简称、城市或拼音首字母")
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(8)
        self._completer.setWidget(self.line)
        popup = self._completer.popup()
        assert popup is not None
        popup.setObjectName("completer")
        # it has no parent whose look it could take
        current_theme().keep_dressed(popup)
        self._completer.activated.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._search)
        self.line.textChanged.connect(self._typed)
        self._chips = QWidget()
        self._chip_row = QHBoxLayout(self._chips)
        self._chip_row.setContentsMargins(0, 2, 0, 0)
        self._chip_row.setSpacing(6)
        self._place(self.line)
        self.column.insertWidget(2, self._chips)
        self._show_chips()

    def value(self) -> Any:
        """Return the key of the chosen campus."""
        text = self.line.text().strip()
        if self.chosen is None and not text:
            if self.spec.optional:
                return None
            raise FieldProblem(REQUIRED)
        if self.chosen is None:
            message = "请从列表中选择医院；输入名称、城市或首字母可以查找。"
            raise FieldProblem(message)
        return self.chosen.hospital_id

    def raw(self) -> Any:
        """Return the words in the box; a draft finds the campus again by them."""
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        """Show words and look for the campus they name."""
        self._quiet = True
        self.line.setText("" if raw is None else str(raw))
        self._quiet = False
        self.choose(None)
        if self.line.text():
            self._context.runner.read(
                self, partial(search_hospitals, self._context.desk, self._needle()), self._find_again
            )

    def choose(self, line: HospitalLine | None, *, keep_words: bool = True) -> None:
        """Take a campus without emitting."""
        self.chosen = line
        if line is not None or not keep_words:
            self._quiet = True
            self.line.setText(hospital_words(line) if line is not None else "")
            self.line.setCursorPosition(0)
            self._quiet = False
        self._show_chips()

    def _needle(self) -> str:
        return self.line.text().replace("（", " ").replace("）", " ").split("·")[0]

    def _typed(self, text: str) -> None:
        if self._quiet:
            return
        if self.chosen is not None:
            self.chosen = None
            self._show_chips()
        self._touched()
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()

    def _search(self) -> None:
        self._asked = self._needle()
        work = partial(search_hospitals, self._context.desk, self._asked)
        self._context.runner.read(self, work, partial(self._offer, self._asked))

    def _offer(self, asked: str, found: tuple[HospitalLine, ...]) -> None:
        if asked != self._asked or self.chosen is not None or not self.line.hasFocus():
            return
        self._offered = {_offer_words(line): line for line in found}
        self._names.setStringList(list(self._offered))
        if self._offered:
            self._completer.complete()
        else:
            popup = self._completer.popup()
            assert popup is not None
            popup.hide()

    def _take(self, words: str) -> None:
        line = self._offered.get(words)
        if line is not None:
            self.choose(line)
            self._touched()

    def _find_again(self, found: tuple[HospitalLine, ...]) -> None:
        words = self.line.text()
        line = next((line for line in found if hospital_words(line) == words), None)
        if line is not None and self.chosen is None:
            self.choose(line)
            self.edited.emit()

    def _show_chips(self) -> None:
        while (item := self._chip_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self.chosen is not None:
            for chip in (ChipText(self.chosen.city, Tone.NEUTRAL), *hospital_chips(self.chosen)):
                self._chip_row.addWidget(Chip(chip.text, chip.tone))
            self._chip_row.addStretch(1)
        self._chips.setVisible(self.chosen is not None)


def _offer_words(line: HospitalLine) -> str:
    return f"{hospital_words(line)} · {line.city} · {phrase(line.level)} · {line.standing}"
