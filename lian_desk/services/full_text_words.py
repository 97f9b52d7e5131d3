"""Cuts texts and questions into words for the full-text index: one word per Chinese character, letter runs, figures.

The index splits at blanks only, so that this module alone decides what a word is, for what is stored and for what is
asked. Letters and figures part (CA125, CA-125 and CA 125 are the same two words); width and case make no difference;
everything else - dots, quotes, operators - separates and is never looked for.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD: Final = re.compile(rf"[{_HAN}]|[^\W_\d{_HAN}]+|\d+")
_BETWEEN: Final = r"[\W_]*"

#: A text that is asked for has at most so many words; the rest of a pasted page would only slow the question.
MOST_WORDS: Final = 40

Span = tuple[int, int]


def normal(text: str) -> str:
    """Return ``text`` in one width and one case, as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in their order."""
    return _WORD.findall(normal(text))


def indexed_form(text: str) -> str:
    """Return what the index is given for ``text``: its words with a blank between them."""
    return " ".join(words_of(text))


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


def expression(phrases: Sequence[Sequence[str]], *, column: str, is_begun: bool = False) -> str:
    """Return the question in the language of the index; words hold letters and figures only, so nothing is quoted wrong.

    ``is_begun``: the last word may go on (hemo finds hemoglobin).
    """
    quoted = [f'"{" ".join(words)}"' for words in phrases]
    if is_begun:
        quoted[-1] += " *"
    return " AND ".join(f"{column} : {phrase}" for phrase in quoted)


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
        if re.match(f"[{_HAN}]", word)
        else rf"(?<![^\W_\d{_HAN}]){re.escape(word)}"
        for word in words
    )


def spans_in(text: str, phrases: Sequence[Sequence[str]]) -> list[Span]:
    """Return where the phrases stand in ``text``: pairs of first and one past the last character, in order, apart."""
    if not phrases:
        return []
    compared, origin = _aligned(text)
    found = re.compile("|".join(_pattern(words) for words in sorted(phrases, key=len, reverse=True)))
    spans: list[Span] = []
    for match in found.finditer(compared):
        first, last = match.start(), match.end()
        if last > first:
            spans.append((first, last) if origin is None else (origin[first], origin[last - 1] + 1))
    return spans


def _aligned(text: str) -> tuple[str, list[int] | None]:
    """Return the text as compared and, where lengths differ, the place in ``text`` of each of its characters."""
    compared = normal(text)
    if len(compared) == len(text):
        return compared, None
    pieces: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        piece = normal(char)
        pieces.append(piece)
        origin.extend([place] * len(piece))
    return "".join(pieces), origin
