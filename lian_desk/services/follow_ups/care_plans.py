"""Care plans in versions: what a lead wrote for a service and a group of diseases, else the pack's template (R69)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.catalogue import FollowUpStep, RulePack
from lian_desk.models.tables.people.assistance_file import DiseaseEntry
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.requests.care_plan import CarePlan, CarePlanStep
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import DayUnit, FollowUpKind, ServiceKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.reference_data.diseases import load_disease_list

CLAUSE = "R69"
EVERY_GROUP = ""

#: A plan is care after one event, not a programme for years.
MOST_STEPS = 12
LONGEST_OFFSET = 365
_LABEL_LIMIT = 100
_REASON_LIMIT = 400


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step as a lead writes it: so many working or calendar days after the event."""

    offset_days: int
    unit: DayUnit
    label: str


@dataclass(frozen=True, kw_only=True)
class ReviseCarePlan(Command):
    """A lead writes the next version of a plan; it holds for events from now on, plans made before keep theirs.

    ``based_on`` is the version that the lead saw (0: the pack's template), so that two leads do not overwrite
    each other unseen.
    """

    service: ServiceKind
    disease_group: str
    steps: tuple[PlannedStep, ...]
    reason: str
    based_on: int = 0


@dataclass(frozen=True, kw_only=True)
class RetireCarePlan(Command):
    """A lead gives up the own plan of a service and group: the more general one, at last the pack's, holds again."""

    service: ServiceKind
    disease_group: str
    reason: str


@dataclass(frozen=True)
class PlanInForce:
    """The plan that an event opens; ``version_id`` is None for the template of the pack."""

    version_id: int | None
    steps: tuple[FollowUpStep, ...]


@dataclass(frozen=True)
class CarePlanVersion:
    """One version as the page shows it; ``number`` 0 is the template of the rule pack."""

    number: int
    steps: tuple[PlannedStep, ...]
    reason: str
    recorded_at: datetime | None
    recorded_by: str
    retired_at: datetime | None


@dataclass(frozen=True)
class CarePlanView:
    """All versions of one plan, newest first; the first without ``retired_at`` holds."""

    service: ServiceKind
    disease_group: str
    versions: tuple[CarePlanVersion, ...]

    @property
    def in_force(self) -> CarePlanVersion | None:
        """The version that holds; None when this group has no plan of its own."""
        return next((version for version in self.versions if version.retired_at is None), None)


@handles(ReviseCarePlan, roles=LEADS)
def revise_care_plan(command: ReviseCarePlan, context: CommandContext) -> int:
    """Store the next version and retire the one before.

    Raises:
        RuleViolation: ``CHANGED_MEANWHILE`` when another version came in between; ``VALUE_NOT_UNDERSTOOD`` for an
            unknown group; ``FIELD_REQUIRED`` for a plan without steps (R69 promises a follow-up).
    """
    kind = _kind_of(context.pack, command.service)
    _check_group(command.disease_group)
    before = _own_plan(context.session, command.service, command.disease_group)
    if command.based_on != (before.number if before is not None else 0):
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    steps = _checked(command.steps)
    if before is not None:
        before.retired_at = context.now
    row = CarePlan(
        id=context.new_id(),
        service_kind=command.service,
        disease_group=command.disease_group,
        number=_newest_number(context.session, command.service, command.disease_group) + 1,
        reason=input_checks.required(command.reason, field="reason", limit=_REASON_LIMIT),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    row.steps = [
        CarePlanStep(
            id=context.new_id(),
            position=position,
            kind=kind,
            offset_days=step.offset_days,
            unit=step.unit,
            label=step.label,
        )
        for position, step in enumerate(steps)
    ]
    context.session.add(row)
    return row.id


@handles(RetireCarePlan, roles=LEADS)
def retire_care_plan(command: RetireCarePlan, context: CommandContext) -> int:
    """Retire the plan in force of a service and group; the reason stands in the audit log."""
    input_checks.required(command.reason, field="reason", limit=_REASON_LIMIT)
    row = _own_plan(context.session, command.service, command.disease_group)
    if row is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="care_plan")
    row.retired_at = context.now
    return row.id


