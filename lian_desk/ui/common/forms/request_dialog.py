"""A dialog about one request: heading, fields of the subclass, one command."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lian_desk.services.service_requests.views import RequestView
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Outcome


class RequestDialog(OrderDialog):
    """Base of the dialogs of a request; a subclass adds fields and builds its command.

    ``saved`` carries the key of the request.
    """

    def __init__(
        self, context: UiContext, view: RequestView, words: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        """``words``: heading and primary button."""
        title, primary = words
        heading = f"{title} · {phrase(view.kind)} · {view.insured_name}"
        super().__init__(context, heading, primary=primary, parent=parent)
        self.view = view
        offer_materials(self, context, view.file_id)

    def written(self, _outcome: "Outcome") -> None:
        """Override: tell the key of the request."""
        self.finish(self.view.request_id)

    def begin_draft(self, name: str, *, restored: Callable[[], object] | None = None) -> None:
        """Keep what is typed under ``name`` and this request, and fit the height; called when the form is filled."""
        self.keep_draft(f"{name}:{self.view.request_id}", desk_drafts(self.context), restored=restored)
        self.fit()
