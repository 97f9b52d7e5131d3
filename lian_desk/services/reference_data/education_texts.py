"""The library of texts for patient education (宣教): for whom, when, in which version, from where (R63, R70, R76)."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import ServiceKind


class EducationPhase(StrEnum):
    """When a text is offered: before the visit, stay or operation, after it, or at any time."""

    BEFORE = "before"
    AFTER = "after"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class EducationText:
    """One text as it is given; ``version`` is kept with every note made from it.

    ``services`` and ``groups`` (of diseases) are those it is written for, empty: for everybody.
    """

    code: str
    topic: str
    body: str
    version: str
    services: frozenset[ServiceKind]
    groups: frozenset[str]
    phase: EducationPhase
    sources: tuple[str, ...]

    def suits(self, service: ServiceKind | None, groups: frozenset[str], phase: EducationPhase) -> bool:
        """Tell whether the text is written for this service or one of these disease groups, and for this time."""
        fits_time = EducationPhase.ANY in {self.phase, phase} or self.phase is phase
        return fits_time and (service in self.services or bool(self.groups & groups))


@cache
def load_education_texts() -> tuple[EducationText, ...]:
    """Return the texts of the library, each closed with the boundary that it is no medical advice."""
    with resource_path("education", "education.toml").open("rb") as stream:
        content = tomllib.load(stream)
    return tuple(
        EducationText(
            code=entry["code"],
            topic=entry["topic"],
            body=f"{entry['body']}\n{content['boundary']}",
            version=f"{content['version']}.{entry['version']}",
            services=frozenset(ServiceKind(kind) for kind in entry["services"]),
            groups=frozenset(entry["groups"]),
            phase=EducationPhase(entry["phase"]),
            sources=tuple(content["sources"][code] for code in entry["sources"]),
        )
        for entry in content["text"]
    )


def texts_in_order(
    service: ServiceKind | None, groups: frozenset[str], phase: EducationPhase
) -> tuple[EducationText, ...]:
    """Return every text of the library, those that suit this service, these diseases and this time first."""
    texts = load_education_texts()
    first = [text for text in texts if text.suits(service, groups, phase)]
    return (*first, *(text for text in texts if text not in first))
