"""The story of one service request up to the confirmed start: reviews, requirement, clocks, uses, pauses."""

import json
from datetime import datetime, timedelta

from lian_desk.models.rules.clocks import Pause, booking_clock, feedback_clock
from lian_desk.models.rules.request_states import CLOSED_STATUSES
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.vocabulary import (
    Channel,
    CheckResult,
    ContactResult,
    EntryCategory,
    EntryKind,
    EvidenceForm,
    ExaminationCode,
    MaterialKind,
    NextAction,
    PauseReason,
    RequestStatus,
    ServiceKind,
)
from lian_desk.services.demo import words
from lian_desk.services.demo.clock_rows import add_clock_row
from lian_desk.services.demo.disclosure_story import tell_disclosure, tell_wish
from lian_desk.services.demo.file_story import add_slot
from lian_desk.services.demo.pages.papers import group_words
from lian_desk.services.demo.request_timeline import Timeline
from lian_desk.services.demo.scenarios import Scenario
from lian_desk.services.demo.told_file import FileStory
from lian_desk.services.demo.told_request import RequestStory, evidence, say
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.words.wording import phrase

S = RequestStatus
_ELIGIBLE = json.dumps({"is_eligible": True, "status": "in_force", "reasons": [], "warnings": []})
_EXAMINATIONS = {
    "电子胃肠镜检查": ExaminationCode.GI_ENDOSCOPY,
}


def tell_request(world: DemoWorld, file: FileStory, scenario: Scenario, timeline: Timeline) -> RequestStory:
    """Tell a request up to its start; the care that follows is told by ``care_story``."""
    hospital = world.hospital_for(file.disease)
    request = RequestStory(
        id=world.new_id(),
        file=file,
        scenario=scenario,
        timeline=timeline,
        hospital=hospital,
        expert=world.expert_of(hospital, file.department),
        row={},
        pauses=[],
    )
    _request_row(world, request)
    _pause(world, request)
    _review(world, request)
    if timeline.has("confirmed"):
        _requirement(world, request)
    if timeline.has("feedback"):
        _feedback(world, request)
    if timeline.has("started"):
        _start(world, request)
    return request


def _request_row(world: DemoWorld, request: RequestStory) -> None:
    scenario, timeline, file = request.scenario, request.timeline, request.file
    at = timeline.at
    need = world.rng.choice(words.NEEDS[request.kind])
    is_open = scenario.status not in CLOSED_STATUSES
    request.row = world.rows.add(
        "service_request",
        id=request.id,
        number=world.number("S", at["received"]),
        assistance_file_id=file.id,
        kind=request.kind,
        status=scenario.status,
        paused_from=scenario.paused_from,
        is_open=is_open,
        disease_entry_id=file.disease_entry_id,
        case_manager_id=file.manager_id,
        need_text=need,
        channel=Channel.WECOM,
        handbook_edition=world.pack.edition,
        received_at=at["received"],
        submitted_at=at.get("submitted"),
        requirement_confirmed_at=at.get("confirmed"),
        started_at=at.get("started"),
        booked_at=at.get("booked"),
        closed_at=timeline.ended_at,
        next_action=NextAction.NONE,
        status_changed_at=timeline.last,
    )
    say(
        world,
        request,
        "",
        f"{request.row['number']} · {phrase(Channel.WECOM)} · {need}",
        at["received"],
    )
    world.rows.rows("file_entry")[-1]["title"] = f"申请{request.title}"


def _pause(world: DemoWorld, request: RequestStory) -> None:
    """What makes the clocks stand still: the wait for the customer's start (A8), and the pause of a paused request."""
    scenario, timeline = request.scenario, request.timeline
    if timeline.has("start_asked"):
        until = timeline.at.get("started") or timeline.ended_at
        _pause_row(world, request, Pause(PauseReason.AWAITING_CUSTOMER, timeline.at["start_asked"], until))
    if timeline.paused_at is not None and scenario.pause_reason is not None:
        reason = scenario.pause_reason
        _pause_row(world, request, Pause(reason, timeline.paused_at, None))
        title = "因保单中止暂停" if reason is PauseReason.POLICY_SUSPENDED else f"暂停：{phrase(reason)}"
        say(world, request, title, _PAUSE_NOTES[reason], timeline.paused_at, phase=None)


def _pause_row(world: DemoWorld, request: RequestStory, pause: Pause) -> None:
    request.pauses.append(pause)
    world.rows.add(
        "request_pause",
        id=world.new_id(),
        service_request_id=request.id,
        reason=pause.reason,
        note=_PAUSE_NOTES[pause.reason],
        paused_at=pause.from_at,
        resumed_at=pause.to_at,
        recorded_at=pause.from_at,
        recorded_by=request.file.manager_id,
    )


