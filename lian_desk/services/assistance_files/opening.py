"""The row of an assistance file and the terms by which it is found (R16, R18)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.tables.people.assistance_file import AssistanceFile, SearchTerm
from lian_desk.models.tables.people.person import FormerName, InsuredPerson
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.vocabulary import IdentityCheckMethod
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.names.name_order import sort_key
from lian_desk.services.names.search_terms import terms_for


def begin_file(
    context: CommandContext, person: InsuredPerson, policy: Policy, method: IdentityCheckMethod, note: str
) -> AssistanceFile:
    """Open the file of ``person`` under ``policy``; ``method`` and ``note`` tell how the identity was just checked."""
    file = AssistanceFile(
        id=context.new_id(),
        number=context.number("A"),
        insured_person_id=person.id,
        policy_id=policy.id,
        case_manager_id=context.operator.id,
        sort_name=sort_key(person.name),
        opened_at=context.now,
        opened_by=context.operator.id,
        last_event_at=context.now,
        identity_method=method,
        identity_checked_at=context.now,
        identity_checked_by=context.operator.id,
        identity_note=input_checks.long_text(note, field="identity_note"),
    )
    context.session.add(file)
    index_file(context, file)
    return file


def index_file(context: CommandContext, file: AssistanceFile) -> None:
    """Store the terms by which a file is found."""
    person = context.get(InsuredPerson, file.insured_person_id)
    policy = context.get(Policy, file.policy_id)
    terms = terms_for(
        names=[person.name, *(row.name for row in standing_former_names(context.session, person.id))],
        phones=[person.phone] if person.phone else [],
        identity_number=person.identity_number,
        policy_number=policy.policy_number,
        file_number=file.number,
    )
    context.session.add_all(SearchTerm(term=term, assistance_file_id=file.id) for term in sorted(terms))


def standing_former_names(session: Session, person_id: int) -> Sequence[FormerName]:
    """Return the former names (曾用名) of a person that were not taken back, the oldest entry first."""
    return session.scalars(
        select(FormerName)
        .where(FormerName.insured_person_id == person_id, FormerName.removed_at.is_(None))
        .order_by(FormerName.id)
    ).all()
