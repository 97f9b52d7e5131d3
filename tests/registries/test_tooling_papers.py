"""The papers of the house answer the code, lead nowhere outside the repository, and the generator says what is wrong."""

import ast
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.house_papers import __main__ as command
from docs.house_papers import book, data_dictionary, decisions, floor_plan, reading
from docs.house_papers.markdown import PaperProblem, placed, table
from docs.house_papers.register import newest_edition, proofs_of, register, screens_of

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = ("lian_desk", "tests", "requirements", "docs/house_papers")


# -------------------------------------------------------------------------------------------------- up to date


def test_no_paper_is_stale() -> None:
    assert book.stale(ROOT) == []


def test_a_stale_paper_is_told_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("<!-- x: written by desk.py docs -->\nold\n<!-- end of x -->\n", encoding="utf-8")
    monkeypatch.setattr(book, "PLACES", (("a.md", "x", lambda _root: "new"),))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    assert command.main(["--check"]) == 1
    assert "a.md does not answer the code any more; type: python3 desk.py docs" in capsys.readouterr().out
    assert command.main([]) == 0
    assert "a.md: written" in capsys.readouterr().out
    assert "\n\nnew\n\n" in (tmp_path / "a.md").read_text(encoding="utf-8")
    assert command.main(["--check"]) == 0
    assert command.main([]) == 0
    assert "No paper changes." in capsys.readouterr().out
    assert command.main(["--what"]) == 2


def test_two_places_of_one_paper_are_both_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    marks = "".join(f"<!-- {mark}: written by desk.py docs -->\n<!-- end of {mark} -->\n" for mark in "xy")
    (tmp_path / "a.md").write_text(marks, encoding="utf-8")
    monkeypatch.setattr(book, "PLACES", tuple(("a.md", mark, lambda _root, mark=mark: f"is {mark}") for mark in "xy"))
    book.write(tmp_path)
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "is x" in text
    assert "is y" in text


@pytest.mark.parametrize(
    "paper",
    [
        "",
        "<!-- x: written by desk.py docs -->",
        "<!-- end of x -->\n<!-- x: written by desk.py docs -->",
        2 * "<!-- x: written by desk.py docs --><!-- end of x -->",
    ],
)
def test_a_place_that_is_not_there_once_is_refused(paper: str) -> None:
    with pytest.raises(PaperProblem, match="must stand once"):
        placed(paper, "x", "new")


