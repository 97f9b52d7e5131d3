"""The plan of an intake: every file that was offered, kept in the database until it is settled.

Not commands: what somebody means to take in is nobody's fact yet. A file that gets its row is marked in the very
transaction of the row (``note_added``), so a kill between the two takes nothing in twice and leaves nothing out.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lian_desk.adapters.exchange.instance_head import InstanceHead, head_from
from lian_desk.adapters.storage.archives import ArchiveMember
from lian_desk.adapters.storage.source_files import SourceState, state_of
from lian_desk.models.errors import RuleViolation
from lian_desk.models.tables.materials.intake import IntakeEntry, IntakeJob, IntakePart
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import IntakeState, MaterialSource
from lian_desk.services.imaging.studies import ImagingStudy, StudyPart
from lian_desk.services.materials.intake_sources import IntakeItem

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk

_CHAIN: Final = "/"
_TAKEN: Final = (IntakeState.ADDED, IntakeState.DUPLICATE)
_PART_OF: Final = IntakeEntry.id == IntakePart.intake_entry_id


@dataclass(frozen=True)
class LeftOver:
    """A job that did not come to its end."""

    job_id: int
    assistance_file_id: int
    file_number: str
    source: MaterialSource
    waiting_count: int
    begun_at: datetime


@dataclass(frozen=True)
class Plan:
    """A job with its items, each with its line."""

    job_id: int
    items: tuple[IntakeItem, ...]


class IntakePlans:
    """Plans of one desk; knows which of them are being worked on by this program."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._active: set[int] = set()

    def begin(self, file_id: int, source: MaterialSource, items: Sequence[IntakeItem]) -> Plan:
        """Write down what is to be taken in; what lies in memory only or is refused already has no line."""
        job_id = self._desk.new_id()
        planned = [self._planned(item) for item in items]
        lines = [_line(item, job_id, place) for place, item in enumerate(planned) if item.entry_id is not None]
        with self._desk.database.write_session() as session:
            session.add(
                IntakeJob(
                    id=job_id,
                    assistance_file_id=file_id,
                    source=source,
                    begun_at=self._desk.clock.now(),
                    begun_by=self._desk.operator.id,
                )
            )
            session.flush()
            if lines:
                session.execute(insert(IntakeEntry), lines)
            parts = [line for item in planned for line in _part_lines(item, self._desk.new_id)]
            if parts:
                session.execute(insert(IntakePart), parts)
            session.commit()
        with self._lock:
            self._active.add(job_id)
        return Plan(job_id, tuple(planned))

    def _planned(self, item: IntakeItem) -> IntakeItem:
        """Give an item its line and note how its file is now."""
        if item.path is None or item.refusal is not None:
            return item
        if isinstance(item.content, ImagingStudy):
            return replace(item, entry_id=self._desk.new_id())
        try:
            state = state_of(item.path)
        except RuleViolation as violation:
            return replace(item, refusal=violation)
        return replace(item, entry_id=self._desk.new_id(), planned=state)

    def resume(self, job_id: int) -> Plan:
        """Return what is left of a job, to go on with."""
        statement = (
            select(IntakeEntry)
            .where(IntakeEntry.intake_job_id == job_id, IntakeEntry.state == IntakeState.WAITING)
            .order_by(IntakeEntry.place)
        )
        with self._desk.read() as session:
            parts = _parts_of(session, job_id)
            items = tuple(_item(row, parts.get(row.id, ())) for row in session.scalars(statement))
        with self._lock:
            self._active.add(job_id)
        return Plan(job_id, items)

    def left_over(self, file_id: int | None = None) -> list[LeftOver]:
        """Return jobs with waiting files that nobody works on: of one assistance file, or of all."""
        statement = (
            select(IntakeJob, AssistanceFile.number, func.count(IntakeEntry.id))
            .join(IntakeEntry, IntakeEntry.intake_job_id == IntakeJob.id)
            .join(AssistanceFile, AssistanceFile.id == IntakeJob.assistance_file_id)
            .where(IntakeEntry.state == IntakeState.WAITING)
            .group_by(IntakeJob.id)
            .order_by(IntakeJob.id)
        )
        if file_id is not None:
            statement = statement.where(IntakeJob.assistance_file_id == file_id)
        with self._desk.read() as session:
            found = [
                LeftOver(job.id, job.assistance_file_id, number, job.source, count, job.begun_at)
                for job, number, count in session.execute(statement)
            ]
        with self._lock:
            return [job for job in found if job.job_id not in self._active]

    def settle(self, entry_id: int | None, state: IntakeState) -> None:
        """Note that a file will not be asked for again: it was refused, or is here already."""
        if entry_id is None:
            return
        with self._desk.database.write_session() as session:
            session.execute(
                update(IntakeEntry)
                .where(IntakeEntry.id == entry_id, IntakeEntry.state == IntakeState.WAITING)
                .values(state=state)
            )
            session.commit()

    def pause(self, job_id: int) -> None:
        """Nobody works on a job any more; what waits can be taken in later."""
        with self._lock:
            self._active.discard(job_id)

    def end(self, job_id: int) -> None:
        """Forget a job and its lines; of a drop folder what was taken in stays known, as its files may stay there."""
        self.pause(job_id)
        with self._desk.database.write_session() as session:
            job = session.get(IntakeJob, job_id)
            if job is None:
                return
            lines = delete(IntakeEntry).where(IntakeEntry.intake_job_id == job_id)
            gone = select(IntakeEntry.id).where(IntakeEntry.intake_job_id == job_id)
            if job.source is MaterialSource.DROP_FOLDER:
                gone = gone.where(IntakeEntry.state.not_in(_TAKEN))
            session.execute(delete(IntakePart).where(IntakePart.intake_entry_id.in_(gone)))
            if job.source is MaterialSource.DROP_FOLDER:
                session.execute(lines.where(IntakeEntry.state.not_in(_TAKEN)))
                kept = session.scalar(select(IntakeEntry.id).where(IntakeEntry.intake_job_id == job_id).limit(1))
            else:
                session.execute(lines)
                kept = None
            if kept is None:
                session.delete(job)
            session.commit()

    def taken_paths(self, job_id: int) -> list[Path]:
        """Return the files of a job of which every part is here now: they may go out of the way."""
        of_job = IntakeEntry.intake_job_id == job_id
        own = select(IntakeEntry.path, IntakeEntry.state).where(of_job)
        of_studies = select(IntakePart.path, IntakeEntry.state).join(IntakeEntry, _PART_OF).where(of_job)
        with self._desk.read() as session:
            states: dict[str, list[IntakeState]] = {}
            for path, state in (*session.execute(own), *session.execute(of_studies)):
                states.setdefault(path, []).append(state)
        return [Path(path) for path, found in states.items() if set(found) <= set(_TAKEN)]

    def taken_states(self, paths: Sequence[Path]) -> dict[Path, SourceState]:
        """Return how files of these paths were when they were taken in, the last time each."""
        wanted = {str(path): path for path in paths}
        own = (
            select(IntakeEntry.path, IntakeEntry.byte_size, IntakeEntry.modified_at)
            .where(IntakeEntry.path.in_(list(wanted)), IntakeEntry.state.in_(_TAKEN))
            .order_by(IntakeEntry.id)
        )
        of_studies = (
            select(IntakePart.path, IntakePart.byte_size, IntakePart.modified_at)
            .join(IntakeEntry, _PART_OF)
            .where(IntakePart.path.in_(list(wanted)), IntakeEntry.state.in_(_TAKEN))
            .order_by(IntakePart.id)
        )
        with self._desk.read() as session:
            return {
                wanted[row.path]: SourceState(row.byte_size, row.modified_at)
                for row in (*session.execute(own), *session.execute(of_studies))
                if row.byte_size is not None and row.modified_at is not None
            }


