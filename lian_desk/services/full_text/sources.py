"""Which rows have words worth finding, which of their columns hold them, and which file they belong to."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from lian_desk.models.base import Base
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry, FileEntry, HistoryItem
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.tables.people.file_keeping import SensitiveEvent
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.tables.requests.booking import Attendance, Booking, BookingAttempt, Reschedule
from lian_desk.models.tables.requests.correction import Correction
from lian_desk.models.tables.requests.emergency import Emergency
from lian_desk.models.tables.requests.follow_up import EducationNote, FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import (
    CoordinationNotice,
    Evidence,
    RequestPause,
    Requirement,
    ServiceRequest,
    ServiceReview,
)


@dataclass(frozen=True)
class TextSource:
    """The columns of one table that are indexed.

    ``numbers`` are looked for too but not shown in an excerpt: masking would take them for a phone number. ``path`` leads from the row to the row that knows its file: pairs of a column and the class it points to.
    """

    kind: type[Base]
    columns: tuple[str, ...]
    path: tuple[tuple[str, type[Base]], ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The name of the table."""
        return str(self.kind.__tablename__)

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns whose change asks for a new entry: the words, the numbers, and what leads to the file."""
        if self.kind is AssistanceFile:
            return (*self.columns, *self.numbers)
        return (*self.columns, *self.numbers, self.path[0][0] if self.path else "assistance_file_id")

    def words(self, row: Any) -> str:
        """Return the words of ``row``, a line for each column that has some."""
        return "\n".join(filter(None, (getattr(row, column) for column in self.columns)))

    def indexed_words(self, row: Any) -> str:
        """Return the words of ``row`` with its numbers."""
        return "\n".join(filter(None, (self.words(row), *(getattr(row, column) for column in self.numbers))))

    def file_of(self, session: Session, row: Any) -> int | None:
        """Return the key of the file that ``row`` belongs to; None for an application that has none yet."""
        for column, kind in self.path:
            row = session.get(kind, getattr(row, column))
            if row is None:
                return None
        file_id: int | None = row.id if isinstance(row, AssistanceFile) else row.assistance_file_id
        return file_id


_OF_REQUEST: Final = (("service_request_id", ServiceRequest),)
_OF_BOOKING: Final = (("booking_id", Booking), *_OF_REQUEST)

SOURCES: Final = (
    TextSource(Material, ("original_name", "hospital_name", "department", "doctor_name", "deficiency")),
    TextSource(FileEntry, ("title", "detail")),
    TextSource(FollowUp, ("label", "condition_text", "medication_text", "symptoms", "note", "closing_reason")),
    TextSource(EducationNote, ("topic", "body")),
    TextSource(HistoryItem, ("text", "dosage", "since")),
    TextSource(DiseaseEntry, ("disease_name", "evidence_note")),
    TextSource(IncomingApplication, ("need_text", "response_note", "settled_reason", "channel_reason")),
    TextSource(ServiceRequest, ("need_text", "closing_reason"), numbers=("number",)),
    TextSource(
        Requirement,
        ("department_text", "expert_name", "examination_text", "preference", "doctors_order"),
        _OF_REQUEST,
    ),
    TextSource(ServiceReview, ("identity_reason", "entitlement_reason", "material_reason"), _OF_REQUEST),
    TextSource(CoordinationNotice, ("content",), _OF_REQUEST),
    TextSource(RequestPause, ("note",), _OF_REQUEST),
    TextSource(Booking, ("department_text", "expert_name", "place", "hospital_reference", "instructions"), _OF_REQUEST),
    TextSource(BookingAttempt, ("note",), _OF_REQUEST),
    TextSource(Attendance, ("note",), _OF_BOOKING),
    TextSource(Reschedule, ("note",), _OF_BOOKING),
    TextSource(Correction, ("reason",), _OF_REQUEST),
    TextSource(Emergency, ("said", "outcome")),
    TextSource(Evidence, ("note",)),
    TextSource(SensitiveEvent, ("note",)),
    TextSource(Reminder, ("text", "closing_reason")),
    TextSource(Disclosure, ("recipient", "purpose")),
    TextSource(InformationAuthorization, ("evidence_note", "withdrawal_reason")),
    TextSource(AssistanceFile, ("identity_note",), numbers=("number",)),
)

BY_ORIGIN: Final = {source.origin: source for source in SOURCES}
