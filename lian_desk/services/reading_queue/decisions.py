"""Commands by which a person decides what the machine read, and lets a stopped material go (R1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialQuarantine
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import (
    EntryCategory,
    FindingField,
    FindingMatch,
    FindingState,
    MaterialKind,
    MaterialState,
    OwnSign,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.materials.gate import refuse_beyond_intake
from lian_desk.services.materials.name_answers import asks_for_sign, keep_sign, refresh_answer
from lian_desk.services.reading_queue.jobs import findings_of
from lian_desk.services.words.wording import phrase

_IDENTITY_FIELDS: Final = frozenset({FindingField.NAME, FindingField.IDENTITY_NUMBER, FindingField.BORN_ON})


@dataclass(frozen=True, kw_only=True)
class DecideFinding(Command):
    """A person looked at one proposal: ``value`` is what he reads there, the same or another."""

    finding_id: int
    value: str


@dataclass(frozen=True, kw_only=True)
class DecideFindings(Command):
    """A person looked at these proposals and finds every one right."""

    material_id: int
    finding_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class JudgePerson(Command):
    """A person says whether a name or number on the material is the insured's, with a reason where it differs (R1)."""

    finding_id: int
    is_insured: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseMaterial(Command):
    """A person lets a stopped material go: it is the insured's after all, and why."""

    material_id: int
    reason: str


@handles(DecideFinding)
def decide_finding(command: DecideFinding, context: CommandContext) -> int:
    """Take a value over into the material; an identity number only counts as looked at."""
    finding, row = _undisturbed(context, command.finding_id)
    value = input_checks.required(command.value, field="value", limit=400)
    _decide(context, row, finding, value)
    return finding.id


@handles(DecideFindings)
def decide_findings(command: DecideFindings, context: CommandContext) -> int:
    """Take every proposal over as it is; one that needs a look cannot be decided in a bundle."""
    row = context.get(Material, command.material_id)
    context.writable_file(row.assistance_file_id)
    for finding_id in command.finding_ids:
        finding, _row = _undisturbed(context, finding_id)
        if finding.material_id != row.id:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=MaterialFinding.__tablename__)
        if finding.match in {FindingMatch.NEEDS_LOOK, FindingMatch.OTHER}:
            raise RuleViolation(ErrorCode.FINDING_UNLOOKED, clause="R1", field="name")
        _decide(context, row, finding, finding.value)
    return row.id


@handles(JudgePerson)
def judge_person(command: JudgePerson, context: CommandContext) -> int:
    """Store a person's judgement; a name that is not the insured's stops the material."""
    finding, row = _undisturbed(context, command.finding_id)
    if finding.field not in _IDENTITY_FIELDS:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=MaterialFinding.__tablename__)
    file = context.get(AssistanceFile, row.assistance_file_id)
    if command.is_insured:
        if finding.match is not FindingMatch.SAME:
            reason = input_checks.required(command.reason, field="reason", clause="R1")
            context.feed(file, EntryCategory.MATERIAL, "姓名不尽相同，经核对为本人", f"{phrase(row.kind)} · {reason}")
        _close(context, finding, FindingState.CONFIRMED, finding.value)
        row.name_matches = True
        refresh_answer(context.session, row)
        return finding.id
    _close(context, finding, FindingState.CORRECTED, finding.value)
    finding.match = FindingMatch.OTHER
    row.name_matches = False
    _set_apart(context, row, file, finding)
    refresh_answer(context.session, row)
    return finding.id


@handles(ReleaseMaterial)
def release_material(command: ReleaseMaterial, context: CommandContext) -> int:
    """Let a material go with a reason; it waits to be confirmed like any other."""
    row = context.get(Material, command.material_id)
    file = context.writable_file(row.assistance_file_id)
    if row.state is not MaterialState.QUARANTINED:
        raise RuleViolation(ErrorCode.MATERIAL_NOT_QUARANTINED)
    reason = input_checks.required(command.reason, field="reason", clause="R1")
    for stop in context.session.scalars(
        select(MaterialQuarantine).where(
            MaterialQuarantine.material_id == row.id, MaterialQuarantine.released_at.is_(None)
        )
    ):
        stop.released_at, stop.released_by, stop.release_reason = context.now, context.operator.id, reason
    row.state, row.name_matches = MaterialState.RECEIVED, True
    for finding in findings_of(context.session, row.id).values():
        if finding.field in _IDENTITY_FIELDS and finding.state is FindingState.PROPOSED:
            _close(context, finding, FindingState.CONFIRMED, finding.value)
    context.feed(file, EntryCategory.MATERIAL, "解除材料隔离", f"{phrase(row.kind)} · {reason}")
    if asks_for_sign(context.session, row.id):
        # stopped by a number alone: the reason is the answer to whose it is
        keep_sign(context, row, file, OwnSign.OTHER_SIGN, reason)
    refresh_answer(context.session, row)
    return row.id


