"""The door (R1): pages in the layouts of many hospitals, read for their own insured and for other people's files.

Both halves of ``benchmarks/hospital_forms`` are measured and both are told; the aims are held against the half that the
rules of reading were not made with. Every page is read once; then the same words are laid against its own person, a
stranger, a relative of the same surname and somebody whose name differs in one character.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.benchmarks.figures import Figure
from lian_desk.benchmarks.hospital_forms.form_set import SEED, FormPage, Half, count_of, form_pages
from lian_desk.benchmarks.materials.materials_suite import MaterialsBench
from lian_desk.benchmarks.materials.recognition import shipped_directory
from lian_desk.models.vocabulary import FindingField, FindingMatch, NameAnswer
from lian_desk.services.door.findings import Proposal, Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory
from lian_desk.services.door.person_names import WhoseFile, whose_name
from lian_desk.services.recognition.page_reader import read_page
from lian_desk.services.recognition.page_words import PageWords
from lian_desk.services.recognition.reader import TextReader

TIMES: Final = {Half.TUNED: 2, Half.KEPT: 3}
"""How often each layout is drawn, each time another kind, person and arrival."""
READ_RIGHT: Final = 95.0
STOPPED: Final = 99.0
OWN_STOPPED: Final = 3.0
"""Per cent: facts read right, other people's seen names stopped, own pages stopped at most."""
_AIMED: Final = (FindingField.KIND, FindingField.NAME, FindingField.DOCUMENT_ON, FindingField.DEPARTMENT)
_AHEAD: Final = timedelta(days=45)
_PATIENCE: Final = 600.0
_TOLD_EVERY: Final = 12
_OTHER_GIVEN: Final = ("建军", "志强", "丽华", "敏", "海燕", "国庆")
_ONE_OTHER: Final = "芝芳军梅平霞林"
_NUMBER: Final = "320102197401011451"
_BY_TYPE: Final = {"stranger": "陌生人", "relative": "同姓亲属", "similar": "一字之差"}


@dataclass
class DoorShares:
    """What came out of a half: facts held and right, and the answers at the door by whose file it was."""

    pages: int = 0
    held: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    others: Counter[tuple[str, str]] = field(default_factory=Counter)
    nameless: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def percent(self, fact: str) -> float:
        """Return the share of a fact that was read right, in per cent."""
        return 100.0 * self.right[fact] / max(1, self.held[fact])

    def other(self, answer: str) -> int:
        """Return how often an answer was given on pages in a file of somebody else."""
        return sum(count for (_type, given), count in self.others.items() if given == answer)


def measure_door(bench: MaterialsBench) -> list[Figure]:
    """Read both halves, tell both, and return the figures of the half that is kept apart."""
    figures: list[Figure] = []
    for half in Half:
        bench.say(f"{half.value} layouts, {count_of(half, TIMES[half])} pages, seed {SEED}")
        with Renderer(request_seconds=_PATIENCE) as renderer, TextReader(request_seconds=_PATIENCE) as reader:
            found = shares_of(_read(half, renderer, reader, bench))
        tell(found, bench)
        if half is Half.KEPT:
            figures = figures_of(found)
    return figures


def shares_of(read: Iterable[tuple[FormPage, PageWords]]) -> DoorShares:
    """Lay the words of pages against their own person and against others."""
    found = DoorShares()
    directory = shipped_directory()
    for place, (page, words) in enumerate(read):
        found.pages += 1
        _facts(found, page, _proposals(page, words, own_file(page), directory), place)
        rng = Random(f"{SEED}:{place}")  # noqa: S311 - invented people
        for type_, name in other_names(page, rng).items() if page.name else ():
            proposals = _proposals(page, words, WhoseFile(name, _NUMBER), directory)
            found.others[type_, outcome(proposals)] += 1
    return found


def own_file(page: FormPage) -> WhoseFile:
    """Return the file of the person whom a page is about."""
    return WhoseFile(page.facts.name, page.facts.identity_number, born_on=page.facts.born_on)


def other_names(page: FormPage, rng: Random) -> dict[str, str]:
    """Return people in whose files the page does not belong: a stranger, a relative, one character apart."""
    name = page.facts.name
    given = rng.choice([one for one in _OTHER_GIVEN if name[1:] != one])
    last = rng.choice([char for char in _ONE_OTHER if char != name[-1]])
    return {"stranger": page.facts.contact[0] + given, "relative": name[0] + given, "similar": name[:-1] + last}


