"""Commands on the queue of reading: queue, pause, go on, cancel, keep what was read, finish, say what failed.

Only materials of files with an authorization in force are read (R19); the others wait in the queue. What the machine
found is stored as proposals; another person's name or number stops the material at once (R1).
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import Session

from lian_desk.adapters.exchange.page_images import Unexplained
from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.materials.recognition import (
    MaterialFinding,
    MaterialPageText,
    MaterialQuarantine,
    RecognitionJob,
)
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.vocabulary import (
    EntryCategory,
    FindingField,
    FindingMatch,
    FindingState,
    MaterialSource,
    MaterialState,
    RecognitionState,
)
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.door.findings import Proposal
from lian_desk.services.full_text.index import index_page, remove_pages
from lian_desk.services.materials.name_answers import refresh_answer
from lian_desk.services.recognition.page_words import READING, PageWords, places_as_json
from lian_desk.services.words.wording import phrase

USUAL: Final = 10
WISHED: Final = 0
"""Priority of what a person asked for himself."""
_SWEEP: Final = 200
"""Materials that are queued at once."""
_STOPPING_FIELDS: Final = (FindingField.NAME, FindingField.IDENTITY_NUMBER)


@dataclass(frozen=True, kw_only=True)
class QueueUnread(Command):
    """Queue every material that came in and was neither read nor confirmed yet."""


@dataclass(frozen=True, kw_only=True)
class QueueReading(Command):
    """A person wants a material read, again or after a failure; what was decided stays."""

    material_id: int


@dataclass(frozen=True, kw_only=True)
class PauseReading(Command):
    """Read nothing until further notice."""


@dataclass(frozen=True, kw_only=True)
class ResumeReading(Command):
    """Go on where the pause began."""


@dataclass(frozen=True, kw_only=True)
class CancelReading(Command):
    """Take everything that waits out of the queue; what was read stays."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page of the original, from 0, with its words and the ink that they do not explain."""

    page: int
    words: PageWords
    unexplained: Unexplained


@dataclass(frozen=True, kw_only=True)
class KeepPageWords(Command):
    """The words of some pages were read; a restart goes on behind them."""

    material_id: int
    pages: tuple[ReadPage, ...]
    next_page: int


@dataclass(frozen=True, kw_only=True)
class FinishReading(Command):
    """Every page was read; these are the proposals."""

    material_id: int
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, kw_only=True)
class FailReading(Command):
    """A material could not be read, and why: an error code."""

    material_id: int
    failure: str


@handles(QueueUnread)
def queue_unread(command: QueueUnread, context: CommandContext) -> None:  # noqa: ARG001 - the order says it all
    """Queue what waits, while a pause lasts as paused."""
    state = RecognitionState.PAUSED if is_paused(context.session) else RecognitionState.QUEUED
    for material_id in context.session.scalars(unread_materials().limit(_SWEEP)):
        _add_job(context, material_id, state, USUAL)


@handles(QueueReading)
def queue_reading(command: QueueReading, context: CommandContext) -> int:
    """Queue one material before all others, from its first page unless it only failed."""
    row = context.get(Material, command.material_id)
    context.writable_file(row.assistance_file_id)
    job = job_of(context.session, row.id)
    if job is None:
        return _add_job(context, row.id, RecognitionState.QUEUED, WISHED).id
    if job.state is RecognitionState.DONE:
        job.next_page = 0
    job.state, job.priority, job.failure, job.finished_at = RecognitionState.QUEUED, WISHED, "", None
    return job.id


@handles(PauseReading)
def pause_reading(command: PauseReading, context: CommandContext) -> None:  # noqa: ARG001
    """Pause everything that waits."""
    _move_all(context, RecognitionState.QUEUED, RecognitionState.PAUSED)


@handles(ResumeReading)
def resume_reading(command: ResumeReading, context: CommandContext) -> None:  # noqa: ARG001
    """Let everything that was paused wait its turn again."""
    _move_all(context, RecognitionState.PAUSED, RecognitionState.QUEUED)


@handles(CancelReading)
def cancel_reading(command: CancelReading, context: CommandContext) -> None:  # noqa: ARG001
    """Cancel everything that waits or is paused."""
    for state in (RecognitionState.QUEUED, RecognitionState.PAUSED):
        _move_all(context, state, RecognitionState.CANCELLED)


@handles(KeepPageWords)
def keep_page_words(command: KeepPageWords, context: CommandContext) -> int | None:
    """Store the words of pages in place of earlier ones, and hand them to the search."""
    row = context.get(Material, command.material_id)
    context.assistance_file_id = row.assistance_file_id
    job = job_of(context.session, row.id)
    if job is None or row.erased_at is not None:
        return None
    if job.next_page == 0:
        forget_words(context.session, row.id)
    for read in command.pages:
        _keep_page(context, row.id, read)
    job.next_page = command.next_page
    return job.id


@handles(FinishReading)
def finish_reading(command: FinishReading, context: CommandContext) -> int | None:
    """Store the proposals that nobody has decided yet; stop a material that is not the insured's (R1)."""
    row = context.get(Material, command.material_id)
    context.assistance_file_id = row.assistance_file_id
    job = job_of(context.session, row.id)
    if job is None or row.erased_at is not None:
        return None
    job.state, job.finished_at, job.failure = RecognitionState.DONE, context.now, ""
    known = findings_of(context.session, row.id)
    for finding in known.values():
        if finding.state is FindingState.PROPOSED:
            context.session.delete(finding)
    context.session.flush()
    for proposal in command.proposals:
        held = known.get(proposal.field)
        if held is None or held.state is FindingState.PROPOSED:
            context.session.add(_finding(context, row.id, proposal))
    _stop_at_the_door(context, row, command.proposals)
    refresh_answer(context.session, row)
    return job.id


