"""What may be kept of materials before an authorization is verified, and what may not (R19 read with R13, R14, R16)."""

from typing import Final

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.commands.commands import CommandContext

INTAKE_KINDS: Final = frozenset(
    {
        MaterialKind.UNCLASSIFIED,
        MaterialKind.IDENTITY_DOCUMENT,
        MaterialKind.AUTHORIZATION_FORM,
        MaterialKind.GUARDIANSHIP_PROOF,
        MaterialKind.CONFIRMATION,
    }
)
"""Kinds that may be stored before the authorization is verified."""


def require_authorization(context: CommandContext, file_id: int) -> None:
    """Refuse when no authorization of the file is verified and in force.

    Raises:
        RuleViolation: ``AUTHORIZATION_MISSING`` (R19).
    """
    verified = context.session.scalar(
        select(InformationAuthorization.id)
        .where(
            InformationAuthorization.assistance_file_id == file_id,
            InformationAuthorization.verified_at.is_not(None),
            InformationAuthorization.withdrawn_at.is_(None),
        )
        .limit(1)
    )
    if verified is None:
        raise RuleViolation(ErrorCode.AUTHORIZATION_MISSING, clause="R19")


def refuse_beyond_intake(context: CommandContext, file_id: int, kind: MaterialKind) -> None:
    """Refuse a medical kind before an authorization is verified.

    Raises:
        RuleViolation: ``AUTHORIZATION_MISSING`` (R19).
    """
    if kind not in INTAKE_KINDS:
        require_authorization(context, file_id)
