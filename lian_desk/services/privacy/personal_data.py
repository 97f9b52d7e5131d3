"""Which columns say who somebody is, and what an erasure leaves in them (R90): one line for each column.

``erasure_plan`` empties every text of every table that leads to a file by itself. The tables below hold more than texts,
or are kept as rows because the ledger and the log refer to them: here each of their columns is named, with what it holds.
A column that is not named fails a test; so does one that is named as personal and survives an erasure, and a name that
``known_names`` does not hide.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, cast, literal
from sqlalchemy import String as Text

from lian_desk.models.vocabulary import Sex
from lian_desk.services.names.masking import GONE

UNKNOWN_DAY: Final = date(1900, 1, 1)


class Holding(StrEnum):
    """What a column holds."""

    NAME = "name"
    """A person's name: hidden in every masked text, gone after an erasure."""
    NUMBER = "number"
    """A number that leads to a person: masked wherever it is shown, gone after an erasure."""
    TRAIT = "trait"
    """Something of the person, such as sex or day of birth: gone after an erasure."""
    WORDS = "words"
    """Free words in which anything may stand: masked by the text layer, gone after an erasure."""
    SKELETON = "skeleton"
    """Key, number of the desk's own, time, state: identifies nobody, stays."""
    ACCOUNT = "account"
    """What counts the uses, such as the number of the policy: kept after an erasure, masked on the screen."""


@dataclass(frozen=True, slots=True)
class Left:
    """What an erasure writes in place of a value; ``unique`` adds the row's key."""

    value: Any
    unique: bool = False

    def for_table(self, table: Table) -> ColumnElement[Any] | Any:
        """Return the value to be written into a row of ``table``."""
        return literal(f"{self.value}-") + cast(table.c.id, Text) if self.unique else self.value


_H = Holding
COLUMNS: Final[dict[str, dict[str, Holding]]] = {
    "insured_person": {
        "id": _H.SKELETON,
        "version": _H.SKELETON,
        "name": _H.NAME,
        "identity_document": _H.SKELETON,
        "identity_number": _H.NUMBER,
        "sex": _H.TRAIT,
        "born_on": _H.TRAIT,
        "phone": _H.NUMBER,
        "phone_declined": _H.TRAIT,
        "created_at": _H.SKELETON,
    },
    "former_name": {
        "id": _H.SKELETON,
        "insured_person_id": _H.SKELETON,
        "name": _H.NAME,
        "basis": _H.WORDS,
        "recorded_at": _H.SKELETON,
        "recorded_by": _H.SKELETON,
        "removed_at": _H.SKELETON,
    },
    "guardian": {
        "id": _H.SKELETON,
        "insured_person_id": _H.SKELETON,
        "name": _H.NAME,
        "identity_number": _H.NUMBER,
        "relation": _H.SKELETON,
        "phone": _H.NUMBER,
        "proof_material_id": _H.SKELETON,
        "proof_note": _H.WORDS,
        "recorded_at": _H.SKELETON,
        "superseded_at": _H.SKELETON,
    },
    "policy": {
        "id": _H.SKELETON,
        "version": _H.SKELETON,
        "insured_person_id": _H.SKELETON,
        "policy_number": _H.ACCOUNT,
        "product_code": _H.SKELETON,
        "policyholder_name": _H.NAME,
        "effective_on": _H.ACCOUNT,
        "waiting_until_on": _H.ACCOUNT,
        "grace_from_on": _H.ACCOUNT,
        "grace_until_on": _H.ACCOUNT,
        "created_at": _H.SKELETON,
    },
    "assistance_file": {
        "id": _H.SKELETON,
        "version": _H.SKELETON,
        "number": _H.SKELETON,
        "insured_person_id": _H.SKELETON,
        "policy_id": _H.SKELETON,
        "case_manager_id": _H.SKELETON,
        "sort_name": _H.TRAIT,
        "opened_at": _H.SKELETON,
        "opened_by": _H.SKELETON,
        "last_event_at": _H.SKELETON,
        "identity_method": _H.SKELETON,
        "identity_checked_at": _H.SKELETON,
        "identity_checked_by": _H.SKELETON,
        "identity_note": _H.WORDS,
        "closed_at": _H.SKELETON,
    },
    "information_authorization": {
        "id": _H.SKELETON,
        "assistance_file_id": _H.SKELETON,
        "text_version": _H.SKELETON,
        "signer_kind": _H.SKELETON,
        "signer_name": _H.NAME,
        "signed_at": _H.SKELETON,
        "evidence_form": _H.SKELETON,
        "evidence_material_id": _H.SKELETON,
        "evidence_note": _H.WORDS,
        "truth_declared": _H.SKELETON,
        "verified_at": _H.SKELETON,
        "verified_by": _H.SKELETON,
        "withdrawn_at": _H.SKELETON,
        "withdrawal_reason": _H.WORDS,
        "recorded_at": _H.SKELETON,
    },
}
"""By table and column."""

PERSONAL: Final = frozenset({_H.NAME, _H.NUMBER, _H.TRAIT, _H.WORDS})
"""What an erasure takes away."""

BY_HAND: Final = ("insured_person", "policy", "assistance_file")
"""Rows that stay because others refer to them; their personal columns are written over with ``LEFT``."""

LEFT: Final[dict[tuple[str, str], Left]] = {
    ("insured_person", "name"): Left(GONE),
    ("insured_person", "identity_number"): Left("erased", unique=True),
    ("insured_person", "sex"): Left(Sex.ERASED),
    ("insured_person", "born_on"): Left(UNKNOWN_DAY),
    ("insured_person", "phone"): Left(None),
    ("insured_person", "phone_declined"): Left(value=False),
    ("policy", "policyholder_name"): Left(GONE),
    ("assistance_file", "sort_name"): Left(""),
    ("assistance_file", "identity_note"): Left(""),
}


def personal_columns(table: str) -> tuple[str, ...]:
    """Return the columns of ``table`` that an erasure takes away."""
    return tuple(name for name, holding in COLUMNS[table].items() if holding in PERSONAL)


def left_behind(table: Table) -> dict[str, Any]:
    """Return what an erasure writes into the personal columns of a row that stays.

    Raises:
        KeyError: a column is named as personal, and nothing says what is left in it.
    """
    return {name: LEFT[table.name, name].for_table(table) for name in personal_columns(table.name)}
