"""The 团队小结 on paper: the figures of the lead's page, frozen."""

from datetime import timedelta

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.drawing.views import Stamp
from lian_desk.adapters.paper_forms.paper_views import TeamSummaryView
from lian_desk.services.commands import audit_trail
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers.orders import ExportOrder, Numbering
from lian_desk.services.team.views import load_team

_USUAL_DAYS = 28


def load_team_summary(desk: Desk, order: ExportOrder, numbering: Numbering) -> TeamSummaryView:
    """Read the figures of the period of ``order``, by default the last four weeks.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` for anybody but a lead.
    """
    today = desk.today
    first, last = order.period or (today - timedelta(days=_USUAL_DAYS - 1), today)
    team = load_team(desk, first, last)
    with desk.read() as session:
        head = audit_trail.head(session).mac
    return TeamSummaryView(
        stamp=Stamp(
            file_number="",
            record_number=numbering.number,
            issue=numbering.issue,
            issued_at=desk.clock.now(),
            case_manager=desk.operator.name,
            masked=True,
            audit_head=head,
            reader="供团队管理使用",
            corrects=numbering.corrects,
            correction_reason=numbering.correction_reason,
        ),
        imprint=imprint_of(desk.pack),
        period_from=first,
        period_to=last,
        promises=team.promises,
        uses=team.uses,
        weeks=team.weeks,
        causes=team.causes,
        load=team.load,
    )
