"""Settings of the workspace: read by name, changed by commands, each with its meaning and its default in one place.

A setting lies in the encrypted database, because a path or a key of its own may tell something about people.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.workspace.workspace_setting import WorkspaceSetting
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles

SIZE_LIMIT: Final = "material_size_limit_megabytes"
DROP_FOLDER: Final = "drop_folder"
AFTER_INTAKE: Final = "drop_folder_after_intake"
RECOVERY_RECIPIENT: Final = "recovery_recipient"

DEFAULT_SIZE_LIMIT: Final = 200
"""Largest material in megabytes, unless a lead has set another."""
LARGEST_SIZE_LIMIT: Final = 2048
"""What a lead may set at most, in megabytes."""


class AfterIntake(StrEnum):
    """What becomes of a file in the drop folder once it is taken in."""

    MOVE = "move"
    LEAVE = "leave"


@dataclass(frozen=True)
class IntakeSettings:
    """What holds for taking materials in.

    Attributes:
        size_limit_megabytes: largest file.
        drop_folder: folder that is watched, empty for none.
        after_intake: what becomes of a file in it.
        recovery_recipient: age recipient ``age1…`` that can open every file sealed from then on, empty for none.
    """

    size_limit_megabytes: int = DEFAULT_SIZE_LIMIT
    drop_folder: str = ""
    after_intake: AfterIntake = AfterIntake.MOVE
    recovery_recipient: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeIntakeSettings(Command):
    """How materials are taken in from now on; an empty folder or recipient ends its use.

    The drop folder is the operator's own business. Limit and recovery recipient are for a lead; None leaves them.
    """

    drop_folder: str
    after_intake: AfterIntake = AfterIntake.MOVE
    size_limit_megabytes: int | None = None
    recovery_recipient: str | None = None


def load_intake_settings(session: Session) -> IntakeSettings:
    """Return what is set, defaults where nothing is."""
    names = (SIZE_LIMIT, DROP_FOLDER, AFTER_INTAKE, RECOVERY_RECIPIENT)
    found = session.execute(
        select(WorkspaceSetting.name, WorkspaceSetting.value).where(WorkspaceSetting.name.in_(names))
    )
    values = {row.name: row.value for row in found}
    return IntakeSettings(
        size_limit_megabytes=int(values.get(SIZE_LIMIT, DEFAULT_SIZE_LIMIT)),
        drop_folder=values.get(DROP_FOLDER, ""),
        after_intake=AfterIntake(values.get(AFTER_INTAKE, AfterIntake.MOVE)),
        recovery_recipient=values.get(RECOVERY_RECIPIENT, ""),
    )


@handles(ChangeIntakeSettings)
def change_intake_settings(command: ChangeIntakeSettings, context: CommandContext) -> int:
    """Keep what was set once it makes sense."""
    present = load_intake_settings(context.session)
    if command.size_limit_megabytes not in {None, present.size_limit_megabytes}:
        context.require_lead()
        put(context, SIZE_LIMIT, str(_checked_limit(command.size_limit_megabytes or 0)))
    if command.recovery_recipient not in {None, present.recovery_recipient}:
        context.require_lead()
        put(context, RECOVERY_RECIPIENT, _checked_recipient(command.recovery_recipient or ""))
    put(context, AFTER_INTAKE, command.after_intake.value)
    return put(context, DROP_FOLDER, command.drop_folder)


def _checked_limit(megabytes: int) -> int:
    if not 1 <= megabytes <= LARGEST_SIZE_LIMIT:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            field="size_limit_megabytes",
            value=megabytes,
            expected=f"请填 1 至 {LARGEST_SIZE_LIMIT} 之间的整数（MB）",
        )
    return megabytes


def _checked_recipient(text: str) -> str:
    recipient = input_checks.short_text(text, field="recovery_recipient")
    if recipient and not is_recipient(recipient):
        raise RuleViolation(ErrorCode.RECOVERY_KEY_UNFIT, field="recovery_recipient")
    return recipient


def is_recipient(text: str) -> bool:
    """Tell whether ``text`` is an age recipient (public key) that files can be sealed for."""
    import pyrage  # noqa: PLC0415 - the key library is needed only when a key is set

    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def put(context: CommandContext, name: str, value: str) -> int:
    """Keep ``value`` under ``name`` in place of what was there."""
    row = context.session.scalar(select(WorkspaceSetting).where(WorkspaceSetting.name == name))
    if row is None:
        row = WorkspaceSetting(id=context.new_id(), name=name, value=value)
        context.session.add(row)
    row.value = value
    row.changed_at = context.now
    row.changed_by = context.operator.id
    return row.id
