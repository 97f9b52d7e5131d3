"""A new edition of the handbook: compared, put on record, told to policyholders; requests keep theirs (R81 to R84)."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.tables.book import read_book
from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.reference.handbook_edition import HandbookEdition, HandbookNotice
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import Channel, ClockKind, FactSource, PauseReason, TerminationReason
from lian_desk.services.handbook.differences import ChangeKind, compare_packs
from lian_desk.services.handbook.editions import ExportNoticeList, RecordHandbookEdition, RecordNoticeDelivered
from lian_desk.services.handbook.notice_export import export_notices
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.services.rules.rule_pack_reader import read_rule_pack
from lian_desk.services.service_requests import PauseRequest, ResumeRequest
from tests.desk_facts import last_sealed, refusal
from tests.desk_world import World

TEXT = resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")
VALUES = {
    "edition": "2024-11",
    "published_on": date(2024, 11, 1),
    "reason": "首次发布",
    "decision_process": "健康管理委员会审议",
    "result": "五项服务自2024年11月起提供",
    "link": "官网公示",
}


def later_text() -> str:
    """Return the file of a later edition with a shorter outpatient limit and other words in one clause."""
    text = TEXT.replace('edition = "2024-11"', 'edition = "2025-06"')
    text = text.replace(
        'given = { service = "outpatient_coordination", confirmed = "2026-02-13T10:00" }\nexpected = '
        '{ due = "2026-03-02T21:00", provisional = false }',
        'given = { service = "outpatient_coordination", '
        'confirmed = "2026-02-13T10:00" }\nexpected = { due = "2026-02-26T21:00", provisional = false }',
    )
    text = text.replace('booking_days = { value = 7, clause = "R58" }', 'booking_days = { value = 4, clause = "R58" }')
    text = text.replace("renowned = false, limit = 7", "renowned = false, limit = 4")
    return text.replace("非知名专家2-7个工作日内完成服务预约", "非知名专家2-4个工作日内完成服务预约")


def later_edition() -> RulePack:
    return read_rule_pack(later_text().encode())


def test_a_new_edition_is_compared_clause_by_clause(world: World) -> None:
    old, new = world.desk.pack, later_edition()
    assert compare_packs(old, old) == ()
    found = compare_packs(old, new)
    assert [(change.clause, change.kind) for change in found] == [("R58", ChangeKind.CHANGED)] * 2
    assert (found[0].old, found[0].new) == (
        "非知名专家2-7个工作日内完成服务预约。",
        "非知名专家2-4个工作日内完成服务预约。",
    )
    assert (found[1].what, found[1].old, found[1].new) == ("门诊协调 · 预约时限（工作日）", "7", "4")


def test_an_edition_is_put_on_record_with_reason_way_and_result(world: World) -> None:
    for field in ("reason", "decision_process", "result"):
        violation = refusal(world, RecordHandbookEdition, by=world.lead, **(VALUES | {field: " "}))
        assert (violation.code, violation.clause, violation.parameters["field"]) == (
            ErrorCode.FIELD_REQUIRED,
            "R84",
            field,
        )
    assert refusal(world, RecordHandbookEdition, **VALUES).code is ErrorCode.NOT_ALLOWED
    unknown = refusal(world, RecordHandbookEdition, by=world.lead, **(VALUES | {"edition": "1999-01"}))
    assert (unknown.code, unknown.clause) == (ErrorCode.VALUE_NOT_UNDERSTOOD, "R81")
    world.run(RecordHandbookEdition, by=world.lead, **VALUES)
    with world.desk.read() as session:
        row = session.scalars(select(HandbookEdition)).one()
    assert (row.label, row.checksum) == (world.desk.pack.label, world.desk.pack.checksum)
    assert (row.reason, row.decision_process, row.result) == tuple(
        VALUES[name] for name in ("reason", "decision_process", "result")
    )
    again = refusal(world, RecordHandbookEdition, by=world.lead, **VALUES)
    assert again.code is ErrorCode.CHANGED_MEANWHILE


def notices(world: World) -> list[HandbookNotice]:
    with world.desk.read() as session:
        return list(session.scalars(select(HandbookNotice).order_by(HandbookNotice.id)))


def test_every_policyholder_in_force_is_on_the_list_once(world: World) -> None:
    first, ended, over = world.open_file(), world.open_file(), world.open_file(effective_on=date(2016, 9, 28))
    world.run(
        TerminatePolicy,
        policy_id=world.policy(ended),
        from_on=date(2026, 9, 28),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    world.run(RecordHandbookEdition, by=world.lead, **VALUES)
    assert [row.policy_id for row in notices(world)] == [world.policy(first)]
    assert world.policy(over) not in {row.policy_id for row in notices(world)}
    order: dict[str, Any] = {"notice_ids": (notices(world)[0].id,), "delivered_at": world.clock.moment}
    assert refusal(world, RecordNoticeDelivered, channel=Channel.WALK_IN, **order).clause == "R83"
    world.run(RecordNoticeDelivered, channel=Channel.SMS, **order)
    row = notices(world)[0]
    assert (row.channel, row.delivered_at, row.recorded_by) == (
        Channel.SMS,
        world.clock.moment,
        world.desk.operator.id,
    )
    assert refusal(world, RecordNoticeDelivered, channel=Channel.SMS, **order).code is ErrorCode.CHANGED_MEANWHILE


def test_notices_go_to_the_policyholder_and_not_to_the_insured(world: World, tmp_path: Path) -> None:
    """A39: the list for the sender names 投保人; writing it is sealed with its purpose."""
    world.open_file()
    edition = world.run(RecordHandbookEdition, by=world.lead, **VALUES)
    assert refusal(world, ExportNoticeList, edition_id=edition, purpose="发送").code is ErrorCode.NOT_ALLOWED
    assert refusal(world, ExportNoticeList, by=world.lead, edition_id=edition, purpose="").clause == "R83"
    path = tmp_path / "名单.csv"
    assert export_notices(world.lead, edition, path, purpose="短信通知", only_open=True).count == 1
    assert last_sealed(world.desk).kind == "ExportNoticeList"
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert lines[0] == ["投保人", "保单号", "手册版本", "生效日", "送达方式", "送达时间"]
    assert lines[1] == ["王淑兰", "JLB202403000001", "2024年11月版", "2024-11-01", "", ""]
    book = tmp_path / "名单.xlsx"
    export_notices(world.lead, edition, book, purpose="短信通知", only_open=False)
    assert [cell.text for cell in read_book(book).sheets[0].rows[1].cells][:2] == ["王淑兰", "JLB202403000001"]


def test_a_request_keeps_the_edition_of_its_requirement(world: World) -> None:
    """A41: the limit of a running request stays that of its edition; a new requirement has the new one."""
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    values = VALUES | {"edition": "2025-06", "content": later_text(), "effective_on": world.clock.moment.date()}
    world.run(RecordHandbookEdition, by=world.lead, **values)
    world.desk.reload_editions()
    assert (world.lead.pack.edition, world.desk.pack.edition) == ("2025-06", "2025-06")
    before = _booking(world, request_id)
    assert "7 个工作日" in before.derivation
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="停药",
        paused_at=world.clock.moment,
    )
    world.later(days=2)
    world.run(ResumeRequest, request_id=request_id, resumed_at=world.clock.moment)
    after = _booking(world, request_id)
    moved = world.desk.calendar.working_days_between(
        before.due_at.astimezone(SHANGHAI).date(), after.due_at.astimezone(SHANGHAI).date()
    )
    assert (after.handbook_edition, moved) == ("2024-11", 1)
    newer = world.to_requirement(file_id)
    assert world.row(newer).handbook_edition == "2025-06"
    assert "4 个工作日" in _booking(world, newer).derivation


def _booking(world: World, request_id: int) -> ClockRun:
    with world.desk.read() as session:
        return session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.kind == ClockKind.BOOKING)
        ).one()
