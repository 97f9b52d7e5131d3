"""What papers say about services, bookings, materials, follow-ups and open tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lian_desk.adapters.drawing.views import BookingLine, ClockLine, FollowUpLine, MaterialLine, ServiceLine
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai
from lian_desk.models.tables.materials.material import Material, MaterialUse, is_kept
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking, Reschedule
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import EducationNote, FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import ClockKind, ExpertTitle, FollowUpOutcome, NextAction, RequestStatus
from lian_desk.services.commands.clock_doubts import MARK
from lian_desk.services.papers.facts import Paper
from lian_desk.services.rules.edition_shelf import pack_of_edition
from lian_desk.services.words.flaw_words import flaw_of, flaw_words
from lian_desk.services.words.wording import phrase

KEPT, BROKEN, PAUSED, RUNNING = "守时", "超时", "已暂停", "进行中"


@dataclass(frozen=True)
class RequestFacts:
    """The requests of a file with everything around them, each table read once."""

    requests: tuple[ServiceRequest, ...]
    requirements: dict[int, Requirement]
    bookings: dict[int, list[Booking]]
    reschedules: dict[int, list[Reschedule]]
    clocks: dict[int, dict[ClockKind, ClockRun]]
    hospitals: dict[int, str]


def read_requests(paper: Paper) -> RequestFacts:
    """Read the requests of the file, oldest first, in six statements however many they are."""
    session = paper.session
    requests = session.scalars(
        select(ServiceRequest)
        .where(ServiceRequest.assistance_file_id == paper.subject.file.id)
        .order_by(ServiceRequest.received_at, ServiceRequest.id)
    ).all()
    keys = [request.id for request in requests]
    requirements = {
        row.service_request_id: row
        for row in session.scalars(
            select(Requirement).where(Requirement.service_request_id.in_(keys)).order_by(Requirement.version_number)
        )
    }
    bookings: dict[int, list[Booking]] = {}
    for booking in session.scalars(
        select(Booking).where(Booking.service_request_id.in_(keys)).order_by(Booking.recorded_at, Booking.id)
    ):
        bookings.setdefault(booking.service_request_id, []).append(booking)
    reschedules: dict[int, list[Reschedule]] = {}
    booking_keys = [booking.id for rows in bookings.values() for booking in rows]
    for row in session.scalars(
        select(Reschedule).where(Reschedule.booking_id.in_(booking_keys)).order_by(Reschedule.happened_at)
    ):
        reschedules.setdefault(row.booking_id, []).append(row)
    clocks: dict[int, dict[ClockKind, ClockRun]] = {}
    for run in session.scalars(
        select(ClockRun).where(ClockRun.service_request_id.in_(keys)).order_by(ClockRun.started_at, ClockRun.id)
    ):
        if run.service_request_id is not None:
            clocks.setdefault(run.service_request_id, {})[run.kind] = run
    places = {row.hospital_id for row in requirements.values() if row.hospital_id}
    places |= {booking.hospital_id for rows in bookings.values() for booking in rows}
    hospitals = {
        key: f"{name}（{campus}）" if campus else name
        for key, name, campus in session.execute(
            select(Hospital.id, Hospital.name, Hospital.campus).where(Hospital.id.in_(places))
        )
    }
    return RequestFacts(tuple(requests), requirements, bookings, reschedules, clocks, hospitals)


def service_lines(
    paper: Paper, facts: RequestFacts, calendar: WorkCalendar, period: tuple[date, date] | None = None
) -> tuple[ServiceLine, ...]:
    """Return the history of services; with ``period`` only what was open on one of its days (both included)."""
    lines = []
    for request in facts.requests:
        begun_on = in_shanghai(request.received_at).date()
        closed_on = in_shanghai(request.closed_at).date() if request.closed_at else None
        if period and (begun_on > period[1] or (closed_on is not None and closed_on < period[0])):
            continue
        lines.append(
            ServiceLine(
                number=request.number,
                on=_day_of(request, facts),
                service=phrase(request.kind),
                place=place_of(paper, request, facts),
                outcome=phrase(request.status),
                clocks=tuple(_clocks(paper, request, facts, calendar)),
                remarks=tuple(remarks_of(paper, request, facts)),
            )
        )
    return tuple(lines)


def _day_of(request: ServiceRequest, facts: RequestFacts) -> date:
    """The day of the visit once it is booked, else of the confirmed requirement, else of the request."""
    standing = [row for row in facts.bookings.get(request.id, []) if row.fell_through_at is None]
    if standing:
        return in_shanghai(standing[-1].visit_at).date()
    return in_shanghai(request.requirement_confirmed_at or request.received_at).date()


def place_of(paper: Paper, request: ServiceRequest, facts: RequestFacts) -> str:
    """Return where the request leads: the booking, else the requirement, else the need as told."""
    requirement = facts.requirements.get(request.id)
    bookings = facts.bookings.get(request.id, [])
    if bookings:
        last = bookings[-1]
        place = where_of(paper, facts, last.hospital_id, last.department_text, last.expert_name, last.expert_title)
    elif requirement is not None:
        place = where_of(
            paper,
            facts,
            requirement.hospital_id,
            requirement.department_text or requirement.examination_text,
            requirement.expert_name,
            requirement.expert_title,
        )
    else:
        return paper.told(request.need_text)
    return f"{place}（知名专家）" if requirement is not None and requirement.is_renowned else place


def where_of(
    paper: Paper,
    facts: RequestFacts,
    hospital_id: int | None,
    department: str,
    expert: str,
    title: ExpertTitle | None,
) -> str:
    """Return hospital, department and expert in one line; for internal use the expert's name stays out."""
    hospital = facts.hospitals.get(hospital_id, "") if hospital_id else ""
    rank = phrase(title) if title is not None and title is not ExpertTitle.UNKNOWN else ""
    who = rank if not paper.rule.expert else " ".join(part for part in (expert, rank) if part)
    return " · ".join(part for part in (hospital, department, who) if part)