@handles(FailReading)
def fail_reading(command: FailReading, context: CommandContext) -> int | None:
    """Keep why a material could not be read; a person may try again."""
    row = context.get(Material, command.material_id)
    context.assistance_file_id = row.assistance_file_id
    job = job_of(context.session, row.id)
    if job is None:
        return None
    job.state, job.failure, job.finished_at = RecognitionState.FAILED, ErrorCode(command.failure).value, context.now
    return job.id


def unread_materials() -> Select[int]:
    """Return the statement of materials that came in, can be shown, and have no job yet; the newest first."""
    return (
        select(Material.id)
        .outerjoin(RecognitionJob, RecognitionJob.material_id == Material.id)
        .where(
            RecognitionJob.id.is_(None),
            Material.state == MaterialState.RECEIVED,
            Material.source != MaterialSource.DEMO,
            Material.page_count.is_not(None),
            is_kept(),
        )
        .order_by(Material.received_at.desc())
    )


def may_be_read() -> ColumnElement[bool]:
    """Return the condition that a material may be read: kept, its file open, an authorization in force (R19)."""
    authorized = exists().where(
        InformationAuthorization.assistance_file_id == Material.assistance_file_id,
        InformationAuthorization.verified_at.is_not(None),
        InformationAuthorization.withdrawn_at.is_(None),
    )
    is_open = exists().where(AssistanceFile.id == Material.assistance_file_id, AssistanceFile.closed_at.is_(None))
    return is_kept() & authorized & is_open


def is_paused(session: Session) -> bool:
    """Tell whether a pause lasts."""
    paused = select(RecognitionJob.id).where(RecognitionJob.state == RecognitionState.PAUSED).limit(1)
    return session.scalar(paused) is not None


def job_of(session: Session, material_id: int) -> RecognitionJob | None:
    """Return the job of a material."""
    return session.scalar(select(RecognitionJob).where(RecognitionJob.material_id == material_id))


def findings_of(session: Session, material_id: int) -> dict[FindingField, MaterialFinding]:
    """Return the proposals of a material by field."""
    rows = session.scalars(select(MaterialFinding).where(MaterialFinding.material_id == material_id))
    return {row.field: row for row in rows}


def forget_words(session: Session, material_id: int) -> None:
    """Remove what was read on the pages of a material, before it is read anew."""
    session.execute(delete(MaterialPageText).where(MaterialPageText.material_id == material_id))
    remove_pages(session, material_id)


def _add_job(context: CommandContext, material_id: int, state: RecognitionState, priority: int) -> RecognitionJob:
    job = RecognitionJob(
        id=context.new_id(), material_id=material_id, state=state, priority=priority, queued_at=context.now
    )
    context.session.add(job)
    return job


def _move_all(context: CommandContext, before: RecognitionState, after: RecognitionState) -> None:
    for job in context.session.scalars(select(RecognitionJob).where(RecognitionJob.state == before)):
        job.state = after


def _keep_page(context: CommandContext, material_id: int, read: ReadPage) -> None:
    session = context.session
    session.execute(
        delete(MaterialPageText).where(MaterialPageText.material_id == material_id, MaterialPageText.page == read.page)
    )
    words = read.words.text
    session.add(
        MaterialPageText(
            id=context.new_id(),
            material_id=material_id,
            page=read.page,
            origin=read.words.origin,
            turned=read.words.turned,
            text=words,
            lines=read.words.as_json(),
            read_at=context.now,
            reading=READING,
            unexplained=read.unexplained.share,
            unexplained_places=places_as_json(read.unexplained.places),
        )
    )
    index_page(session, material_id, read.page, words)


def _finding(context: CommandContext, material_id: int, proposal: Proposal) -> MaterialFinding:
    line = proposal.line
    return MaterialFinding(
        id=context.new_id(),
        material_id=material_id,
        field=proposal.field,
        value=proposal.value,
        seen_text=proposal.seen,
        hospital_id=proposal.hospital_id,
        page=proposal.page,
        left=line.left,
        top=line.top,
        width=line.width,
        height=line.height,
        confidence=proposal.confidence,
        match=proposal.match,
        state=FindingState.PROPOSED,
        found_at=context.now,
    )


def _stop_at_the_door(context: CommandContext, row: Material, proposals: tuple[Proposal, ...]) -> None:
    """Set a material apart; once a person let it go, it is not stopped again for the same."""
    stopping = next(
        (one for one in proposals if one.field in _STOPPING_FIELDS and one.match is FindingMatch.OTHER), None
    )
    if stopping is None or row.state is MaterialState.QUARANTINED or was_stopped(context.session, row.id):
        return
    row.state, row.confirmed_at, row.confirmed_by = MaterialState.QUARANTINED, None, None
    context.session.add(
        MaterialQuarantine(
            id=context.new_id(),
            material_id=row.id,
            field=stopping.field,
            page=stopping.page,
            raised_at=context.now,
            release_reason="",
        )
    )
    file = context.get(AssistanceFile, row.assistance_file_id)
    words = f"第 {stopping.page + 1} 页的{phrase(stopping.field)}不是被保险人本人的"
    context.feed(file, EntryCategory.MATERIAL, "材料已隔离", words)


def was_stopped(session: Session, material_id: int) -> bool:
    """Tell whether a material was ever set apart."""
    raised = select(MaterialQuarantine.id).where(MaterialQuarantine.material_id == material_id).limit(1)
    return session.scalar(raised) is not None
