"""Free words of a view without anybody's name: the one way from a stored text to the screen (R90, R92).

A view is what a page shows: a frozen dataclass with lines inside. Which of its fields hold words that people typed is said
once, by the field's name, so that a new view is covered as soon as its fields are called what they are. Names come from
``known_names``, what is hidden from ``masking``; without a reveal every view with free words goes through here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session

from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.names.masking import scrub_text

FREE_WORDS: Final = frozenset(
    {
        "archive_name",
        "backdating_reason",
        "body",
        "closing_reason",
        "correction_reason",
        "content",
        "deficiency",
        "department",
        "detail",
        "doctors_order",
        "dosage",
        "erase_reason",
        "evidence_note",
        "examination",
        "hold_reason",
        "identity_note",
        "instructions",
        "label",
        "need_text",
        "note",
        "original_name",
        "outcome",
        "place",
        "preference",
        "problem",
        "purpose",
        "reason",
        "recipient",
        "said",
        "shown_name",
        "since",
        "state_words",
        "text",
        "title",
        "topic",
        "words",
    }
)
"""Fields of views that hold free words, wherever they stand."""

_ViewT = TypeVar("_ViewT")


@dataclass(frozen=True, slots=True)
class AsTyped:
    """Texts as they were typed, for the fields of a form that writes them again or sends them; never for a label."""

    department: str = ""
    place: str = ""
    instructions: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Tell nothing: a view may stand in a message."""
        return "AsTyped()"


def concealed(view: _ViewT, names: tuple[str, ...]) -> _ViewT:
    """Return ``view`` with nobody named in its free words; lines, tuples and lists inside are looked through."""
    shown: _ViewT = _concealed(view, names)
    return shown


def concealed_for_file(session: Session, view: _ViewT, file_id: int, *, revealed: bool = False) -> _ViewT:
    """Return ``view`` without the names that a file knows; as it is once it was revealed."""
    return view if revealed else concealed(view, names_of_file(session, file_id).every)


def _concealed(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        named: Any = value
        return named._replace(**_changes(named, named._fields, names))
    if isinstance(value, tuple | list):
        return type(value)(_concealed(part, names) for part in value)
    if isinstance(value, AsTyped):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        changes = _changes(value, (field.name for field in fields(value) if field.init), names)
        return replace(value, **changes) if changes else value
    return value


def _changes(value: Any, names_of_fields: Iterable[str], names: tuple[str, ...]) -> dict[str, Any]:
    changes = {}
    for name in names_of_fields:
        held = getattr(value, name)
        # a word of a vocabulary is text as well, and nobody typed it
        shown = scrub_text(held, names=names) if type(held) is str and name in FREE_WORDS else _concealed(held, names)
        if shown is not held and shown != held:
            changes[name] = shown
    return changes
