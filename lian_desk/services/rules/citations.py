"""Clauses as people know them: a place in the handbook instead of the number of a rule.

Inside the program a rule is ``R59``; on screen and paper it is 手册 2-5 (chapter two, service two, section five).
"""

import re
from functools import cache
from typing import Final

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.rules.rule_packs import load_current_pack

_TOKEN: Final = re.compile(r"[RA]\d{1,2}")
#: Rule numbers in full-width brackets, alone or before a place; anything else people wrote stays as it is.
_CITED: Final = re.compile(r"（([RA]\d{1,2}(?:[、，/ ]?[RA]\d{1,2})*)(?: [^）]*)?）")

_PLACE: Final = re.compile(r"二·([\d–]+)·(\d+|温馨提示 ?\d*)")


@cache
def place_of(clause_id: str) -> str:
    """Return 手册 2-5 for a clause, 释义 A8 for a decision; an unknown id is returned as it is."""
    clause = load_current_pack().clauses.get(clause_id)
    if clause is None:
        return clause_id
    return clause.place if clause.is_decision else f"手册 {short_place(clause.place, None)}"


def short_place(place: str, kind: ServiceKind | None) -> str:
    """Return a clause's place in a few characters; a range of services becomes the one that is meant."""
    first = place.split("；", maxsplit=1)[0]
    found = _PLACE.match(first)
    if found is None:
        return first.replace("·", "-", 1)
    services, section = found.groups()
    if "–" in services and kind is not None:
        services = str(list(ServiceKind).index(kind) + 1)
    return f"{services}-{section.strip()}"


def with_places(text: str) -> str:
    """Return ``text`` with every citation in brackets, such as （R31、A18）, spoken as places."""
    return _CITED.sub(lambda found: f"（{_places(found.group(1))}）", text)


def _places(clause_ids: str) -> str:
    return "、".join(dict.fromkeys(place_of(clause_id) for clause_id in _TOKEN.findall(clause_ids)))
