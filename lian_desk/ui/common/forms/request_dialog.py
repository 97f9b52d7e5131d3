"""A dialog about one request: heading, fields of the subclass, one command."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import FactSource
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.asked import Asked, asked_by
from lian_desk.services.request_views.forms import EvidenceChoices
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.evidence_fields import EvidenceFields
from lian_desk.ui.common.forms.fields import FieldSpec, TextField
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Outcome

_SOURCES: Final = (FactSource.INSURED_STATEMENT, FactSource.HOSPITAL, FactSource.DOCUMENT)


def source_field() -> ChoiceField:
    """Return the field that says where a fact about the visit comes from (R72)."""
    return ChoiceField(
        FieldSpec(name="source", label="来源"), [FilterChoice(source.value, phrase(source)) for source in _SOURCES]
    )


class RequestDialog(OrderDialog):
    """Base of the dialogs of a request; a subclass adds fields and builds its command.

    ``action``: what the dialog is for; its row of the state table says which of the ``ask_`` fields there are.
    ``saved`` carries the key of the request.
    """

    action: ClassVar[RequestAction | None] = None
    evidence: EvidenceFields

    def __init__(
        self, context: UiContext, view: RequestView, words: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        """``words``: heading and primary button."""
        title, primary = words
        heading = f"{title} · {phrase(view.kind)} · {view.insured_name}"
        super().__init__(context, heading, primary=primary, parent=parent)
        self.view = view
        self.asked = asked_by(self.action, view.kind) if self.action is not None else Asked()
        offer_materials(self, context, view.file_id)

    def ask_reason(self, spec: FieldSpec, *, lines: int = 2) -> None:
        """Add the field for why, where the move needs a reason."""
        if self.asked.reason:
            self.form.add_row(TextField(spec, lines=lines))

    def ask_source(self) -> None:
        """Add the field for who told it, where the move needs a source (R72)."""
        if self.asked.source:
            self.form.add_row(source_field())

    def ask_warning(self, words: str) -> CheckField | None:
        """Add the tick for what was read out, where the move needs it (R80); return it."""
        if not self.asked.warning:
            return None
        field = CheckField(FieldSpec(name="warning_acknowledged", label=words))
        self.form.add_row(field)
        return field

    def ask_evidence(self, choices: EvidenceChoices, *, title: str = "确认凭证") -> None:
        """Add the fields for the proof, where the move needs one."""
        if self.asked.evidence:
            self.evidence = EvidenceFields(self.form, choices, title=title)

    def written(self, _outcome: "Outcome") -> None:
        """Override: tell the key of the request."""
        self.finish(self.view.request_id)

    def begin_draft(self, name: str, *, restored: Callable[[], object] | None = None) -> None:
        """Keep what is typed under ``name`` and this request, and fit the height; called when the form is filled."""
        self.keep_draft(f"{name}:{self.view.request_id}", desk_drafts(self.context), restored=restored)
        self.fit()
