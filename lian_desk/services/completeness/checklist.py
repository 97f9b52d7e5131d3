"""What a request needs on paper, what of it is there, and what is missing: blocking and advisory (R9, R14, R15, R19).

The rule pack says which kinds a service asks for and which of them block; ``resources/checklists`` says in words what
a good one shows for the group of diseases. A paper counts when it has pages that can be read here, nobody found it
wrong, no other person's name stands on it, and it does not lie in the trash.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import Guardian, InformationAuthorization
from lian_desk.models.vocabulary import Certainty, MaterialKind, MaterialState, ServiceKind
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.words.format_words import format_name, is_kept_only
from lian_desk.services.words.wording import phrase

_UNREADABLE: Final = tuple(kind.value for kind in MediaType if not kind.is_shown)
_EDITION: Final = "2024-11"

ILLNESS_KINDS: Final = (
    MaterialKind.OUTPATIENT_RECORD,
    MaterialKind.DIAGNOSIS_CERTIFICATE,
    MaterialKind.BLOOD_TEST_REPORT,
    MaterialKind.EXAMINATION_REPORT,
    MaterialKind.PATHOLOGY_REPORT,
    MaterialKind.DISCHARGE_SUMMARY,
)
"""Kinds that show the illness; a review asks for at least one of them (R14)."""


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One kind of paper that the service asks for, and what is there of it.

    ``words`` name it, ``hint`` says what a good one shows. ``paper_count`` counts what counts; ``problem`` says why a
    paper that is there does not, empty otherwise. ``unconfirmed_count`` are those that nobody has compared yet.
    """

    kind: MaterialKind
    is_required: bool
    clause: str
    paper_count: int
    page_count: int
    newest_on: date | None
    words: str = ""
    hint: str = ""
    problem: str = ""
    unconfirmed_count: int = 0

    @property
    def is_missing(self) -> bool:
        """Tell whether nothing of it counts."""
        return not self.paper_count


@dataclass(frozen=True, slots=True)
class Need:
    """What the checklist depends on: the service, the illness and whose file it is."""

    file_id: int
    kind: ServiceKind
    disease_code: str
    certainty: Certainty
    is_minor: bool


def counts() -> ColumnElement[bool]:
    """Return the condition that a material counts for a checklist."""
    return (
        is_kept()
        & Material.state.not_in((MaterialState.DEFICIENT, MaterialState.QUARANTINED))
        & Material.name_matches.is_not(False)
        & Material.media_type.not_in(_UNREADABLE)
    )


def checklist_of(session: Session, pack: RulePack, need: Need) -> tuple[ChecklistLine, ...]:
    """Return what the service asks for, what blocks first."""
    papers = session.execute(
        select(
            Material.kind,
            Material.state,
            Material.page_count,
            Material.received_at,
            Material.deficiency,
            Material.media_type,
            counts().label("does_count"),
        )
        .where(Material.assistance_file_id == need.file_id, is_kept())
        .order_by(Material.received_at.desc())
    ).all()
    hints = _hints(need.disease_code)
    lines = _proofs(session, need, papers, hints)
    for item in pack.service(need.kind).checklist:
        if item.certainty is None or item.certainty is need.certainty:
            lines.append(_line(item.kind, item.clause, papers, hints, is_required=item.is_required))
    if not any(paper.does_count and paper.kind in ILLNESS_KINDS for paper in papers):
        lines = _one_must_come(lines)
    return tuple(sorted(lines, key=lambda line: not line.is_required))


def missing_required(kind: ServiceKind, held: Iterable[MaterialKind], pack: RulePack) -> tuple[str, ...]:
    """Return the words of what blocks a request of ``kind``, from the kinds that count in its file: for a card."""
    have = frozenset(held)
    missing = [phrase(item.kind) for item in pack.service(kind).checklist if item.is_required and item.kind not in have]
    if not have.intersection(ILLNESS_KINDS):
        missing.append("病情材料")
    return tuple(missing)


def _proofs(session: Session, need: Need, papers: Sequence[Any], hints: Mapping[str, str]) -> list[ChecklistLine]:
    """Return the authorization and, for a minor, the guardian's proof, where they are still missing (R9, R19)."""
    lines = []
    verified = session.scalar(
        select(InformationAuthorization.id)
        .where(
            InformationAuthorization.assistance_file_id == need.file_id,
            InformationAuthorization.verified_at.is_not(None),
            InformationAuthorization.withdrawn_at.is_(None),
        )
        .limit(1)
    )
    if verified is None:
        lines.append(_line(MaterialKind.AUTHORIZATION_FORM, "R19", papers, hints, is_required=True))
    if need.is_minor and not _guardian_is_proved(session, need.file_id):
        lines.append(_line(MaterialKind.GUARDIANSHIP_PROOF, "R9", papers, hints, is_required=True))
    return [line for line in lines if line.is_missing]


def _guardian_is_proved(session: Session, file_id: int) -> bool:
    proof = session.execute(
        select(Guardian.proof_material_id, Guardian.proof_note)
        .join(AssistanceFile, AssistanceFile.insured_person_id == Guardian.insured_person_id)
        .where(AssistanceFile.id == file_id, Guardian.superseded_at.is_(None))
        .order_by(Guardian.id.desc())
        .limit(1)
    ).first()
    return proof is not None and (proof.proof_material_id is not None or bool(proof.proof_note.strip()))


def _line(
    kind: MaterialKind, clause: str, papers: Sequence[Any], hints: Mapping[str, str], *, is_required: bool
) -> ChecklistLine:
    of_kind = [paper for paper in papers if paper.kind is kind]
    found = [paper for paper in of_kind if paper.does_count]
    return ChecklistLine(
        kind=kind,
        is_required=is_required,
        clause=clause,
        paper_count=len(found),
        page_count=sum(paper.page_count or 1 for paper in found),
        newest_on=in_shanghai(found[0].received_at).date() if found else None,
        words=phrase(kind),
        hint=hints.get(kind.value, ""),
        problem="" if found or not of_kind else _problem(of_kind[0]),
        unconfirmed_count=sum(paper.state is MaterialState.RECEIVED for paper in found),
    )


def _problem(paper: Any) -> str:
    if paper.state is MaterialState.QUARANTINED:
        return "已收到的一份姓名或证件号不符，已隔离"
    if paper.state is MaterialState.DEFICIENT:
        return f"已收到的一份有误：{paper.deficiency}"
    if is_kept_only(paper.media_type):
        return f"已收到的一份是{format_name(paper.media_type)}，不能当作可读的材料"
    return "已收到的一份不是被保险人本人的"


def _one_must_come(lines: list[ChecklistLine]) -> list[ChecklistLine]:
    """Make the wish for any paper that shows the illness a blocking one of its own (R14)."""
    wish = ChecklistLine(
        kind=MaterialKind.DIAGNOSIS_CERTIFICATE,
        is_required=True,
        clause="R14",
        paper_count=0,
        page_count=0,
        newest_on=None,
        words="病情材料（任一种）",
        hint="门诊病历、诊断证明书、检验检查或病理报告、出院小结，至少一份",
    )
    return [wish, *lines]


@cache
def _checklist_words() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    content = tomllib.loads(resource_path("checklists", f"{_EDITION}.toml").read_text(encoding="utf-8"))
    return dict(content["common"]), {name: dict(words) for name, words in content["group"].items()}


def _hints(disease_code: str) -> Mapping[str, str]:
    """Return what a good paper of each kind shows for a disease; its group overrules the common words."""
    common, groups = _checklist_words()
    disease = load_disease_list().find(disease_code)
    return common | groups.get(disease.group, {}) if disease is not None else common
