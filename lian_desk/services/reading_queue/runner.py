"""The queue at work, without a window: picks the next material, reads its next page, says which commands keep it.

Nothing is remembered here but who is looked at: what was read and how far stands in the database, so that a killed
program goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.adapters.exchange.page_images import Unexplained
from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.adapters.storage.thumbnails import StoredSource
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText, RecognitionJob
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import Guardian, InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.vocabulary import FindingField, MaterialState, RecognitionState
from lian_desk.services.assistance_files.opening import standing_former_names
from lian_desk.services.commands.commands import Command
from lian_desk.services.desk.desk import Desk
from lian_desk.services.door.findings import Proposal, Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory, HospitalEntry
from lian_desk.services.door.person_names import WhoseFile
from lian_desk.services.materials.page_plans import read_plan
from lian_desk.services.reading_queue.jobs import (
    FailReading,
    FinishReading,
    KeepPageWords,
    QueueUnread,
    ReadPage,
    may_be_read,
    unread_materials,
)
from lian_desk.services.recognition.page_reader import own_reading, rest_reading
from lian_desk.services.recognition.page_words import READING, PageWords, places_from, words_from
from lian_desk.services.recognition.reader import TextReader

_PAGES_AT_ONCE: Final = 25
"""Pages of a document with words of its own that are kept by one command."""
_PATIENCE: Final = 30.0
"""Seconds on the wall for looking at a page: on a busy machine a page is better read late than not at all."""
_ALIASES_APART: Final = ";"
_IMAGING: Final = frozenset({MediaType.DICOM.value, MediaType.DICOM_STUDY.value})


@dataclass(frozen=True)
class ReadingStep:
    """What one step brought: commands to be carried out in their order, and how far the material is."""

    material_id: int
    page: int
    page_count: int
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class QueueCounts:
    """How many materials wait, are paused, waited for an authorization, failed."""

    waiting: int
    paused: int
    unauthorized: int
    failed: int


@dataclass(frozen=True)
class _Task:
    material_id: int
    file_id: int
    source: StoredSource
    pages: tuple[int, ...]
    next_page: int
    received_on: date
    is_imaging: bool = False


class ReadingQueue:
    """Reads one page after the other; used from one thread at a time.

    It renders in a child process of its own, so that a page being read never keeps the viewer waiting.
    """

    def __init__(self, desk: Desk, reader: TextReader | None = None) -> None:
        self._desk = desk
        self._reader = TextReader() if reader is None else reader
        self._renderer = Renderer(request_seconds=_PATIENCE)
        self._looked_at: int | None = None
        #: Materials that need the recogniser where it is not installed.
        self._beyond: set[int] = set()
        self._hospitals: HospitalDirectory | None = None

    def close(self) -> None:
        """End both child processes; a later step would start them again."""
        self._reader.close()
        self._renderer.close()

    def rest(self) -> None:
        """End the recogniser when it has had nothing to do for a while."""
        self._reader.rest()

    def prefer(self, material_id: int | None) -> None:
        """Read what a person looks at before anything else."""
        self._looked_at = material_id

    def forget_hospitals(self) -> None:
        """The list of hospitals has changed."""
        self._hospitals = None

    def has_unread(self) -> bool:
        """Tell whether materials came in that have no job yet."""
        with self._desk.read() as session:
            return session.scalar(unread_materials().limit(1)) is not None

    def queue_unread(self) -> QueueUnread:
        """Return the command that queues them."""
        return QueueUnread(command_id=self._desk.new_id())

    def step(self) -> ReadingStep | None:
        """Read on at one material; None when nothing may be read now.

        Raises:
            EnvironmentProblem: ``RECOGNITION_MISSING``: this material needs the recogniser, which is not installed;
                it keeps its place in the queue until the program starts anew, and the next step takes another one.
        """
        task = self._next_task()
        if task is None:
            return None
        try:
            return self._read(self._worded(task))
        except (RuleViolation, EnvironmentProblem) as error:
            if error.code is ErrorCode.RECOGNITION_MISSING:
                self._beyond.add(task.material_id)
                raise
            failed = FailReading(command_id=self._desk.new_id(), material_id=task.material_id, failure=error.code.value)
            return ReadingStep(task.material_id, task.next_page, len(task.pages), (failed,))

    def counts(self) -> QueueCounts:
        """Count the queue for the line of progress."""
        with self._desk.read() as session:
            grouped = session.execute(select(RecognitionJob.state, func.count()).group_by(RecognitionJob.state))
            states = {state: count for state, count in grouped}  # noqa: C416 - a row is unpacked, not taken for a pair
            readable = session.scalar(
                select(func.count())
                .select_from(RecognitionJob)
                .join(Material, Material.id == RecognitionJob.material_id)
                .where(RecognitionJob.state == RecognitionState.QUEUED, may_be_read())
            )
        queued = states.get(RecognitionState.QUEUED, 0)
        return QueueCounts(
            waiting=readable or 0,
            paused=states.get(RecognitionState.PAUSED, 0),
            unauthorized=queued - (readable or 0),
            failed=states.get(RecognitionState.FAILED, 0),
        )

    def _next_task(self) -> _Task | None:
        statement = (
            select(RecognitionJob, Material)
            .join(Material, Material.id == RecognitionJob.material_id)
            .where(
                RecognitionJob.state == RecognitionState.QUEUED,
                RecognitionJob.material_id.not_in(self._beyond),
                may_be_read(),
            )
            .limit(1)
        )
        with self._desk.read() as session:
            found = session.execute(statement.where(RecognitionJob.material_id == self._looked_at)).first()
            if found is None:
                found = session.execute(statement.order_by(RecognitionJob.priority, RecognitionJob.id)).first()
            if found is None:
                return None
            job, row = found
            pages = tuple(sorted(read_plan(row.page_plan or "", row.page_count).pages))
            source = StoredSource(self._desk.materials, row.sha256, row.byte_size)
            received_on = in_shanghai(row.received_at).date()
            is_imaging = row.media_type in _IMAGING
            return _Task(row.id, row.assistance_file_id, source, pages, job.next_page, received_on, is_imaging)

    def _worded(self, task: _Task) -> _Task:
        """Of an imaging examination only the sheet and the reports are read: slices carry no words worth an hour."""
        if not task.is_imaging:
            return task
        worded = set(self._renderer.worded_pages(task.source))
        return replace(task, pages=tuple(page for page in task.pages if page in worded))

    def _read(self, task: _Task) -> ReadingStep:
        """Read the next page; ``next_page`` counts the material's own pages, not those of its file."""
        read = self._known_words(task) if task.next_page == 0 else ()
        if not read:
            read = self._fresh_words(task)
        done = task.next_page + len(read)
        commands: list[Command] = []
        if read:
            commands.append(
                KeepPageWords(command_id=self._desk.new_id(), material_id=task.material_id, pages=read, next_page=done)
            )
        if done >= len(task.pages):
            proposals = self._propose(task, read)
            commands.append(
                FinishReading(command_id=self._desk.new_id(), material_id=task.material_id, proposals=proposals)
            )
        return ReadingStep(task.material_id, min(done, len(task.pages)), len(task.pages), tuple(commands))

    def _known_words(self, task: _Task) -> tuple[ReadPage, ...]:
        """The words of the same bytes, where another row of them was read before in the present way."""
        with self._desk.read() as session:
            rows = session.scalars(
                select(MaterialPageText)
                .join(Material, Material.id == MaterialPageText.material_id)
                .where(
                    Material.sha256 == task.source.id,
                    Material.id != task.material_id,
                    MaterialPageText.reading == READING,
                    MaterialPageText.unexplained.is_not(None),
                    MaterialPageText.page.in_(task.pages[:_PAGES_AT_ONCE]),
                )
            ).all()
        known = {
            row.page: ReadPage(
                row.page,
                words_from(row.origin, row.turned, row.lines),
                Unexplained(row.unexplained or 0.0, places_from(row.unexplained_places)),
            )
            for row in rows
        }
        wanted = task.pages[:_PAGES_AT_ONCE]
        if not wanted or any(page not in known for page in wanted):
            return ()
        return tuple(known[page] for page in wanted)

    def _fresh_words(self, task: _Task) -> tuple[ReadPage, ...]:
        """One page of which something is read from its picture, or a run of pages that their own words explain."""
        read: list[ReadPage] = []
        for page in task.pages[task.next_page : task.next_page + _PAGES_AT_ONCE]:
            survey = self._renderer.survey(task.source, page)
            found = own_reading(survey)
            if found is None and not read:
                found = rest_reading(self._renderer, self._reader, task.source, page, survey)
                return (ReadPage(page, found.words, found.unexplained),)
            if found is None:
                break
            read.append(ReadPage(page, found.words, found.unexplained))
        return tuple(read)

    def _propose(self, task: _Task, last: Sequence[ReadPage]) -> tuple[Proposal, ...]:
        with self._desk.read() as session:
            if self._hospitals is None:
                self._hospitals = load_hospitals(session)
            rows = session.scalars(
                select(MaterialPageText)
                .where(MaterialPageText.material_id == task.material_id)
                .order_by(MaterialPageText.page)
            ).all()
            whose = whose_file(session, task.file_id)
        words: dict[int, PageWords] = {row.page: words_from(row.origin, row.turned, row.lines) for row in rows}
        words |= {read.page: read.words for read in last}
        around = Surroundings(whose, self._hospitals, task.received_on)
        return tuple(propose(sorted(words.items()), around))


