"""Without a reveal nobody is named on any page, tab or dialog, on the screen or by a screen reader, in any spelling."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from sqlalchemy import select

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    AttemptResult,
    Channel,
    ComplaintTarget,
    FactSource,
    FollowUpKind,
    FollowUpOutcome,
    HistoryKind,
    Knownness,
    MaterialKind,
    PauseReason,
    RescheduleCause,
    ServiceKind,
)
from lian_desk.services.assistance_files.assistance_files import AddHistory, AddNote, HistoryInput
from lian_desk.services.assistance_files.complaints import RecordComplaint
from lian_desk.services.assistance_files.former_names import ChangeFormerNames
from lian_desk.services.bookings import (
    RecordBookingAttempt,
    RescheduleByHospital,
)
from lian_desk.services.follow_ups.care_notes import EducationGiven, PlanReminder, RecordEducation, ReminderWanted
from lian_desk.services.follow_ups.follow_ups import CloseFollowUp, PlanFollowUp, RecordFollowUp
from lian_desk.services.full_text.sources import SOURCES
from lian_desk.services.hospitals.restrictions import RecordRestriction
from lian_desk.services.materials.materials import MarkMaterialDeficient
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.privacy.disclosures import RecordDisclosure
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.service_requests import PauseRequest, WithdrawRequest
from lian_desk.services.service_requests.applications import RecordApplication, RespondToApplication
from lian_desk.ui.assistance_files import page as file_page
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.page_table import PAGES
from tests.desk_world import World
from tests.marked_person import PHONE, MarkedWorld
from tests.seen_texts import is_clear, leaks
from tests.window_fixture import Hands

K = ServiceKind


@pytest.fixture
def marked(world: World) -> MarkedWorld:
    return MarkedWorld(world.desk, world.lead, world.clock)


def paper(marked: MarkedWorld, file_id: int, kind: MaterialKind = MaterialKind.OUTPATIENT_RECORD) -> int:
    key = marked.material(file_id, kind)
    with marked.desk.database.write_session() as session:
        row = session.get_one(Material, key)
        row.original_name = f"方瓊瑤_{PHONE}.pdf"
        row.archive_name = f"方琼瑶{PHONE}.zip"
        row.hospital_name = f"中山医院（方瓊瑤{PHONE}）"
        session.commit()
    return key


def plant(marked: MarkedWorld) -> int:
    """Write the trace into every free text of a file, by commands; returns the file."""
    now = marked.clock.moment
    file_id = marked.open_file()
    lone = marked.run(
        RecordApplication,
        channel=Channel.PHONE,
        received_at=now,
        contact_name="王淑兰",
        contact_handle="wx琼瑶",
        channel_reason="来电",
        need_text="想约门诊",
    )
    marked.run(RespondToApplication, application_id=lone, responded_at=now, note="已回")
    marked.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=now,
        contact_name="王淑兰",
        need_text="想约住院",
        assistance_file_id=file_id,
    )
    of_file: dict[str, Any] = {"assistance_file_id": file_id}
    marked.run(AddNote, **of_file, title="备注", text="正文")
    marked.run(
        AddHistory,
        **of_file,
        items=(HistoryInput(HistoryKind.MEDICATION, Knownness.KNOWN, "阿司匹林", "100mg", "2020 年"),),
    )
    marked.run(RecordComplaint, **of_file, target=next(iter(ComplaintTarget)), text="不满意", received_at=now)
    marked.run(ChangeFormerNames, **of_file, former_names=("方小瑶",), basis="户口簿")
    marked.run(
        RecordEducation,
        **of_file,
        education=EducationGiven(topic="饮食", body="少盐"),
        channel=Channel.PHONE,
        given_at=now,
    )
    marked.run(PlanReminder, **of_file, reminder=ReminderWanted(due_at=now + timedelta(days=2), text="记得空腹"))
    marked.run(
        RecordDisclosure,
        **of_file,
        recipient="医院",
        purpose="预约",
        disclosed_at=now,
        field_names=("name",),
    )
    bad = paper(marked, file_id)
    marked.run(MarkMaterialDeficient, material_id=bad, reason="看不清")
    trashed = paper(marked, file_id, MaterialKind.OTHER)
    marked.run(MoveMaterialToTrash, material_id=trashed, reason="重复")
    paper(marked, file_id)
    walk_requests(marked, file_id)
    follow_up(marked, file_id)
    marked.run(
        RecordRestriction,
        **of_file,
        hospital_id=marked.hospital(),
        from_on=now.date(),
        source=FactSource.HOSPITAL,
        note="说明",
    )
    return file_id


def walk_requests(marked: MarkedWorld, file_id: int) -> None:
    booked = marked.to_booked(file_id)
    stopped = marked.to_booked(file_id, K.INPATIENT_COORDINATION)
    marked.run(
        RescheduleByHospital,
        request_id=stopped,
        cause=next(iter(RescheduleCause)),
        note="停诊",
        evidence=marked.evidence(),
    )
    tried = marked.to_started(file_id, K.EXPEDITED_EXAMINATION)
    marked.run(
        RecordBookingAttempt,
        request_id=tried,
        hospital_id=marked.hospital(),
        result=next(iter(AttemptResult)),
        happened_at=marked.clock.moment,
        note="满了",
    )
    gone = marked.open_request(file_id, K.CASE_MANAGEMENT)
    marked.run(WithdrawRequest, request_id=gone, reason="不要了", evidence=marked.evidence())
    waiting = marked.to_requirement(file_id, K.SURGERY_COORDINATION)
    marked.run(
        PauseRequest,
        request_id=waiting,
        reason=PauseReason.AWAITING_CUSTOMER,
        note="等材料",
        paused_at=marked.clock.moment,
    )
    assert booked


def follow_up(marked: MarkedWorld, file_id: int) -> None:
    now = marked.clock.moment
    for _ in range(3):
        marked.run(
            PlanFollowUp, assistance_file_id=file_id, kind=next(iter(FollowUpKind)), due_on=now.date(), label="回访"
        )
    with marked.desk.read() as session:
        keys = session.scalars(
            select(FollowUp.id).where(FollowUp.assistance_file_id == file_id, FollowUp.closed_at.is_(None))
        ).all()
    marked.run(
        RecordFollowUp,
        follow_up_id=keys[0],
        done_at=now,
        channel=Channel.PHONE,
        outcome=FollowUpOutcome.REACHED,
        condition_text="平稳",
        medication_text="照服",
        note="无",
        symptoms=("头晕",),
    )
    marked.run(CloseFollowUp, follow_up_id=keys[1], reason="不必")


TABS = ("journey", "requests", "bookings", "follow_ups", "materials", "policy", "history", "trail", "search")
OF_FILE = (
    "disclosure_pack",
    "export_whole_file",
    "plan_follow_up",
    "record_education",
    "plan_reminder",
    "export_record",
    "print_summary",
    "medical_sheet",
    "education_leaflet",
    "new_request",
    "add_disease",
    "add_history",
    "record_guardian",
    "record_authorization",
    "add_note",
    "record_disclosure",
    "record_complaint",
    "hand_over_file",
    "sensitive_event",
    "verify_policy",
    "suspend_policy",
    "terminate_policy",
    "policy_terms",
    "emergency",
)


#: Texts of the search that this person does not stand in: what has a shape or a list of its own, and the words of steps
#: that end a file or stop its routine; those reach the screen as lines of the feed, which are looked at here.
NOT_PLANTED = frozenset(
    """
    booking.department_text booking.expert_name booking.hospital_reference disease_entry.disease_name education_note.topic
    material.department material.doctor_name requirement.department_text requirement.examination_text requirement.expert_name
    assistance_file.identity_note attendance.note correction.reason emergency.outcome emergency.said
    incoming_application.settled_reason information_authorization.withdrawal_reason reminder.closing_reason
    sensitive_event.note
    """.split()
)


class Eyes:
    """Look at everything that is shown, and remember where the person stood in clear."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.found: dict[tuple[str, str], str] = {}

    def look(self, where: str) -> None:
        runner = self.hands.shown.context.runner
        self.hands.bot.waitUntil(lambda: runner.pending_count == 0, timeout=120_000)
        self.hands.settle()
        for at, text in leaks():
            self.found.setdefault((" < ".join(at.split(" < ")[:4]), text[:160]), where)

    def told(self) -> str:
        return "\n".join(f"{where} | {at} | {text}" for (at, text), where in self.found.items())