_PLANS: "WeakKeyDictionary[Desk, IntakePlans]" = WeakKeyDictionary()


def intake_plans(desk: "Desk") -> IntakePlans:
    """Return the plans of a desk, the same for everybody who asks."""
    plans = _PLANS.get(desk)
    if plans is None:
        plans = _PLANS[desk] = IntakePlans(desk)
    return plans


def note_added(session: Session, entry_id: int | None, row: Material) -> None:
    """Mark the line of a plan as done, in the transaction that adds the row."""
    if entry_id is not None:
        # the row goes to the database before its key stands in the plan
        session.flush()
        session.execute(
            update(IntakeEntry)
            .where(IntakeEntry.id == entry_id)
            .values(state=IntakeState.ADDED, material_id=row.id)
            .execution_options(synchronize_session=False)
        )


def _line(item: IntakeItem, job_id: int, place: int) -> dict[str, object]:
    content, state = item.content, item.planned
    return {
        "id": item.entry_id,
        "intake_job_id": job_id,
        "place": place,
        "path": str(item.path),
        "member": _CHAIN.join(map(str, content.chain)) if isinstance(content, ArchiveMember) else "",
        "name": item.shown_name,
        "archive_name": item.archive,
        "byte_size": content.size
        if isinstance(content, ArchiveMember | ImagingStudy)
        else (state.size if state else None),
        "modified_at": state.modified_at if state else None,
        "state": IntakeState.WAITING,
        "material_id": None,
    }


