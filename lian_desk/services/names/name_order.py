"""The order of names in lists: by pinyin, as a Chinese reader expects."""

from lian_desk.models.plain_text import fold
from lian_desk.services.names.search_terms import name_syllables

_LONGEST = 400
#: Names of places that the dictionary of phrases reads otherwise than the people who live there.
_PLACE_READINGS = {"漯河": ("luo", "he"), "朝阳": ("chao", "yang")}


def sort_key(name: str) -> str:
    """Return the key by which ``name`` sorts: its first reading, syllable by syllable, then the name itself.

    A blank ends each syllable, so that 李安 (li an) stands before 连 (lian).
    """
    readings = name_syllables(name)
    first = " ".join(readings[0]) if readings else ""
    return f"{first} {fold(name)}".strip()[:_LONGEST]


def place_key(name: str) -> str:
    """Return the key by which a place or a hospital sorts: read as a phrase, 重庆 as chong qing, not as a surname."""
    return f"{' '.join(place_syllables(name))} {fold(name)}".strip()[:_LONGEST]


def place_syllables(name: str) -> list[str]:
    """Return the one reading of a place or a hospital as syllables without tones."""
    # loaded late: the tables take a quarter of a second
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - large tables, needed for a first name only

    syllables: list[str] = []
    rest = fold(name)
    while rest:
        known = next((word for word in _PLACE_READINGS if rest.startswith(word)), "")
        if known:
            syllables.extend(_PLACE_READINGS[known])
            rest = rest[len(known) :]
            continue
        starts = [place for word in _PLACE_READINGS if (place := rest.find(word)) > 0]
        end = min(starts, default=len(rest))
        syllables.extend(fold(reading) for reading in lazy_pinyin(rest[:end]))
        rest = rest[end:]
    return syllables
