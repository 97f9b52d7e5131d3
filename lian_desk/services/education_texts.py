"""The small library of texts for patient education: topic, words, version (R70, R76)."""

import tomllib
from dataclasses import dataclass
from functools import cache

from lian_desk.services.resources import resource_path


@dataclass(frozen=True, slots=True)
class EducationText:
    """One text as it is given; ``version`` is kept with every note made from it."""

    topic: str
    body: str
    version: str


@cache
def load_education_texts() -> tuple[EducationText, ...]:
    """Return the texts of the library, each closed with the boundary that it is no medical advice."""
    with resource_path("education", "education.toml").open("rb") as stream:
        content = tomllib.load(stream)
    return tuple(
        EducationText(entry["topic"], f"{entry['body']}\n{content['boundary']}", content["version"])
        for entry in content["text"]
    )
