"""What the handbook asks at the gates beside the main refusals: fresh status, waiting period, consents, notes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.tables.people.policy import PolicyStatusCheck
from lian_desk.models.vocabulary import (
    Certainty,
    ComplaintTarget,
    FactSource,
    HistoryKind,
    IdentityCheckMethod,
    Knownness,
    MaterialState,
    PolicyStatus,
    RequestStatus,
    RescheduleCause,
    ServiceKind,
    SignerKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.assistance_files import AddDisease, AddHistory, DiseaseInput, HistoryInput
from lian_desk.services.assistance_files.authorizations import (
    RecordAuthorization,
    VerifyAuthorization,
    WithdrawAuthorization,
)
from lian_desk.services.assistance_files.complaints import RecordComplaint
from lian_desk.services.assistance_files.further_policies import OpenFurtherFile
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.bookings import RecordAttendance, RescheduleByHospital
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.hospitals.restrictions import LiftRestriction, RecordRestriction
from lian_desk.services.policies.policies import SuspendPolicy, TerminatePolicy, VerifyPolicyStatus
from lian_desk.services.policies.terms import RecordPolicyTerms
from lian_desk.services.privacy.disclosures import PagesGiven, RecordDisclosure
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.request_views.forms import load_start
from lian_desk.services.request_views.requirement_form import ask_rules
from lian_desk.services.service_requests import ConfirmRequirement, ConfirmStart, RecordReview, ResumeRequest
from tests.desk_facts import authorization, policy, refusal, titles
from tests.desk_world import World

K = ServiceKind
S = RequestStatus
E = ErrorCode


def start(world: World, request_id: int, **more: Any) -> dict[str, Any]:
    return {"request_id": request_id, "evidence": world.evidence(), "warning_acknowledged": True} | more


def details(world: World, file_id: int, title: str) -> str:
    with world.desk.read() as session:
        return (
            session.scalars(
                select(FileEntry.detail)
                .where(FileEntry.assistance_file_id == file_id, FileEntry.title == title)
                .order_by(FileEntry.id.desc())
            ).first()
            or ""
        )


def test_r4_a_status_older_than_seven_days_is_looked_up_again_before_a_use_is_spent(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    world.later(days=7)
    violation = refusal(world, ConfirmStart, **start(world, request_id))
    assert (violation.code, violation.clause, violation.parameters["field"]) == (
        E.POLICY_STATUS_STALE,
        "R4",
        "stale_status_reason",
    )
    view = load_start(world.desk, request_id)
    assert view is not None
    assert "policy_status_stale" in {line.code for line in view.warnings}
    world.run(
        VerifyPolicyStatus,
        policy_id=world.policy(file_id),
        status=PolicyStatus.IN_FORCE,
        source=FactSource.INSURER_SYSTEM,
    )
    world.run(ConfirmStart, **start(world, request_id))
    with world.desk.read() as session:
        seen = session.scalars(select(PolicyStatusCheck).where(PolicyStatusCheck.gate == "start")).all()
    assert [(row.status, row.operator_id) for row in seen][-1] == (PolicyStatus.IN_FORCE, world.desk.operator.id)


def test_r91_offline_the_last_known_status_serves_with_a_reason_that_is_kept(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    world.later(days=8)
    world.run(ConfirmStart, **start(world, request_id, stale_status_reason="断网，无法查询"))
    told = details(world, file_id, "门诊协调确认开启，扣除权益 1 次")
    assert "断网，无法查询" in told
    assert "（R4）" in told


def test_r3_the_last_thirty_days_are_announced_and_logged_at_the_start(world: World) -> None:
    file_id = world.open_file(effective_on=date(2016, 10, 20))
    request_id = world.to_started(file_id)
    assert world.status(request_id) is S.STARTED
    told = details(world, file_id, "门诊协调确认开启，扣除权益 1 次")
    assert "22 天" in told
    assert "（R3）" in told


def terms(world: World, file_id: int, **days: date) -> int:
    return world.run(RecordPolicyTerms, policy_id=world.policy(file_id), source=FactSource.INSURER_SYSTEM, **days)


def test_a28_in_the_waiting_period_only_a_lead_lets_a_use_be_spent(world: World) -> None:
    file_id = world.open_file(effective_on=date(2026, 8, 1))
    terms(world, file_id, waiting_until_on=date(2026, 10, 30))
    request_id = world.to_awaiting(file_id)
    violation = refusal(world, ConfirmStart, **start(world, request_id))
    assert (violation.code, violation.clause) == (E.NOT_ALLOWED, "A28")
    world.run(ConfirmStart, by=world.lead, **start(world, request_id))
    assert world.status(request_id) is S.STARTED


def test_a29_the_grace_period_is_in_force_and_warns(world: World) -> None:
    file_id = world.open_file()
    terms(world, file_id, grace_from_on=date(2026, 9, 1), grace_until_on=date(2026, 10, 31))
    request_id = world.to_started(file_id)
    assert world.status(request_id) is S.STARTED
    assert "（A29）" in details(world, file_id, "门诊协调确认开启，扣除权益 1 次")
    half = refusal(
        world,
        RecordPolicyTerms,
        policy_id=world.policy(file_id),
        source=FactSource.INSURER_SYSTEM,
        grace_from_on=date(2026, 9, 1),
    )
    assert (half.code, half.parameters["field"]) == (E.FIELD_REQUIRED, "grace_until_on")


def test_a34_on_an_agents_word_only_a_lead_starts(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    spoken = world.evidence(SignerKind.AGENT, said_by_name="王强")
    violation = refusal(world, ConfirmStart, **start(world, request_id, evidence=spoken))
    assert (violation.code, violation.clause) == (E.NOT_ALLOWED, "A34")
    world.run(ConfirmStart, by=world.lead, **start(world, request_id, evidence=spoken))
    assert world.status(request_id) is S.STARTED


def test_a36_a_suspicion_excluded_later_ends_new_work_and_lets_started_work_finish(world: World) -> None:
    file_id = world.open_file()
    started, waiting = world.to_started(file_id), world.to_awaiting(file_id)
    code = load_disease_list().diseases[0].code
    world.run(
        AddDisease,
        assistance_file_id=file_id,
        disease=DiseaseInput(code, Certainty.EXCLUDED, date(2026, 9, 28), "复查排除"),
    )
    world.book(started)
    assert world.status(started) is S.BOOKED
    violation = refusal(world, ConfirmStart, **start(world, waiting))
    assert (violation.code, violation.clause) == (E.DISEASE_EXCLUDED, "R8")


def test_a26_a_visit_booked_before_a_suspension_takes_place_on_a_leads_word(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    world.later(days=2)
    world.run(
        SuspendPolicy, policy_id=world.policy(file_id), from_on=date(2026, 9, 29), source=FactSource.INSURER_NOTICE
    )
    assert "由主管决定（A26）" in details(world, file_id, "门诊协调因保单中止暂停")
    order = {"request_id": request_id, "resumed_at": world.clock.moment, "note": "号源在中止前约成"}
    assert refusal(world, ResumeRequest, **order).code is E.POLICY_SUSPENDED
    assert refusal(world, ResumeRequest, by=world.lead, **(order | {"note": ""})).code is E.FIELD_REQUIRED
    world.run(ResumeRequest, by=world.lead, **order)
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    assert world.status(request_id) is S.ARRIVED


def test_a26_after_a_termination_the_slot_is_the_patients_own(world: World) -> None:
    file_id = world.open_file()
    world.to_booked(file_id)
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=date(2026, 9, 28),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    assert "号源归客户自行处理" in details(world, file_id, "门诊协调随合同终止")


def test_a26_a_booking_inside_the_term_stands_for_a_visit_after_it(world: World) -> None:
    file_id = world.open_file(effective_on=date(2016, 10, 1))
    request_id = world.to_started(file_id)
    world.book(request_id, datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI))
    world.clock.moment = datetime(2026, 10, 9, 9, 30, tzinfo=SHANGHAI)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    assert world.status(request_id) is S.ARRIVED


def test_r41_a17_what_a_lead_must_see_is_refused_to_others(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id, K.SURGERY_COORDINATION)
    world.run(RecordReview, request_id=request_id, **world.passed())
    notice = world.requirement(file_id, K.SURGERY_COORDINATION).notice
    assert notice is not None
    team = type(notice)(
        material_id=notice.material_id, doctor_name="张三", issued_on=notice.issued_on, is_from_the_team=True
    )
    order = {
        "request_id": request_id,
        "requirement": world.requirement(file_id, K.SURGERY_COORDINATION, notice=team),
        "evidence": world.evidence(),
        "fee_notice_shown": True,
        "warning_reason": "同组医生代签",
    }
    violation = refusal(world, ConfirmRequirement, **order)
    assert (violation.code, violation.clause) == (E.NOT_ALLOWED, "A31")
    world.run(ConfirmRequirement, by=world.lead, **order)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED


def test_r51_a_hospital_that_restricts_warns_at_the_next_request_there(world: World) -> None:
    file_id = world.open_file()
    hospital = world.hospital()
    restriction = world.run(
        RecordRestriction,
        assistance_file_id=file_id,
        hospital_id=hospital,
        from_on=date(2026, 9, 1),
        until_on=date(2026, 12, 1),
        source=FactSource.HOSPITAL,
        note="爽约一次",
    )
    given = world.requirement(file_id, K.OUTPATIENT_COORDINATION)
    (line,) = ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given, file_id=file_id).warnings
    assert (line.code, line.clause.id, line.field) == ("hospital_restricted", "R51", "hospital_id")
    assert "2026-12-01" in line.words
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, request_id=request_id, **world.passed())
    order = {"request_id": request_id, "requirement": given, "evidence": world.evidence(), "fee_notice_shown": True}
    violation = refusal(world, ConfirmRequirement, **order)
    assert (violation.code, violation.clause) == (E.WARNINGS_NOT_ACCEPTED, "R51")
    world.run(ConfirmRequirement, warning_reason="客户坚持该院", **order)
    world.run(LiftRestriction, restriction_id=restriction, reason="医院已解除")
    assert ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given, file_id=file_id).warnings == ()
    other = world.open_file()
    assert ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given, file_id=other).warnings == ()
    again = refusal(world, LiftRestriction, restriction_id=restriction, reason="再次")
    assert again.code is E.CHANGED_MEANWHILE


@pytest.mark.parametrize(("until_on", "warns"), [(date(2026, 9, 28), False), (date(2026, 9, 29), True), (None, True)])
def test_r51_a_restriction_ends_with_its_day(world: World, until_on: date | None, warns: bool) -> None:
    file_id = world.open_file()
    world.run(
        RecordRestriction,
        assistance_file_id=file_id,
        hospital_id=world.hospital(),
        from_on=date(2026, 9, 1),
        until_on=until_on,
        source=FactSource.HOSPITAL,
    )
    given = world.requirement(file_id, K.OUTPATIENT_COORDINATION)
    found = ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given, file_id=file_id).warnings
    assert bool(found) is warns


def test_r22_r23_what_is_declined_is_logged_with_the_notice(world: World) -> None:
    file_id = world.open_file()
    world.run(AddHistory, assistance_file_id=file_id, items=(HistoryInput(HistoryKind.MEDICATION, Knownness.DECLINED),))
    told = details(world, file_id, "被保险人不愿提供用药情况")
    assert world.desk.pack.texts.incomplete_information in told
    assert "用药" in told


@pytest.mark.parametrize("kind", [K.OUTPATIENT_COORDINATION, K.INPATIENT_COORDINATION, K.EXPEDITED_EXAMINATION])
def test_r52_r53_r79_a_hospital_stop_says_that_nothing_is_compensated(world: World, kind: ServiceKind) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, kind)
    world.run(
        RescheduleByHospital,
        request_id=request_id,
        cause=RescheduleCause.CANCELLED_BY_HOSPITAL,
        note="停诊",
        evidence=world.evidence(),
    )
    with world.desk.read() as session:
        told = session.scalars(select(FileEntry.detail).where(FileEntry.detail.contains("停诊；"))).one()
    clause = {K.OUTPATIENT_COORDINATION: "R52", K.INPATIENT_COORDINATION: "R53", K.EXPEDITED_EXAMINATION: "A22"}[kind]
    assert told == f"停诊；不另扣权益，不提供任何形式的赔偿或补偿（{clause}）"


@pytest.mark.parametrize(
    ("target", "words"), [(ComplaintTarget.HOSPITAL, "应向医疗机构寻求解答"), (ComplaintTarget.SERVICE, "956009")]
)
def test_r78_a_complaint_goes_where_it_belongs(world: World, target: ComplaintTarget, words: str) -> None:
    file_id = world.open_file()
    order = {"assistance_file_id": file_id, "target": target, "received_at": world.clock.moment}
    world.run(RecordComplaint, text="等候过久", **order)
    assert words in details(world, file_id, titles(world.desk, file_id)[-1])
    assert refusal(world, RecordComplaint, text=" ", **order).clause == "R78"


def disclose(world: World, file_id: int, **more: Any) -> dict[str, Any]:
    return {
        "assistance_file_id": file_id,
        "recipient": "镁信健康",
        "purpose": "预约门诊",
        "disclosed_at": world.clock.moment,
        "field_names": ("姓名", "联系电话"),
    } | more


def test_r21_a_disclosure_names_recipient_content_purpose_and_authorization(world: World) -> None:
    file_id = world.open_file()
    paper = world.material(file_id)
    world.run(RecordDisclosure, **disclose(world, file_id, papers=(PagesGiven(material_id=paper, pages=(1,)),)))
    with world.desk.read() as session:
        row = session.scalars(select(Disclosure)).one()
    assert (row.recipient, row.purpose, row.field_names) == ("镁信健康", "预约门诊", "姓名、联系电话")
    assert (row.page_list, row.recorded_by) == (f"{paper}:1", world.desk.operator.id)
    assert titles(world.desk, file_id)[-1] == "向镁信健康提供信息"


def test_r19_r21_what_was_given_before_the_authorization_was_signed_or_verified_is_not_covered_by_it(
    world: World,
) -> None:
    file_id = world.open_file()
    early = disclose(world, file_id, disclosed_at=world.clock.moment - timedelta(hours=3))
    assert refusal(world, RecordDisclosure, **early).code is E.AUTHORIZATION_MISSING
    with world.desk.database.write_session() as session:
        session.execute(update(InformationAuthorization).values(verified_at=None))
        session.commit()
    assert refusal(world, RecordDisclosure, **disclose(world, file_id)).code is E.AUTHORIZATION_MISSING


def test_r19_r21_an_authorization_covers_from_its_signing_until_just_before_its_withdrawal(world: World) -> None:
    file_id = world.open_file()
    signed_at = world.clock.moment - timedelta(hours=1)
    world.run(RecordDisclosure, **disclose(world, file_id, disclosed_at=signed_at))
    just_before = disclose(world, file_id, disclosed_at=signed_at - timedelta(seconds=1))
    assert refusal(world, RecordDisclosure, **just_before).code is E.AUTHORIZATION_MISSING
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.authorization is not None
    withdrawn_at = world.later(hours=1)
    world.run(WithdrawAuthorization, authorization_id=view.authorization.authorization_id, reason="本人要求")
    at_that_moment = disclose(world, file_id, disclosed_at=withdrawn_at)
    assert refusal(world, RecordDisclosure, **at_that_moment).code is E.AUTHORIZATION_MISSING
    world.run(RecordDisclosure, **disclose(world, file_id, disclosed_at=withdrawn_at - timedelta(seconds=1)))


def test_r21_a_disclosure_is_of_its_own_file_of_pages_that_are_there_and_of_the_past(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    stranger = world.open_file()
    world.material(stranger)
    elsewhere = world.open_request(stranger)
    assert refusal(world, RecordDisclosure, **disclose(world, file_id, request_id=elsewhere)).code is E.NOT_FOUND
    tomorrow = world.clock.moment + timedelta(days=1)
    assert refusal(world, RecordDisclosure, **disclose(world, file_id, disclosed_at=tomorrow)).code is E.TIME_IN_FUTURE
    paper = world.material(file_id)
    for page in (-1, 0, 2):
        papers = (PagesGiven(material_id=paper, pages=(1, page)),)
        violation = refusal(world, RecordDisclosure, **disclose(world, file_id, papers=papers))
        assert (violation.code, violation.parameters["value"]) == (E.VALUE_NOT_UNDERSTOOD, page)
    with world.desk.read() as session:
        assert session.scalars(select(Disclosure)).all() == []
    world.run(RecordDisclosure, **disclose(world, file_id, request_id=world.open_request(file_id)))


def test_r1_r21_a_paper_that_is_held_back_is_not_disclosed(world: World) -> None:
    """Quarantined as somebody else's, in the trash, or of another file: it is no content of this disclosure."""
    file_id = world.open_file()
    held, trashed, other = world.material(file_id), world.material(file_id), world.material(world.open_file())
    with world.desk.database.write_session() as session:
        session.get_one(Material, held).state = MaterialState.QUARANTINED
        session.get_one(Material, trashed).trashed_at = world.clock.moment
        session.commit()
    before = titles(world.desk, file_id)
    for paper, code in ((held, E.NOT_THE_INSURED), (trashed, E.NOT_FOUND), (other, E.NOT_FOUND)):
        for pages in ((), (1,)):
            papers = (PagesGiven(material_id=world.material(file_id)), PagesGiven(material_id=paper, pages=pages))
            violation = refusal(world, RecordDisclosure, **disclose(world, file_id, papers=papers))
            assert violation.code is code
    with world.desk.read() as session:
        assert session.scalars(select(Disclosure)).all() == []
    assert titles(world.desk, file_id) == before


