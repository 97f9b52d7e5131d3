"""Reads what every document says about the service: provider, hotlines, edition and the notices R73 to R79."""

from __future__ import annotations

import tomllib
from functools import cache

from lian_desk.services.documents.views import Imprint, Notice
from lian_desk.services.resources import resource_path


@cache
def load_imprint(edition: str) -> Imprint:
    """Return the imprint of one handbook edition, like `2024-11`.

    Raises FileNotFoundError for an edition the program does not carry, KeyError for an incomplete file: both are
    faults of the program's own resources, not of the user's data.
    """
    with resource_path("documents", f"imprint-{edition}.toml").open("rb") as stream:
        content = tomllib.load(stream)
    notices = tuple(Notice(**entry) for entry in content.pop("notices"))
    return Imprint(**content, notices=notices)
