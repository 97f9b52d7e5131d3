"""A topic of the library of education, or one's own words."""

from typing import Any

from lian_desk.ui.common.forms.forms import ComboField


class TopicField(ComboField):
    """Offers topics; any other text is a topic too."""

    def value(self) -> Any:
        """Override: the text as it stands."""
        return self._text_value(self.combo.currentText())
