"""What goes into a pack for a hospital: the chosen pages, painted over where asked, and the words of its cover (R21)."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.material import Material
from lian_desk.models.recognition import MaterialFinding, MaterialPageText
from lian_desk.models.vocabulary import FindingField, MaskingLevel
from lian_desk.services import document_facts, paper_contents
from lian_desk.services.attached_pages import attached_pages
from lian_desk.services.desk import Desk
from lian_desk.services.disclosures import PagesGiven
from lian_desk.services.documents.imprint import imprint_of
from lian_desk.services.documents.paper_views import AttachedPage, DisclosurePackView, EnclosedPaper
from lian_desk.services.known_names import names_of_file
from lian_desk.services.line_places import place_of
from lian_desk.services.masking import ends_in_personal_label, spans_to_hide
from lian_desk.services.page_plans import PlannedPage, read_plan
from lian_desk.services.paper_contents import PaperPlan
from lian_desk.services.paper_orders import ExportOrder
from lian_desk.services.recognition.page_words import PageWords, WordLine, rows_of, turned_on, words_from
from lian_desk.services.wording import phrase

MOST_PACKED: Final = 300
"""Pages of one pack; beyond that a hospital is better served by two."""
CLAUSES: Final = ("R19", "R21")
_BAR: Final = (0, 0, 0)
#: How much a bar is larger than the words below, in heights of the line: recognised boxes are tight and shared out.
_WIDER: Final = 0.45
_HIGHER: Final = 0.12
_NAMED_PAGES: Final = 6


Box = tuple[float, float, float, float]
"""Left, top, right and bottom in fractions of the stored page."""


def is_covered(order: ExportOrder) -> bool:
    """Tell whether names and numbers on the pages are painted over: for any reader who need not know whom it is about."""
    return order.masking not in {MaskingLevel.HOSPITAL, MaskingLevel.REVEALED}


def pack_pages(desk: Desk, order: ExportOrder) -> tuple[AttachedPage, ...]:
    """Render the pages of a pack; where they are to be covered, every one must have been read.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` without a page; ``PAGES_NOT_READ``; what ``attached_pages`` refuses.
    """
    if not order.pages:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause="R21", field="pages")
    if not is_covered(order):
        return attached_pages(desk, order.file_id, order.pages, most=MOST_PACKED)
    with desk.read() as session:
        names = _names(session, order.file_id)
        read = _read_pages(session, order.pages)
        known = _known_places(session, order.pages)

    def cover(material: Material, page: int, picture: Image.Image) -> Image.Image:
        return covered(picture, [*bars(read[material.id, page], names), *known.get((material.id, page), ())])

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


def bars(words: PageWords, names: tuple[str, ...]) -> list[Box]:
    """Return a bar over everything recognised that says who somebody is."""
    hidden = [(line, span) for line in words.lines for span in spans_to_hide(line.text, names)]
    for row in rows_of(words.upright):
        for label, beside in pairwise(row):
            if ends_in_personal_label(label.text):
                value = beside.text.split(maxsplit=1)[0] if beside.text.split() else ""
                first = beside.text.find(value)
                hidden.append((turned_on(beside, words.turned), (first, first + len(value))))
    return [_bar(place_of(line, *span, words.turned), words.turned) for line, span in hidden]


def _bar(place: WordLine, turned: int) -> Box:
    """Return the bar over a piece of a line: larger along the writing than across it."""
    lies = turned % 180 != 0
    thick = place.width if lies else place.height
    across, along = (_HIGHER, _WIDER) if lies else (_WIDER, _HIGHER)
    return (
        max(place.left - across * thick, 0.0),
        max(place.top - along * thick, 0.0),
        min(place.right + across * thick, 1.0),
        min(place.bottom + along * thick, 1.0),
    )


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


def _names(session: Session, file_id: int | None) -> tuple[str, ...]:
    """Return every name that a covered page must not show."""
    if file_id is None or session.get(AssistanceFile, file_id) is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="assistance_file")
    return names_of_file(session, file_id).every


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


def _read_pages(session: Session, chosen: Sequence[PagesGiven]) -> dict[tuple[int, int], PageWords]:
    """Return what was read on each chosen page, by material and page of the original.

    Raises:
        RuleViolation: ``PAGES_NOT_READ`` naming them, for nobody knows what stands there; ``NOT_FOUND``.
    """
    rows = session.scalars(
        select(MaterialPageText).where(MaterialPageText.material_id.in_([given.material_id for given in chosen]))
    )
    known = {(row.material_id, row.page): words_from(row.origin, row.turned, row.lines) for row in rows}
    unread = []
    for given in chosen:
        material = session.get(Material, given.material_id)
        if material is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
        shown = _shown(material)
        unread += [
            f"{phrase(material.kind)}第 {number} 页"
            for number in _numbers(material, given)
            if number <= len(shown) and (material.id, shown[number - 1].page) not in known
        ]
    if unread:
        named = "、".join(unread[:_NAMED_PAGES]) + ("等" if len(unread) > _NAMED_PAGES else "")
        raise RuleViolation(ErrorCode.PAGES_NOT_READ, clause="R90", field="pages", count=len(unread), pages=named)
    return known
