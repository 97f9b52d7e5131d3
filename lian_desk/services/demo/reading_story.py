"""What the machine read on the papers of an invented file: words, proposals, decisions; pictures still wait."""

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.vocabulary import FindingMatch, FindingState, MaterialState, RecognitionState, TextOrigin
from lian_desk.services.demo.pages.page_layout import PAGE_HEIGHT, PAGE_WIDTH, TextMark, width_of
from lian_desk.services.demo.told_file import FileStory
from lian_desk.services.door.findings import Proposal, Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory, HospitalEntry
from lian_desk.services.door.person_names import WhoseFile
from lian_desk.services.full_text.index import index_page
from lian_desk.services.reading_queue.jobs import USUAL
from lian_desk.services.recognition.page_words import PageWords, WordLine

if TYPE_CHECKING:
    from lian_desk.services.demo.world import DemoWorld

_READ_AFTER: Final = timedelta(minutes=2)
_DECIDED_AFTER: Final = timedelta(minutes=30)
_ASCENT: Final = 0.86
_LINE: Final = 1.1
"""Height of the letters above the baseline, and of a line, in sizes of the type."""


class ReadPaper(NamedTuple):
    """A material with the words of its page; none for a picture, which waits to be read."""

    material_id: int
    state: MaterialState
    words: tuple[TextMark, ...]


def tell_reading(world: "DemoWorld", story: FileStory, paper: ReadPaper, at: datetime) -> None:
    """Add what was read of a paper that came in at ``at``."""
    if not paper.words:
        if paper.state is MaterialState.RECEIVED and story.closed_at is None:
            _job(world, paper.material_id, RecognitionState.QUEUED, at)
        return
    _job(world, paper.material_id, RecognitionState.DONE, at)
    words = PageWords(TextOrigin.DOCUMENT, 0, tuple(_line(mark) for mark in paper.words))
    world.rows.add(
        "material_page_text",
        id=world.new_id(),
        material_id=paper.material_id,
        page=0,
        origin=words.origin,
        turned=0,
        text=words.text,
        lines=words.as_json(),
        read_at=at + _READ_AFTER,
    )
    whose = WhoseFile(story.person.name, story.person.identity_number, guardians=(story.signer_name,))
    around = Surroundings(
        whose, _directory(tuple((hospital.id, hospital.name) for hospital in world.hospitals)), in_shanghai(at).date()
    )
    proposals = propose([(0, words)], around)
    for proposal in proposals:
        _finding(world, story, paper, proposal, at)
    if paper.state is MaterialState.QUARANTINED:
        _stop(world, paper, next(one for one in proposals if one.match is FindingMatch.OTHER), at)


def index_read_pages(connection: Connection) -> None:
    """Hand the words of every read page to the search."""
    with Session(bind=connection) as session:
        pages = session.execute(
            select(MaterialPageText.material_id, MaterialPageText.page, MaterialPageText.text)
        ).all()
        for material_id, page, text in pages:
            index_page(session, material_id, page, text)
        session.commit()


def _job(world: "DemoWorld", material_id: int, state: RecognitionState, at: datetime) -> None:
    is_done = state is RecognitionState.DONE
    world.rows.add(
        "recognition_job",
        id=world.new_id(),
        material_id=material_id,
        state=state,
        priority=USUAL,
        next_page=1 if is_done else 0,
        queued_at=at,
        finished_at=at + _READ_AFTER if is_done else None,
    )


def _finding(world: "DemoWorld", story: FileStory, paper: ReadPaper, proposal: Proposal, at: datetime) -> None:
    is_decided = paper.state is MaterialState.CONFIRMED
    world.rows.add(
        "material_finding",
        id=world.new_id(),
        material_id=paper.material_id,
        field=proposal.field,
        value=proposal.value,
        seen_text=proposal.seen,
        hospital_id=proposal.hospital_id,
        page=0,
        left=proposal.line.left,
        top=proposal.line.top,
        width=proposal.line.width,
        height=proposal.line.height,
        confidence=proposal.confidence,
        match=proposal.match,
        state=FindingState.CONFIRMED if is_decided else FindingState.PROPOSED,
        decided_value=proposal.value if is_decided else "",
        found_at=at + _READ_AFTER,
        decided_at=at + _DECIDED_AFTER if is_decided else None,
        decided_by=story.manager_id if is_decided else None,
    )


def _stop(world: "DemoWorld", paper: ReadPaper, proposal: Proposal, at: datetime) -> None:
    world.rows.add(
        "material_quarantine",
        id=world.new_id(),
        material_id=paper.material_id,
        field=proposal.field,
        page=0,
        raised_at=at + _READ_AFTER,
        release_reason="",
    )


def _line(mark: TextMark) -> WordLine:
    return WordLine(
        mark.text,
        mark.x / PAGE_WIDTH,
        (mark.y - _ASCENT * mark.size) / PAGE_HEIGHT,
        width_of(mark.text, mark.size, is_bold=mark.is_bold) / PAGE_WIDTH,
        _LINE * mark.size / PAGE_HEIGHT,
        1.0,
    )


@cache
def _directory(hospitals: tuple[tuple[int, str], ...]) -> HospitalDirectory:
    entries = []
    for key, whole in hospitals:
        name, _mark, campus = whole.partition("（")
        entries.append(HospitalEntry(key, name, campus.rstrip("）"), ()))
    return HospitalDirectory(tuple(entries))
