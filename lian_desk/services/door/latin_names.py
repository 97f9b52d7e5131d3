"""Chinese names in Latin letters, as machines for imaging and passports write them, beside the name in characters."""

import unicodedata
from functools import lru_cache
from typing import Final

from lian_desk.services.names.search_terms import name_syllables

_UMLAUTS: Final = ("yu", "v", "u")
"""How ü is written: LYU in passports, LV at keyboards, LU where nobody cares."""


def is_latin(name: str) -> bool:
    """Tell whether a name is written in Latin letters alone."""
    letters = [char for char in name if char.isalpha()]
    return bool(letters) and all(char.isascii() or "LATIN" in unicodedata.name(char, "") for char in letters)


def reads_as(latin: str, name: str) -> bool:
    """Tell whether letters are a reading of a Chinese name, surname first or last, however they are set apart.

    Many names read alike: it never proves whose name it is, only whose it is not.
    """
    return _letters(latin) in _readings(name)[0]


def tells(latin: str, name: str) -> bool:
    """Tell whether letters are a reading of a Chinese name, or of a given name of several syllables alone."""
    whole, given = _readings(name)
    letters = _letters(latin)
    return letters in whole or letters in given


@lru_cache(maxsize=1024)
def _readings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return every reading of a name, and of its given name where that has more than one syllable."""
    whole: set[str] = set()
    given: set[str] = set()
    for syllables in name_syllables(name):
        for umlaut in _UMLAUTS:
            whole.update(_letters("".join(order)) for order in _orders(syllables, umlaut))
            if len(syllables) > len("王兰"):
                given.add(_letters("".join(syllables[1:]).replace("v", umlaut)))
    return frozenset(filter(None, whole)), frozenset(filter(None, given))


def _orders(syllables: tuple[str, ...], umlaut: str) -> tuple[tuple[str, ...], ...]:
    spelled = tuple(syllable.replace("v", umlaut) for syllable in syllables)
    return spelled, (*spelled[1:], spelled[0]), (*spelled[2:], *spelled[:2])


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("ü", "v").replace("Ü", "v")).casefold()
    return "".join(char for char in plain if char.isascii() and char.isalpha())