_PAUSE_NOTES = {
    PauseReason.POLICY_SUSPENDED: words.SUSPENSION_NOTE,
    PauseReason.FORCE_MAJEURE: "当地暴雨，医院门诊临时调整",
    PauseReason.DOCTORS_ORDER: "医嘱：术前停用抗凝药七天",
    PauseReason.AWAITING_CUSTOMER: "等待客户确认时间",
}


def _review(world: DemoWorld, request: RequestStory) -> None:
    timeline, file = request.timeline, request.file
    at = timeline.at
    if timeline.has("submitted"):
        _status_check(world, request, "submit", at["submitted"])
    if timeline.has("material_asked"):
        _review_row(world, request, CheckResult.NEEDS_MORE, "缺少近三个月检查报告", at["material_asked"])
        say(world, request, "待补件", "缺少近三个月检查报告", at["material_asked"], category=EntryCategory.MATERIAL)
        tell_wish(world, request, MaterialKind.EXAMINATION_REPORT, at["material_asked"])
    if timeline.has("material_received"):
        say(world, request, "补件已到", "检查报告", at["material_received"], category=EntryCategory.MATERIAL)
    if not timeline.has("reviewed"):
        return
    moment = at["reviewed"]
    if request.scenario.status is S.REJECTED:
        clause, reason = world.rng.choice(words.REJECTIONS)
        _review_row(world, request, CheckResult.FAILED, reason, moment)
        request.row["closing_reason"], request.row["closing_clause"] = reason, clause
        say(world, request, "审核不通过", f"{reason}（{clause}）", moment)
        return
    _review_row(world, request, CheckResult.PASSED, "", moment)
    _status_check(world, request, "review", moment)
    say(world, request, "审核通过", "身份、权益、材料三项核对无误", moment)
    for kind in file.materials:
        _use_material(world, request, kind, moment)


def _use_material(world: DemoWorld, request: RequestStory, kind: MaterialKind, at: datetime) -> None:
    world.rows.add(
        "material_use",
        id=world.new_id(),
        material_id=request.file.materials[kind],
        service_request_id=request.id,
        linked_at=at,
    )


def _review_row(world: DemoWorld, request: RequestStory, material: CheckResult, reason: str, at: datetime) -> None:
    world.rows.add(
        "service_review",
        id=world.new_id(),
        service_request_id=request.id,
        identity_result=CheckResult.PASSED,
        entitlement_result=CheckResult.PASSED,
        material_result=material,
        material_reason=reason,
        eligibility=_ELIGIBLE,
        handbook_edition=world.pack.edition,
        reviewed_at=at,
        reviewed_by=request.file.manager_id,
    )


def _status_check(world: DemoWorld, request: RequestStory, gate: str, at: datetime) -> None:
    world.rows.add(
        "policy_status_check",
        id=world.new_id(),
        policy_id=request.file.policy_id,
        service_request_id=request.id,
        gate=gate,
        status="in_force",
        source="insurer_system",
        checked_at=at,
        operator_id=request.file.manager_id,
    )


def _requirement(world: DemoWorld, request: RequestStory) -> None:
    at, file = request.timeline.at["confirmed"], request.file
    note = words.NOTICES.get(request.kind)
    is_outpatient = request.kind is ServiceKind.OUTPATIENT_COORDINATION
    renowned = [honour for honour in request.expert.honours if honour in world.pack.scope.renowned]
    is_renowned = is_outpatient and bool(renowned)
    has_expert = request.kind in {ServiceKind.OUTPATIENT_COORDINATION, ServiceKind.SURGERY_COORDINATION}
    has_hospital = request.kind is not ServiceKind.CASE_MANAGEMENT
    is_examination = request.kind is ServiceKind.EXPEDITED_EXAMINATION
    examination = str(group_words(file.disease.group)["examination"]) if is_examination else ""
    wished = in_shanghai(at).date() + timedelta(days=2)
    say(world, request, "确认需求", _where(request, has_expert=has_expert) if has_hospital else "就医计划已确认", at)
    world.rows.add(
        "requirement",
        id=world.new_id(),
        service_request_id=request.id,
        version_number=1,
        hospital_id=request.hospital.id if has_hospital else None,
        department_code=file.department_code if has_hospital and not is_examination else "",
        department_text=file.department if has_hospital else "",
        expert_name=request.expert.name if has_expert else "",
        expert_title=request.expert.title if has_expert else None,
        expert_honours=",".join(request.expert.honours) if has_expert else "",
        is_renowned=is_renowned,
        renowned_because=str(renowned[0]) if is_renowned else "",
        examination_code=_EXAMINATIONS.get(examination, ExaminationCode.IMAGING) if is_examination else None,
        examination_text=examination,
        from_outpatient_visit=True if is_examination else None,
        preferred_from_on=wished,
        preferred_to_on=wished + timedelta(days=12),
        preference=world.rng.choice(("上午优先", "时间均可", "周末不便", "希望由家人陪同")),
        notice_kind=note,
        notice_material_id=None if note is None else file.materials.get(note),
        notice_hospital_id=request.hospital.id if note else None,
        notice_doctor_name=request.expert.name if note else "",
        notice_on=in_shanghai(at).date() - timedelta(days=world.rng.randint(1, 9)) if note else None,
        confirmed_at=at,
        evidence_id=evidence(world, request, "客户电话确认需求：医院、科室与时间均已复述", at),
        fee_notice_shown=True,
        handbook_edition=world.pack.edition,
        recorded_at=at,
        recorded_by=file.manager_id,
    )
    if has_hospital:
        _clocks(world, request, is_renowned=is_renowned)
    if request.timeline.has("coordinating"):
        say(world, request, "开始协调", "", request.timeline.at["coordinating"])
        tell_disclosure(world, request, request.timeline.at["coordinating"])


