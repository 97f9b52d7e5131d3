"""From the words of a material to proposals: kind, day, hospital, department, doctor, name, identity number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from lian_desk.models.vocabulary import FindingField, FindingMatch, MaterialKind
from lian_desk.services.door.dates import DayFound, paper_day
from lian_desk.services.door.issuers import HospitalDirectory, IssuerFound, department, issuer
from lian_desk.services.door.kinds import KindGuess, guess_kind
from lian_desk.services.door.labelled import Labelled, Wanted, labelled_values
from lian_desk.services.door.name_places import unlabelled_values
from lian_desk.services.door.person_names import (
    PersonFound,
    WhoseFile,
    compare_name,
    compare_number,
    doctor_name,
    identity_numbers,
    names_of,
    own_names,
    weigh,
)
from lian_desk.services.door.second_keys import KeyFound, birth, namesake, visit_number
from lian_desk.services.recognition.folding import folded, squeezed
from lian_desk.services.recognition.page_words import PageWords, WordLine

_LATER_PAGE: Final = 0.04
"""What a proposal of each later page loses: the first page tells what a paper is."""
_MOST_LOSS: Final = 0.4
_MATCH_ORDER: Final = (FindingMatch.OTHER, FindingMatch.NEEDS_LOOK, FindingMatch.SAME)
_LONGEST: Final = 400
_SURE_LABEL: Final = 0.8
"""Weight of a label that leaves no doubt whose name stands behind it."""
_SENTENCE: Final = 0.85
"""Weight of a name that its place or its sentence says is a patient's."""
_DOUBT: Final = 0.5
_CHILD: Final = re.compile("新生儿|婴儿|患儿")
_MOTHER: Final = tuple(folded(word) for word in ("孕妇", "产妇", "孕产妇"))
_REVIEWER: Final = 0.6
"""Weight of a label behind which a laboratory's reviewer may stand as well as a physician."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact that the machine proposes; ``line`` is its place on the stored page."""

    field: FindingField
    value: str
    seen: str
    page: int
    line: WordLine
    confidence: float
    match: FindingMatch | None = None
    hospital_id: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the words are compared with: whose file it is, the hospitals, the day the material came in."""

    whose: WhoseFile
    hospitals: HospitalDirectory
    latest: date


def propose(pages: Sequence[tuple[int, PageWords]], around: Surroundings) -> list[Proposal]:
    """Return the best proposal of each field over the read pages of one material.

    A name or number that is not the insured's outweighs the ones that are: a bundle may hold a relative's page.
    """
    found: list[Proposal] = []
    for page, words in pages:
        found.extend(_of_page(page, words, around))
    best: dict[FindingField, Proposal] = {}
    for proposal in found:
        held = best.get(proposal.field)
        if held is None or _rank(proposal) > _rank(held):
            best[proposal.field] = proposal
    return [best[field] for field in FindingField if field in best]


def _rank(proposal: Proposal) -> tuple[int, float]:
    strictness = 0 if proposal.match is None else -_MATCH_ORDER.index(proposal.match)
    loss = min(_LATER_PAGE * proposal.page, _MOST_LOSS)
    return strictness, proposal.confidence - loss


def _of_page(page: int, words: PageWords, around: Surroundings) -> list[Proposal]:
    upright = words.upright
    values = [*labelled_values(upright), *unlabelled_values(upright)]
    kind = guess_kind(words)
    day = paper_day(values, upright, around.latest)
    born = birth(values, around.whose, None if day is None else day.day)
    keys = () if born is None else (born,)
    found = [
        *_kind(kind),
        *_day(day),
        *_issuer(issuer(upright, around.hospitals)),
        *_department(values),
        *_doctor(values, is_laboratory=kind is not None and kind.kind is MaterialKind.BLOOD_TEST_REPORT),
        *_people(values, upright, around.whose, keys),
        *_keys(visit_number(values, around.whose), keys),
    ]
    return [
        replace(proposal, page=page, line=words.placed(proposal.line), seen=proposal.seen[:_LONGEST])
        for proposal in found
    ]


def _kind(guess: KindGuess | None) -> list[Proposal]:
    if guess is None:
        return []
    return [Proposal(FindingField.KIND, guess.kind.value, guess.line.text, 0, guess.line, guess.confidence)]


def _day(found: DayFound | None) -> list[Proposal]:
    if found is None:
        return []
    line = found.line
    return [Proposal(FindingField.DOCUMENT_ON, found.day.isoformat(), line.text, 0, line, found.confidence)]


def _issuer(found: IssuerFound | None) -> list[Proposal]:
    if found is None:
        return []
    return [
        Proposal(
            FindingField.HOSPITAL,
            found.name,
            found.seen,
            0,
            found.line,
            min(found.confidence, 0.99),
            hospital_id=found.hospital_id,
        )
    ]


def _department(values: Sequence[Labelled]) -> list[Proposal]:
    found = department(values)
    if found is None:
        return []
    name, sure, value = found
    return [Proposal(FindingField.DEPARTMENT, name, value.text, 0, value.line, min(sure, 0.99))]


def _doctor(values: Sequence[Labelled], *, is_laboratory: bool) -> list[Proposal]:
    """The doctor who asked or wrote; on a sheet of the laboratory whoever reviewed is none."""
    found = doctor_name([value for value in values if value.weight > _REVIEWER or not is_laboratory])
    if found is None:
        return []
    return [Proposal(FindingField.DOCTOR, found.value, found.seen, 0, found.line, min(found.confidence, 0.99))]


def _keys(visit: KeyFound | None, births: Sequence[KeyFound]) -> list[Proposal]:
    found = [(FindingField.VISIT_NUMBER, visit)] if visit is not None else []
    return [
        Proposal(field, key.value, key.seen, 0, key.line, min(key.confidence, 0.99), key.match)
        for field, key in (*found, *((FindingField.BORN_ON, born) for born in births))
    ]


def _people(
    values: Sequence[Labelled], upright: Sequence[WordLine], whose: WhoseFile, births: Sequence[KeyFound]
) -> list[Proposal]:
    numbers = [(person, compare_number(person, whose)) for person in identity_numbers(values, upright)]
    matches = [match for _person, match in numbers]
    found = [
        Proposal(
            FindingField.NAME, person.value, person.seen, 0, person.line, min(person.confidence, 0.99),
            namesake(weigh(compare_name(person, whose), matches), births),
        )
        for person in _names(values, upright, whose)
    ]  # fmt: skip
    found += [
        Proposal(
            FindingField.IDENTITY_NUMBER, person.value, person.seen, 0, person.line, min(person.confidence, 0.99), match
        )
        for person, match in numbers
    ]
    return found


def _names(values: Sequence[Labelled], upright: Sequence[WordLine], whose: WhoseFile) -> list[PersonFound]:
    """The patient's names; a signature counts only where nothing better stands.

    Beside a name behind its label, a name without one, or behind a label that nobody knows, may be a relative's or the
    patient's own: it weighs little, so that a person looks.
    """
    found = names_of(values, Wanted.NAME)
    own = {squeezed(name) for name in own_names(whose)}
    labelled = [person for person in found if person.is_labelled and person.weight >= _SURE_LABEL]
    strangers = [person for person in names_of(values, Wanted.ROLE) if squeezed(person.value) not in own]
    if labelled:
        loose = [person for person in found if not person.is_labelled and person.weight >= _SENTENCE]
        strangers += [_doubted(person) for person in loose if squeezed(person.value) not in own]
        found = labelled
    if any(_CHILD.search(line.text) for line in upright):
        found = [_doubted(person) if person.label.startswith(_MOTHER) else person for person in found]
    strongest = max((person.weight for person in found), default=0.0)
    return [person for person in found if person.weight >= min(strongest, 0.7)] + strangers


def _doubted(person: PersonFound) -> PersonFound:
    """The same name as one that a person must look at."""
    return replace(person, weight=_DOUBT, confidence=person.confidence * _DOUBT)
