"""What goes into a pack for a hospital: the chosen pages, painted over where asked, and the words of its cover (R21)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.paper_forms.paper_views import AttachedPage, DisclosurePackView, EnclosedPaper
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import Guardian, InsuredPerson
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.vocabulary import FindingField, MaskingLevel
from lian_desk.services.covering.page_bars import Box, bars
from lian_desk.services.covering.page_covers import CoverState, boxes_of, covers_of, state_of
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.page_plans import PlannedPage, read_plan
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.papers import contents as paper_contents
from lian_desk.services.papers import facts as document_facts
from lian_desk.services.papers.attached_pages import attached_pages
from lian_desk.services.papers.contents import PaperPlan
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.services.recognition.page_words import PageWords, words_from
from lian_desk.services.words.wording import phrase

MOST_PACKED: Final = 300
"""Pages of one pack; beyond that a hospital is better served by two."""
CLAUSES: Final = ("R19", "R21")
_BAR: Final = (0, 0, 0)
_NAMED_PAGES: Final = 6


def is_covered(order: ExportOrder) -> bool:
    """Tell whether names and numbers on the pages are painted over: for any reader who need not know whom it is about."""
    return order.masking not in {MaskingLevel.HOSPITAL, MaskingLevel.REVEALED}


def pack_pages(desk: Desk, order: ExportOrder) -> tuple[AttachedPage, ...]:
    """Render the pages of a pack; to be covered, every one must be wholly read, or looked at and covered by hand.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` without a page; ``PAGES_NOT_READ``, ``PAGES_READ_ANEW`` or
            ``PAGES_NOT_EXPLAINED``; what ``attached_pages`` refuses.
    """
    if not order.pages:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause="R21", field="pages")
    if not is_covered(order):
        return attached_pages(desk, order.file_id, order.pages, most=MOST_PACKED)
    with desk.read() as session:
        known = _known_person(session, order.file_id)
        pages = _coverable_pages(session, order.pages)
        places = _known_places(session, order.pages)

    def cover(material: Material, page: int, picture: Image.Image) -> Image.Image:
        read, by_hand = pages[material.id, page]
        found = [] if read is None else bars(read, known.names, known.numbers)
        return covered(picture, [*found, *by_hand, *places.get((material.id, page), ())])

    return attached_pages(desk, order.file_id, order.pages, cover=cover, most=MOST_PACKED)


def covered(picture: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """Return the picture with a black bar over each box."""
    painted = picture.copy()
    pen = ImageDraw.Draw(painted)
    for left, top, right, bottom in boxes:
        pen.rectangle(
            (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height), fill=_BAR
        )
    return painted


def disclosure_pack(plan: PaperPlan) -> DisclosurePackView:
    """Return the cover and the pages of a pack."""
    paper = plan.paper
    pack = plan.desk.pack
    return DisclosurePackView(
        stamp=paper_contents.stamp(plan),
        imprint=imprint_of(pack),
        party=document_facts.party(paper),
        recipient=plan.order.recipient,
        purpose=paper.told(plan.order.purpose),
        authorization=document_facts.authorization(paper),
        basis="；".join(dict.fromkeys(f"手册{pack.clause(clause).place}" for clause in CLAUSES)),
        diseases=document_facts.diseases(paper),
        papers=_enclosed(paper.session, plan.order.pages),
        pages=plan.pages,
    )


def _enclosed(session: Session, chosen: Sequence[PagesGiven]) -> tuple[EnclosedPaper, ...]:
    papers = []
    place = 1
    for given in chosen:
        material = session.get_one(Material, given.material_id)
        numbers = _numbers(material, given)
        papers.append(
            EnclosedPaper(
                title=phrase(material.kind),
                issuer=material.hospital_name,
                dated_on=material.document_on.isoformat() if material.document_on else "",
                pages=f"第 {'、'.join(map(str, numbers))} 页",
                first_page=place,
            )
        )
        place += len(numbers)
    return tuple(papers)


def _numbers(material: Material, given: PagesGiven) -> tuple[int, ...]:
    return given.pages or tuple(range(1, len(_shown(material)) + 1))


def _shown(material: Material) -> tuple[PlannedPage, ...]:
    return read_plan(material.page_plan or "", material.page_count or 1).shown


@dataclass(frozen=True)
class _KnownPerson:
    """Every name and number that a covered page must not show, whatever stands before it."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]


def _known_person(session: Session, file_id: int | None) -> _KnownPerson:
    """Return every name that the file knows, the numbers of insured and guardians, and that of the policy."""
    row = session.execute(
        select(InsuredPerson, Policy.policy_number)
        .join(AssistanceFile, AssistanceFile.insured_person_id == InsuredPerson.id)
        .join(Policy, Policy.id == AssistanceFile.policy_id)
        .where(AssistanceFile.id == file_id)
    ).first()
    if row is None or file_id is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="assistance_file")
    person = row.InsuredPerson
    guardians = session.scalars(select(Guardian).where(Guardian.insured_person_id == person.id))
    of_guardians = (number for guardian in guardians for number in (guardian.identity_number, guardian.phone))
    numbers = (person.identity_number, person.phone, row.policy_number, *of_guardians)
    return _KnownPerson(names_of_file(session, file_id).every, tuple(dict.fromkeys(filter(None, numbers))))


def _known_places(session: Session, chosen: Sequence[PagesGiven]) -> dict[tuple[int, int], list[Box]]:
    """Return where the machine or a person found the name and the identity number, whatever was read there."""
    rows = session.scalars(
        select(MaterialFinding).where(
            MaterialFinding.material_id.in_([given.material_id for given in chosen]),
            MaterialFinding.field.in_((FindingField.NAME, FindingField.IDENTITY_NUMBER)),
        )
    )
    places: dict[tuple[int, int], list[Box]] = {}
    for row in rows:
        box = (row.left, row.top, row.left + row.width, row.top + row.height)
        places.setdefault((row.material_id, row.page), []).append(box)
    return places


def _coverable_pages(
    session: Session, chosen: Sequence[PagesGiven]
) -> dict[tuple[int, int], tuple[PageWords | None, tuple[Box, ...]]]:
    """Return what is known of each chosen page, by material and page of the original: its words, the boxes by hand.

    Raises:
        RuleViolation: naming the pages that nobody can cover: ``PAGES_NOT_READ``, ``PAGES_READ_ANEW``,
            ``PAGES_NOT_EXPLAINED``; ``NOT_FOUND``.
    """
    keys = [given.material_id for given in chosen]
    rows = session.scalars(select(MaterialPageText).where(MaterialPageText.material_id.in_(keys)))
    read = {(row.material_id, row.page): row for row in rows}
    covers = covers_of(session, keys)
    found: dict[tuple[int, int], tuple[PageWords | None, tuple[Box, ...]]] = {}
    refused: dict[CoverState, list[str]] = {}
    for given in chosen:
        material = session.get(Material, given.material_id)
        if material is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
        shown = _shown(material)
        for number in (number for number in _numbers(material, given) if 1 <= number <= len(shown)):
            place = (material.id, shown[number - 1].page)
            row, cover = read.get(place), covers.get(place)
            state = state_of(row, cover)
            if state is not CoverState.READY:
                refused.setdefault(state, []).append(f"{phrase(material.kind)}第 {number} 页")
            by_hand = tuple((box.left, box.top, box.left + box.width, box.top + box.height) for box in boxes_of(cover))
            found[place] = (None if row is None else words_from(row.origin, row.turned, row.lines), by_hand)
    for state, code in _REFUSALS.items():
        if state in refused:
            pages = refused[state]
            named = "、".join(pages[:_NAMED_PAGES]) + ("等" if len(pages) > _NAMED_PAGES else "")
            raise RuleViolation(code, clause="R90", field="pages", count=len(pages), pages=named)
    return found


_REFUSALS: Final = {
    CoverState.NOT_READ: ErrorCode.PAGES_NOT_READ,
    CoverState.OUTDATED: ErrorCode.PAGES_READ_ANEW,
    CoverState.UNEXPLAINED: ErrorCode.PAGES_NOT_EXPLAINED,
}
