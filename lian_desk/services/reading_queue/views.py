"""What the window shows of the machine's reading: proposals with their places, a stop at the door, how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText, MaterialQuarantine
from lian_desk.models.vocabulary import (
    FindingField,
    FindingMatch,
    FindingState,
    MaterialKind,
    MaterialState,
    RecognitionState,
    TextOrigin,
)
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.names.masking import mask_identity_number, mask_name, mask_policy_number, scrub_text
from lian_desk.services.reading_queue.jobs import job_of, may_be_read
from lian_desk.services.words.wording import phrase, sentence

_EXCERPT: Final = 90
_AGE_WORD: Final = "岁"


@dataclass(frozen=True)
class FindingView:
    """One proposal. ``value`` is what would be stored, ``shown`` what the screen says; the box in fractions."""

    finding_id: int
    field: FindingField
    value: str
    shown: str
    page: int
    box: tuple[float, float, float, float]
    confidence: float
    match: FindingMatch | None
    state: FindingState

    @property
    def is_open(self) -> bool:
        """True while nobody decided."""
        return self.state is FindingState.PROPOSED

    @property
    def needs_judgement(self) -> bool:
        """True for a name or number that a person must judge by himself (R1)."""
        return self.is_open and self.match in {FindingMatch.NEEDS_LOOK, FindingMatch.OTHER}


@dataclass(frozen=True)
class StopView:
    """Why a material is set apart, on which page, and since when."""

    field: FindingField
    page: int
    raised_at: datetime


@dataclass(frozen=True)
class ReadingView:
    """The reading of one material; ``state`` None when nobody asked for it. ``failure`` is a sentence."""

    material_id: int
    state: RecognitionState | None
    failure: str
    pages_read: int
    page_count: int
    is_allowed: bool
    origin: TextOrigin | None
    excerpt: str
    findings: tuple[FindingView, ...]
    stop: StopView | None
    turn_wanted: int
    """Degrees clockwise by which the pages shown would have to be turned to stand upright; 0 when they do."""


def load_reading_view(desk: Desk, material_id: int, *, revealed: bool = False) -> ReadingView:
    """Gather what was read of one material; names and numbers of people are masked unless revealed.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(Material, material_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__)
        job = job_of(session, material_id)
        allowed = session.scalar(select(Material.id).where(Material.id == material_id, may_be_read())) is not None
        findings = session.scalars(select(MaterialFinding).where(MaterialFinding.material_id == material_id)).all()
        first = session.scalar(
            select(MaterialPageText).where(MaterialPageText.material_id == material_id).order_by(MaterialPageText.page)
        )
        turns = session.scalars(
            select(MaterialPageText.turned).where(
                MaterialPageText.material_id == material_id, MaterialPageText.text != ""
            )
        ).all()
        stop = _stop(session, row)
        known = names_of_file(session, row.assistance_file_id).every
    views = sorted((_view(finding, revealed=revealed) for finding in findings), key=_place_in_list)
    names = (*known, *(view.value for view in views if view.field is FindingField.NAME))
    excerpt = "" if first is None else " ".join(first.text.split())[:_EXCERPT]
    return ReadingView(
        material_id=material_id,
        state=None if job is None else job.state,
        failure=_sentence(job.failure) if job is not None and job.failure else "",
        pages_read=0 if job is None else job.next_page,
        page_count=row.page_count or 0,
        is_allowed=allowed,
        origin=None if first is None else first.origin,
        excerpt=excerpt if revealed else scrub_text(excerpt, names=names),
        findings=tuple(views),
        stop=stop,
        turn_wanted=_turn_wanted(turns, row.rotation),
    )


def _turn_wanted(turns: Sequence[int], rotation: int) -> int:
    """All pages are turned together: only when the writing of all of them lies the same way can that help."""
    if len(set(turns)) != 1:
        return 0
    return -(turns[0] + rotation) % 360


def _place_in_list(view: FindingView) -> int:
    return tuple(FindingField).index(view.field)


def _stop(session: Session, row: Material) -> StopView | None:
    if row.state is not MaterialState.QUARANTINED:
        return None
    stop = session.scalar(
        select(MaterialQuarantine)
        .where(MaterialQuarantine.material_id == row.id, MaterialQuarantine.released_at.is_(None))
        .limit(1)
    )
    return None if stop is None else StopView(stop.field, stop.page, stop.raised_at)


def _view(finding: MaterialFinding, *, revealed: bool) -> FindingView:
    value = finding.decided_value or finding.value
    return FindingView(
        finding_id=finding.id,
        field=finding.field,
        value=value,
        shown=_shown(finding.field, value, revealed=revealed),
        page=finding.page,
        box=(finding.left, finding.top, finding.width, finding.height),
        confidence=finding.confidence,
        match=finding.match,
        state=finding.state,
    )


def _shown(field: FindingField, value: str, *, revealed: bool) -> str:
    if field is FindingField.KIND:
        return phrase(MaterialKind(value))
    if field is FindingField.NAME:
        return mask_name(value, revealed=revealed)
    if field is FindingField.IDENTITY_NUMBER:
        return mask_identity_number(value, revealed=revealed)
    if field is FindingField.VISIT_NUMBER:
        return mask_policy_number(value, revealed=revealed)
    if field is FindingField.BORN_ON and not revealed:
        return value if value.endswith(_AGE_WORD) else f"{value[:4]}-**-**"
    return value


def _sentence(code: str) -> str:
    return sentence(EnvironmentProblem(ErrorCode(code)))
