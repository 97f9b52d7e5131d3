"""Search terms of an assistance file: Chinese, pinyin, initials, tails of numbers.

Every term is looked up by prefix only, so that SQL is a range on ``search_term.term``. Terms of numbers carry a mark
in front, so that a digit never meets a name:

* names: every suffix of the name (王淑兰, 淑兰, 兰), full pinyin and initials of every suffix, all readings;
* ``#`` policy number from its beginning, ``$`` its tail reversed; ``~`` phone number reversed; ``^`` identity number
  reversed; ``@`` file number without separators, and its serial number without leading zeros.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product

from lian_desk.models.plain_text import fold, plain
from lian_desk.services.names.pasted import bare_query
from lian_desk.services.names.surnames import SURNAME_READINGS, split_name

_READINGS_LIMIT = 12
_SHORTEST_TAIL = 2
_LONGEST_TERM = 60
_FIRST_RARE_PLANE = 0x20000


def is_han(char: str) -> bool:
    """Tell whether ``char`` is a Chinese character, rare planes included."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or ord(char) >= _FIRST_RARE_PLANE


@lru_cache(maxsize=8192)
def _character_readings(char: str) -> tuple[str, ...]:
    """Return every reading of one character without tones; letters and unknown characters read as themselves."""
    if not is_han(char):
        return (char,)
    # loaded late: the tables take a quarter of a second
    from pypinyin import Style, pinyin  # noqa: PLC0415 - large tables, needed for a first name only

    readings = dict.fromkeys(fold(reading) for reading in pinyin(char, style=Style.NORMAL, heteronym=True)[0])
    for reading in tuple(readings):
        if "ü" in reading:
            readings.update(dict.fromkeys((reading.replace("ü", "v"), reading.replace("ü", "yu"))))
            readings.pop(reading)
        elif reading[:2] in {"lv", "nv"}:
            readings[reading.replace("v", "u", 1)] = None
    return tuple(readings)


@lru_cache(maxsize=2048)
def _surname_syllables(surname: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of a surname, each as its syllables; the reading as a surname comes first."""
    found: list[tuple[str, ...]] = []
    plain = product(*(_character_readings(char) for char in surname))
    if len(surname) == 1:
        found.extend((reading,) for reading in SURNAME_READINGS.get(surname, ()))
    else:
        special = SURNAME_READINGS.get(surname, ())
        found.extend(_split_reading(reading, surname) for reading in special)
    found.extend(plain)
    return tuple(dict.fromkeys(found))


def _split_reading(reading: str, surname: str) -> tuple[str, ...]:
    """Cut the reading of a compound surname in two, where the rest is a reading of the second character."""
    for second in _character_readings(surname[1]):
        if reading.endswith(second) and len(reading) > len(second):
            return reading[: -len(second)], second
    return (reading,)


def name_syllables(name: str) -> list[tuple[str, ...]]:
    """Return the readings of a whole name as syllables, surname readings first, at most a fixed number."""
    letters = fold(name)
    if not letters:
        return []
    surname, given = split_name(letters)
    given_readings = [_character_readings(char) for char in given]
    combined: list[tuple[str, ...]] = []
    for head in _surname_syllables(surname) if surname else ((),):
        for tail in product(*given_readings):
            combined.append((*head, *tail))
            if len(combined) >= _READINGS_LIMIT * 4:
                break
    return list(dict.fromkeys(combined))[:_READINGS_LIMIT]


def name_terms(name: str) -> set[str]:
    """Return the terms of a person's name: suffixes, full pinyin, initials, surname in full with initials."""
    letters = fold(name)
    terms = {letters[start:] for start in range(len(letters))}
    for syllables in name_syllables(name):
        initials = "".join(syllable[:1] for syllable in syllables)
        terms.add(syllables[0] + initials[1:])
        for start in range(len(syllables)):
            terms.add("".join(syllables[start:]))
        for start in range(max(len(initials) - 1, 1)):
            terms.add(initials[start:])
    return {term[:_LONGEST_TERM] for term in terms if term}


def joined_name_terms(name: str) -> str:
    """Return the terms of a name in one text, each after a blank, for records that have no index of terms."""
    return "".join(f" {term}" for term in sorted(name_terms(name)))


def number_terms(
    *, policy_number: str = "", phones: Iterable[str] = (), identity_number: str = "", file_number: str = ""
) -> set[str]:
    """Return the marked terms of the numbers of a file."""
    terms: set[str] = set()
    policy = fold(policy_number)
    if policy:
        terms |= {f"#{policy}", f"${policy[::-1]}"}
    terms |= {f"~{fold(phone)[::-1]}" for phone in phones if fold(phone)}
    if identity_number:
        terms.add(f"^{fold(identity_number)[::-1]}")
    filed = fold(file_number)
    if filed:
        terms.add(f"@{filed}")
        serial = fold(file_number.rsplit("-", 1)[-1])
        terms |= {f"@{serial}", f"@{serial.lstrip('0') or '0'}"}
    return {term[:_LONGEST_TERM] for term in terms}


def terms_for(
    *,
    names: Sequence[str],
    policy_number: str = "",
    phones: Iterable[str] = (),
    identity_number: str = "",
    file_number: str = "",
) -> set[str]:
    """Return every term by which a file is found; ``names`` may hold the insured and the guardian."""
    terms = number_terms(
        policy_number=policy_number, phones=phones, identity_number=identity_number, file_number=file_number
    )
    for name in names:
        terms |= name_terms(name)
    return terms


def query_terms(text: str) -> list[str]:
    """Return the prefixes of which a file must have one to match ``text`` as one word; empty: nothing to look for."""
    word = fold(text)[:_LONGEST_TERM]
    if not word:
        return []
    if not any(char.isascii() and char.isdigit() for char in word):
        return [word]
    terms = [f"#{word}", f"@{word}"]
    if len(word) >= _SHORTEST_TAIL:
        terms += [f"{mark}{word[::-1]}" for mark in "$~^"]
    if not word.isdecimal():
        terms.append(word)
    return terms


def query_words(text: str) -> list[list[str]]:
    """Return the prefixes for each word of ``text``; a file must match every word (兰 6620 finds both)."""
    words = (query_terms(word) for word in plain(bare_query(text)).split())
    return [terms for terms in words if terms]


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return the bounds of ``prefix``: ``term >= first and term < second`` finds exactly the terms that begin so."""
    last = ord(prefix[-1]) + 1
    if 0xD800 <= last <= 0xDFFF:  # noqa: PLR2004 - the gap of surrogates is no character
        last = 0xE000
    return prefix, prefix[:-1] + chr(last)


def initials_of(text: str) -> str:
    """Return the first letters of the pinyin of ``text`` in its usual reading; Latin letters and figures stay."""
    # loaded late: the tables take a quarter of a second
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - large tables, needed when a phrase is written only

    return fold("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)))
