"""The order of names in lists: by pinyin, as a Chinese reader expects."""

from lian_desk.services.search import fold, name_syllables

_LONGEST = 400


def sort_key(name: str) -> str:
    """Return the key by which ``name`` sorts: its first reading, syllable by syllable, then the name itself.

    A blank ends each syllable, so that 李安 (li an) stands before 连 (lian).
    """
    readings = name_syllables(name)
    first = " ".join(readings[0]) if readings else ""
    return f"{first} {fold(name)}".strip()[:_LONGEST]