def close_dialogs(hands: Hands) -> None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.suspend() if isinstance(widget, FormDialog) else widget.reject()
    hands.settle()


def test_no_page_and_no_tab_names_the_person(hands: Hands, marked: MarkedWorld) -> None:
    file_id = plant(marked)
    window, eyes = hands.shown.window, Eyes(hands)
    for page in PAGES:
        if not page.takes_subject:
            window.show_page(page.page_id)
            eyes.look(page.page_id)
    for tab in file_page._TABS:
        hands.shown.context.navigator.open_file(file_id, tab)
        eyes.look(f"file:{tab}")
    with marked.desk.read() as session:
        requests = session.scalars(select(ServiceRequest.id)).all()
    for request_id in requests:
        hands.shown.context.navigator.open_file(file_id, f"request:{request_id}")
        eyes.look("file:request")
    assert not eyes.found, eyes.told()


def test_no_dialog_names_the_person(hands: Hands, marked: MarkedWorld) -> None:
    file_id = plant(marked)
    eyes, navigator = Eyes(hands), hands.shown.context.navigator
    with marked.desk.read() as session:
        requests = session.scalars(select(ServiceRequest.id)).all()
        applications = session.scalars(select(IncomingApplication.id)).all()
        follow_ups = session.scalars(select(FollowUp.id).where(FollowUp.closed_at.is_(None))).all()
    subjects = [(action, file_id) for action in OF_FILE]
    for request_id in requests:
        view = load_request_view(marked.desk, request_id)
        assert view is not None
        subjects += [(f"request_{offer.action.value}", request_id) for offer in view.offers]
    subjects += [
        (action, key)
        for key in applications
        for action in ("respond_to_application", "settle_application", "open_file_for_application")
    ]
    subjects += [("record_follow_up", key) for key in follow_ups[:1]]
    opened = set()
    for action, subject in subjects:
        navigator.start(action, subject)
        eyes.look(action)
        if any(isinstance(widget, QDialog) and widget.isVisible() for widget in QApplication.topLevelWidgets()):
            opened.add(action)
        close_dialogs(hands)
    assert not eyes.found, eyes.told()
    assert len(opened) > len(OF_FILE), "most of them are forms"


def test_the_trace_stands_in_every_text_that_the_search_knows(marked: MarkedWorld) -> None:
    plant(marked)
    empty = set()
    with marked.desk.read() as session:
        for source in SOURCES:
            rows = session.scalars(select(source.kind)).all()
            for column in source.columns:
                if not any(is_clear(getattr(row, column) or "") for row in rows):
                    empty.add(f"{source.origin}.{column}")
    assert empty == NOT_PLANTED, " ".join(sorted(empty))
