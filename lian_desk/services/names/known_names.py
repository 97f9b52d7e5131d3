"""The names of people that a file knows: the one list of what masked texts and covered pages must not show (R90).

Everybody who hides names asks here, so that a new field with a name is met by all of them at once: screen rows, excerpts
of the search, papers, covered pages. ``services/privacy/personal_data.py`` says which columns hold names, and a test compares.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import FormerName, Guardian, InformationAuthorization, InsuredPerson
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.requests.service_request import Evidence
from lian_desk.services.names.masking import GONE, MaskingRule

_INSURED: Final = "insured"
_FORMER: Final = "former"
_OTHER: Final = "other"
_NO_NAMES: Final = frozenset(
    {
        "本人",
        "家属",
        "患者",
        "客户",
        "先生",
        "女士",
        "女儿",
        "儿子",
        "丈夫",
        "妻子",
        "配偶",
        "父亲",
        "母亲",
        "父母",
        "子女",
    }
)
"""What people write where a name is asked; hidden everywhere it would make texts unreadable and hide nobody."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names a file knows: the insured's own (present first, then former ones), and those of other people."""

    insured: str = ""
    former: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """Every name once, the insured's first."""
        return self.hidden_under(MaskingRule())

    def hidden_under(self, rule: MaskingRule) -> tuple[str, ...]:
        """Return the names that ``rule`` does not show in clear, each once.

        One name may be that of the insured and of somebody else, such as the policyholder: who may read the insured's
        name may read it wherever it stands.
        """
        own = () if rule.name else (self.insured, *self.former)
        shown = {self.insured, *self.former} if rule.name else set()
        others = () if rule.others else tuple(name for name in self.others if name not in shown)
        return tuple(name for name in dict.fromkeys((*own, *others)) if name and name != GONE and name not in _NO_NAMES)


def names_of_file(session: Session, file_id: int) -> KnownNames:
    """Return the names that one file knows; none for a file that is not there."""
    return names_of_files(session, (file_id,)).get(file_id, KnownNames())


def names_of_files(session: Session, file_ids: Iterable[int]) -> dict[int, KnownNames]:
    """Return the names that each file knows, in one statement."""
    wanted = sorted(set(file_ids))
    if not wanted:
        return {}
    found: dict[int, dict[str, list[str]]] = {}
    for file_id, role, name in session.execute(union_all(*_statements(wanted))):
        found.setdefault(file_id, {}).setdefault(role, []).append(name)
    return {
        file_id: KnownNames(
            insured=next(iter(names.get(_INSURED, ())), ""),
            former=tuple(dict.fromkeys(names.get(_FORMER, ()))),
            others=tuple(dict.fromkeys(names.get(_OTHER, ()))),
        )
        for file_id, names in found.items()
    }


def _statements(file_ids: list[int]) -> tuple[Any, ...]:
    file = AssistanceFile
    of_file = file.id.in_(file_ids)
    return (
        select(file.id, literal(_INSURED), InsuredPerson.name)
        .join(InsuredPerson, InsuredPerson.id == file.insured_person_id)
        .where(of_file),
        # a name that was taken back may stand in what was written before
        select(file.id, literal(_FORMER), FormerName.name)
        .join(FormerName, FormerName.insured_person_id == file.insured_person_id)
        .where(of_file),
        select(file.id, literal(_OTHER), Guardian.name)
        .join(Guardian, Guardian.insured_person_id == file.insured_person_id)
        .where(of_file),
        select(file.id, literal(_OTHER), Policy.policyholder_name)
        .join(Policy, Policy.id == file.policy_id)
        .where(of_file),
        *(
            select(table.assistance_file_id, literal(_OTHER), name).where(table.assistance_file_id.in_(file_ids))
            for table, name in (
                (InformationAuthorization, InformationAuthorization.signer_name),
                (IncomingApplication, IncomingApplication.contact_name),
                (Evidence, Evidence.said_by_name),
            )
        ),
    )
