"""Cuts texts and questions into words for the full-text index: one word per Chinese character, letter runs, figures.

The index splits at blanks only, so that this module alone decides what a word is, for what is stored and for what is
asked. It gets each Chinese character together with the one behind it (白血 血病 病): a phrase of two frequent characters
that hardly ever meet would otherwise be looked for in half of all pages. The characters alone stand once per text in a
column of their own, for questions of one character. Letters and figures part (CA125, CA-125 and CA 125 are the same two
words); width and case make no difference, a radical that stands for an ideograph is that ideograph (⻔ is 门, as browsers
print it), and marks that nobody sees are not there; everything else - dots, quotes, operators - separates and is never looked for.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from lian_desk.models.plain_text import folded

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD: Final = re.compile(rf"[{_HAN}]|[^\W_\d{_HAN}]+|\d+")
_ONE_HAN: Final = re.compile(f"[{_HAN}]")
_BETWEEN: Final = r"[\W_]*"

#: Grows whenever :func:`normal` or :func:`words_of` change what is indexed for a text that stands already: entries of
#: an older form are then written anew (``services/full_text/index.py``). 2: radicals, marks that nobody sees.
FORM: Final = 2
#: A text that is asked for has at most so many words; the rest of a pasted page would only slow the question.
MOST_WORDS: Final = 40

Span = tuple[int, int]


def normal(text: str) -> str:
    """Return ``text`` as it is compared: one width, one case, radicals as ideographs, nothing unseen."""
    return folded(text)


@lru_cache(maxsize=8192)
def _normal_letter(char: str) -> str:
    return normal(char)


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in their order."""
    return _WORD.findall(normal(text))


class IndexedForm(NamedTuple):
    """What the index is given for a text: ``pairs`` in their order, and each Chinese character once."""

    pairs: str
    characters: str


def indexed_form(text: str) -> IndexedForm:
    """Return what the index is given for ``text``; both parts are empty for a text without a word."""
    words = words_of(text)
    return IndexedForm(" ".join(_paired(words)), " ".join(dict.fromkeys(filter(_is_han, words))))


def _paired(words: Sequence[str]) -> list[str]:
    """Return one token per word: a Chinese character with the one that follows, anything else by itself."""
    following = (*words[1:], "")
    return [
        word + after if after and _is_han(word) and _is_han(after) else word
        for word, after in zip(words, following, strict=False)
    ]


def _is_han(word: str) -> bool:
    """Tell whether a word is a Chinese character; other scripts come in whole runs, rarely of one letter."""
    return "\u3400" <= word <= "\u9fff" or (word > "\uf900" and _ONE_HAN.match(word) is not None)


def phrases_of(question: str) -> list[list[str]]:
    """Return the phrases of a question: its parts between blanks, each as words; every phrase must be found."""
    phrases: list[list[str]] = []
    room = MOST_WORDS
    for part in question.split():
        words = words_of(part)[:room]
        if words and words not in phrases:
            phrases.append(words)
            room -= len(words)
        if room <= 0:
            break
    return phrases


def expression(phrases: Sequence[Sequence[str]], *, is_begun: bool = False) -> str:
    """Return the question in the language of the index; words hold letters and figures only, so nothing is quoted wrong.

    ``is_begun``: the last word may go on (hemo finds hemoglobin).
    """
    parts = [_phrase(words) for words in phrases]
    if is_begun and not parts[-1].endswith("*"):
        parts[-1] += " *"
    return " AND ".join(parts)


def _phrase(words: Sequence[str]) -> str:
    if len(words) == 1 and _is_han(words[0]):
        return f'characters : "{words[0]}"'
    tokens = _paired(words)
    if not _is_han(words[-1]):
        return f'pairs : "{" ".join(tokens)}"'
    if _is_han(words[-2]):
        # the last pair holds the last character already, whatever follows it in a text
        return f'pairs : "{" ".join(tokens[:-1])}"'
    return f'pairs : "{" ".join(tokens)}" *'


def may_go_on(phrases: Sequence[Sequence[str]]) -> bool:
    """Tell whether the last word is one that people begin to type: two letters or more."""
    last = phrases[-1][-1]
    return len(last) > 1 and last.isalpha()


def _pattern(words: Sequence[str]) -> str:
    """A phrase as a regular expression; a run of letters or figures is met whole."""
    return _BETWEEN.join(
        rf"(?<!\d){word}(?!\d)"
        if word.isdigit()
        else word
        if _is_han(word)
        else rf"(?<![^\W_\d{_HAN}]){re.escape(word)}"
        for word in words
    )


def spans_in(text: str, phrases: Sequence[Sequence[str]]) -> list[Span]:
    """Return where the phrases stand in ``text``: pairs of first and one past the last character, in order, apart."""
    if not phrases:
        return []
    compared, origin = _aligned(text)
    spans: list[Span] = []
    for match in _any_of(phrases).finditer(compared):
        first, last = match.start(), match.end()
        if last > first:
            spans.append((first, last) if origin is None else (origin[first], origin[last - 1] + 1))
    return spans


def first_place(text: str, phrases: Sequence[Sequence[str]]) -> int:
    """Return about where the first of the phrases stands in ``text``, 0 when none does; quick, for long texts."""
    compared = normal(text)
    found = _any_of(phrases).search(compared) if phrases else None
    return found.start() * len(text) // len(compared) if found is not None else 0


def _any_of(phrases: Sequence[Sequence[str]]) -> re.Pattern[str]:
    return re.compile("|".join(_pattern(words) for words in sorted(phrases, key=len, reverse=True)))


def _aligned(text: str) -> tuple[str, list[int] | None]:
    """Return the text as compared and, where lengths differ, the place in ``text`` of each of its characters."""
    compared = normal(text)
    # one mark that fell away and one sign that became two would keep the length and shift everything between
    if len(compared) == len(text) and all(len(_normal_letter(char)) == 1 for char in set(text)):
        return compared, None
    pieces: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        piece = _normal_letter(char)
        pieces.append(piece)
        origin.extend([place] * len(piece))
    return "".join(pieces), origin
