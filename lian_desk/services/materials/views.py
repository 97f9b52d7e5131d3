"""What the details of a material show, gathered in one read; and the copy that leaves the desk."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.disk.durable_files import written_durably
from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.adapters.storage.names import clean_name
from lian_desk.adapters.storage.thumbnails import StoredSource
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material, MaterialOrigin, MaterialUse
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    MaterialKind,
    MaterialRelation,
    MaterialSource,
    MaterialState,
    NameAnswer,
    OwnSign,
    ServiceKind,
)
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.materials import RecordMaterialExport
from lian_desk.services.materials.name_answers import asks_for_sign
from lian_desk.services.materials.page_plans import PagePlan, read_plan
from lian_desk.services.materials.twins import Twin, find_twins, open_stay
from lian_desk.services.names.free_words import concealed
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.names.masking import mask_name, scrub_text
from lian_desk.services.upkeep.stored_files import Fault, fault_of
from lian_desk.services.words.flaw_words import flaw_of
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True)
class RequestChoice:
    """A request of the same file that the material may serve."""

    request_id: int
    number: str
    kind: ServiceKind
    is_used: bool
    is_open: bool


@dataclass(frozen=True)
class RemovalView:
    """Why a material lies in the trash, or was erased."""

    removed_at: datetime
    removed_by: str
    reason: str
    erased_at: datetime | None
    erased_by: str
    erase_reason: str


@dataclass(frozen=True)
class MaterialView:
    """Everything the details panel shows; names are masked unless revealed. Sizes in bytes."""

    material_id: int
    assistance_file_id: int
    file_number: str
    insured_name: str
    kind: MaterialKind
    state: MaterialState
    shown_name: str
    media_type: str
    byte_size: int
    page_count: int | None
    document_on: date | None
    hospital_id: int | None
    hospital_name: str
    department: str
    doctor_name: str
    name_matches: bool | None
    #: Whose name stands on it; where none was seen, by which sign a person answered (R1).
    name_answer: NameAnswer
    own_sign: OwnSign | None
    own_sign_note: str
    #: No name was seen: only a person can say whose it is.
    asks_for_sign: bool
    deficiency: str
    rotation: int
    sha256: str
    source: MaterialSource
    archive_name: str
    received_at: datetime
    received_by: str
    confirmed_at: datetime | None
    is_closed: bool
    requests: tuple[RequestChoice, ...]
    plan: PagePlan
    removal: RemovalView | None
    #: How the row came from another one, and which; None for one that was simply taken in.
    relation: MaterialRelation | None
    origin_id: int | None
    #: Other rows on the same bytes.
    twins: tuple[Twin, ...]
    #: What of the file was lost before it came, None where nothing is known to be.
    flaw: Flaw | None = None

    @property
    def is_erased(self) -> bool:
        """True when only the skeleton is left."""
        return self.removal is not None and self.removal.erased_at is not None


def load_material_view(desk: Desk, material_id: int, *, revealed: bool = False) -> MaterialView:
    """Gather the details of one material.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    statement = (
        select(Material, AssistanceFile, InsuredPerson.name, Operator.name)
        .join(AssistanceFile, AssistanceFile.id == Material.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .join(Operator, Operator.id == Material.received_by)
        .where(Material.id == material_id)
    )
    with desk.read() as session:
        found = session.execute(statement).first()
        if found is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
        row, file, insured, operator = found
        return _view(session, row, file, (insured, operator), revealed=revealed)


def _view(
    session: Session, row: Material, file: AssistanceFile, names: tuple[str, str], *, revealed: bool
) -> MaterialView:
    insured, operator = names
    origin = session.scalar(select(MaterialOrigin).where(MaterialOrigin.material_id == row.id))
    twins = find_twins(session, row.assistance_file_id, row.sha256)
    hidden = names_of_file(session, row.assistance_file_id).every
    return MaterialView(
        material_id=row.id,
        assistance_file_id=row.assistance_file_id,
        file_number=file.number,
        insured_name=mask_name(insured, revealed=revealed),
        kind=row.kind,
        state=row.state,
        shown_name=row.original_name if revealed else scrub_text(row.original_name, names=hidden),
        media_type=row.media_type,
        byte_size=row.byte_size,
        page_count=row.page_count,
        document_on=row.document_on,
        hospital_id=row.hospital_id,
        hospital_name=row.hospital_name,
        department=row.department,
        doctor_name=row.doctor_name,
        name_matches=row.name_matches,
        name_answer=row.name_answer,
        own_sign=row.own_sign,
        own_sign_note=(row.own_sign_note or "") if revealed else scrub_text(row.own_sign_note or "", names=hidden),
        asks_for_sign=asks_for_sign(session, row.id),
        deficiency=row.deficiency if revealed else scrub_text(row.deficiency, names=hidden),
        rotation=row.rotation,
        sha256=row.sha256,
        source=row.source,
        archive_name=(row.archive_name or "") if revealed else scrub_text(row.archive_name or "", names=hidden),
        received_at=row.received_at,
        received_by=operator,
        confirmed_at=row.confirmed_at,
        is_closed=file.closed_at is not None,
        requests=_requests(session, row),
        plan=read_plan(row.page_plan or "", row.page_count),
        removal=_removal(session, row) if revealed else concealed(_removal(session, row), hidden),
        relation=None if origin is None else origin.relation,
        origin_id=None if origin is None else origin.from_id,
        twins=tuple(twin for twin in twins if twin.material_id != row.id),
        flaw=flaw_of(row),
    )


def _requests(session: Session, row: Material) -> tuple[RequestChoice, ...]:
    used = set(session.scalars(select(MaterialUse.service_request_id).where(MaterialUse.material_id == row.id)))
    requests = session.execute(
        select(ServiceRequest.id, ServiceRequest.number, ServiceRequest.kind, ServiceRequest.is_open)
        .where(ServiceRequest.assistance_file_id == row.assistance_file_id)
        .order_by(ServiceRequest.received_at.desc())
    )
    return tuple(
        RequestChoice(request.id, request.number, ServiceKind(request.kind), request.id in used, request.is_open)
        for request in requests
    )


def _removal(session: Session, row: Material) -> RemovalView | None:
    stay = None if row.trashed_at is None else open_stay(session, row.id)
    if stay is None:
        return None
    who = {stay.removed_by, stay.erased_by or stay.removed_by}
    names = {row.id: row.name for row in session.scalars(select(Operator).where(Operator.id.in_(who)))}
    return RemovalView(
        removed_at=stay.removed_at,
        removed_by=names[stay.removed_by],
        reason=stay.reason,
        erased_at=stay.erased_at,
        erased_by="" if stay.erased_by is None else names[stay.erased_by],
        erase_reason=stay.erase_reason,
    )


def render_source(desk: Desk, view: MaterialView) -> StoredSource:
    """Return the material as the renderer wants it."""
    return StoredSource(desk.materials, view.sha256, view.byte_size)


def check_material(desk: Desk, material_id: int) -> Fault | None:
    """Compare one row with its stored file; None when it is sound.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(Material, material_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
        sha256, sealed_sha256 = row.sha256, row.sealed_sha256
    return fault_of(desk.materials, sha256, sealed_sha256)


def export_name(view: MaterialView) -> str:
    """Return the name proposed for a copy: what it is and of which file, without a person's name."""
    ending = MediaType(view.media_type).ending if view.media_type in set(MediaType) else ""
    return clean_name(f"{view.file_number} {phrase(view.kind)}{ending}")


def export_material(desk: Desk, view: MaterialView, target: Path) -> None:
    """Write a decrypted copy to where the user wants it; the export is sealed in the audit log before.

    Raises:
        RuleViolation: ``AUTHORIZATION_MISSING`` (R19).
        EnvironmentProblem: the stored file is missing, damaged or swapped; the target cannot be written.
    """
    desk.execute(RecordMaterialExport(command_id=desk.new_id(), material_id=view.material_id))
    write_copy(desk, view.sha256, target)


def write_copy(desk: Desk, sha256: str, target: Path) -> None:
    """Write the original bytes of a stored file to ``target``.

    Raises:
        EnvironmentProblem: the stored file is missing, damaged or swapped; the target cannot be written.
    """
    with foreseen_problems(), written_durably(target) as stream:
        desk.materials.fetch_into(sha256, stream)