def _clocks(paper: Paper, request: ServiceRequest, facts: RequestFacts, calendar: WorkCalendar) -> Sequence[ClockLine]:
    lines = []
    for kind in (ClockKind.FEEDBACK, ClockKind.BOOKING):
        run = facts.clocks.get(request.id, {}).get(kind)
        if run is None or (run.ended_at is not None and run.met_at is None and run.ended_at <= run.due_at):
            # never begun, or no longer owed: the request ended before the promise ran out
            continue
        verdict, kept = verdict_of(run, request, paper.now)
        if run.clock_doubt is not None:
            verdict = f"{verdict}（{MARK}）"
        measure = _days(paper, request, run, facts, calendar) if kind is ClockKind.BOOKING else ""
        lines.append(ClockLine(label=phrase(kind), measure=measure, verdict=verdict, kept=kept))
    return lines


def verdict_of(run: ClockRun, request: ServiceRequest, now: datetime) -> tuple[str, bool | None]:
    """Return the word for a promise, and whether it was kept; None while it runs or stands still."""
    if run.met_at is not None:
        return (KEPT, True) if run.met_at <= run.due_at else (BROKEN, False)
    if run.ended_at is not None:
        return BROKEN, False
    if request.status is RequestStatus.PAUSED:
        return PAUSED, None
    return (BROKEN, False) if now > run.due_at else (RUNNING, None)


def _days(paper: Paper, request: ServiceRequest, run: ClockRun, facts: RequestFacts, calendar: WorkCalendar) -> str:
    """Return working days used of those promised; days on which the case stood still count in neither (A45)."""
    rule = pack_of_edition(paper.session, run.handbook_edition).service(request.kind)
    if not rule.has_booking:
        return ""
    requirement = facts.requirements.get(request.id)
    limit, _clause = rule.booking_limit(is_renowned=requirement is not None and requirement.is_renowned)
    started_on = in_shanghai(run.started_at).date()
    stopped_on = in_shanghai(run.met_at or paper.now).date()
    paused = max(calendar.working_days_between(started_on, in_shanghai(run.due_at).date()) - limit, 0)
    used = max(calendar.working_days_between(started_on, stopped_on) - paused, 0)
    return f"{used} / {limit} 个工作日"


