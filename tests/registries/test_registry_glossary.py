"""docs/GLOSSARY.md has one line for each thing, and the program says no word that the glossary says not to."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from docs.house_papers import glossary
from docs.house_papers.data_dictionary import classes, vocabularies
from docs.house_papers.glossary import NotThis, not_this, slips, words

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
QUOTED = ("resources/rules/",)
"""The handbook, letter by letter."""
FOREIGN = (
    "lian_desk/benchmarks/hospital_forms/",
    "lian_desk/services/demo/pages/",
    "lian_desk/services/door/",
    "lian_desk/services/hospitals/list_files.py",
    "resources/demo/",
    "resources/recognition/",
)
"""Words as other people's papers and lists write them: what is recognised, and invented papers that look real."""
WORDS = words(ROOT)
BANNED = not_this(ROOT)
MAPPED = {kind.__name__ for kind in classes().values()}
NAMED = MAPPED | {kind.__name__ for kind in vocabularies()}


def english_of(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def test_every_mapped_class_and_every_vocabulary_has_its_one_line() -> None:
    lines = [identifier for word in WORDS for identifier in word.identifiers if identifier in NAMED]
    assert sorted(lines) == sorted(NAMED)
    assert len(MAPPED) > 70
    assert len(NAMED - MAPPED) > 50


def test_the_english_word_is_the_name_of_the_class() -> None:
    told = [(word.english, identifier) for word in WORDS for identifier in word.identifiers if identifier in NAMED]
    # the handbook's own English for a form of a doubt: the class carries the table's name, the note its row
    assert [pair for pair in told if pair[0] != english_of(pair[1])] == []


def test_one_word_names_one_thing() -> None:
    for said in ([word.english for word in WORDS], [word.chinese for word in WORDS]):
        assert sorted({one for one in said if said.count(one) > 1}) == []
        assert all(said)
    assert all(HAN.search(word.chinese) and "/" not in word.chinese and "、" not in word.chinese for word in WORDS)
    assert all(word.meaning for word in WORDS)


@cache
def code_names() -> frozenset[str]:
    return frozenset(
        name
        for path in (ROOT / "lian_desk").rglob("*.py")
        for name in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", path.read_text(encoding="utf-8"))
    )


def test_every_identifier_of_the_glossary_stands_in_the_code() -> None:
    assert [one for word in WORDS for one in word.identifiers if one not in code_names()] == []


# ----------------------------------------------------------------------------------------------------- not this


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every Chinese text of a module that is no docstring and no text behind an attribute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            # the pieces of one sentence are read as one: a word may stand at a seam
            yield node.lineno, "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def texts(value: Any) -> Iterator[str]:
    """Every text in a TOML document, its keys too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def program_texts() -> Iterator[tuple[str, str]]:
    """Every Chinese text that the program says, with its place."""
    for path in sorted((ROOT / "lian_desk").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith(FOREIGN):
            yield from ((f"{place}:{number}", text) for number, text in literals(path) if HAN.search(text))
    for path in sorted((ROOT / "resources").rglob("*.toml")):
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith(FOREIGN + QUOTED):
            yield from ((place, text) for text in texts(tomllib.loads(path.read_text(encoding="utf-8"))))


def test_the_program_says_no_word_that_the_glossary_says_not_to() -> None:
    said = list(program_texts())
    assert len(said) > 3000, "the search looks in the wrong place"
    found = [f"{place}: {word} ({text[:40]})" for place, text in said for word in slips(text, BANNED)]
    assert found == []


def test_every_word_that_is_not_to_be_said_has_one_to_say_that_the_program_says() -> None:
    everything = "\n".join(text for _place, text in program_texts())
    assert len(BANNED) > 10
    for one in BANNED:
        instead = re.findall(r"[\u4e00-\u9fff]+", one.say)
        assert instead, one.word
        assert one.word not in instead
        assert any(word in everything for word in instead), one.word
        assert all(one.word in longer for longer in one.allowed), one.word
        assert all(longer in everything for longer in one.allowed), f"{one.word}: nobody needs one of {one.allowed}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("预约时效为 7 个工作日", ["预约时效"]),
        ("预约成功后不可改约（R48）", []),
        ("不可改约；改约请联系主管", ["改约"]),
        ("请核对利安人寿APP中的医院清单，再查本机医院清单", ["医院清单"]),
        ("预约时限、医院名录", []),
    ],
)
def test_a_word_is_found_beside_the_place_where_it_may_stand(text: str, found: list[str]) -> None:
    assert slips(text, BANNED) == found


def test_a_table_of_the_glossary_is_read_whole() -> None:
    assert NotThis("核验", "核对 or 核实", ()) in BANNED
    text = glossary.read(ROOT)
    assert len(BANNED) == text.split("| not this |")[1].split("\n\n")[0].count("\n| ")
    heads = text.count("| English | identifier | 中文 | what it is |")
    assert heads == 7
