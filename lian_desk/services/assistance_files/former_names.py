"""Names that an insured person bore before (曾用名, R1): written down with what showed them, and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile, SearchTerm
from lian_desk.models.tables.people.person import FormerName, InsuredPerson
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.assistance_files.opening import index_file, standing_former_names
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles

CLAUSE: Final = "R1"
MOST: Final = 8
"""Former names of one person; more are a mistake of the form."""


@dataclass(frozen=True, kw_only=True)
class ChangeFormerNames(Command):
    """The former names of the insured of a file are these from now on; ``basis`` says what showed the change."""

    assistance_file_id: int
    former_names: tuple[str, ...]
    basis: str


@handles(ChangeFormerNames)
def change_former_names(command: ChangeFormerNames, context: CommandContext) -> int:
    """Write down what is new, take back what is not named any more, and find every file of the person by them.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` without a basis; ``VALUE_NOT_UNDERSTOOD`` for the present name or too many;
            ``CHANGED_MEANWHILE`` where nothing is new; what a name itself may not hold.
    """
    file = context.writable_file(command.assistance_file_id)
    person = context.get(InsuredPerson, file.insured_person_id)
    wanted = checked_former_names(command.former_names, person.name)
    basis = input_checks.required(command.basis, field="basis", clause=CLAUSE)
    standing = {row.name: row for row in standing_former_names(context.session, person.id)}
    if set(wanted) == set(standing):
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE, field="former_names")
    for name, row in standing.items():
        if name not in wanted:
            row.removed_at = context.now
    store_former_names(context, person, (name for name in wanted if name not in standing), basis)
    for other in context.session.scalars(
        select(AssistanceFile).where(AssistanceFile.insured_person_id == person.id)
    ).all():
        context.session.execute(delete(SearchTerm).where(SearchTerm.assistance_file_id == other.id))
        index_file(context, other)
    context.feed(file, EntryCategory.FILE, "更新曾用名", basis)
    return file.id


def checked_former_names(names: Iterable[str], present: str) -> tuple[str, ...]:
    """Return the names trimmed, each once; empty ones are left out.

    Raises:
        RuleViolation: ``VALUE_NOT_UNDERSTOOD`` for the present name or for more than ``MOST``; a name's own fault.
    """
    checked = tuple(dict.fromkeys(input_checks.name(name, field="former_names") for name in names if name.strip()))
    if present in checked:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause=CLAUSE,
            field="former_names",
            value="与现在的姓名相同的曾用名",
            expected="请只填写以前用过的姓名",
        )
    if len(checked) > MOST:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause=CLAUSE,
            field="former_names",
            value=f"{len(checked)} 个曾用名",
            expected=f"最多填写 {MOST} 个",
        )
    return checked


def store_former_names(context: CommandContext, person: InsuredPerson, names: Iterable[str], basis: str) -> None:
    """Add the rows; the names are checked already."""
    for name in names:
        context.session.add(
            FormerName(
                id=context.new_id(),
                insured_person_id=person.id,
                name=name,
                basis=basis,
                recorded_at=context.now,
                recorded_by=context.operator.id,
            )
        )