def _where(request: RequestStory, *, has_expert: bool) -> str:
    parts = [request.hospital.name, request.file.department]
    if has_expert:
        parts.append(f"{request.expert.name}{phrase(request.expert.title)}")
    return " · ".join(parts)


def _clocks(world: DemoWorld, request: RequestStory, *, is_renowned: bool) -> None:
    timeline = request.timeline
    confirmed = timeline.at["confirmed"]
    ended = timeline.ended_at
    feedback = feedback_clock(confirmed, world.pack, world.calendar, kind=request.kind, pauses=request.pauses)
    met = timeline.at.get("feedback")
    request.feedback_due_at = feedback.internal_due_at if not (met or ended) else None
    add_clock_row(world, feedback, met, met or ended, request_id=request.id)
    booking = booking_clock(
        confirmed, world.pack, world.calendar, kind=request.kind, is_renowned=is_renowned, pauses=request.pauses
    )
    met = timeline.at.get("booked")
    request.booking_due_at = booking.due_at if not (met or ended) else None
    add_clock_row(world, booking, met, met or ended, request_id=request.id)


def _feedback(world: DemoWorld, request: RequestStory) -> None:
    at = request.timeline.at["feedback"]
    content = world.rng.choice(words.FEEDBACK)
    world.rows.add(
        "coordination_notice",
        id=world.new_id(),
        service_request_id=request.id,
        happened_at=at,
        channel=Channel.PHONE,
        result=ContactResult.REACHED,
        content=content,
        recorded_at=at,
        recorded_by=request.file.manager_id,
    )
    detail = f"{phrase(Channel.PHONE)} · {phrase(ContactResult.REACHED)} · {content}"
    say(world, request, "告知预约协调情况", detail, at)
    if request.timeline.has("start_asked"):
        say(world, request, "待客户确认开启", "已说明扣除权益与不可改约", request.timeline.at["start_asked"])


def _start(world: DemoWorld, request: RequestStory) -> None:
    """Spend one use: the entry, its slot, its proof; given back where a lead did so."""
    file, kind, at = request.file, request.kind, request.timeline.at["started"]
    place = file.used.get(kind, 0) + 1
    file.used[kind] = place
    granted = world.pack.service(kind).uses or 0
    entry_id = world.new_id()
    proof = evidence(world, request, "客户确认开启服务，已告知扣除一次权益", at)
    world.rows.add(
        "entitlement_entry",
        id=entry_id,
        policy_id=file.policy_id,
        service_kind=kind,
        kind=EntryKind.START,
        amount=-1,
        slot_id=file.slots[kind, place],
        service_request_id=request.id,
        start_key=request.id,
        evidence_id=proof,
        happened_at=at,
        recorded_at=at,
        recorded_by=file.manager_id,
    )
    _status_check(world, request, "start", at)
    detail = f"{phrase(file.signer)}确认 · {phrase(EvidenceForm.CALL_NOTE)} · 余 {granted - place} 次"
    say(world, request, "确认开启，扣除权益 1 次", detail, at)
    if request.scenario.status is S.NOT_BOOKED and request.scenario.variant % 2:
        _reverse(world, request, entry_id, granted + 1)


def _reverse(world: DemoWorld, request: RequestStory, start_id: int, place: int) -> None:
    ended = request.timeline.ended_at or world.now
    world.rows.add(
        "entitlement_entry",
        id=world.new_id(),
        policy_id=request.file.policy_id,
        service_kind=request.kind,
        kind=EntryKind.REVERSAL,
        amount=1,
        service_request_id=request.id,
        reverses_id=start_id,
        reason=words.NOT_BOOKED[0],
        insurer_reference="CZ2026",
        evidence_id=evidence(world, request, "医院书面说明无床位", ended),
        happened_at=ended,
        recorded_at=ended,
        recorded_by=world.leads[-1],
    )
    add_slot(world, request.file, request.kind, place)
    say(world, request, "权益冲正 +1", f"{request.row['number']} · {words.NOT_BOOKED[0]}", ended)
