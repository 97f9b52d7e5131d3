"""What can go into a pack for a hospital: every page of every material of a file, and why some materials cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InformationAuthorization, InsuredPerson
from lian_desk.models.vocabulary import MaterialState
from lian_desk.services.covering.page_covers import CoverState, covers_of, state_of
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.gate import INTAKE_KINDS
from lian_desk.services.materials.page_plans import read_plan
from lian_desk.services.names.masking import mask_name
from lian_desk.services.words.format_words import format_name, is_kept_only
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, slots=True)
class PackPage:
    """One page as it is shown: ``number`` counts from 1 in its material, ``page`` from 0 in the original.

    ``rotation`` in degrees clockwise. ``cover``: whether it can be covered, and what stands against it.
    """

    material_id: int
    words: str
    dated_on: date
    number: int
    count: int
    sha256: str
    byte_size: int
    page: int
    rotation: int
    cover: CoverState


@dataclass(frozen=True, slots=True)
class PackChoices:
    """Everything the dialog of a pack offers: medical papers first, the newest before; names masked.

    ``withheld`` says which materials are kept back and why.
    """

    file_id: int
    file_number: str
    insured_name: str
    is_authorized: bool
    pages: tuple[PackPage, ...]
    withheld: tuple[str, ...]


def load_pack_choices(desk: Desk, file_id: int) -> PackChoices | None:
    """Read the pages of a file in one go; None for a file that is gone."""
    with desk.read() as session:
        head = session.execute(
            select(AssistanceFile.number, InsuredPerson.name)
            .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
            .where(AssistanceFile.id == file_id)
        ).first()
        if head is None:
            return None
        rows = session.scalars(
            select(Material)
            .where(Material.assistance_file_id == file_id, is_kept())
            .order_by(Material.received_at.desc(), Material.id.desc())
        ).all()
        keys = [row.id for row in rows]
        read = {
            (page.material_id, page.page): page
            for page in session.scalars(select(MaterialPageText).where(MaterialPageText.material_id.in_(keys)))
        }
        covers = covers_of(session, keys)
        states = {place: state_of(read.get(place), covers.get(place)) for place in {*read, *covers}}
        authorized = session.scalar(
            select(InformationAuthorization.id)
            .where(
                InformationAuthorization.assistance_file_id == file_id,
                InformationAuthorization.verified_at.is_not(None),
                InformationAuthorization.withdrawn_at.is_(None),
            )
            .limit(1)
        )
        pages: list[PackPage] = []
        withheld = []
        for row in sorted(rows, key=lambda row: row.kind in INTAKE_KINDS):
            reason = _withheld(row)
            if reason:
                withheld.append(f"{phrase(row.kind)}：{reason}")
            else:
                pages += _pages(row, states)
    return PackChoices(
        file_id, head.number, mask_name(head.name), authorized is not None, tuple(pages), tuple(withheld)
    )


def _withheld(row: Material) -> str:
    if row.state is MaterialState.QUARANTINED:
        return "姓名或证件号不符，已隔离"
    if row.state is MaterialState.DEFICIENT:
        return "有误"
    if row.page_count is None:
        name = format_name(row.media_type) if is_kept_only(row.media_type) else ""
        return f"{name}不能逐页显示，没有放进来" if name else "不能显示"
    return ""


def _pages(row: Material, states: Mapping[tuple[int, int], CoverState]) -> list[PackPage]:
    shown = read_plan(row.page_plan or "", row.page_count).shown
    day = row.document_on or in_shanghai(row.received_at).date()
    return [
        PackPage(
            material_id=row.id,
            words=phrase(row.kind),
            dated_on=day,
            number=number,
            count=len(shown),
            sha256=row.sha256,
            byte_size=row.byte_size,
            page=planned.page,
            rotation=(row.rotation + planned.rotation) % 360,
            cover=states.get((row.id, planned.page), CoverState.NOT_READ),
        )
        for number, planned in enumerate(shown, 1)
    ]
