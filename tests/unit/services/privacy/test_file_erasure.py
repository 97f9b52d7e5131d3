"""Legal hold and erasure: no word of the person is left in any row, and the ledger and the log are whole."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import String, select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.materials.material import StoredFileDiscard
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.tables.schema import metadata
from lian_desk.models.vocabulary import (
    Channel,
    ComplaintTarget,
    DocumentKind,
    ErasureGround,
    FactSource,
    FollowUpOutcome,
    HistoryKind,
    IdentityCheckMethod,
    Knownness,
    MaskingLevel,
    MaterialSource,
    RequestStatus,
    SensitiveKind,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.assistance_files import AddHistory, AddNote, HistoryInput
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.assistance_files.complaints import RecordComplaint
from lian_desk.services.assistance_files.further_policies import OpenFurtherFile
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.bookings import CompleteService, RecordAttendance
from lian_desk.services.bookings.sensitive_events import RecordSensitiveEvent
from lian_desk.services.commands import audit_trail
from lian_desk.services.corrections.corrections import CorrectBooking
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.follow_ups.follow_ups import RecordFollowUp
from lian_desk.services.materials.materials import AddMaterial
from lian_desk.services.papers.issuing import issue
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.services.privacy import erasure_plan
from lian_desk.services.privacy.disclosures import RecordDisclosure
from lian_desk.services.privacy.file_erasure import EraseAssistanceFile, LiftLegalHold, PlaceLegalHold
from lian_desk.services.reference_data.retention import keep_until
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.service_requests import ArchiveRequest, OpenRequest
from lian_desk.services.service_requests.applications import RecordApplication
from tests.desk_facts import policy, refusal
from tests.desk_world import World

E = ErrorCode
MARK = "麒麟绢"
"""A word that a person might write anywhere; it stands in nothing that the program ships."""


def number(world: World, file_id: int) -> str:
    with world.desk.read() as session:
        return session.get_one(AssistanceFile, file_id).number


def order(world: World, file_id: int, **changes: Any) -> dict[str, Any]:
    return {
        "by": world.lead,
        "assistance_file_id": file_id,
        "ground": ErasureGround.INSURED_REQUEST,
        "reason": "本人书面要求删除",
        "file_number": number(world, file_id),
    } | changes


def texts(world: World) -> Iterator[tuple[str, str, str]]:
    """Every text of every row: table, column, text."""
    with world.desk.read() as session:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, String)]
            for row in session.execute(select(*columns)) if columns else ():
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, str):
                        yield table.name, column.name, value


def holding(world: World, *words: str) -> list[tuple[str, str]]:
    return sorted({(table, column) for table, column, value in texts(world) if any(word in value for word in words)})


def whole_case(world: World) -> tuple[int, int]:
    """A case with the marker in every form that takes free words."""
    file_id = world.open_file()
    world.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        contact_name="王淑兰",
        contact_handle=f"wx_{MARK}",
        need_text=MARK,
        assistance_file_id=file_id,
    )
    world.run(
        AddHistory,
        assistance_file_id=file_id,
        items=(HistoryInput(HistoryKind.MEDICATION, Knownness.KNOWN, MARK, MARK, MARK),),
    )
    world.run(AddNote, assistance_file_id=file_id, title=MARK, text=MARK)
    request_id = world.to_booked(file_id)
    world.run(
        CorrectBooking,
        by=world.lead,
        request_id=request_id,
        hospital_id=world.hospital(),
        visit_at=world.clock.moment + timedelta(days=9),
        reason=MARK,
        evidence=world.evidence(note=MARK),
        department_text="心内科",
        place=MARK,
    )
    world.run(
        RecordDisclosure,
        assistance_file_id=file_id,
        recipient=MARK,
        purpose=MARK,
        disclosed_at=world.clock.moment,
        field_names=(MARK,),
    )
    world.run(
        RecordComplaint,
        assistance_file_id=file_id,
        target=ComplaintTarget.SERVICE,
        text=MARK,
        received_at=world.clock.moment,
    )
    world.later(days=10)
    world.run(
        RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL, note=MARK
    )
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment, note=MARK)
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert view.open_follow_up_id is not None
    world.run(
        RecordFollowUp,
        follow_up_id=view.open_follow_up_id,
        done_at=world.clock.moment,
        channel=Channel.PHONE,
        outcome=FollowUpOutcome.REACHED,
        condition_text=MARK,
        medication_text=MARK,
        note=MARK,
    )
    world.desk.drafts.save(f"note:{file_id}", {"text": MARK})
    return file_id, request_id


def test_r90_after_an_erasure_no_word_of_the_person_is_in_any_row_but_the_ledger_stands(world: World) -> None:
    file_id, request_id = whole_case(world)
    world.run(ArchiveRequest, by=world.lead, request_id=request_id, update_text=MARK, waiver_reason=MARK)
    with world.desk.read() as session:
        before = [(row.id, row.kind, row.amount) for row in session.scalars(select(EntitlementEntry))]
        left = balances(session, world.policy(file_id))
    assert len(holding(world, MARK, "王淑兰", "13812346620")) > 15
    world.run(EraseAssistanceFile, **order(world, file_id))
    assert holding(world, MARK, "王淑兰", "13812346620", "32010219740101") == []
    with world.desk.read() as session:
        assert [(row.id, row.kind, row.amount) for row in session.scalars(select(EntitlementEntry))] == before
        assert balances(session, world.policy(file_id)) == left
        row = session.get_one(ServiceRequest, request_id)
        assert (row.status, row.number != "", row.closing_clause) == (RequestStatus.ARCHIVED, True, "R71")
        assert audit_trail.verify_tail(session, world.desk.opened.keys.seal_key, None).first_bad is None
    view = load_file_view(world.desk, file_id, revealed=True)
    assert view is not None
    assert (view.insured_name, view.is_read_only) == ("已删除", True)
    again = refusal(world, AddNote, assistance_file_id=file_id, title="再写", text="")
    assert (again.code, again.clause) == (E.FILE_ERASED, "R90")
    assert refusal(world, EraseAssistanceFile, **order(world, file_id)).code is E.FILE_ERASED


def test_r90_another_case_keeps_every_word(world: World) -> None:
    first = world.open_file()
    other, _ = whole_case(world)
    before = sorted(
        found for found in texts(world) if found[0] not in {"audit_entry", "command_log", "full_text_entry"}
    )
    world.run(EraseAssistanceFile, **order(world, first))
    after = sorted(found for found in texts(world) if found[0] not in {"audit_entry", "command_log", "full_text_entry"})
    gone = [found for found in before if found not in after]
    assert {table for table, _, value in gone if MARK in value} == set()
    assert load_file_view(world.desk, other, revealed=True).insured_name == "王淑兰"  # type: ignore[union-attr]


def test_r90_a_hold_keeps_everything_until_a_lead_lifts_it(world: World) -> None:
    file_id = world.open_file()
    hold = {"by": world.lead, "assistance_file_id": file_id, "reason": "医疗纠纷诉讼"}
    assert refusal(world, PlaceLegalHold, **(hold | {"by": world.desk})).code is E.NOT_ALLOWED
    assert refusal(world, PlaceLegalHold, **(hold | {"reason": " "})).code is E.FIELD_REQUIRED
    world.run(PlaceLegalHold, **hold)
    assert refusal(world, PlaceLegalHold, **hold).code is E.LEGAL_HOLD
    violation = refusal(world, EraseAssistanceFile, **order(world, file_id))
    assert (violation.code, violation.clause) == (E.LEGAL_HOLD, "R90")
    assert refusal(world, LiftLegalHold, **(hold | {"by": world.desk})).code is E.NOT_ALLOWED
    assert refusal(world, LiftLegalHold, **(hold | {"reason": " "})).code is E.FIELD_REQUIRED
    world.run(LiftLegalHold, **(hold | {"reason": "判决生效"}))
    assert refusal(world, LiftLegalHold, **hold).code is E.NOT_FOUND
    world.run(EraseAssistanceFile, **order(world, file_id))
    assert refusal(world, PlaceLegalHold, **hold).code is E.FILE_ERASED


def test_r90_the_hold_of_one_file_holds_no_other(world: World) -> None:
    held, other = world.open_file(), world.open_file()
    world.run(PlaceLegalHold, by=world.lead, assistance_file_id=held, reason="医疗纠纷诉讼")
    world.run(EraseAssistanceFile, **order(world, other))
    assert refusal(world, EraseAssistanceFile, **order(world, held)).code is E.LEGAL_HOLD


def test_r90_while_the_contract_runs_the_time_of_keeping_has_not_begun(world: World) -> None:
    file_id = world.open_file()
    world.clock.moment = world.clock.moment.replace(year=2050)
    violation = refusal(world, EraseAssistanceFile, **order(world, file_id, ground=ErasureGround.RETENTION_ENDED))
    assert (violation.code, "尚未开始" in str(violation.parameters["detail"])) == (E.NOT_YET_ERASABLE, True)


def test_r90_the_last_day_of_keeping_is_kept(world: World) -> None:
    file_id = world.open_file()
    ended = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_NOTICE}
    world.run(TerminatePolicy, from_on=world.clock.moment.date(), reason=TerminationReason.SURRENDER, **ended)
    early = {"ground": ErasureGround.RETENTION_ENDED}
    world.clock.moment = world.clock.moment.replace(year=2036) - timedelta(days=1)
    assert refusal(world, EraseAssistanceFile, **order(world, file_id, **early)).code is E.NOT_YET_ERASABLE
    world.later(days=1)
    world.run(EraseAssistanceFile, **order(world, file_id, **early))


def test_r90_the_bytes_of_materials_and_papers_and_every_draft_of_the_file_go_with_it(world: World) -> None:
    """Those of another file stay."""
    gone, whole = world.open_file(), world.open_file()
    kept: dict[int, list[str]] = {gone: [], whole: []}
    for file_id, names in kept.items():
        stored = world.desk.materials.keep(f"病历 {file_id}".encode())
        world.run(
            AddMaterial,
            assistance_file_id=file_id,
            sha256=stored.sha256,
            sealed_sha256=stored.sealed_sha256,
            byte_size=stored.size,
            original_name="病历.txt",
            media_type="text/plain",
            page_count=1,
            source=MaterialSource.BUTTON,
        )
        wanted = ExportOrder(
            kind=DocumentKind.FILE_SUMMARY, file_id=file_id, masking=MaskingLevel.REVEALED, purpose="客户索取"
        )
        names += [stored.sha256, issue(world.desk, wanted).drawn.sha256]
        world.desk.drafts.save(f"note:{file_id}", {"text": MARK})
    assert all(world.desk.materials.exists(name) for names in kept.values() for name in names)
    world.run(EraseAssistanceFile, **order(world, gone))
    assert [world.desk.materials.exists(name) for name in kept[gone]] == [False, False]
    assert [world.desk.materials.exists(name) for name in kept[whole]] == [True, True]
    assert world.desk.drafts.keys() == [f"note:{whole}"]
    with world.desk.read() as session:
        assert session.scalars(select(StoredFileDiscard)).all() == []


def test_r90_what_is_not_yet_erasable_says_why(world: World) -> None:
    file_id = world.open_file()
    assert refusal(world, EraseAssistanceFile, **order(world, file_id, by=world.desk)).code is E.NOT_ALLOWED
    wrong = refusal(world, EraseAssistanceFile, **order(world, file_id, file_number="A-26-01-99999"))
    assert (wrong.code, wrong.parameters["field"]) == (E.VALUE_NOT_UNDERSTOOD, "file_number")
    request_id = world.open_request(file_id)
    busy = refusal(world, EraseAssistanceFile, **order(world, file_id))
    assert (busy.code, "1 项服务" in str(busy.parameters["detail"])) == (E.NOT_YET_ERASABLE, True)
    early = {"ground": ErasureGround.RETENTION_ENDED}
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=world.clock.moment.date(),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    assert world.status(request_id) is RequestStatus.POLICY_TERMINATED
    until = keep_until(world.clock.moment.date())
    assert until == date(2036, 9, 28)
    kept = refusal(world, EraseAssistanceFile, **order(world, file_id, **early))
    assert "2036-09-28" in str(kept.parameters["detail"])
    world.clock.moment = world.clock.moment.replace(year=2036)
    world.run(EraseAssistanceFile, **order(world, file_id, **early))


def test_r90_on_the_ground_of_withdrawal_the_authorization_is_withdrawn_first(world: World) -> None:
    file_id = world.open_file()
    ground = {"ground": ErasureGround.CONSENT_WITHDRAWN}
    assert refusal(world, EraseAssistanceFile, **order(world, file_id, **ground)).code is E.NOT_YET_ERASABLE
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.authorization is not None
    world.run(WithdrawAuthorization, authorization_id=view.authorization.authorization_id, reason="撤回同意")
    world.run(EraseAssistanceFile, **order(world, file_id, **ground))


def test_r90_a_person_with_another_file_is_not_erased_with_the_first(world: World) -> None:
    first = world.open_file()
    second = world.run(
        OpenFurtherFile,
        assistance_file_id=first,
        insured_name="王淑兰",
        policy=policy(world.desk, policy_number="JLB202509000777", effective_on=date(2025, 9, 1)),
        identity_method=IdentityCheckMethod.INSURER_SYSTEM_MATCH,
    )
    world.run(EraseAssistanceFile, **order(world, first))
    kept = load_file_view(world.desk, second, revealed=True)
    assert kept is not None
    assert kept.insured_name == "王淑兰"
    world.run(EraseAssistanceFile, **order(world, second))
    assert holding(world, "王淑兰") == []


@pytest.mark.parametrize("table", erasure_plan.owned_tables(), ids=lambda table: table.name)
def test_r90_every_table_of_a_file_is_either_emptied_or_named_as_kept(table: Any) -> None:
    """A new table is met by itself; a new word that is to stay must be put on the list of what identifies nobody."""
    texts_of = {column.name for column in table.columns if type(column.type).__name__ in {"String", "Text"}}
    kept = texts_of - {column.name for column in erasure_plan.erased_columns(table)}
    by_hand = table.name in erasure_plan.UNTOUCHED | erasure_plan.REMOVED
    assert by_hand or kept <= erasure_plan.KEPT


def test_r68_a_death_stops_every_task_and_begins_nothing_new(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, ServiceKind.INPATIENT_COORDINATION)
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    assert load_request_view(world.desk, request_id).open_follow_up_id is not None  # type: ignore[union-attr]
    world.later(days=1)
    event = {
        "assistance_file_id": file_id,
        "kind": SensitiveKind.DIED,
        "happened_at": world.clock.moment,
        "source": FactSource.HOSPITAL,
        "request_id": request_id,
    }
    world.run(RecordSensitiveEvent, **event)
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert (view.status, view.open_follow_up_id) == (RequestStatus.FOLLOWING_UP, None)
    assert refusal(world, RecordSensitiveEvent, **(event | {"request_id": None})).code is E.CHANGED_MEANWHILE
    world.material(file_id)
    violation = refusal(
        world,
        OpenRequest,
        assistance_file_id=file_id,
        kind=ServiceKind.OUTPATIENT_COORDINATION,
        disease_entry_id=world.disease(file_id),
        need_text="x",
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        submit=True,
    )
    assert (violation.code, violation.clause) == (E.CARE_STOPPED, "R68")
    world.run(ArchiveRequest, by=world.lead, request_id=request_id, update_text="已归档", waiver_reason="已去世")


def test_r68_a_working_day_of_a_stay_without_a_note_is_warned_of_and_kept(world: World) -> None:
    """Admitted on Thursday 8 October: Friday and the working Saturday each owe a note; a call unanswered is none."""
    file_id = world.open_file()
    request_id = world.to_booked(file_id, ServiceKind.INPATIENT_COORDINATION)
    world.later(days=10)
    assert world.clock.moment.date() == date(2026, 10, 8)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)

    def card() -> Any:
        view = load_request_view(world.desk, request_id)
        assert view is not None
        return view

    world.later(days=1)
    assert card().notice == ""
    contact = {"follow_up_id": card().open_follow_up_id, "done_at": world.clock.moment, "channel": Channel.PHONE}
    world.run(RecordFollowUp, outcome=FollowUpOutcome.NO_ANSWER, **contact)
    world.later(days=1)
    assert "10-09" in card().notice
    contact = {"follow_up_id": card().open_follow_up_id, "done_at": world.clock.moment, "channel": Channel.PHONE}
    world.run(RecordFollowUp, outcome=FollowUpOutcome.REACHED, condition_text="平稳", **contact)
    world.later(days=2)
    assert "10-09" in card().notice
    assert "10-10" not in card().notice
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    told = [value for table, column, value in texts(world) if (table, column) == ("file_entry", "detail")]
    assert any("在院 1 个工作日没有跟进记录：10-09" in value for value in told)


def test_r68_a_transfer_ends_the_stay_and_its_tasks_only(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, ServiceKind.INPATIENT_COORDINATION)
    event = {
        "assistance_file_id": file_id,
        "kind": SensitiveKind.TRANSFERRED,
        "happened_at": world.clock.moment,
        "source": FactSource.HOSPITAL,
    }
    assert refusal(world, RecordSensitiveEvent, **event).parameters["field"] == "request_id"
    assert refusal(world, RecordSensitiveEvent, **event, request_id=request_id).code is E.WRONG_STATUS
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    elsewhere = event | {"assistance_file_id": world.open_file(), "request_id": request_id}
    assert refusal(world, RecordSensitiveEvent, **elsewhere).code is E.NOT_FOUND
    world.run(RecordSensitiveEvent, **(event | {"happened_at": world.clock.moment}), request_id=request_id)
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert view.status is RequestStatus.FOLLOWING_UP
    assert world.open_request(file_id, ServiceKind.INPATIENT_COORDINATION)
