"""What the page 手册与规则 shows in a demonstration: the edition on record, its notices, and two events of force majeure."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from lian_desk.models.rules.policy_years import term_end
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.force_majeure import ForceMajeure
from lian_desk.models.tables.requests.service_request import RequestPause, Requirement, ServiceRequest
from lian_desk.models.vocabulary import Channel, ForceMajeureCause, PauseReason, PolicyStatus, RequestStatus
from lian_desk.services.demo.world import DemoWorld

_REASON: Final = "健利保（馨享版）就医服务首次发布，统一服务内容、时效与注意事项。"
_DECISION: Final = "健康管理服务委员会评审，合规与法务会签，总经理办公会批准。"
_RESULT: Final = "五项就医服务自生效日起按本手册提供，门诊、住院、手术、检查各限 3 次。"
_LINK: Final = "http://www.lian-life.com"
_WAYS: Final = (Channel.SMS, Channel.LIAN_APP, Channel.SMS)
_UNTOLD_EVERY: Final = 4
_TOLD_AFTER: Final = timedelta(days=3)
#: Whoever tries the desk out books here first; no event stands in the way.
_WHERE_PEOPLE_TRY: Final = "上海市"


def tell_handbook(world: DemoWorld, connection: Connection) -> None:
    """Put the edition on record, tell three of four policyholders, and let an event hold what stands still for one."""
    edition_id = world.new_id()
    recorded_at = world.now - timedelta(days=60)
    world.rows.add(
        "handbook_edition",
        id=edition_id,
        edition=world.pack.edition,
        label=world.pack.label,
        checksum=world.pack.checksum,
        effective_on=world.pack.effective_on,
        published_on=world.pack.effective_on,
        link=_LINK,
        reason=_REASON,
        decision_process=_DECISION,
        result=_RESULT,
        recorded_at=recorded_at,
        recorded_by=world.operator_id,
    )
    _tell_policyholders(world, connection, edition_id, recorded_at)
    _past_event(world)
    _lasting_event(world, connection)


def _tell_policyholders(world: DemoWorld, connection: Connection, edition_id: int, recorded_at: datetime) -> None:
    ended = select(PolicyStatusPeriod.policy_id).where(PolicyStatusPeriod.status == PolicyStatus.TERMINATED)
    rows = connection.execute(
        select(Policy.id, Policy.effective_on).where(Policy.id.not_in(ended)).order_by(Policy.id)
    ).all()
    years = world.pack.thresholds.covered_policy_years
    in_term = [key for key, effective_on in rows if world.now < term_end(effective_on, years)]
    for turn, policy_id in enumerate(in_term):
        is_told = turn % _UNTOLD_EVERY != 0
        world.rows.add(
            "handbook_notice",
            id=world.new_id(),
            handbook_edition_id=edition_id,
            policy_id=policy_id,
            channel=_WAYS[turn % len(_WAYS)] if is_told else None,
            delivered_at=recorded_at + _TOLD_AFTER if is_told else None,
            recorded_by=world.operator_id if is_told else None,
        )


def _past_event(world: DemoWorld) -> None:
    from_at = world.now - timedelta(days=75)
    world.rows.add(
        "force_majeure",
        id=world.new_id(),
        cause=ForceMajeureCause.NATURAL_DISASTER,
        places="河北省、天津市",
        from_at=from_at,
        to_at=from_at + timedelta(days=4),
        note="强降雨，部分医院门诊与检查停诊四天。",
        recorded_at=from_at,
        recorded_by=world.operator_id,
    )


def _lasting_event(world: DemoWorld, connection: Connection) -> None:
    """One event holds the requests of one province that stand still; everywhere else the desk works on."""
    held = connection.execute(
        select(
            RequestPause.service_request_id,
            func.min(RequestPause.paused_at),
            func.min(RequestPause.note),
            func.max(Hospital.province),
        )
        .join(ServiceRequest, ServiceRequest.id == RequestPause.service_request_id)
        .join(Requirement, Requirement.service_request_id == ServiceRequest.id)
        .join(Hospital, Hospital.id == Requirement.hospital_id)
        .where(
            RequestPause.reason == PauseReason.FORCE_MAJEURE,
            RequestPause.resumed_at.is_(None),
            ServiceRequest.status == RequestStatus.PAUSED,
            Hospital.province != _WHERE_PEOPLE_TRY,
        )
        .group_by(RequestPause.service_request_id)
        .order_by(RequestPause.service_request_id)
    ).all()
    if not held:
        return
    place = held[0][3]
    met = [(request_id, paused_at, note) for request_id, paused_at, note, province in held if province == place]
    begun = min(paused_at for _request, paused_at, _note in met)
    event = world.rows.add(
        ForceMajeure.__tablename__,
        id=world.new_id(),
        cause=ForceMajeureCause.NATURAL_DISASTER,
        places=place,
        from_at=begun,
        note=met[0][2],
        recorded_at=begun,
        recorded_by=world.operator_id,
    )
    for request_id, _paused_at, _note in met:
        world.rows.add(
            "force_majeure_request",
            id=world.new_id(),
            force_majeure_id=event["id"],
            service_request_id=request_id,
        )