def _undisturbed(context: CommandContext, finding_id: int) -> tuple[MaterialFinding, Material]:
    finding = context.get(MaterialFinding, finding_id)
    row = context.get(Material, finding.material_id)
    context.writable_file(row.assistance_file_id)
    return finding, row


def _decide(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:
    _TAKERS[finding.field](context, row, finding, value)
    state = FindingState.CONFIRMED if value == finding.value else FindingState.CORRECTED
    _close(context, finding, state, value)
    if row.state is MaterialState.CONFIRMED:
        row.state, row.confirmed_at, row.confirmed_by = MaterialState.RECEIVED, None, None
    refresh_answer(context.session, row)


def _close(context: CommandContext, finding: MaterialFinding, state: FindingState, value: str) -> None:
    finding.state, finding.decided_value = state, value
    finding.decided_at, finding.decided_by = context.now, context.operator.id


def _set_apart(context: CommandContext, row: Material, file: AssistanceFile, finding: MaterialFinding) -> None:
    if row.state is MaterialState.QUARANTINED:
        return
    row.state, row.confirmed_at, row.confirmed_by = MaterialState.QUARANTINED, None, None
    context.session.add(
        MaterialQuarantine(
            id=context.new_id(),
            material_id=row.id,
            field=finding.field,
            page=finding.page,
            raised_at=context.now,
            release_reason="",
        )
    )
    words = f"第 {finding.page + 1} 页的{phrase(finding.field)}经核对不是被保险人本人的"
    context.feed(file, EntryCategory.MATERIAL, "材料已隔离", words)


def _take_kind(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    kind = MaterialKind(value)
    refuse_beyond_intake(context, row.assistance_file_id, kind)
    row.kind = kind


def _take_day(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise RuleViolation(ErrorCode.FINDING_DATE_INVALID, field="document_on") from error
    input_checks.day_not_in_future(day, context.now, field="document_on")
    row.document_on = day


def _take_hospital(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    row.hospital_name = input_checks.short_text(value, field="hospital_name")
    row.hospital_id = finding.hospital_id if value == finding.value else None


def _take_department(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    row.department = input_checks.short_text(value, field="department")


def _take_doctor(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    row.doctor_name = input_checks.short_text(value, field="doctor_name")


def _take_name(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    if finding.match is FindingMatch.SAME and value == finding.value:
        row.name_matches = True
    elif finding.match is not FindingMatch.SAME:
        raise RuleViolation(ErrorCode.FINDING_UNLOOKED, clause="R1", field="name")


def _take_number(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    if finding.match is not FindingMatch.SAME:
        raise RuleViolation(ErrorCode.FINDING_UNLOOKED, clause="R1", field="identity_number")


def _take_birth(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:  # noqa: ARG001
    if finding.match is FindingMatch.NEEDS_LOOK:
        raise RuleViolation(ErrorCode.FINDING_UNLOOKED, clause="R1", field="born_on")


def _take_nothing(context: CommandContext, row: Material, finding: MaterialFinding, value: str) -> None:
    """A number stays with the proposal alone: papers that come later are compared with it."""


_Taker = Callable[[CommandContext, Material, MaterialFinding, str], None]
_TAKERS: Final[dict[FindingField, _Taker]] = {
    FindingField.KIND: _take_kind,
    FindingField.DOCUMENT_ON: _take_day,
    FindingField.HOSPITAL: _take_hospital,
    FindingField.DEPARTMENT: _take_department,
    FindingField.DOCTOR: _take_doctor,
    FindingField.NAME: _take_name,
    FindingField.IDENTITY_NUMBER: _take_number,
    FindingField.VISIT_NUMBER: _take_nothing,
    FindingField.BORN_ON: _take_birth,
}
