"""Full-text search as people see it: hits with a masked excerpt, and the marks on a page that a hit leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from lian_desk.models.tables.materials.full_text import PAGE_ORIGIN
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.services.covering.line_places import place_of
from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text import index as full_text
from lian_desk.services.full_text.index import TextPlace
from lian_desk.services.full_text.sources import BY_ORIGIN
from lian_desk.services.full_text.words import Span, first_place, phrases_of, spans_in
from lian_desk.services.names.known_names import names_of_files
from lian_desk.services.names.masking import mask_name, scrub_text
from lian_desk.services.recognition.page_words import PageWords, words_from
from lian_desk.services.words.wording import phrase

#: Hits of one batch; the list asks for the next when its end comes into sight.
BATCH: Final = 40
_BEFORE: Final = 24
_EXCERPT: Final = 110
_MARGIN: Final = 80

#: What the place of a hit is called, by the table of its words.
PLACE_WORDS: Final = {
    "file_entry": "档案记录",
    "follow_up": "随访",
    "education_note": "宣教",
    "history_item": "病史与用药",
    "disease_entry": "疾病",
    "incoming_application": "申请",
    "service_request": "服务申请",
    "requirement": "服务需求",
    "service_review": "审核",
    "coordination_notice": "协调反馈",
    "request_pause": "暂停",
    "booking": "预约",
    "booking_attempt": "预约联系",
    "attendance": "到院",
    "reschedule": "改期",
    "correction": "更正",
    "emergency": "急救提示",
    "evidence": "凭证",
    "sensitive_event": "住院经过",
    "reminder": "提醒",
    "disclosure": "信息披露",
    "information_authorization": "信息授权",
    "assistance_file": "档案",
}

#: Tab of the file's page on which the words of a table stand.
PLACE_TABS: Final = {
    "follow_up": "follow_ups",
    "education_note": "follow_ups",
    "reminder": "follow_ups",
    "history_item": "history",
    "booking": "bookings",
    "booking_attempt": "bookings",
    "attendance": "bookings",
    "reschedule": "bookings",
    "disclosure": "trail",
    "information_authorization": "trail",
}


class TextHit(NamedTuple):
    """One place where the words stand; names and numbers are masked in every part.

    ``spans`` are the words inside ``excerpt``; empty where only something masked was asked for. ``material_id`` and
    ``page`` (from 0, of the original) lead to the page; ``tab`` is where the words of a row stand.
    """

    key: int
    assistance_file_id: int
    file_number: str
    insured_name: str
    place: str
    excerpt: str
    spans: tuple[Span, ...]
    material_id: int | None
    page: int
    tab: str


@dataclass(frozen=True)
class FoundTexts:
    """One batch of hits, newest first; ``after`` continues it, None at the end."""

    hits: tuple[TextHit, ...]
    after: int | None


@dataclass(frozen=True)
class MarkedBox:
    """Where found words stand on a page of the original: a box in fractions (0 to 1) of the stored page."""

    page: int
    left: float
    top: float
    width: float
    height: float
    words: str


def find_texts(
    desk: Desk,
    question: str,
    *,
    after: int | None = None,
    file_id: int | None = None,
    with_trash: bool = False,
    limit: int = BATCH,
) -> FoundTexts:
    """Return the hits of ``question`` over all files or in one, ready to be shown."""
    with desk.read() as session:
        found = full_text.find(session, question, limit, after, file_id=file_id, with_trash=with_trash)
        if not found.places:
            return FoundTexts((), None)
        texts = _texts(session, found.places)
        people = _people(session, {place.assistance_file_id for place in found.places})
        papers = _papers(session, [place.material_id for place in found.places if place.material_id is not None])
    hits = []
    for place in found.places:
        person = people[place.assistance_file_id]
        excerpt, spans = _excerpt(texts.get(place.entry_id, ""), person.names, found.phrases)
        hits.append(
            TextHit(
                key=place.entry_id,
                assistance_file_id=place.assistance_file_id,
                file_number=person.file_number,
                insured_name=mask_name(person.insured_name),
                place=_place(place, papers),
                excerpt=excerpt or "编号相符",
                spans=spans,
                material_id=place.material_id,
                page=place.page,
                tab=PLACE_TABS.get(place.origin, "journey"),
            )
        )
    return FoundTexts(tuple(hits), found.after)


def marks_on_material(desk: Desk, material_id: int, question: str) -> tuple[MarkedBox, ...]:
    """Return where the words of ``question`` stand on the recognised pages of a material, page by page."""
    phrases = phrases_of(question)
    with desk.read() as session:
        pages = session.execute(
            select(MaterialPageText.page, MaterialPageText.origin, MaterialPageText.turned, MaterialPageText.lines)
            .where(MaterialPageText.material_id == material_id)
            .order_by(MaterialPageText.page)
        ).all()
    boxes: list[MarkedBox] = []
    for page, origin, turned, lines in pages:
        boxes += _boxes(page, words_from(origin, turned, lines), phrases)
    return tuple(boxes)


def _boxes(page: int, read: PageWords, phrases: Sequence[Sequence[str]]) -> list[MarkedBox]:
    """Mark the found part of each line."""
    boxes = []
    for line in read.lines:
        for first, last in spans_in(line.text, phrases):
            place = place_of(line, first, last, read.turned)
            boxes.append(MarkedBox(page, place.left, place.top, place.width, place.height, place.text))
    return boxes


class _Person(NamedTuple):
    file_number: str
    insured_name: str
    names: tuple[str, ...]


def _people(session: Session, file_ids: set[int]) -> dict[int, _Person]:
    """Return number and insured of each file, and every name that must not be seen in its texts."""
    numbers = session.execute(select(AssistanceFile.id, AssistanceFile.number).where(AssistanceFile.id.in_(file_ids)))
    names = names_of_files(session, file_ids)
    return {file_id: _Person(number, names[file_id].insured, names[file_id].every) for file_id, number in numbers}


def _papers(session: Session, material_ids: Sequence[int]) -> dict[int, Any]:
    rows = session.execute(
        select(Material.id, Material.kind, Material.document_on, Material.page_count).where(
            Material.id.in_(set(material_ids))
        )
    )
    return {row.id: row for row in rows}


def _place(place: TextPlace, papers: dict[int, Any]) -> str:
    if place.material_id is None:
        return PLACE_WORDS[place.origin]
    paper = papers[place.material_id]
    parts = [phrase(paper.kind)]
    if paper.document_on is not None:
        parts.append(f"{paper.document_on:%Y-%m-%d}")
    if place.origin == PAGE_ORIGIN:
        parts.append(f"第 {place.page + 1} 页")
    else:
        parts.append("文件名与登记")
    return " · ".join(parts)


def _texts(session: Session, places: Sequence[TextPlace]) -> dict[int, str]:
    """Return the text behind each place, by the key of its entry: one statement for each table."""
    by_origin: dict[str, list[TextPlace]] = {}
    for place in places:
        by_origin.setdefault(place.origin, []).append(place)
    texts: dict[int, str] = {}
    for origin, group in by_origin.items():
        if origin == PAGE_ORIGIN:
            pages = session.execute(
                select(MaterialPageText.material_id, MaterialPageText.page, MaterialPageText.text).where(
                    tuple_(MaterialPageText.material_id, MaterialPageText.page).in_(
                        [(place.source_id, place.page) for place in group]
                    )
                )
            )
            read = {(material_id, page): words for material_id, page, words in pages}
            texts |= {place.entry_id: read.get((place.source_id, place.page), "") for place in group}
        else:
            source = BY_ORIGIN[origin]
            key: Any = getattr(source.kind, "id")  # noqa: B009 - the base class has no key of its own
            rows = session.scalars(select(source.kind).where(key.in_([place.source_id for place in group])))
            words_of = {getattr(row, "id"): source.words(row) for row in rows}  # noqa: B009
            texts |= {place.entry_id: words_of.get(place.source_id, "") for place in group}
    return texts


def _excerpt(words: str, names: tuple[str, ...], phrases: Sequence[Sequence[str]]) -> tuple[str, tuple[Span, ...]]:
    """Return a masked piece of ``words`` around the first hit, on one line, and the hits inside it.

    What is masked reaches further on both sides than what is shown: no name and no number is told by its half.
    """
    place = first_place(words, phrases)
    first = max(place - _BEFORE - _MARGIN, 0)
    last = min(place + _EXCERPT + _MARGIN, len(words))
    shown = scrub_text(words[first:last], names=names)
    spans = spans_in(shown, phrases)
    start = max((spans[0][0] if spans else place - first) - _BEFORE, 0 if first == 0 else _MARGIN // 2)
    end = min(start + _EXCERPT, len(shown) if last == len(words) else len(shown) - _MARGIN // 2)
    head, tail = "…" if first or start else "", "…" if last < len(words) or end < len(shown) else ""
    excerpt = f"{head}{shown[start:end]}{tail}".replace("\n", " ")
    moved = len(head) - start
    inside = tuple((begin + moved, stop + moved) for begin, stop in spans if begin >= start and stop <= end)
    return excerpt, inside
