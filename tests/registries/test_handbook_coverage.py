"""Every rule and decision of the handbook names the tests that prove it, and every named test exists."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from lian_desk.services.rules.rule_packs import load_current_pack

ROOT = Path(__file__).resolve().parents[2]
TABLE = tomllib.loads((ROOT / "tests" / "handbook_coverage.toml").read_text(encoding="utf-8"))
RULES: dict[str, list[str]] = TABLE["rules"]
PARTLY: dict[str, str] = TABLE["partly"]
NOT_YET: dict[str, str] = TABLE["not_yet"]
EVERY = {f"R{number}" for number in range(1, 93)} | {f"A{number}" for number in range(1, 47)}
MAY_BE_PARTLY: set[str] = set()
"""Rules of which a part is not built; this list only ever gets shorter."""
MAY_BE_MISSING: set[str] = set()
"""Rules of which nothing is built; this list only ever gets shorter."""
_NAMED = re.compile(r"(?<=_)([ra]\d+)(?=_)")


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the test functions and of the tests of test classes in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


def test_every_rule_and_decision_names_its_tests_or_says_what_is_missing() -> None:
    assert set(RULES) | set(NOT_YET) == EVERY
    assert set(RULES).isdisjoint(NOT_YET)
    assert [rule for rule, ids in RULES.items() if not ids or len(set(ids)) != len(ids)] == []


def test_the_table_holds_every_clause_of_the_rule_pack() -> None:
    assert set(load_current_pack().clauses) <= set(RULES) | set(NOT_YET)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_no_rule_names_a_test_that_does_not_exist(rule: str) -> None:
    for node_id in RULES[rule]:
        path, _, name = node_id.partition("::")
        assert (ROOT / path).is_file(), node_id
        assert name in names_in(path), node_id


def test_a_test_that_is_named_after_a_rule_stands_under_it() -> None:
    """``test_a28_…`` proves A28: a renamed or new test cannot slip out of the table."""
    missing = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        place = path.relative_to(ROOT).as_posix()
        for name in names_in(place):
            for word in _NAMED.findall(name.partition("::")[0]):
                rule = word.upper()
                if rule in EVERY and f"{place}::{name}" not in RULES.get(rule, []):
                    missing.append(f"{rule}: {place}::{name}")
    assert missing == []


def test_what_is_missing_is_said_in_a_sentence_and_allowed() -> None:
    assert set(PARTLY) <= MAY_BE_PARTLY & set(RULES)
    assert set(NOT_YET) <= MAY_BE_MISSING
    for words in (*PARTLY.values(), *NOT_YET.values()):
        assert words.endswith("。")
        assert len(words) > 10
