"""A hint how long a password would stand against guessing; a hint only, the one bound is the least length."""

import unicodedata
from enum import IntEnum
from typing import Final

from lian_desk.adapters.keys.password_wrap import SHORTEST

_FAIR_BITS: Final = 42.0
_STRONG_BITS: Final = 65.0
# bits per sign, by class: what a patient guesser who knows the class must try
_BITS: Final = {"digit": 3.3, "letter": 4.7, "han": 9.0, "other": 5.0}
_REPEATED_SHARE: Final = 0.25
_OBVIOUS: Final = ("password", "123456", "qwerty", "abc123", "111111", "000000", "admin", "88888")


class Strength(IntEnum):
    """From unusable to good."""

    TOO_SHORT = 0
    WEAK = 1
    FAIR = 2
    STRONG = 3


def strength_of(password: str) -> Strength:
    """How strong a password looks: its signs by class, less for repetitions, runs and what everybody takes first."""
    normal = unicodedata.normalize("NFKC", password)
    if len(normal) < SHORTEST:
        return Strength.TOO_SHORT
    bits, before = 0.0, ""
    seen: set[str] = set()
    for sign in normal:
        worth = _BITS[_class_of(sign)]
        follows = bool(before) and abs(ord(sign) - ord(before)) <= 1
        bits += worth * (_REPEATED_SHARE if sign in seen or follows else 1.0)
        seen.add(sign)
        before = sign
    if any(word in normal.lower() for word in _OBVIOUS):
        bits /= 2
    if bits < _FAIR_BITS:
        return Strength.WEAK
    return Strength.FAIR if bits < _STRONG_BITS else Strength.STRONG


def _class_of(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if sign.isascii() and sign.isalpha():
        return "letter"
    return "han" if sign.isalpha() else "other"