def plan_for(request: ServiceRequest, session: Session, pack: RulePack) -> PlanInForce:
    """Return the plan for ``request``: of its service and disease group, else of its service, else of ``pack``."""
    code = session.scalar(select(DiseaseEntry.disease_code).where(DiseaseEntry.id == request.disease_entry_id))
    disease = load_disease_list().find(code) if code else None
    for group in dict.fromkeys((disease.group if disease is not None else EVERY_GROUP, EVERY_GROUP)):
        row = _own_plan(session, request.kind, group)
        if row is not None:
            return PlanInForce(row.id, tuple(_step_of(step) for step in row.steps))
    steps = pack.service(request.kind).follow_ups
    return PlanInForce(None, tuple(step for step in steps if step.kind is not FollowUpKind.IN_STAY))


def load_care_plans(desk: Desk) -> tuple[CarePlanView, ...]:
    """Return every plan with its versions: the general one of each service first, then those of its groups."""
    with desk.read() as session:
        rows = session.scalars(select(CarePlan).order_by(CarePlan.number.desc())).all()
        names = {row.id: row.name for row in session.execute(select(Operator.id, Operator.name))}
        groups = (EVERY_GROUP, *load_disease_list().groups)
        return tuple(
            _view(desk.pack, rule.kind, group, rows, names)
            for rule in desk.pack.services.values()
            for group in groups
            if group == EVERY_GROUP or any(row.service_kind == rule.kind and row.disease_group == group for row in rows)
        )


def _view(
    pack: RulePack, service: ServiceKind, group: str, rows: Sequence[CarePlan], names: dict[int, str]
) -> CarePlanView:
    versions = [
        CarePlanVersion(
            number=row.number,
            steps=tuple(PlannedStep(step.offset_days, step.unit, step.label) for step in row.steps),
            reason=row.reason,
            recorded_at=row.recorded_at,
            recorded_by=names.get(row.recorded_by, ""),
            retired_at=row.retired_at,
        )
        for row in rows
        if row.service_kind == service and row.disease_group == group
    ]
    if group == EVERY_GROUP:
        template = tuple(
            PlannedStep(step.offset, step.unit, step.label)
            for step in pack.service(service).follow_ups
            if step.kind is not FollowUpKind.IN_STAY
        )
        versions.append(CarePlanVersion(0, template, f"手册 {pack.edition} 版模板", None, "", None))
    return CarePlanView(service, group, tuple(versions))


def _own_plan(session: Session, service: ServiceKind, group: str) -> CarePlan | None:
    return session.scalar(
        select(CarePlan).where(
            CarePlan.retired_at.is_(None), CarePlan.service_kind == service, CarePlan.disease_group == group
        )
    )


def _newest_number(session: Session, service: ServiceKind, group: str) -> int:
    newest = select(func.max(CarePlan.number)).where(CarePlan.service_kind == service, CarePlan.disease_group == group)
    return session.scalar(newest) or 0


def _step_of(step: CarePlanStep) -> FollowUpStep:
    return FollowUpStep(step.kind, step.offset_days, step.unit, step.label, CLAUSE)


def _kind_of(pack: RulePack, service: ServiceKind) -> FollowUpKind:
    """Return what the follow-ups of a service are called after; every service of the handbook has one."""
    return next(step.kind for step in pack.service(service).follow_ups if step.kind is not FollowUpKind.IN_STAY)


def _check_group(group: str) -> None:
    groups = load_disease_list().groups
    if group != EVERY_GROUP and group not in groups:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, field="disease_group", value=group, expected="、".join(groups.values())
        )


def _checked(steps: Sequence[PlannedStep]) -> list[PlannedStep]:
    """Return the steps with clean labels, in the order of their days."""
    if not steps:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause=CLAUSE, field="steps")
    if len(steps) > MOST_STEPS:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, field="steps", value=len(steps), expected=f"最多 {MOST_STEPS} 次随访"
        )
    clean = []
    for step in steps:
        if not 1 <= step.offset_days <= LONGEST_OFFSET:
            expected = f"请填写 1 到 {LONGEST_OFFSET} 的天数"
            raise RuleViolation(
                ErrorCode.VALUE_NOT_UNDERSTOOD, field="offset_days", value=step.offset_days, expected=expected
            )
        label = input_checks.required(step.label, field="label", limit=_LABEL_LIMIT)
        clean.append(PlannedStep(step.offset_days, step.unit, label))
    labels = [step.label for step in clean]
    if len(set(labels)) != len(labels):
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, field="label", value=labels[0], expected="每次随访的名称不能相同"
        )
    return sorted(clean, key=lambda step: (step.offset_days, step.label))