def load_hospitals(session: Session) -> HospitalDirectory:
    """Return the directory as papers are compared with it; a campus counts once, whatever its days on the list."""
    rows = session.execute(
        select(Hospital.id, Hospital.name, Hospital.campus, Hospital.aliases).order_by(Hospital.on_list_from.desc())
    )
    entries: dict[tuple[str, str], HospitalEntry] = {}
    for key, name, campus, aliases in rows:
        others = tuple(alias.strip() for alias in aliases.split(_ALIASES_APART) if alias.strip())
        entries.setdefault((name, campus), HospitalEntry(key, name, campus, others))
    return HospitalDirectory(tuple(entries.values()))


def whose_file(session: Session, file_id: int) -> WhoseFile:
    """Return whom a file belongs to, with the guardians who may stand on its papers."""
    insured = session.execute(
        select(InsuredPerson.id, InsuredPerson.name, InsuredPerson.identity_number, InsuredPerson.born_on)
        .join(AssistanceFile, AssistanceFile.insured_person_id == InsuredPerson.id)
        .where(AssistanceFile.id == file_id)
    ).one()
    guardians = session.execute(
        select(Guardian.name, Guardian.identity_number).where(Guardian.insured_person_id == insured.id)
    ).all()
    return WhoseFile(
        insured.name,
        insured.identity_number,
        earlier_names=tuple(row.name for row in standing_former_names(session, insured.id)),
        guardians=tuple(name for name, _number in guardians),
        guardian_numbers=tuple(number for _name, number in guardians),
        born_on=insured.born_on,
        visit_numbers=frozenset(
            session.scalars(
                select(MaterialFinding.value)
                .join(Material, Material.id == MaterialFinding.material_id)
                .where(
                    Material.assistance_file_id == file_id,
                    Material.state == MaterialState.CONFIRMED,
                    MaterialFinding.field == FindingField.VISIT_NUMBER,
                )
            )
        ),
    )
