"""The review of a request: three checks with results and reasons (服务审核, R14, R25)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.reasons import Reason
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.materials.material import Material, MaterialUse, is_kept
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.service_request import ServiceRequest, ServiceReview
from lian_desk.models.vocabulary import (
    CarePhase,
    CheckResult,
    EntryCategory,
    MaterialKind,
    MaterialState,
    RequestStatus,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.eligibility import Standing, look_at_standing, require_eligible
from lian_desk.services.materials.own_materials import own_material
from lian_desk.services.service_requests.emergencies import refuse_routine
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.steps import keep_review, load, refresh_next_action
from lian_desk.services.words.wording import phrase

ILLNESS_DOCUMENTS = (
    MaterialKind.OUTPATIENT_RECORD,
    MaterialKind.DIAGNOSIS_CERTIFICATE,
    MaterialKind.BLOOD_TEST_REPORT,
    MaterialKind.EXAMINATION_REPORT,
    MaterialKind.PATHOLOGY_REPORT,
    MaterialKind.DISCHARGE_SUMMARY,
)
"""Kinds that show the illness; a review asks for at least one of them (R14)."""


@dataclass(frozen=True)
class CheckGiven:
    """One of the three checks: its result, and the reason where it did not pass."""

    result: CheckResult
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class StartReview(Command):
    """Take a submitted request into the review."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class RecordReview(Command):
    """The three checks of R25. Three passes pass; one that failed rejects, else one that needs more asks for it.

    ``rejection_clause``: the clause a rejection cites.
    """

    request_id: int
    identity: CheckGiven
    entitlement: CheckGiven
    material: CheckGiven
    rejection_clause: str = ""


@dataclass(frozen=True, kw_only=True)
class MaterialArrived(Command):
    """What was missing came in; the request goes back to the review."""

    request_id: int
    material_ids: tuple[int, ...] = ()
    note: str = ""


@handles(StartReview)
def start_review(command: StartReview, context: CommandContext) -> int:
    """Begin the review.

    Raises:
        RuleViolation: ``ILLNESS_DOCUMENT_MISSING`` while no paper shows the illness (R14).
    """
    request, file = load(context, command.request_id)
    _begin(context, request, file)
    refresh_next_action(context, request)
    return request.id


@handles(RecordReview)
def record_review(command: RecordReview, context: CommandContext) -> int:
    """Record the checks and act on them.

    Raises:
        RuleViolation: ``REASON_MISSING`` for a check that did not pass; whatever the rules refuse, when identity and
            entitlement are said to pass; ``ILLNESS_DOCUMENT_MISSING``.
    """
    request, file = load(context, command.request_id)
    if request.status is RequestStatus.SUBMITTED:
        _begin(context, request, file)
    if request.status is not RequestStatus.UNDER_REVIEW:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause="R25", status=request.status)
    refuse_routine(context.session, file.id, Move.BEGIN_REVIEW)
    checks = (("identity", command.identity), ("entitlement", command.entitlement), ("material", command.material))
    for name, check in checks:
        if check.result is not CheckResult.PASSED and not check.reason.strip():
            raise RuleViolation(ErrorCode.REASON_MISSING, clause="R25", field=f"{name}_reason")
    results = {check.result for _, check in checks}
    if results == {CheckResult.PASSED}:
        found = require_eligible(context, file, request, gate="review")
        _require_illness_document(context, file)
    else:
        found = look_at_standing(context, file, request, gate="review")
    review = _store(context, request, command, found)
    _act(context, request, file, command, results)
    refresh_next_action(context, request)
    return review.id


@handles(MaterialArrived)
def material_arrived(command: MaterialArrived, context: CommandContext) -> int:
    """Go back to the review with what came in."""
    request, file = load(context, command.request_id)
    move(context, request, Move.RECEIVE_MATERIAL)
    if not command.material_ids:
        input_checks.required(command.note, field="note", clause="R14")
    link_materials(context, request, command.material_ids)
    names = _kinds_of(context, command.material_ids)
    context.feed(
        file,
        EntryCategory.MATERIAL,
        f"{phrase(request.kind)}补件已到",
        "；".join(filter(None, [names, command.note.strip()])),
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
    )
    refresh_next_action(context, request)
    return request.id


