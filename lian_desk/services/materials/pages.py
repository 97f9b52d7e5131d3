"""Commands on the pages of a material: order, turning, hiding, splitting a bundle; the original bytes stay untouched."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material, MaterialOrigin, MaterialUse
from lian_desk.models.tables.materials.recognition import MaterialPageText, PageCover
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import EntryCategory, MaterialKind, MaterialRelation, MaterialState, NameAnswer
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.full_text import index as full_text
from lian_desk.services.materials.page_plans import PagePlan, PlannedPage, read_plan, write_plan
from lian_desk.services.materials.trash import MoveMaterialToTrash, move_material_to_trash, what_rests_on
from lian_desk.services.materials.twins import copy_row, record_origin
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class ArrangePages(Command):
    """Show the pages in this order, turned and hidden so; ``plan`` as :func:`write_plan` writes it."""

    material_id: int
    plan: str


@dataclass(frozen=True, kw_only=True)
class SplitMaterial(Command):
    """Some pages of a bundle are a document of their own; ``pages`` are those of the original, from 0."""

    material_id: int
    pages: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class JoinMaterial(Command):
    """The pages that were split off belong to the bundle after all."""

    material_id: int


@handles(ArrangePages)
def arrange_pages(command: ArrangePages, context: CommandContext) -> int:
    """Store the plan: the same pages as before, each once, at least one of them shown."""
    row = _arrangeable(context, command.material_id)
    before = read_plan(row.page_plan or "", row.page_count)
    plan = read_plan(command.plan, row.page_count)
    if plan.pages != before.pages or len(plan.shown) + len(plan.hidden) != len(plan.pages):
        # somebody split the bundle meanwhile
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    _set_plan(row, plan)
    return row.id


@handles(SplitMaterial)
def split_material(command: SplitMaterial, context: CommandContext) -> int:
    """Make a row of its own of some pages; what it is, a person has yet to say."""
    row = _arrangeable(context, command.material_id)
    file = context.get(AssistanceFile, row.assistance_file_id)
    plan = read_plan(row.page_plan or "", row.page_count)
    places = {plan.place_of(page) for page in command.pages}
    if not places or None in places:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    stays, goes = plan.split(place for place in places if place is not None)
    if not stays.shown:
        raise RuleViolation(ErrorCode.NO_PAGE_LEFT)
    made = copy_row(context, row, file.id)
    made.kind, made.document_on, made.name_matches = MaterialKind.UNCLASSIFIED, None, None
    # whose name stands on these pages alone, nobody has said yet
    made.own_sign = made.own_sign_note = None
    if made.state is not MaterialState.QUARANTINED:
        made.name_answer = NameAnswer.UNSEEN
    made.received_at, made.received_by = row.received_at, row.received_by
    context.session.add(made)
    _set_plan(row, stays)
    _set_plan(made, goes)
    _unconfirm(row)
    context.session.flush()
    record_origin(context, made, row, MaterialRelation.SPLIT)
    _move_words(context.session, row.id, made.id, goes.pages)
    context.feed(
        file,
        EntryCategory.MATERIAL,
        "扫描件拆成两份",
        f"{phrase(row.kind)} {len(stays.shown)} 页 · 拆出 {len(goes.shown)} 页",
    )
    return made.id


@handles(JoinMaterial)
def join_material(command: JoinMaterial, context: CommandContext) -> int:
    """Give the pages back to the bundle and put the row that held them into the trash."""
    row = _arrangeable(context, command.material_id)
    origin = context.session.scalar(
        select(MaterialOrigin).where(
            MaterialOrigin.material_id == row.id, MaterialOrigin.relation == MaterialRelation.SPLIT
        )
    )
    if origin is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
    bundle = _arrangeable(context, origin.from_id)
    use = what_rests_on(context.session, row.id) or _first_use(context, row.id)
    if use:
        raise RuleViolation(ErrorCode.MATERIAL_IN_USE, use=use)
    plan = read_plan(bundle.page_plan or "", bundle.page_count)
    coming = read_plan(row.page_plan or "", row.page_count)
    _set_plan(bundle, _merged(plan, coming))
    _unconfirm(bundle)
    _move_words(context.session, row.id, bundle.id, coming.pages)
    trash = MoveMaterialToTrash(command_id=command.command_id, material_id=row.id, reason="已并回原扫描件")
    move_material_to_trash(trash, context)
    return bundle.id


def _merged(plan: PagePlan, coming: PagePlan) -> PagePlan:
    """Return the bundle with the pages that come back, where the original has them; none twice."""
    shown = list(plan.shown)
    for entry in (*coming.shown, *coming.hidden):
        if entry.page not in plan.pages:
            place = next((at for at, other in enumerate(shown) if other.page > entry.page), len(shown))
            shown.insert(place, PlannedPage(*entry))
    return PagePlan(tuple(shown), plan.hidden)


def _set_plan(row: Material, plan: PagePlan) -> None:
    if not plan.shown:
        raise RuleViolation(ErrorCode.NO_PAGE_LEFT)
    row.page_plan = write_plan(plan)
    row.page_count = len(plan.shown)


def _move_words(session: Session, source_id: int, target_id: int, pages: Iterable[int]) -> None:
    """Let what was read and covered on some pages go with them, so that a hit leads to the document that shows the page."""
    covers = select(PageCover).where(PageCover.material_id == source_id, PageCover.page.in_(set(pages)))
    for cover in session.scalars(covers).all():
        cover.material_id = target_id
    words = select(MaterialPageText).where(MaterialPageText.material_id == source_id)
    known = set(session.scalars(select(MaterialPageText.page).where(MaterialPageText.material_id == target_id)))
    moved = session.scalars(words.where(MaterialPageText.page.in_(set(pages) - known))).all()
    if not moved:
        return
    for row in moved:
        row.material_id = target_id
    session.flush()
    full_text.remove_pages(session, source_id)
    for row in (*session.scalars(words).all(), *moved):
        full_text.index_page(session, row.material_id, row.page, row.text)


def _unconfirm(row: Material) -> None:
    """A person confirmed other pages than these."""
    if row.state is MaterialState.CONFIRMED:
        row.state, row.confirmed_at, row.confirmed_by = MaterialState.RECEIVED, None, None


def _first_use(context: CommandContext, material_id: int) -> str:
    used = context.session.scalar(select(MaterialUse.id).where(MaterialUse.material_id == material_id).limit(1))
    return "服务申请" if used is not None else ""


def _arrangeable(context: CommandContext, material_id: int) -> Material:
    row = context.get(Material, material_id)
    context.writable_file(row.assistance_file_id)
    if row.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH)
    if row.page_count is None:
        raise RuleViolation(ErrorCode.MATERIAL_NOT_ARRANGEABLE)
    return row
