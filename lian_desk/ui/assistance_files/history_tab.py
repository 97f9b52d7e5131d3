"""病史与用药: diseases, and the four kinds of history, each an answer even when it is none or declined (R17, R22)."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import Certainty, HistoryKind, Knownness
from lian_desk.services.assistance_files.views import FileView, HistoryLine
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files.fact_card import FactCard
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_TONES = {Certainty.CONFIRMED: Tone.ACCENT, Certainty.SUSPECTED: Tone.RISK, Certainty.EXCLUDED: Tone.NEUTRAL}


class HistoryTab(QWidget):
    """Facts about health, each with its source and date."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file_id: int | None = None
        self._add_disease = small_button("登记疾病", lambda: self._start("add_disease"))
        self._add_history = small_button("更新病史与用药", lambda: self._start("add_history"))
        self._diseases = FactCard("疾病", key_width=72, aside=self._add_disease)
        self._disease_grid = self._diseases.grid
        self._history = FactCard("病史与用药", aside=self._add_history)
        self._history_grid = self._history.grid
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._diseases, 2)
        row.addWidget(self._history, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row, 1)

    def show_view(self, view: FileView) -> None:
        """Show a file's diseases and history."""
        self._file_id = view.file_id
        for button in (self._add_disease, self._add_history):
            button.setEnabled(not view.is_read_only)
        self._disease_grid.clear()
        for disease in view.diseases:
            self._disease_grid.add_fact(
                phrase(disease.severity),
                disease.name,
                chips=(ChipText(phrase(disease.certainty), _TONES[disease.certainty]),),
                note=" · ".join(filter(None, (formats.iso_day(disease.noted_on), disease.evidence_note))),
            )
        if not view.diseases:
            self._disease_grid.add_fact("—", "尚未登记确诊或疑似的轻症、中症、重症。")
        self._history_grid.clear()
        for kind in HistoryKind:
            lines = [line for line in view.history if line.kind is kind]
            if not lines:
                self._history_grid.add_fact(phrase(kind), "尚未询问")
            for index, line in enumerate(lines):
                self._history_grid.add_fact(phrase(kind) if index == 0 else "", _words(line), note=_source(line))

    def _start(self, action_id: str) -> None:
        if self._file_id is not None:
            self._context.navigator.start(action_id, self._file_id)


def _words(line: HistoryLine) -> str:
    if line.knownness is not Knownness.KNOWN:
        return phrase(line.knownness)
    return " · ".join(filter(None, (line.text, line.dosage, line.since)))


def _source(line: HistoryLine) -> str:
    return f"{phrase(line.source)} · {formats.iso_day(line.stated_on)}"