def test_the_command_runs_from_anywhere(tmp_path: Path) -> None:
    """As desk.py calls it: in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "docs.house_papers", "--check"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "The papers answer the code."), done.stderr


# ---------------------------------------------------------------------------------------------- what they say


def test_every_room_is_on_the_floor_plan_with_its_own_line() -> None:
    plan = floor_plan.floor_plan(ROOT)
    for floor, _meaning in floor_plan.FLOORS:
        for door in (ROOT / "lian_desk" / floor).rglob("__init__.py"):
            if "versions" not in door.parts and door.parent != ROOT / "lian_desk" / floor:
                name = ".".join(door.parent.relative_to(ROOT / "lian_desk" / floor).parts)
                assert f"| `{name}` |" in plan
                assert reading.first_line(door) in plan.replace("\\|", "|").replace("&lt;", "<")


def test_a_room_without_a_word_is_refused(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no docstring"):
        reading.first_line(tmp_path / "__init__.py")


def test_every_column_has_a_meaning_and_every_word_a_column() -> None:
    assert data_dictionary.missing_words(ROOT) == []


def test_a_column_without_a_meaning_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "columns.toml", tmp_path / "docs")
    path = tmp_path / "docs" / "columns.toml"
    text = path.read_text(encoding="utf-8")
    assert "\nmac = " in text
    path.write_text(text.replace("\nmac = ", "\nmacc = "), encoding="utf-8")
    assert data_dictionary.missing_words(tmp_path) == [
        "audit_entry.mac has no meaning: write a '#:' line above it, or a word in docs/columns.toml",
        "docs/columns.toml: no column is called macc",
    ]
    with pytest.raises(PaperProblem, match=r"audit_entry\.mac"):
        data_dictionary.data_dictionary(tmp_path)


def test_the_dictionary_tells_type_personal_data_and_index() -> None:
    text = data_dictionary.data_dictionary(ROOT)
    assert "| `identity_number` | text ≤ 40 | number of the identity document | number of a person |" in text
    assert "| `slot_id` | → `entitlement_slot`, or none |" in text
    assert "`unique (slot_id)`" in text
    assert "| `due_at` | moment |" in text
    assert "| `certainty` | word of `Certainty` |" in text
    assert "The request's own key for a start" in text, "a comment beside the column is read"


def test_what_an_erasure_takes_away_is_said() -> None:
    """Of tables whose rows lead to a person, no text column without a word is one that an erasure empties."""
    from lian_desk.models.tables.schema import metadata
    from lian_desk.services.privacy import erasure_plan

    for one in erasure_plan.owned_tables():
        for column in erasure_plan.erased_columns(one):
            assert data_dictionary.personal_of(column), f"{one.name}.{column.name}"
    material = metadata.tables["material"]
    silent = {
        column.name
        for column in material.columns
        if type(column.type).__name__ in {"String", "Text"} and not data_dictionary.personal_of(column)
    }
    assert silent == {"media_type", "sha256", "sealed_sha256", "page_plan"}


def test_every_clause_of_the_newest_edition_is_registered_with_its_tests() -> None:
    pack, text, proofs = newest_edition(ROOT), register(ROOT), proofs_of(ROOT)
    assert len(pack.clauses) > 130
    for clause in pack.clauses.values():
        part = text.split(f"### {clause.id} · ")[1].split("\n### ")[0]
        for place in {one.partition("::")[0].removeprefix("tests/") for one in proofs[clause.id]}:
            assert place in part
    direct, through = screens_of(ROOT, "R46")
    assert any(place.startswith("ui/bookings") for place in direct or through), "the start is seen where bookings are"


def test_ranges_of_rules_are_read_as_all_of_them() -> None:
    assert reading.cited("R26 to R28, A7 and R3–R5") == {"R26", "R27", "R28", "A7", "R3", "R4", "R5"}
    assert reading.cited("an A4 page, A5 paper, R2") == {"R2"}
    assert reading.cited("XR2 R2x R") == frozenset()


def test_decision_records_have_one_form_and_numbers_without_a_gap() -> None:
    found = decisions.records(ROOT)
    assert [number for number, _title, _path in found] == [f"{count:04d}" for count in range(1, len(found) + 1)]
    assert len(found) >= 15


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0001-a.md", "# 0001 A\n\n## Context\n\n## Decision\n\n## Consequences\n"),
        ("0001-a.md", "# 0002 A\n\n## Context\n\n## Decision\n\n## Consequences\n\n## Alternatives\n"),
        ("a.md", "# 0001 A\n\n## Context\n\n## Decision\n\n## Consequences\n\n## Alternatives\n"),
    ],
)
def test_a_decision_of_another_form_is_refused(tmp_path: Path, name: str, text: str) -> None:
    folder = tmp_path / "docs" / "decisions"
    folder.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(PaperProblem, match="a record is"):
        decisions.records(tmp_path)


def test_a_bar_in_a_cell_stays_a_sign() -> None:
    assert table(("a", "b"), [("x | y", "<z>\nw")]).splitlines()[2] == "| x \\| y | &lt;z> w |"


# ------------------------------------------------------------------------------------------------- where they lead


def test_every_link_of_a_paper_leads_somewhere() -> None:
    lost = [
        f"{paper.relative_to(ROOT)}: {target}"
        for paper in PAPERS
        for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
        if target and "://" not in target and not (paper.parent / target).exists()
    ]
    assert lost == []
    assert len(PAPERS) > 20


def test_every_module_that_a_paper_names_exists() -> None:
    """A path below a floor, in ticks, in the papers that are written by hand."""
    lost = []
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/ARCHITECTURE.md", "docs/GLOSSARY.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for path in re.findall(r"`((?:models|adapters|services|ui|tests|requirements|resources)/[a-z0-9_/.]+)`", text):
            here = path if path.startswith(("tests/", "requirements/", "resources/")) else f"lian_desk/{path}"
            if not (ROOT / here).exists():
                lost.append(f"{name}: {path}")
    assert lost == []


def told_in(path: Path) -> Iterator[tuple[int, str]]:
    """Every docstring and every comment of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value
    with path.open("rb") as stream:
        for token in tokenize.tokenize(stream.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def code_words() -> Iterator[tuple[str, str]]:
    """Every docstring and comment of the repository with its place, and the comments of its TOML."""
    for path in [ROOT / "desk.py", *(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))]:
        yield from ((f"{path.relative_to(ROOT).as_posix()}:{number}", text) for number, text in told_in(path))
    for path in [ROOT / "pyproject.toml", *ROOT.glob("tests/*.toml"), *(ROOT / "resources").rglob("*.toml")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.lstrip().startswith("#"):
                yield f"{path.relative_to(ROOT).as_posix()}:{number}", line


KNOWN = (
    set(newest_edition(ROOT).clauses)
    | {f"R{number}" for number in range(1, 93)}
    | {"C1", "C2", "C3", "V14"}
    | {vector.id for vector in newest_edition(ROOT).vectors}
    | {f"F{number}" for number in range(1, 13)}
    | {"X11"}
)
"""Clauses and decisions, the three clocks and the worked examples (docs/REGISTER.md), keys of the keyboard, a display."""
CODE_OF_A_PAPER = re.compile(r"(?<![\w&#.+-])[A-Z]\d{1,2}(?![\w.-])")
OUTSIDE = re.compile(
    r"\b(?:architecture|reliability|design|security)(?: plan| paper)?, (?:section|finding|chapter)|\bthe plan, section"
    r"|\b(?:shared|findings|handbook)/\w+\.(?:md|txt)|\.\./shared",
    re.IGNORECASE,
)
A_PAPER = re.compile(r"[\w./-]+\.md\b")


def test_no_docstring_points_at_a_paper_outside_the_repository() -> None:
    lost = []
    for place, text in code_words():
        if OUTSIDE.search(text) and "test_tooling_papers" not in place:
            lost.append(f"{place}: {OUTSIDE.search(text)}")
        lost += [
            f"{place}: {name}"
            for name in A_PAPER.findall(text)
            if not (ROOT / name).is_file() and not (ROOT / "docs" / name).is_file() and name != "NNNN-title.md"
        ]
    assert lost == []


def test_every_code_in_a_docstring_stands_in_the_register() -> None:
    lost = [
        f"{place}: {code}"
        for place, text in code_words()
        for code in CODE_OF_A_PAPER.findall(reading.NO_RULE.sub(" ", text))
        if code not in KNOWN
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("words", "is_outside"),
    [
        ("as told in the reliability plan, section 9", True),
        ("(architecture, section 0.5)", True),
        ("reliability, finding 5", True),
        ("see ../shared/handbook/rules.md", True),
        ("findings/house.md", True),
        ("handbook chapter 4, section 3 (R7)", False),
        ("the architecture of the window", False),
    ],
)
def test_a_pointer_outside_is_known(words: str, *, is_outside: bool) -> None:
    assert bool(OUTSIDE.search(words)) is is_outside
