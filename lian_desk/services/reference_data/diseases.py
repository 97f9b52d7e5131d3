"""The disease list of the contract: codes, names, severities and groups (R8, R15)."""

import tomllib
from dataclasses import dataclass
from functools import cache

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import Severity

_EDITION = "2024-11"


@dataclass(frozen=True)
class Disease:
    """One illness of the list."""

    code: str
    name: str
    severity: Severity
    group: str


@dataclass(frozen=True)
class DiseaseList:
    """One version of the list; ``notice`` says what it is worth."""

    version: str
    title: str
    notice: str
    is_official: bool
    diseases: tuple[Disease, ...]
    groups: dict[str, str]

    def find(self, code: str) -> Disease | None:
        """Return the disease with ``code``, or None when it is not on the list."""
        return next((disease for disease in self.diseases if disease.code == code), None)


@cache
def load_disease_list() -> DiseaseList:
    """Return the list that is in force, read once."""
    content = tomllib.loads(resource_path("diseases", f"{_EDITION}.toml").read_text(encoding="utf-8"))
    return DiseaseList(
        version=content["version"],
        title=content["title"],
        notice=content["notice"],
        is_official=content["is_official"],
        diseases=tuple(
            Disease(row["code"], row["name"], Severity(row["severity"]), row["group"]) for row in content["disease"]
        ),
        groups=dict(content["groups"]),
    )
