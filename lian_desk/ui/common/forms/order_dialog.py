"""The base of every dialog whose form makes one command: one order for each dialog that is opened."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command, Outcome


class OrderDialog(FormDialog):
    """A form that makes one command; a subclass adds fields and builds it with ``self.command_id``.

    The key is taken when the dialog opens: whatever is pressed twice, or again after an answer that never came, is the
    same order and is carried out once. ``saved`` carries the key of the command's main row.
    """

    def __init__(
        self, context: UiContext, title: str, *, primary: str, width: int = 620, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, primary=primary, width=width, parent=parent)
        self.context = context
        self.command_id = context.desk.new_id()

    @abstractmethod
    def command(self, values: dict[str, Any]) -> "Command":
        """Return the command from checked values. Override."""

    def written(self, outcome: "Outcome") -> None:
        """The command is committed: tell its key and close."""
        self.finish(outcome.key)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: carry the command out."""
        carry_out(self.context, self, self.command(values), self.written, self.refuse)
