"""A second way to save a form: save, then go on to the paper about what was saved."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.buttons import SecondaryButton


class PaperAfter(QObject):
    """Adds the button to ``dialog``; ``start`` gets what the dialog saved and opens the paper.

    Where a field is wrong the wish is forgotten with the try; the plain button only saves.
    """

    def __init__(self, dialog: FormDialog, words: str, start: Callable[[object], object]) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._start = start
        self._is_wanted = False
        self.button = SecondaryButton(words, self._save)
        dialog.foot.insertWidget(dialog.foot.count() - 1, self.button)
        dialog.primary.clicked.connect(self._forget)
        dialog.saved.connect(self._go_on)

    def _save(self) -> None:
        self._is_wanted = True
        self._dialog.try_submit()
        if not self._dialog.is_busy:
            self._forget()

    def _forget(self) -> None:
        self._is_wanted = False

    def _go_on(self, saved: object) -> None:
        if self._is_wanted:
            self._start(saved)
