"""Which view is drawn by which paper: the one list of papers."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from lian_desk.adapters.drawing.views import AssistanceFileSummaryView, FollowUpRecordView
from lian_desk.adapters.paper_forms.assistance_file_summary import draw_assistance_file_summary
from lian_desk.adapters.paper_forms.booking_notice import draw_booking_notice
from lian_desk.adapters.paper_forms.deadline_proof import draw_deadline_proof
from lian_desk.adapters.paper_forms.disclosure_pack import draw_disclosure_pack
from lian_desk.adapters.paper_forms.education_leaflet import draw_education_leaflet
from lian_desk.adapters.paper_forms.entitlement_statement import draw_entitlement_statement
from lian_desk.adapters.paper_forms.follow_up_record import draw_follow_up_record
from lian_desk.adapters.paper_forms.medical_sheet import draw_medical_sheet
from lian_desk.adapters.paper_forms.paper_views import (
    BookingNoticeView,
    DeadlineProofView,
    DisclosurePackView,
    EducationLeafletView,
    EntitlementStatementView,
    MedicalSheetView,
    TeamSummaryView,
)
from lian_desk.adapters.paper_forms.team_summary import draw_team_summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from lian_desk.adapters.drawing.printing import DrawnDocument

DocumentView = (
    FollowUpRecordView
    | AssistanceFileSummaryView
    | MedicalSheetView
    | BookingNoticeView
    | EntitlementStatementView
    | DeadlineProofView
    | EducationLeafletView
    | TeamSummaryView
    | DisclosurePackView
)

_DRAWN_BY: dict[type, Callable[[Any, BytesIO], DrawnDocument]] = {
    FollowUpRecordView: draw_follow_up_record,
    AssistanceFileSummaryView: draw_assistance_file_summary,
    MedicalSheetView: draw_medical_sheet,
    BookingNoticeView: draw_booking_notice,
    EntitlementStatementView: draw_entitlement_statement,
    DeadlineProofView: draw_deadline_proof,
    EducationLeafletView: draw_education_leaflet,
    TeamSummaryView: draw_team_summary,
    DisclosurePackView: draw_disclosure_pack,
}


def draw(view: DocumentView) -> tuple[bytes, DrawnDocument]:
    """Return the bytes of the paper of `view` and what became of it. Knows no desk: it may run in another process."""
    target = BytesIO()
    drawn = _DRAWN_BY[type(view)](view, target)
    return target.getvalue(), drawn
