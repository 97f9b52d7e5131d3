"""A dialog about one request: heading, fields of the subclass, one command."""

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lian_desk.services.service_requests.views import RequestView
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command


class RequestDialog(FormDialog):
    """Base of the dialogs of a request; a subclass adds fields and builds its command.

    ``saved`` carries the key of the request.
    """

    def __init__(
        self, context: UiContext, view: RequestView, words: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        """``words``: heading and primary button."""
        title, primary = words
        super().__init__(f"{title} · {phrase(view.kind)} · {view.insured_name}", primary=primary, parent=parent)
        self.context = context
        self.view = view
        offer_materials(self, context, view.file_id)

    @abstractmethod
    def command(self, values: dict[str, Any]) -> "Command":
        """Return the command from checked values. Override."""

    def submit(self, values: dict[str, Any]) -> None:
        """Override: carry the command out."""
        key = self.view.request_id
        carry_out(self.context, self, self.command(values), lambda _outcome: self.finish(key), self.refuse)

    def begin_draft(self, name: str, *, restored: Callable[[], object] | None = None) -> None:
        """Keep what is typed under ``name`` and this request, and fit the height; called when the form is filled."""
        self.keep_draft(f"{name}:{self.view.request_id}", desk_drafts(self.context), restored=restored)
        self.fit()
