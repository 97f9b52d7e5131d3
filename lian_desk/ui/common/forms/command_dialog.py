"""A form that makes one command: the shape of every small dialog."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import DeskError
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

CommandMaker = Callable[[int, dict[str, Any]], "Command"]


class CommandDialog(OrderDialog):
    """A form whose values make one command; the maker gets the command's key and the checked values.

    ``places`` tells where a refusal stands when the service names a field otherwise than the form does. ``saved``
    carries the key of the command's main row.
    """

    def __init__(  # noqa: PLR0913 - what a form is made of; all but two by name
        self,
        context: UiContext,
        title: str,
        *,
        primary: str,
        make: CommandMaker,
        places: Mapping[str, str] | None = None,
        width: int = 620,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, title, primary=primary, width=width, parent=parent)
        self._make = make
        self._places = dict(places or {})

    def ready(self, draft_key: str = "", *, restored: Callable[[], object] | None = None) -> "CommandDialog":
        """Put back what was left unsaved under ``draft_key`` and fit the height; call after the form is filled."""
        if draft_key:
            self.keep_draft(draft_key, desk_drafts(self.context), restored=restored)
        self.fit()
        return self

    def command(self, values: dict[str, Any]) -> "Command":
        """Override: let the maker build it."""
        return self._make(self.command_id, values)

    def refuse(self, error: BaseException) -> None:
        """Override: a refusal stands beneath the field that the form has for it."""
        if isinstance(error, DeskError):
            named = str(error.parameters.get("field", ""))
            error.parameters["field"] = self._places.get(named, named)
        super().refuse(error)
