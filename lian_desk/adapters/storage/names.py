"""The name of a file as people see it. It never becomes a path: a stored file is named by its checksum."""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 200
"""Characters of a shown name; the ending is kept when a name is cut."""
NAMELESS: Final = "未命名"
_LONGEST_ENDING: Final = 12
_JOINER: Final = "\u200d"
_SEPARATORS: Final = re.compile(r"[/\\]")


def clean_name(raw: str) -> str:
    """Return the shown form of a file name from outside.

    Folder parts are dropped (both kinds of slash), control characters, direction marks and lone surrogates removed,
    blanks folded, the text composed (NFC) and cut to ``LONGEST_NAME`` characters. Emoji and rare characters stay.
    """
    last = _SEPARATORS.split(raw)[-1]
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if _may_be_shown(char))
    shown = " ".join(kept.split()).strip(" .")
    return _shortened(shown) or NAMELESS


def _may_be_shown(char: str) -> bool:
    if char == _JOINER:
        # joins emoji into one sign
        return True
    return char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        return f"{name[: LONGEST_NAME - 1]}…"
    room = LONGEST_NAME - len(ending) - 2
    return f"{stem[:room]}…{dot}{ending}"
