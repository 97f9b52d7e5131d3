"""Exceptions and waivers of a lead: who reviewed a request does not approve its exception (R25)."""

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.requests.service_request import ServiceRequest, ServiceReview
from lian_desk.services.commands.commands import LEADS, CommandContext

CLAUSE = "R25"


def approve_exception(context: CommandContext, request: ServiceRequest, *, clause: str = CLAUSE) -> None:
    """Let only a lead who did not review ``request`` approve an exception that ``clause`` asks him for.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` for anybody but a lead; ``REVIEWER_APPROVES_HIMSELF``.
    """
    if context.operator.role not in LEADS:
        raise RuleViolation(ErrorCode.NOT_ALLOWED, clause=clause)
    require_other_reviewer(context, request)


def require_other_reviewer(context: CommandContext, request: ServiceRequest) -> None:
    """Refuse the person whose review of ``request`` is the last one.

    Raises:
        RuleViolation: ``REVIEWER_APPROVES_HIMSELF`` (R25).
    """
    reviewed_by = context.session.scalars(
        select(ServiceReview.reviewed_by)
        .where(ServiceReview.service_request_id == request.id)
        .order_by(ServiceReview.id.desc())
        .limit(1)
    ).first()
    if reviewed_by == context.operator.id:
        raise RuleViolation(ErrorCode.REVIEWER_APPROVES_HIMSELF, clause=CLAUSE)
