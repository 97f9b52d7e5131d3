"""Chinese names in Latin letters, as machines for imaging and passports write them, beside the name in characters."""

import unicodedata
from typing import Final

from lian_desk.services.search import name_syllables

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
    letters = _letters(latin)
    return any(
        letters in {_letters("".join(order)) for order in _orders(syllables, umlaut)}
        for syllables in name_syllables(name)
        for umlaut in _UMLAUTS
    )


def _orders(syllables: tuple[str, ...], umlaut: str) -> tuple[tuple[str, ...], ...]:
    spelled = tuple(syllable.replace("v", umlaut) for syllable in syllables)
    return spelled, (*spelled[1:], spelled[0]), (*spelled[2:], *spelled[:2])


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("ü", "v").replace("Ü", "v")).casefold()
    return "".join(char for char in plain if char.isascii() and char.isalpha())
