"""The check that changes single places: what it changes, that it draws the same again, and that its targets exist."""

import ast

import pytest

from tests.mutants.__main__ import ROOT, drawn, load_targets
from tests.mutants.changes import changes_in

_SOURCE = '''
"""A module."""
LIMIT = 3


@cache(maxsize=8)
def may(age: int, known: bool = True) -> bool:
    """Tell whether."""
    if age >= 18 and not known:
        raise Refused(2)
    note(age)
    return age * 2 + 1 if known is True else False


class Rule:
    frozen = True

    def holds(self, day: "int") -> str:
        return f"{day + 1}"
'''


def test_every_kind_of_change_is_made_inside_functions_only() -> None:
    changes = changes_in(_SOURCE)
    assert {(change.what, change.text) for change in changes} == {
        ("comparison", "(age > 18)"),
        ("comparison", "(known is not True)"),
        ("and/or", "(age >= 18 or not known)"),
        ("not", "(known)"),
        ("number", "(19)"),
        ("number", "(3)"),
        ("number", "(2)"),
        ("refusal left out", "pass"),
        ("step left out", "pass"),
        ("reckoning", "(age * 2 - 1)"),
        ("reckoning", "(age // 2)"),
        ("choice", "(False if known is True else age * 2 + 1)"),
        ("truth", "(False)"),
        ("truth", "(True)"),
    }


def test_each_change_is_one_and_still_python() -> None:
    for change in changes_in(_SOURCE):
        changed = change.applied(_SOURCE)
        assert changed != _SOURCE
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(_SOURCE))


def test_places_count_bytes_where_a_line_holds_chinese() -> None:
    source = 'def f(n):\n    return say("已过期") if n > 1 else say("未到期")\n'
    (more,) = [change for change in changes_in(source) if change.what == "comparison"]
    assert more.applied(source) == 'def f(n):\n    return say("已过期") if (n >= 1) else say("未到期")\n'


def test_the_same_seed_draws_the_same_and_every_target_is_there() -> None:
    targets = load_targets()
    assert {target.name: target.floor for target in targets if target.floor} == {"rules": 90, "ledger": 90}
    for target in targets:
        assert len(drawn(target, 1)) > 100
    first = targets[0]
    assert drawn(first, 5) == drawn(first, 5)
    assert drawn(first, 5) != drawn(first, 6)


def test_a_target_that_moved_away_is_an_error(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        load_targets(tmp_path)
    assert (ROOT / "desk.py").is_file()
