"""Confirm the requirement (确认需求): it is locked as a version, and the clocks C2 and C3 start (R26 to R28, A7, A8)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import Evidence, Requirement, ServiceRequest
from lian_desk.models.vocabulary import CarePhase, ClockKind, EntryCategory, RequestStatus
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import approve_exception
from lian_desk.services.entitlements.eligibility import hint_words, require_eligible
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.hospitals.hospital_lists import require_sample_reason
from lian_desk.services.service_requests.clock_runs import requirement_of
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.requirement_rules import (
    NOTICE_FIELD,
    RequirementFindings,
    RequirementGiven,
    honours_text,
    judge_requirement,
)
from lian_desk.services.service_requests.reviewing import link_materials
from lian_desk.services.service_requests.steps import (
    check_moment,
    governing_pack,
    load,
    refresh_next_action,
)
from lian_desk.services.words.wording import phrase, sentence

_FOR_A_LEAD = frozenset({ErrorCode.NOTICE_BY_TEAM, ErrorCode.CITY_NEEDS_LEAD, ErrorCode.DEPARTMENT_ALLOWED_BY_LEAD})
"""Warnings that only a lead accepts who did not review the request himself: a notice signed by the doctor's team
(R41), a place without a row (A17), a department that he lets pass (A20)."""


@dataclass(frozen=True, kw_only=True)
class ConfirmRequirement(Command):
    """The customer confirmed what is wanted, at the moment of ``evidence`` (R28, A7).

    ``fee_notice_shown``: the words of R77 were told. ``warning_reason``: why to go on in spite of warnings.
    ``revision_reason``: why a new version follows a confirmed one before the start (R26). ``sample_list_reason``: why
    real people are helped by a hospital list that is only the sample (R31).
    """

    request_id: int
    requirement: RequirementGiven
    evidence: EvidenceGiven
    fee_notice_shown: bool
    warning_reason: str = ""
    backdating_reason: str = ""
    revision_reason: str = ""
    sample_list_reason: str = ""


@handles(ConfirmRequirement)
def confirm_requirement(command: ConfirmRequirement, context: CommandContext) -> int:
    """Lock a version of the requirement and start its clocks.

    Raises:
        RuleViolation: ``REVIEW_NOT_PASSED``, ``REQUIREMENT_INCOMPLETE``, a notice, place, expert or examination that is
            refused (beside its field), ``FEE_NOTICE_MISSING``, ``WARNINGS_NOT_ACCEPTED``, ``BACKDATING_NEEDS_REASON``,
            ``SAMPLE_LIST_NEEDS_REASON``.
    """
    request, file = load(context, command.request_id)
    pack = governing_pack(context, request)
    findings = judge_requirement(
        context.session,
        request.kind,
        command.requirement,
        day=in_shanghai(command.evidence.happened_at).date(),
        pack=pack,
        by_lead=context.operator.role in LEADS,
        person_id=file.insured_person_id,
    )
    _check_findings(context, request, findings, command)
    sample_reason = None
    if command.requirement.hospital_id is not None:
        sample_reason = require_sample_reason(context, command.sample_list_reason)
    standing = require_eligible(context, file, request, gate="requirement")
    spoken_at = command.evidence.happened_at
    earlier = requirement_of(context, request)
    check_moment(
        context,
        spoken_at,
        earlier.confirmed_at if earlier is not None else request.received_at,
        field="evidence_at",
        backdating_reason=command.backdating_reason,
    )
    # from here on the request goes by the edition of its requirement, its clocks too (A41)
    request.handbook_edition = pack.edition
    request.requirement_confirmed_at = request.requirement_confirmed_at or spoken_at
    moved = move(context, request, _step(request), _given(command, findings))
    requirement = _store(context, request, command, findings, moved.proof)
    requirement.sample_list_reason = sample_reason
    context.known[(Requirement, request.id)] = requirement
    _tell(context, request, requirement, moved.clocks, hint_words(standing.answer))
    refresh_next_action(context, request)
    return requirement.id


def _step(request: ServiceRequest) -> Move:
    return Move.CONFIRM_REQUIREMENT if request.status is RequestStatus.UNDER_REVIEW else Move.REVISE_REQUIREMENT


def _given(command: ConfirmRequirement, findings: RequirementFindings) -> Given:
    return Given(
        at=command.evidence.happened_at,
        evidence=command.evidence,
        reason=command.revision_reason,
        reason_field="revision_reason",
        fee_notice_shown=command.fee_notice_shown,
        notice_faults=tuple(found for found in findings.reasons if found.field == NOTICE_FIELD),
        is_renowned=findings.is_renowned,
    )


def _check_findings(
    context: CommandContext, request: ServiceRequest, findings: RequirementFindings, command: ConfirmRequirement
) -> None:
    for finding in findings.reasons:
        if finding.field != NOTICE_FIELD:
            raise finding.as_violation()
    if findings.missing:
        names = "、".join(label for _, label in findings.missing)
        raise RuleViolation(ErrorCode.REQUIREMENT_INCOMPLETE, clause="R26", field=findings.missing[0][0], missing=names)
    for finding in findings.warnings:
        if finding.reason.code in _FOR_A_LEAD:
            with input_checks.beside(finding.field):
                approve_exception(context, request, clause=finding.reason.clause)
    if findings.warnings and not command.warning_reason.strip():
        raise RuleViolation(
            ErrorCode.WARNINGS_NOT_ACCEPTED,
            clause=findings.warnings[0].reason.clause,
            field="warning_reason",
            count=len(findings.warnings),
        )


def _store(
    context: CommandContext,
    request: ServiceRequest,
    command: ConfirmRequirement,
    findings: RequirementFindings,
    evidence: Evidence,
) -> Requirement:
    given = command.requirement
    notice = given.notice
    material = context.get(Material, notice.material_id) if notice is not None else None
    if material is not None:
        link_materials(context, request, (material.id,))
    earlier = requirement_of(context, request)
    warnings = [
        {
            "code": found.reason.code.value,
            "clause": found.reason.clause,
            "words": sentence(found.reason.as_violation()),
            "reason": command.warning_reason.strip(),
        }
        for found in findings.warnings
    ]
    requirement = Requirement(
        id=context.new_id(),
        service_request_id=request.id,
        version_number=earlier.version_number + 1 if earlier else 1,
        hospital_id=given.hospital_id,
        department_code=findings.department_code,
        department_text=input_checks.short_text(given.department_text, field="department_text"),
        expert_name=input_checks.name(given.expert_name, field="expert_name") if given.expert_name.strip() else "",
        expert_title=given.expert_title,
        expert_honours=honours_text(given.expert_honours),
        is_renowned=findings.is_renowned,
        renowned_because=findings.expert.decided_by[0] if findings.expert and findings.expert.decided_by else "",
        examination_code=findings.examination_code,
        examination_text=input_checks.short_text(given.examination_text, field="examination_text"),
        from_outpatient_visit=given.from_outpatient_visit,
        preferred_from_on=given.preferred_from_on,
        preferred_to_on=given.preferred_to_on,
        preference=input_checks.long_text(given.preference, field="preference"),
        notice_kind=material.kind if material else None,
        notice_material_id=material.id if material else None,
        notice_hospital_id=notice.hospital_id if notice else None,
        notice_doctor_name=notice.doctor_name.strip() if notice else "",
        notice_on=notice.issued_on if notice else None,
        doctors_order=input_checks.long_text(given.doctors_order, field="doctors_order"),
        confirmed_at=command.evidence.happened_at,
        evidence_id=evidence.id,
        backdating_reason=command.backdating_reason.strip(),
        warnings=json.dumps(warnings, ensure_ascii=False),
        fee_notice_shown=command.fee_notice_shown,
        handbook_edition=request.handbook_edition,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(requirement)
    return requirement


def _tell(
    context: CommandContext,
    request: ServiceRequest,
    requirement: Requirement,
    clocks: Sequence[ClockRun],
    hints: list[str],
) -> None:
    file = context.get(AssistanceFile, request.assistance_file_id)
    hospital = context.get(Hospital, requirement.hospital_id) if requirement.hospital_id is not None else None
    parts = [f"{hospital.name}{hospital.campus}" if hospital else "", requirement.department_text]
    if requirement.is_renowned:
        parts.append("知名专家")
    for clock in clocks:
        due = in_shanghai(clock.due_at)
        name = "协调反馈" if clock.kind is ClockKind.FEEDBACK else "预约时限"
        parts.append(f"{name}至 {due.month}月{due.day}日 {due:%H:%M}")
    if requirement.sample_list_reason:
        parts.append(f"医院名录为样例：{requirement.sample_list_reason}")
    if requirement.backdating_reason:
        parts.append(f"补录：{requirement.backdating_reason}")
    version = "" if requirement.version_number == 1 else f"（第 {requirement.version_number} 版）"
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}需求确认{version}",
        " · ".join(filter(None, [*parts, *hints])),
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=requirement.confirmed_at,
    )
