"""Symptoms as told: words with commas between them, one answer each."""

import re
from typing import Any, Final

from lian_desk.ui.common.forms.forms import LineField

_BETWEEN: Final = re.compile(r"[，,、；;\n]+")


class SymptomField(LineField):
    """Takes words; ``value()`` is a tuple of them, ``None`` when nothing was asked. A blank never cuts what was told."""

    def value(self) -> Any:
        """Override: the words one by one."""
        text = self._text_value(self.line.text())
        return tuple(word for part in _BETWEEN.split(text or "") if (word := part.strip())) or None

    def set_value(self, value: Any) -> None:
        """Override: show words with commas between them."""
        self.set_raw("，".join(value or ()))
