from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from sqlalchemy import func, select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText, RecognitionJob
from lian_desk.models.tables.people.assistance_file import AssistanceFile, FileEntry, SearchTerm
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import Guardian, InformationAuthorization, InsuredPerson
from lian_desk.models.tables.people.policy import PolicyStatusPeriod
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.tables.schema import metadata
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import (
    ClockKind,
    FindingField,
    FindingMatch,
    FollowUpOutcome,
    MaterialState,
    PauseReason,
    PolicyStatus,
    RecognitionState,
    RequestStatus,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.commands import audit_trail
from lian_desk.services.demo.generator import DemoOptions, make_demo
from lian_desk.services.demo.verification import verify_demo
from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text.index import find
from lian_desk.services.names.search_terms import prefix_range, query_words
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
#: Differ between two runs by intent: random keys, sealed bytes.
_RANDOM = {"workspace_identity": {"database_id"}, "material": {"sealed_sha256"}, "audit_entry": {"mac", "previous_mac"}}


@contextmanager
def _demo(folder, **options):
    create_workspace(folder, NewWorkspace("沈甲申", "01", None, is_demo=True, staff_number="101"), NOW)
    opened = open_workspace(folder, by_throw_away_key(), NOW)
    try:
        make_demo(opened, DemoOptions(**options), NOW)
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with _demo(tmp_path_factory.mktemp("demo") / "workspace", files=120, own_papers=5) as opened:
        yield opened


@pytest.fixture
def session(demo):
    with demo.database.read_session() as session:
        yield session


def _seen(session, column):
    return set(session.scalars(select(column).distinct()))


def test_it_holds_what_the_commands_would_have_guaranteed(demo, session):
    assert verify_demo(session, demo.keys.seal_key, most_uses=3) == []


def test_every_fault_that_is_looked_for_is_found(demo, session):
    connection = session.connection()
    assert verify_demo(session, demo.keys.seal_key, most_uses=0)[0].startswith("balance out of bounds")
    assert verify_demo(session, b"x" * 32, most_uses=3) == ["audit chain broken at 1"]
    assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1


def test_every_service_in_every_status_comes_up(session):
    seen = {(kind, status) for kind, status in session.execute(select(ServiceRequest.kind, ServiceRequest.status))}
    assert {status for _, status in seen} == set(RequestStatus)
    for kind in set(ServiceKind) - {ServiceKind.CASE_MANAGEMENT}:
        expected = set(RequestStatus)
        if kind in {ServiceKind.OUTPATIENT_COORDINATION, ServiceKind.EXPEDITED_EXAMINATION}:
            expected -= {RequestStatus.IN_PROGRESS}
        assert {status for seen_kind, status in seen if seen_kind is kind} == expected


def test_clocks_are_kept_running_and_broken(session):
    for kind in (ClockKind.FEEDBACK, ClockKind.BOOKING, ClockKind.RESPONSE):
        runs = session.scalars(select(ClockRun).where(ClockRun.kind == kind)).all()
        kept = [run for run in runs if run.met_at is not None and run.met_at <= run.due_at]
        late = [run for run in runs if (run.met_at or NOW) > run.due_at and (run.met_at or run.ended_at is None)]
        running = [run for run in runs if run.ended_at is None and run.due_at > NOW]
        assert kept
        assert late
        assert running, kind


def test_policies_are_in_force_suspended_and_terminated_for_each_reason(session):
    assert _seen(session, PolicyStatusPeriod.status) == set(PolicyStatus)
    assert _seen(session, PolicyStatusPeriod.termination_reason) - {None} == set(TerminationReason)
    closed = session.scalars(select(AssistanceFile).where(AssistanceFile.closed_at.is_not(None))).all()
    assert len(closed) >= len(TerminationReason)


def test_pauses_have_every_reason(session):
    from lian_desk.models.tables.requests.service_request import RequestPause

    assert _seen(session, RequestPause.reason) == set(PauseReason)


def test_minors_have_guardians_and_grown_ups_have_none(session):
    people = session.scalars(select(InsuredPerson)).all()
    guarded = _seen(session, Guardian.insured_person_id)
    today = NOW.date()
    for person in people:
        age = today.year - person.born_on.year - ((today.month, today.day) < (person.born_on.month, person.born_on.day))
        assert (person.id in guarded) == (age < 18)
    assert guarded


def test_authorizations_are_verified_waiting_withdrawn_and_missing(session):
    rows = session.scalars(select(InformationAuthorization)).all()
    files = session.scalar(select(func.count(AssistanceFile.id)))
    assert len({row.assistance_file_id for row in rows}) < files
    assert [row for row in rows if row.verified_at and not row.withdrawn_at]
    states = Counter((row.verified_at is not None, row.withdrawn_at is not None) for row in rows)
    assert states[True, False] > files / 2
    assert set(states) == {(True, False), (False, False), (True, True)}


def test_bookings_lie_in_the_past_today_and_in_the_future(session):
    days = {(moment + timedelta(hours=8)).date() for moment in session.scalars(select(Booking.visit_at))}
    today = NOW.date()
    assert min(days) < today < max(days)
    assert today in days
    assert session.scalar(select(func.count(Booking.id)).where(Booking.fell_through_at.is_not(None)))


def test_follow_ups_are_done_due_and_overdue(session):
    rows = session.scalars(select(FollowUp)).all()
    assert [row for row in rows if row.closed_at is not None and row.outcome is FollowUpOutcome.REACHED]
    assert [row for row in rows if row.closed_at is None and row.due_on < NOW.date()]
    assert [row for row in rows if row.closed_at is None and row.due_on > NOW.date()]


def test_applications_wait_for_an_answer(session):
    waiting = session.scalars(select(IncomingApplication).where(IncomingApplication.responded_at.is_(None))).all()
    assert [row for row in waiting if row.response_due_at < NOW]
    assert [row for row in waiting if row.response_due_at > NOW]


def test_nothing_happens_in_the_future(session):
    assert session.scalar(select(func.max(FileEntry.happened_at))) <= NOW
    assert session.scalar(select(func.max(ServiceRequest.status_changed_at))) <= NOW
    assert session.scalar(select(func.max(AssistanceFile.last_event_at))) <= NOW


def test_the_desk_worked_in_its_service_hours(demo, session):
    calendar = Desk(demo, FixedClock(NOW)).calendar
    moments = session.scalars(select(ServiceRequest.submitted_at).where(ServiceRequest.submitted_at.is_not(None))).all()
    inside = [moment for moment in moments if calendar.is_service_time(moment)]
    assert len(inside) > 0.85 * len(moments)


def test_files_are_found_by_name_and_by_phone_tail(session):
    file, person = session.execute(
        select(AssistanceFile, InsuredPerson)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .limit(1)
    ).one()
    for words in (person.name, person.phone[-4:], file.number):
        found = set()
        for terms in query_words(words):
            for term in terms:
                first, after = prefix_range(term)
                found |= set(
                    session.scalars(
                        select(SearchTerm.assistance_file_id).where(SearchTerm.term >= first, SearchTerm.term < after)
                    )
                )
        assert file.id in found


def test_own_papers_name_their_person(demo, session):
    desk = Desk(demo, FixedClock(NOW))
    row, name = session.execute(
        select(Material, InsuredPerson.name)
        .join(AssistanceFile, AssistanceFile.id == Material.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .where(Material.name_matches.is_(True), Material.original_name.like("%门诊病历.pdf"))
        .limit(1)
    ).one()
    document = pypdfium2.PdfDocument(desk.materials.fetch(row.sha256))
    page = document[0]
    text = page.get_textpage()
    assert name in text.get_text_range()
    text.close()
    page.close()
    document.close()


def test_all_stored_papers_are_whole(demo, session):
    desk = Desk(demo, FixedClock(NOW))
    for sha256, sealed in session.execute(select(Material.sha256, Material.sealed_sha256).distinct()):
        assert desk.materials.sealed_checksum(sha256) == sealed


def test_the_audit_log_speaks_of_every_line_and_leads_on(demo, session):
    lines = session.scalar(select(func.count(FileEntry.id)))
    report = audit_trail.verify_tail(session, demo.keys.seal_key, None)
    assert (report.checked, report.first_bad) == (lines, None)
    desk = Desk(demo, FixedClock(NOW))
    assert desk.new_id() > session.scalar(select(func.max(AuditEntry.id)))
    assert desk.new_id() > session.scalar(select(func.max(FileEntry.id)))


def test_the_same_seed_at_the_same_moment_gives_the_same_rows(tmp_path):
    with (
        _demo(tmp_path / "one", files=25, own_papers=2) as one,
        _demo(tmp_path / "two", files=25, own_papers=2) as two,
        one.database.read_session() as first,
        two.database.read_session() as second,
    ):
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in _RANDOM.get(table.name, ())]
            statement = select(*columns).order_by(*table.primary_key.columns)
            assert first.execute(statement).all() == second.execute(statement).all(), table.name


def test_another_seed_gives_other_people(tmp_path):
    with _demo(tmp_path / "one", files=5, own_papers=0, seed=1) as one, one.database.read_session() as session:
        first = set(session.scalars(select(InsuredPerson.name)))
    with _demo(tmp_path / "two", files=5, own_papers=0, seed=2) as two, two.database.read_session() as session:
        assert first != set(session.scalars(select(InsuredPerson.name)))


def test_own_papers_were_read_and_can_be_searched(demo, session):
    pages = session.scalars(select(MaterialPageText)).all()
    assert pages
    fields = set(session.scalars(select(MaterialFinding.field)))
    assert {FindingField.KIND, FindingField.DOCUMENT_ON, FindingField.NAME} <= fields
    others = session.scalars(
        select(Material)
        .join(MaterialFinding, MaterialFinding.material_id == Material.id)
        .where(MaterialFinding.field == FindingField.NAME, MaterialFinding.match == FindingMatch.OTHER)
    ).all()
    assert others, "a relative's paper lies in some file"
    assert {material.state for material in others} == {MaterialState.QUARANTINED}
    states = set(session.scalars(select(RecognitionJob.state)))
    assert RecognitionState.DONE in states
    found = find(session, pages[0].text.split()[0], 50)
    assert any(place.material_id is not None for place in found.places)
