"""The handbook editions a workspace knows, and which of them holds on a day (R81, R85, A41).

An edition that travels with the program holds from its own day on; one on record holds from the day that a lead set.
What was decided under an edition keeps it.
"""

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.tables.reference.handbook_edition import HandbookEdition
from lian_desk.services.rules.rule_pack_reader import read_rule_pack
from lian_desk.services.rules.rule_packs import load_rule_pack, shipped_editions


class EditionShelf:
    """All known editions; answers from memory and never changes, so that it may be shared between threads."""

    def __init__(self, packs: Iterable[RulePack]) -> None:
        """Keep ``packs``, each in force from its ``effective_on``; of two that begin on one day the later given holds.

        Raises:
            EnvironmentProblem: ``RESOURCE_MISSING`` without a single edition.
        """
        self.packs: tuple[RulePack, ...] = tuple(sorted(packs, key=lambda pack: pack.effective_on))
        """Every known edition, by the day from which it holds."""
        if not self.packs:
            raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name="rules")
        self._days = [pack.effective_on for pack in self.packs]
        self._by_edition = {pack.edition: pack for pack in self.packs}

    def on(self, day: date) -> RulePack:
        """Return the rules in force on ``day``: the newest edition that has begun, else the first one there is."""
        return self.packs[max(bisect_right(self._days, day) - 1, 0)]

    def of(self, edition: str) -> RulePack:
        """Return the rules of ``edition``, in force or not.

        Raises:
            EnvironmentProblem: ``RESOURCE_MISSING`` for an edition that this workspace has never known.
        """
        pack = self._by_edition.get(edition)
        if pack is None:
            raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name=edition)
        return pack

    def knows(self, edition: str) -> bool:
        """Tell whether ``edition`` is known, in force or not."""
        return edition in self._by_edition


@cache
def shipped_shelf() -> EditionShelf:
    """Return the editions that travel with the program, each from its own day on."""
    return EditionShelf(load_rule_pack(edition) for edition in shipped_editions())


def load_shelf(session: Session) -> EditionShelf:
    """Return the editions that travel with the program and those on record in the workspace.

    Raises:
        EnvironmentProblem: ``RULE_PACK_DAMAGED`` for a stored edition that cannot be read.
    """
    rows = session.scalars(select(HandbookEdition).order_by(HandbookEdition.recorded_at)).all()
    if not rows:
        return shipped_shelf()
    recorded = {row.edition for row in rows}
    shipped = (load_rule_pack(edition) for edition in shipped_editions() if edition not in recorded)
    return EditionShelf((*shipped, *(_recorded(row) for row in rows)))


def pack_of_edition(session: Session, edition: str) -> RulePack:
    """Return the rules of ``edition`` as this workspace knows them: what was decided under it keeps them (A41)."""
    return load_shelf(session).of(edition)


def _recorded(row: HandbookEdition) -> RulePack:
    pack = read_stored(row.content) if row.content else load_rule_pack(row.edition)
    return dataclasses.replace(pack, effective_on=row.effective_on)


@lru_cache(maxsize=32)
def read_stored(content: str) -> RulePack:
    """Return the pack of a stored text, read once per process."""
    return read_rule_pack(content.encode())