def _part_lines(item: IntakeItem, new_id: Callable[[], int]) -> Iterator[dict[str, object]]:
    """Yield the lines of the files of a study."""
    if item.entry_id is None or not isinstance(item.content, ImagingStudy):
        return
    for place, part in enumerate(item.content.parts):
        packed = part.content if isinstance(part.content, ArchiveMember) else None
        yield {
            "id": new_id(),
            "intake_entry_id": item.entry_id,
            "place": place,
            "path": str(part.path),
            "member": _CHAIN.join(map(str, packed.chain)) if packed is not None else "",
            "byte_size": part.size,
            "modified_at": part.state.modified_at if part.state is not None else None,
            "head": json.dumps(part.head.as_values(), ensure_ascii=False),
        }


def _parts_of(session: Session, job_id: int) -> dict[int, list[IntakePart]]:
    statement = (
        select(IntakePart)
        .join(IntakeEntry, _PART_OF)
        .where(IntakeEntry.intake_job_id == job_id, IntakeEntry.state == IntakeState.WAITING)
        .order_by(IntakePart.place)
    )
    found: dict[int, list[IntakePart]] = {}
    for row in session.scalars(statement):
        found.setdefault(row.intake_entry_id, []).append(row)
    return found


def _item(row: IntakeEntry, parts: Sequence[IntakePart]) -> IntakeItem:
    if parts:
        study = ImagingStudy(tuple(StudyPart(_place_of(part), _head_of(part), _state_of(part)) for part in parts))
        return IntakeItem(row.name, study, row.archive_name, entry_id=row.id)
    place = _place_of(row)
    if isinstance(place, ArchiveMember):
        return IntakeItem(row.name, place, row.archive_name, entry_id=row.id)
    return IntakeItem(row.name, place, entry_id=row.id, planned=_state_of(row))


def _place_of(row: IntakeEntry | IntakePart) -> Path | ArchiveMember:
    path = Path(row.path)
    if not row.member:
        return path
    return ArchiveMember(path, tuple(int(number) for number in row.member.split(_CHAIN)), row.byte_size or 0)


def _state_of(row: IntakeEntry | IntakePart) -> SourceState | None:
    if row.byte_size is None or row.modified_at is None:
        return None
    return SourceState(row.byte_size, row.modified_at)


def _head_of(part: IntakePart) -> InstanceHead:
    return head_from(json.loads(part.head))
