"""The glossary: its tables read, and the words of every vocabulary as the program says them."""

import re
from dataclasses import dataclass
from pathlib import Path

from docs.house_papers.data_dictionary import vocabularies
from docs.house_papers.markdown import table
from lian_desk.services.words.wording import phrases

_WORDS = "| English | identifier | 中文 | what it is |"
_NOT_THIS = "| not this | say | where it may stand |"
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Word:
    """One thing with its one English and its one Chinese word, and the names it has in the code."""

    english: str
    identifiers: tuple[str, ...]
    chinese: str
    meaning: str


@dataclass(frozen=True)
class NotThis:
    """A word that the program does not say; ``say`` is the one it does say."""

    word: str
    say: str
    allowed: tuple[str, ...]
    """Longer words in which it may stand, because the handbook or a paper of others writes them."""


def rows(text: str, head: str) -> list[list[str]]:
    """Return the cells of every table with this ``head``, without the ticks of code."""
    found, inside = [], False
    for line in text.splitlines():
        if line == head:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            found.append([one.strip() for one in line.strip("|").split("|")])
    return found


def read(root: Path) -> str:
    """Return the text of the glossary."""
    return (root / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")


def words(root: Path) -> list[Word]:
    """Return every word of the glossary."""
    return [
        Word(english, tuple(re.findall(r"`([^`]+)`", identifiers)), chinese, meaning)
        for english, identifiers, chinese, meaning in rows(read(root), _WORDS)
    ]


def not_this(root: Path) -> list[NotThis]:
    """Return every word that the program does not say."""
    return [
        NotThis(word, say, tuple(re.findall(r"「([^」]+)」", allowed)))
        for word, say, allowed in rows(read(root), _NOT_THIS)
    ]


def slips(text: str, banned: list[NotThis]) -> list[str]:
    """Return the words of ``banned`` that stand in ``text`` outside of the longer words they are allowed in."""
    found = []
    for one in banned:
        rest = text
        for longer in one.allowed:
            rest = rest.replace(longer, "")
        if one.word in rest:
            found.append(one.word)
    return found


def members(root: Path) -> str:
    """Return every vocabulary with the Chinese word of each member."""
    found = {identifier: word for word in words(root) for identifier in word.identifiers}
    parts = []
    for kind in vocabularies():
        word = found.get(kind.__name__)
        parts.append(f"### `{kind.__name__}` {word.chinese if word else ''}\n")
        parts.append(table(("value", "中文"), [(f"`{member.value}`", said) for member, said in phrases(kind)]))
        parts.append("")
    return "\n".join(parts)
