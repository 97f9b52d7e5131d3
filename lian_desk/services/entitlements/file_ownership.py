"""Whose file it is: one workstation owns it and posts its ledger; a handover moves it (A46)."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.file_keeping import FileHandover
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles

CLAUSE: Final = "A46"
_WORKSTATION: Final = re.compile(r"[A-Z0-9]{1,8}")


@dataclass(frozen=True, kw_only=True)
class HandOverFile(Command):
    """The file goes to another workstation, which alone posts its ledger from now on."""

    assistance_file_id: int
    to_workstation: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TakeBackFile(Command):
    """A handover that did not arrive is undone by the workstation that handed the file over."""

    assistance_file_id: int
    reason: str


@handles(HandOverFile, roles=LEADS)
def hand_over_file(command: HandOverFile, context: CommandContext) -> int:
    """Move the ownership.

    Raises:
        RuleViolation: ``FILE_OF_ANOTHER_WORKSTATION`` unless this workstation owns the file;
            ``WORKSTATION_CODE_INVALID``; ``VALUE_NOT_UNDERSTOOD`` for the workstation itself; ``FIELD_REQUIRED``.
    """
    file = context.writable_file(command.assistance_file_id)
    require_owner(context, file)
    code = command.to_workstation.strip().upper()
    if not _WORKSTATION.fullmatch(code):
        raise RuleViolation(ErrorCode.WORKSTATION_CODE_INVALID, clause=CLAUSE, field="to_workstation")
    if code == context.workstation_code:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause=CLAUSE,
            field="to_workstation",
            value=code,
            expected="请填写另一个工位的代码",
        )
    row = _move(context, file, code, command.reason)
    context.feed(file, EntryCategory.FILE, f"档案移交工位 {code}", row.reason)
    return row.id


@handles(TakeBackFile, roles=LEADS)
def take_back_file(command: TakeBackFile, context: CommandContext) -> int:
    """Own the file again.

    Raises:
        RuleViolation: ``FILE_OF_ANOTHER_WORKSTATION`` unless the last handover was from this workstation.
    """
    file = context.writable_file(command.assistance_file_id)
    last = last_handover(context.session, file.id)
    if last is None or last.from_workstation != context.workstation_code:
        raise RuleViolation(ErrorCode.FILE_OF_ANOTHER_WORKSTATION, clause=CLAUSE, owner=owner_of(context.session, file))
    row = _move(context, file, context.workstation_code, command.reason)
    context.feed(file, EntryCategory.FILE, "收回档案，由本工位继续办理", row.reason)
    return row.id


def owner_of(session: Session, file: AssistanceFile) -> str:
    """Return the code of the workstation that owns ``file``: by its last handover, else the one in its number."""
    last = last_handover(session, file.id)
    return last.to_workstation if last is not None else file.number.split("-")[2]


def last_handover(session: Session, file_id: int) -> FileHandover | None:
    """Return the newest handover of a file, None for one that never moved."""
    return session.scalars(
        select(FileHandover)
        .where(FileHandover.assistance_file_id == file_id)
        .order_by(FileHandover.handed_at.desc(), FileHandover.id.desc())
        .limit(1)
    ).first()


def require_owner(context: CommandContext, file: AssistanceFile) -> None:
    """Refuse any workstation but the owner of ``file``.

    Raises:
        RuleViolation: ``FILE_OF_ANOTHER_WORKSTATION`` with the owner's code.
    """
    owner = owner_of(context.session, file)
    if owner != context.workstation_code:
        context.assistance_file_id = file.id
        raise RuleViolation(ErrorCode.FILE_OF_ANOTHER_WORKSTATION, clause=CLAUSE, owner=owner)


def _move(context: CommandContext, file: AssistanceFile, to_workstation: str, reason: str) -> FileHandover:
    row = FileHandover(
        id=context.new_id(),
        assistance_file_id=file.id,
        from_workstation=owner_of(context.session, file),
        to_workstation=to_workstation,
        reason=input_checks.required(reason, field="reason", clause=CLAUSE),
        handed_at=context.now,
        handed_by=context.operator.id,
    )
    context.session.add(row)
    return row
