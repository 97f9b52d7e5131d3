"""What tests ask of a desk after a command: its refusal, the feed, the sealed lines; and inputs fit to open a file."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import RuleViolation
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import (
    EvidenceForm,
    FactSource,
    GuardianRelation,
    IdentityCheckMethod,
    IdentityDocumentKind,
    SignerKind,
)
from lian_desk.services.assistance_files.assistance_files import PersonInput
from lian_desk.services.assistance_files.authorizations import AuthorizationInput
from lian_desk.services.assistance_files.guardians import GuardianInput
from lian_desk.services.commands.commands import Command, Outcome
from lian_desk.services.desk.desk import Desk
from lian_desk.services.policies.policies import PolicyInput
from tests.desk_world import World, identity_number

ADULT_BORN_ON = date(1974, 1, 1)


def carry_out(world: World, order: type[Command], /, *, by: Desk | None = None, **values: Any) -> Outcome:
    """Carry out a command and return its outcome."""
    desk = by or world.desk
    return desk.execute(order(command_id=desk.new_id(), **values))


def refusal(world: World, order: type[Command], /, *, by: Desk | None = None, **values: Any) -> RuleViolation:
    """Return the violation with which a command is refused."""
    with pytest.raises(RuleViolation) as caught:
        carry_out(world, order, by=by, **values)
    return caught.value


def titles(desk: Desk, file_id: int) -> list[str]:
    """Return the titles of a file's feed in the order of their entry."""
    with desk.read() as session:
        return list(
            session.scalars(
                select(FileEntry.title).where(FileEntry.assistance_file_id == file_id).order_by(FileEntry.id)
            )
        )


def sealed(desk: Desk) -> list[AuditEntry]:
    """Return every line of the sealed log."""
    with desk.read() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def last_sealed(desk: Desk) -> AuditEntry:
    """Return the newest line of the sealed log."""
    return sealed(desk)[-1]


def count(desk: Desk, table: Any) -> int:
    """Return the rows of a mapped class."""
    with desk.read() as session:
        return len(session.scalars(select(table)).all())


def person(**changes: Any) -> PersonInput:
    """Return an adult with a valid identity card."""
    values: dict[str, Any] = {
        "name": "王淑兰",
        "identity_document": IdentityDocumentKind.RESIDENT_IDENTITY_CARD,
        "identity_number": identity_number(ADULT_BORN_ON, 145),
        "phone": "13812346620",
    }
    return PersonInput(**(values | changes))


def policy(desk: Desk, **changes: Any) -> PolicyInput:
    """Return a policy of the product."""
    values: dict[str, Any] = {
        "policy_number": "JLB202403000001",
        "effective_on": date(2024, 3, 1),
        "policyholder_name": "王淑兰",
        "product_code": desk.pack.product.code,
        "status_source": FactSource.INSURER_SYSTEM,
    }
    return PolicyInput(**(values | changes))


def guardian(**changes: Any) -> GuardianInput:
    """Return a father of age."""
    values: dict[str, Any] = {
        "name": "王建国",
        "identity_number": identity_number(date(1980, 5, 6), 701),
        "relation": GuardianRelation.FATHER,
        "phone": "13900000001",
        "proof_note": "户口簿已核对",
    }
    return GuardianInput(**(values | changes))


def authorization(world: World, **changes: Any) -> AuthorizationInput:
    """Return an authorization signed an hour ago, not verified yet."""
    values: dict[str, Any] = {
        "signer_kind": SignerKind.INSURED,
        "signer_name": "王淑兰",
        "signed_at": world.clock.moment - timedelta(hours=1),
        "evidence_form": EvidenceForm.SIGNED_FORM,
        "truth_declared": True,
        "evidence_note": "签字授权书",
    }
    return AuthorizationInput(**(values | changes))


def opening(world: World, **changes: Any) -> dict[str, Any]:
    """Return the values of a command that opens a file."""
    return {
        "person": person(),
        "policy": policy(world.desk),
        "identity_method": IdentityCheckMethod.DOCUMENT_SEEN,
    } | changes