def remarks_of(paper: Paper, request: ServiceRequest, facts: RequestFacts) -> Sequence[str]:
    """Return what bears on a request's promises: late entry, doctor's order, hospital reschedules, closing reason."""
    remarks = []
    requirement = facts.requirements.get(request.id)
    if requirement is not None and requirement.backdating_reason:
        remarks.append(f"需求确认为补录：{paper.told(requirement.backdating_reason)}")
    if requirement is not None and requirement.sample_list_reason:
        remarks.append(f"需求确认时医院名录为样例：{paper.told(requirement.sample_list_reason)}")
    if requirement is not None and requirement.doctors_order:
        remarks.append(f"特殊医嘱：{paper.told(requirement.doctors_order)}")
    for booking in facts.bookings.get(request.id, []):
        remarks += [
            f"{phrase(row.cause)}，{in_shanghai(row.happened_at):%m-%d} 起协调改期"
            for row in facts.reschedules.get(booking.id, [])
        ]
    if request.closing_reason:
        remarks.append(paper.told(request.closing_reason))
    return remarks


def booking_lines(paper: Paper, facts: RequestFacts) -> tuple[BookingLine, ...]:
    """Return every booking of the file, those that fell through included."""
    lines = []
    for request in facts.requests:
        for booking in facts.bookings.get(request.id, []):
            moved = [
                f"{phrase(row.cause)}（{in_shanghai(row.happened_at):%m-%d}）"
                for row in facts.reschedules.get(booking.id, [])
            ]
            lines.append(
                BookingLine(
                    service=phrase(request.kind),
                    place=where_of(
                        paper,
                        facts,
                        booking.hospital_id,
                        booking.department_text,
                        booking.expert_name,
                        booking.expert_title,
                    ),
                    visit_at=booking.visit_at,
                    status=_booking_status(booking, request, moved=bool(moved)),
                    remarks=tuple(moved),
                )
            )
    return tuple(lines)


def _booking_status(booking: Booking, request: ServiceRequest, *, moved: bool) -> str:
    if booking.fell_through_at is None:
        return phrase(request.status)
    # one that no hospital stopped was typed wrong and put right by a lead (R48)
    return "未成行" if moved else "录入有误，已更正"


def material_lines(paper: Paper, facts: RequestFacts) -> tuple[MaterialLine, ...]:
    """Return the list of materials: kinds, pages, dates and the requests they serve."""
    numbers = {request.id: request.number for request in facts.requests}
    proves: dict[int, list[str]] = {}
    for material_id, request_id in paper.session.execute(
        select(MaterialUse.material_id, MaterialUse.service_request_id).where(
            MaterialUse.service_request_id.in_(list(numbers))
        )
    ):
        proves.setdefault(material_id, []).append(numbers[request_id])
    rows = paper.session.scalars(
        select(Material)
        .where(Material.assistance_file_id == paper.subject.file.id, is_kept())
        .order_by(Material.received_at, Material.id)
    )
    return tuple(
        MaterialLine(
            kind=phrase(row.kind),
            page_count=row.page_count,
            dated_on=row.document_on,
            received_at=row.received_at,
            proves="、".join(proves.get(row.id, [])),
            flaw=_flaw(row),
        )
        for row in rows
    )


def _flaw(row: Material) -> str:
    flaw = flaw_of(row)
    return "" if flaw is None else flaw_words(flaw, row.page_count)


@dataclass(frozen=True)
class CareFacts:
    """Follow-ups, education and reminders of a file, each table read once."""

    follow_ups: tuple[FollowUp, ...]
    education: tuple[EducationNote, ...]
    reminders: tuple[Reminder, ...]


