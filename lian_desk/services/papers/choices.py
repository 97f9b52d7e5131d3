"""What a paper of one file can be about: its bookings, education notes, materials, and papers to be corrected."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import EducationNote
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers.attached_pages import GIVEN_STATES
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase

_MOST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its key and its words, without a name of a person."""

    key: int
    words: str


@dataclass(frozen=True, slots=True)
class MaterialChoice:
    """A material whose pages may go with a paper."""

    key: int
    words: str
    page_count: int


@dataclass(frozen=True, slots=True)
class CorrectionChoice:
    """An issued paper that no other corrects yet."""

    key: int
    kind: DocumentKind
    words: str


@dataclass(frozen=True)
class PaperChoices:
    """Everything the form of a paper offers, newest first."""

    file_number: str
    bookings: tuple[Choice, ...]
    notes: tuple[Choice, ...]
    materials: tuple[MaterialChoice, ...]
    corrections: tuple[CorrectionChoice, ...]

    def subjects(self, kind: DocumentKind) -> tuple[Choice, ...]:
        """Return what a kind of paper can be about."""
        if kind is DocumentKind.BOOKING_NOTICE:
            return self.bookings
        return self.notes if kind is DocumentKind.EDUCATION_LEAFLET else ()


def load_paper_choices(desk: Desk, file_id: int | None) -> PaperChoices:
    """Read the choices of a file, or for ``None`` those of papers about the team."""
    with desk.read() as session:
        corrections = _corrections(session, file_id)
        if file_id is None:
            return PaperChoices("", (), (), (), corrections)
        return PaperChoices(
            file_number=session.scalar(select(AssistanceFile.number).where(AssistanceFile.id == file_id)) or "",
            bookings=_bookings(session, file_id),
            notes=_notes(session, file_id),
            materials=_materials(session, file_id),
            corrections=corrections,
        )


def _bookings(session: Session, file_id: int) -> tuple[Choice, ...]:
    rows = session.execute(
        select(Booking.id, Booking.visit_at, ServiceRequest.kind, Hospital.name)
        .join(ServiceRequest, ServiceRequest.id == Booking.service_request_id)
        .join(Hospital, Hospital.id == Booking.hospital_id)
        .where(ServiceRequest.assistance_file_id == file_id, Booking.fell_through_at.is_(None))
        .order_by(Booking.visit_at.desc(), Booking.id.desc())
        .limit(_MOST)
    )
    return tuple(
        Choice(key, f"{in_shanghai(visit_at):%m-%d %H:%M} {phrase(kind)} · {hospital}")
        for key, visit_at, kind, hospital in rows
    )


def _notes(session: Session, file_id: int) -> tuple[Choice, ...]:
    rows = session.execute(
        select(EducationNote.id, EducationNote.given_at, EducationNote.topic)
        .where(EducationNote.assistance_file_id == file_id)
        .order_by(EducationNote.given_at.desc(), EducationNote.id.desc())
        .limit(_MOST)
    )
    return tuple(Choice(key, f"{in_shanghai(given_at):%Y-%m-%d} {topic}") for key, given_at, topic in rows)


def _materials(session: Session, file_id: int) -> tuple[MaterialChoice, ...]:
    rows = session.execute(
        select(Material.id, Material.kind, Material.document_on, Material.received_at, Material.page_count)
        .where(
            Material.assistance_file_id == file_id,
            Material.state.in_(GIVEN_STATES),
            Material.trashed_at.is_(None),
            Material.media_type.not_in([kind.value for kind in MediaType if not kind.is_shown]),
        )
        .order_by(Material.received_at.desc(), Material.id.desc())
        .limit(_MOST)
    )
    return tuple(
        MaterialChoice(
            key,
            f"{phrase(kind)} · {document_on or in_shanghai(received_at).date()} · {pages or 1} 页",
            pages or 1,
        )
        for key, kind, document_on, received_at, pages in rows
    )


def _corrections(session: Session, file_id: int | None) -> tuple[CorrectionChoice, ...]:
    newer = aliased(IssuedDocument)
    is_corrected = select(newer.id).where(newer.corrects_id == IssuedDocument.id, newer.content_sha256 != "").exists()
    rows = session.execute(
        select(IssuedDocument.id, IssuedDocument.kind, IssuedDocument.number, IssuedDocument.issued_at)
        .where(
            IssuedDocument.assistance_file_id.is_not_distinct_from(file_id),
            IssuedDocument.content_sha256 != "",
            ~is_corrected,
        )
        .order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc())
        .limit(_MOST)
    )
    return tuple(
        CorrectionChoice(key, kind, f"{number} · {formats.iso_moment(issued_at)}")
        for key, kind, number, issued_at in rows
    )