def outcome(proposals: Sequence[Proposal]) -> str:
    """Return the door's answer; a name that is not the insured's is set apart at once, or held for a look."""
    answer = whose_name((one.field, one.match, one.value, one.confidence) for one in proposals)
    is_stopped = any(one.match is FindingMatch.OTHER for one in proposals)
    return "stopped" if is_stopped else "held" if answer is NameAnswer.OTHER else answer.value


def tell(found: DoorShares, bench: MaterialsBench) -> None:
    """Say every figure, and what was missed without a word of its content."""
    for fact in (*(one.value for one in _AIMED), "doctor", "hospital"):
        bench.say(f"{fact}: {found.right[fact]} of {found.held[fact]} right ({found.percent(fact):.1f} %)")
    bench.say(f"own pages: {_counted(found.own)}; pages without a name: {_counted(found.nameless)}")
    for type_, words in _BY_TYPE.items():
        counts = Counter({answer: n for (kind, answer), n in found.others.items() if kind == type_})
        bench.say(f"in the file of another ({type_}, {words}): {_counted(counts)}")
    for miss in found.misses:
        bench.say(f"missed {miss}")


def figures_of(found: DoorShares) -> list[Figure]:
    """Return what is held against the aims, each as a share of failures in per cent."""
    own = sum(found.own.values())
    seen = sum(found.others.values()) - found.other(NameAnswer.UNSEEN.value)
    passed = found.other(NameAnswer.INSURED.value)
    wrong = [
        (f"forms, {one.value} read wrong", 100.0 - found.percent(one.value), found.held[one.value], 100.0 - READ_RIGHT)
        for one in _AIMED
    ]
    return [
        _figure(name, value, runs, aim)
        for name, value, runs, aim in (
            *wrong,
            ("other people's seen names not stopped", 100.0 * passed / max(1, seen), seen, 100.0 - STOPPED),
            ("other people's pages taken for the insured's", float(passed), sum(found.others.values()), 0.0),
            ("own pages stopped", 100.0 * found.own["stopped"] / max(1, own), own, OWN_STOPPED),
        )
    ]


def _figure(name: str, value: float, runs: int, aim: float) -> Figure:
    return Figure(name, value, value, "none", 0.0, runs, aim_ms=aim, unit="%")


def _facts(found: DoorShares, page: FormPage, proposals: Sequence[Proposal], place: int) -> None:
    read = {one.field: one.value for one in proposals}
    truths = {
        FindingField.KIND: page.facts.kind.value,
        FindingField.NAME: page.name,
        FindingField.DOCUMENT_ON: page.facts.dated_on.isoformat(),
        FindingField.DEPARTMENT: page.department,
        FindingField.HOSPITAL: page.facts.hospital,
    }
    for fact, truth in truths.items():
        if truth:
            _count(found, fact.value, page, place, is_right=read.get(fact) == truth)
    if page.doctors:
        _count(found, "doctor", page, place, is_right=read.get(FindingField.DOCTOR) in page.doctors)
    (found.own if page.name else found.nameless)[outcome(proposals)] += 1


def _count(found: DoorShares, fact: str, page: FormPage, place: int, *, is_right: bool) -> None:
    found.held[fact] += 1
    if is_right:
        found.right[fact] += 1
    else:
        found.misses.append(f"{fact} on page {place}: {page.form}, {page.arrival}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{answer} {count}" for answer, count in sorted(counts.items())) or "none"


def _proposals(page: FormPage, words: PageWords, whose: WhoseFile, directory: HospitalDirectory) -> Sequence[Proposal]:
    return propose([(0, words)], Surroundings(whose, directory, page.facts.dated_on + _AHEAD))


def _read(
    half: Half, renderer: Renderer, reader: TextReader, bench: MaterialsBench
) -> Iterator[tuple[FormPage, PageWords]]:
    for place, page in enumerate(form_pages(half, TIMES[half])):
        if place and place % _TOLD_EVERY == 0:
            bench.say(f"{place} pages")
        yield page, read_page(renderer, reader, BytesSource(f"form {half} {place}", page.data), 0).words