def read_care(paper: Paper) -> CareFacts:
    """Read what was done and what is planned in three statements."""
    session, file_id = paper.session, paper.subject.file.id
    return CareFacts(
        tuple(
            session.scalars(
                select(FollowUp).where(FollowUp.assistance_file_id == file_id).order_by(FollowUp.due_on, FollowUp.id)
            )
        ),
        tuple(
            session.scalars(
                select(EducationNote)
                .where(EducationNote.assistance_file_id == file_id)
                .order_by(EducationNote.given_at, EducationNote.id)
            )
        ),
        tuple(
            session.scalars(
                select(Reminder).where(Reminder.assistance_file_id == file_id).order_by(Reminder.due_at, Reminder.id)
            )
        ),
    )


def follow_up_lines(paper: Paper, care: CareFacts, period: tuple[date, date] | None = None) -> tuple[FollowUpLine, ...]:
    """Return every contact in the order it took place: follow-ups, education given apart, reminders sent (R70)."""
    lines = [_contact(paper, row, care) for row in care.follow_ups if row.done_at is not None]
    lines += [
        FollowUpLine(
            done_at=note.given_at,
            entered_at=note.recorded_at,
            channel=phrase(note.channel),
            outcome="宣教",
            reached=True,
            education=_education(paper, note),
        )
        for note in care.education
        if note.follow_up_id is None
    ]
    lines += [
        FollowUpLine(
            done_at=row.sent_at,
            entered_at=row.sent_at,
            channel=phrase(row.channel) if row.channel else "",
            outcome="提醒",
            reached=True,
            reminder=paper.told(row.text),
        )
        for row in care.reminders
        if row.sent_at is not None
    ]
    if period:
        lines = [line for line in lines if period[0] <= in_shanghai(line.done_at).date() <= period[1]]
    return tuple(sorted(lines, key=lambda line: line.done_at))


def _contact(paper: Paper, row: FollowUp, care: CareFacts) -> FollowUpLine:
    done_at = row.done_at or row.planned_at
    condition = "\n".join(part for part in (row.condition_text, *_answers(row), row.note) if part)
    given = [_education(paper, note) for note in care.education if note.follow_up_id == row.id]
    reminders = [paper.told(item.text) for item in care.reminders if item.follow_up_id == row.id]
    return FollowUpLine(
        done_at=done_at,
        entered_at=row.entered_at or done_at,
        channel=phrase(row.channel) if row.channel else "",
        outcome=phrase(row.outcome) if row.outcome else "",
        reached=row.outcome is FollowUpOutcome.REACHED,
        duration_minutes=row.duration_minutes,
        condition=paper.told(condition),
        medication=paper.told(row.medication_text),
        education="\n".join(given),
        reminder="；".join(reminders),
        next_on=row.next_on,
    )


def _answers(row: FollowUp) -> Iterator[str]:
    """Say the structured answers in words, as the insured person told them."""
    if row.symptoms:
        yield f"症状：{'、'.join(row.symptoms.splitlines())}"
    if row.next_visit_on is not None:
        yield f"自述下次就诊：{row.next_visit_on:%Y-%m-%d}"


def _education(paper: Paper, note: EducationNote) -> str:
    version = f"（{note.text_version}）" if note.text_version else ""
    return paper.told("：".join(part for part in (f"{note.topic}{version}", note.body) if part))


def open_tasks(paper: Paper, facts: RequestFacts, care: CareFacts) -> tuple[str, ...]:
    """Return what is still to be done, by its day: next steps of requests, follow-ups, reminders (R64)."""
    tasks: list[tuple[date, str]] = []
    for request in facts.requests:
        if not request.is_open or request.next_action in {NextAction.NONE, NextAction.FOLLOW_UP}:
            continue
        day = in_shanghai(request.next_action_due_at).date() if request.next_action_due_at else paper.today
        tasks.append((day, f"{phrase(request.kind)}：{phrase(request.next_action)}"))
    tasks += [(row.due_on, row.label) for row in care.follow_ups if row.closed_at is None]
    tasks += [
        (in_shanghai(row.due_at).date(), f"{phrase(row.kind)}：{paper.told(row.text).splitlines()[0]}")
        for row in care.reminders
        if row.closed_at is None and row.text
    ]
    return tuple(f"{day:%m-%d} {words}" for day, words in sorted(tasks))