def test_r19_r21_nothing_is_disclosed_without_an_authorization_that_holds(world: World) -> None:
    file_id = world.open_file()
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.authorization is not None
    world.run(WithdrawAuthorization, authorization_id=view.authorization.authorization_id, reason="本人要求")
    world.later(minutes=1)
    violation = refusal(world, RecordDisclosure, **disclose(world, file_id))
    assert (violation.code, violation.clause) == (E.AUTHORIZATION_MISSING, "R19")
    world.run(RecordAuthorization, assistance_file_id=file_id, authorization=authorization(world, is_verified=True))
    for changes, field in (
        ({"purpose": ""}, "purpose"),
        ({"recipient": " "}, "recipient"),
        ({"field_names": ()}, "field_names"),
        ({"papers": (PagesGiven(material_id=world.material(file_id), pages=(9,)),)}, "papers"),
    ):
        assert refusal(world, RecordDisclosure, **disclose(world, file_id, **changes)).parameters["field"] == field


def test_a37_a_second_policy_of_one_person_has_its_own_file_and_ledger(world: World) -> None:
    first = world.open_file()
    known = load_file_view(world.desk, first, revealed=True)
    assert known is not None
    second = world.run(
        OpenFurtherFile,
        assistance_file_id=first,
        insured_name=known.insured_name,
        policy=policy(world.desk, policy_number="JLB202509000777", effective_on=date(2025, 9, 1)),
        identity_method=IdentityCheckMethod.INSURER_SYSTEM_MATCH,
        diseases=(
            DiseaseInput(load_disease_list().diseases[0].code, Certainty.CONFIRMED, date(2026, 9, 1), "诊断证明书"),
        ),
        authorization=authorization(world, is_verified=True),
    )
    world.to_started(second)
    with world.desk.read() as session:
        left = [balances(session, world.policy(key))[K.OUTPATIENT_COORDINATION].left for key in (first, second)]
    assert left == [3, 2]
    stranger = refusal(
        world,
        OpenFurtherFile,
        assistance_file_id=first,
        insured_name="林深时",
        policy=policy(world.desk, policy_number="JLB202509000778"),
        identity_method=IdentityCheckMethod.DOCUMENT_SEEN,
    )
    assert (stranger.code, stranger.clause, stranger.parameters["field"]) == (E.NOT_THE_INSURED, "R1", "name")
    twin = refusal(
        world,
        OpenFurtherFile,
        assistance_file_id=first,
        insured_name=known.insured_name,
        policy=policy(world.desk, policy_number="JLB202509000777"),
        identity_method=IdentityCheckMethod.DOCUMENT_SEEN,
    )
    assert twin.code is E.POLICY_EXISTS


def test_r24_what_nobody_declared_true_is_not_verified(world: World) -> None:
    file_id = world.open_file()
    undeclared = authorization(world, truth_declared=False)
    key = world.run(RecordAuthorization, assistance_file_id=file_id, authorization=undeclared)
    violation = refusal(world, VerifyAuthorization, authorization_id=key)
    assert (violation.clause, violation.parameters["field"]) == ("R24", "truth_declared")
    at_once = authorization(world, truth_declared=False, is_verified=True)
    assert refusal(world, RecordAuthorization, assistance_file_id=file_id, authorization=at_once).clause == "R24"