def link_materials(context: CommandContext, request: ServiceRequest, material_ids: Sequence[int]) -> None:
    """Note that materials of the same file serve ``request``; a link that exists stays."""
    known = set(
        context.session.scalars(select(MaterialUse.material_id).where(MaterialUse.service_request_id == request.id))
    )
    for material_id in dict.fromkeys(material_ids):
        own_material(context, request.assistance_file_id, material_id, field="material_ids")
        if material_id not in known:
            context.session.add(
                MaterialUse(
                    id=context.new_id(),
                    material_id=material_id,
                    service_request_id=request.id,
                    linked_at=context.now,
                )
            )


def reasons_as_data(reasons: Sequence[Reason]) -> list[dict[str, object]]:
    """Return reasons as plain data: code, clause and values, without personal data."""
    return [
        {
            "code": reason.code.value,
            "clause": reason.clause,
            "values": {name: str(value) for name, value in reason.values.items()},
        }
        for reason in reasons
    ]


def _begin(context: CommandContext, request: ServiceRequest, file: AssistanceFile) -> None:
    _require_illness_document(context, file)
    move(context, request, Move.BEGIN_REVIEW)


def _require_illness_document(context: CommandContext, file: AssistanceFile) -> None:
    count = context.session.scalar(
        select(func.count()).where(
            Material.assistance_file_id == file.id,
            Material.kind.in_(ILLNESS_DOCUMENTS),
            Material.state.not_in((MaterialState.DEFICIENT, MaterialState.QUARANTINED)),
            Material.name_matches.is_not(False),
            is_kept(),
        )
    )
    if not count:
        raise RuleViolation(ErrorCode.ILLNESS_DOCUMENT_MISSING, clause="R14", field="material_result")


def _store(context: CommandContext, request: ServiceRequest, command: RecordReview, found: Standing) -> ServiceReview:
    values: dict[str, object] = {
        "is_eligible": found.is_eligible,
        "policy_year": found.answer.policy_year,
        "status": found.answer.status.value,
        "uses_left": found.balance.left if found.balance else None,
        "reasons": reasons_as_data(found.reasons),
        "warnings": reasons_as_data(found.answer.warnings),
    }
    review = ServiceReview(
        id=context.new_id(),
        service_request_id=request.id,
        identity_result=command.identity.result,
        identity_reason=input_checks.long_text(command.identity.reason, field="identity_reason"),
        entitlement_result=command.entitlement.result,
        entitlement_reason=input_checks.long_text(command.entitlement.reason, field="entitlement_reason"),
        material_result=command.material.result,
        material_reason=input_checks.long_text(command.material.reason, field="material_reason"),
        eligibility=json.dumps(values, ensure_ascii=False),
        handbook_edition=context.pack.edition,
        reviewed_at=context.now,
        reviewed_by=context.operator.id,
    )
    context.session.add(review)
    keep_review(context, request, review)
    return review


def _act(
    context: CommandContext,
    request: ServiceRequest,
    file: AssistanceFile,
    command: RecordReview,
    results: set[CheckResult],
) -> None:
    reasons = "；".join(
        check.reason.strip()
        for check in (command.identity, command.entitlement, command.material)
        if check.result is not CheckResult.PASSED
    )
    title = "服务审核通过"
    if CheckResult.FAILED in results:
        title = "服务审核不通过"
        given = Given(reason=reasons, clause=command.rejection_clause, for_tasks=title)
        moved = move(context, request, Move.REJECT, given)
        reasons = f"{moved.reason}（{request.closing_clause}）"
    elif CheckResult.NEEDS_MORE in results:
        reasons = move(context, request, Move.ASK_FOR_MATERIAL, Given(reason=reasons)).reason
        title = "服务审核：待补件"
    else:
        reasons = "被保险人身份、权益、材料三项通过"
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}{title}",
        reasons,
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
    )


def _kinds_of(context: CommandContext, material_ids: Sequence[int]) -> str:
    rows = context.session.scalars(select(Material.kind).where(Material.id.in_(list(material_ids))))
    return "、".join(phrase(kind) for kind in rows)
