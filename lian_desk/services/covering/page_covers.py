"""Covering a page by hand: rectangles that a person draws, and the word that nothing else on it must be covered (R90).

What the machine could not read is held for a look, never passed: a page may leave covered when its words explain all its
ink, or when a person has looked at it and declared so. Every change is a new version of the page's plan; none is lost.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.adapters.exchange.page_images import InkPlace
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialPageText, PageCover
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.page_plans import read_plan
from lian_desk.services.recognition.page_words import READING, places_as_json, places_from
from lian_desk.services.words.wording import phrase

MOST_BOXES: Final = 200
"""Rectangles of one page; beyond that the page is better left out."""
_SMALLEST: Final = 0.001


class CoverBox(NamedTuple):
    """A rectangle over a page as it is stored, in fractions (0 to 1) of its width and height."""

    left: float
    top: float
    width: float
    height: float


class CoverState(Enum):
    """Whether a page may leave covered, and what stands against it."""

    READY = auto()
    """Its words explain all its ink, or a person has declared it complete."""
    NOT_READ = auto()
    """Nobody has read it yet."""
    OUTDATED = auto()
    """It was read in an earlier way, which did not look at its ink."""
    UNEXPLAINED = auto()
    """It bears ink that no words explain."""


@dataclass(frozen=True)
class PageCoverView:
    """What is covered by hand on a page of the original, from 0; ``places`` are those that the machine could not read.

    ``number``: where the page is shown, from 1; 0 for a hidden one.
    ``made_by`` and ``made_at`` tell of the newest version, empty and None without one.
    """

    page: int
    number: int = 0
    boxes: tuple[CoverBox, ...] = ()
    is_complete: bool = False
    places: tuple[InkPlace, ...] = ()
    state: CoverState = CoverState.NOT_READ
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class KeepPageCover(Command):
    """This is what a page needs covered by hand; ``is_complete`` when somebody looked at it and nothing is missing."""

    material_id: int
    page: int
    boxes: tuple[CoverBox, ...]
    is_complete: bool


@handles(KeepPageCover)
def keep_page_cover(command: KeepPageCover, context: CommandContext) -> int:
    """Store a new version of the page's plan; the earlier ones stay.

    Raises:
        RuleViolation: ``NOT_FOUND`` for a page that is not the material's; ``VALUE_NOT_UNDERSTOOD`` for a rectangle
            outside of the page or too many of them; ``MATERIAL_IN_TRASH``; what a file that is only read refuses.
    """
    row = context.get(Material, command.material_id)
    file = context.writable_file(row.assistance_file_id)
    if row.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH)
    place = read_plan(row.page_plan or "", row.page_count).place_of(command.page)
    if place is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
    boxes = tuple(CoverBox(*box) for box in command.boxes)
    if len(boxes) > MOST_BOXES or not all(map(_lies_on_the_page, boxes)):
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause="R90",
            field="boxes",
            expected=f"遮盖框在页面之内，一页最多 {MOST_BOXES} 个",
        )
    cover = PageCover(
        id=context.new_id(),
        material_id=row.id,
        page=command.page,
        boxes=places_as_json(boxes),
        is_complete=command.is_complete,
        made_at=context.now,
        made_by=context.operator.id,
    )
    context.session.add(cover)
    done = "遮盖完成" if command.is_complete else "尚未确认完成"
    context.feed(
        file, EntryCategory.MATERIAL, "手工遮盖页面", f"{phrase(row.kind)}第 {place + 1} 页 · {len(boxes)} 处 · {done}"
    )
    return cover.id


def covers_of(session: Session, material_ids: Iterable[int]) -> dict[tuple[int, int], PageCover]:
    """Return the newest plan of every page that has one, by material and page of the original."""
    newest = (
        select(func.max(PageCover.id))
        .where(PageCover.material_id.in_(list(material_ids)))
        .group_by(PageCover.material_id, PageCover.page)
    )
    rows = session.scalars(select(PageCover).where(PageCover.id.in_(newest)))
    return {(row.material_id, row.page): row for row in rows}


def boxes_of(cover: PageCover | None) -> tuple[CoverBox, ...]:
    """Return the rectangles of a plan."""
    return () if cover is None else tuple(CoverBox(*box) for box in json.loads(cover.boxes or "[]"))


def state_of(read: MaterialPageText | None, cover: PageCover | None) -> CoverState:
    """Tell whether a page may leave covered: the one rule for the pack, its choices and the window."""
    if cover is not None and cover.is_complete:
        return CoverState.READY
    if read is None:
        return CoverState.NOT_READ
    if read.reading < READING or read.unexplained is None:
        return CoverState.OUTDATED
    return CoverState.UNEXPLAINED if read.unexplained > 0 else CoverState.READY


def load_page_covers(desk: Desk, material_id: int) -> Mapping[int, PageCoverView]:
    """Return how every page of a material stands, by page of the original.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(Material, material_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
        read = {
            page.page: page
            for page in session.scalars(select(MaterialPageText).where(MaterialPageText.material_id == material_id))
        }
        covers = {page: cover for (_key, page), cover in covers_of(session, (material_id,)).items()}
        makers = {one.id: one.name for one in session.scalars(select(Operator))} if covers else {}
        plan = read_plan(row.page_plan or "", row.page_count)
        numbers = {page: place + 1 for page in plan.pages if (place := plan.place_of(page)) is not None}
        return {
            page: _view((page, numbers.get(page, 0)), read.get(page), covers.get(page), makers)
            for page in sorted(plan.pages)
        }


def _view(
    page: tuple[int, int], read: MaterialPageText | None, cover: PageCover | None, makers: Mapping[int, str]
) -> PageCoverView:
    return PageCoverView(
        page=page[0],
        number=page[1],
        boxes=boxes_of(cover),
        is_complete=cover is not None and cover.is_complete,
        places=() if read is None else places_from(read.unexplained_places),
        state=state_of(read, cover),
        made_by="" if cover is None else makers.get(cover.made_by, ""),
        made_at=None if cover is None else cover.made_at,
    )


def _lies_on_the_page(box: CoverBox) -> bool:
    ends = (box.left + box.width, box.top + box.height)
    return min(box[:2]) >= 0 and max(ends) <= 1 + _SMALLEST and min(box.width, box.height) >= _SMALLEST
