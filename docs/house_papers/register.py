"""The register: each clause and decision of the newest edition, where it is code, where it is seen, what proves it."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from docs.house_papers.markdown import PaperProblem, cell
from docs.house_papers.reading import cited, imported, modules, text_of
from lian_desk.models.rules.catalogue import Clause, RulePack
from lian_desk.services.rules.rule_pack_reader import read_rule_pack

PACKAGE = "lian_desk"
FLOORS = ("models/", "services/", "adapters/")
EVERYBODYS = (
    *("models/errors.py", "models/vocabulary.py", "models/rules/catalogue.py"),
    *("services/words/", "services/rules/", "services/demo/"),
)
"""What every part of the program reads: that a feature imports it says nothing of a rule."""
MANY = 8
STEPS = 4


@cache
def newest_edition(root: Path) -> RulePack:
    """Return the edition of ``resources/rules`` that begins last."""
    packs = [read_rule_pack(path.read_bytes()) for path in sorted((root / "resources" / "rules").glob("*.toml"))]
    return max(packs, key=lambda pack: pack.effective_on)


@cache
def citing(root: Path) -> dict[str, frozenset[str]]:
    """Return which rules each module of the program cites, by its path below the package."""
    base = root / PACKAGE
    return {path.relative_to(base).as_posix(): cited(text_of(path)) for path in modules(root, PACKAGE)}


@cache
def _imports(root: Path, floor: str) -> dict[str, frozenset[str]]:
    base = root / PACKAGE
    return {path.relative_to(base).as_posix(): imported(path) for path in modules(root, f"{PACKAGE}/{floor}")}


def code_of(root: Path, rule: str) -> list[str]:
    """Return the modules below the user interface that cite ``rule``; demonstrations are no rule."""
    return [
        place
        for place, rules in citing(root).items()
        if rule in rules and place.startswith(FLOORS) and not place.startswith("services/demo/")
    ]


def screens_of(root: Path, rule: str) -> tuple[list[str], list[str]]:
    """Return where a person meets ``rule``: modules of the screen that cite it, and features that only use what does.

    The second is asked when the first is empty: the imports are followed upwards from what cites the rule until features
    are met. Words that everybody reads (vocabulary, wording) lead nowhere.
    """
    direct = [place for place, rules in citing(root).items() if rule in rules and place.startswith("ui/")]
    if direct:
        return direct, []
    reached = {place for place in code_of(root, rule) if not place.startswith(EVERYBODYS)}
    for _step in range(STEPS):
        # what a room hands out at its door is used there as well
        reached |= {place for place in _users(root, "services", reached) if place.endswith("/__init__.py")}
        features = {_feature(place) for place in _users(root, "ui", reached)}
        if features:
            return [], sorted(features)
        reached = {place for place in _users(root, "services", reached) if not place.startswith(EVERYBODYS)}
    return [], []


def _users(root: Path, floor: str, places: set[str]) -> set[str]:
    """Return the modules of ``floor`` that import one of ``places``."""
    needed = {f"{PACKAGE}.{place.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}" for place in places}
    return {place for place, names in _imports(root, floor).items() if needed & names}


def _feature(place: str) -> str:
    """Return the folder of a feature; of the shared parts their room."""
    parts = place.split("/")
    return "/".join(parts[:3] if parts[1] == "common" else parts[:2])


def proofs_of(root: Path) -> dict[str, list[str]]:
    """Return the tests that prove each rule, by their ids."""
    table = tomllib.loads((root / "tests" / "handbook_coverage.toml").read_text(encoding="utf-8"))
    return {str(rule): [str(one) for one in ids] for rule, ids in table["rules"].items()}


def register(root: Path) -> str:
    """Return the register.

    Raises:
        PaperProblem: a clause has no test.
    """
    pack, proofs = newest_edition(root), proofs_of(root)
    homeless = [f"{rule} has no test in tests/handbook_coverage.toml" for rule in pack.clauses if not proofs.get(rule)]
    if homeless:
        raise PaperProblem("\n".join(homeless))
    parts = [f"Edition {pack.edition} ({pack.label}), {len(pack.clauses)} clauses and decisions.\n"]
    for clause in pack.clauses.values():
        parts += _told(root, clause, proofs[clause.id])
    return "\n".join(parts)


def _told(root: Path, clause: Clause, ids: list[str]) -> list[str]:
    counts = Counter(one.partition("::")[0].removeprefix("tests/") for one in ids)
    tests = [path if count == 1 else f"{path} ({count})" for path, count in sorted(counts.items())]
    code = code_of(root, clause.id)
    return [
        f"### {clause.id} · {cell(clause.place)}\n",
        f"> {cell(clause.text)}\n",
        f"- rule: {_listed(code) if code else 'the words of the edition; no module is about it alone'}",
        f"- screen: {_seen(root, clause.id)}",
        f"- test: {_listed(tests)}\n",
    ]


def _seen(root: Path, rule: str) -> str:
    direct, through = screens_of(root, rule)
    if direct:
        return _listed(direct)
    forms = [place for place in code_of(root, rule) if place.startswith("adapters/paper_forms/")]
    if len(through) > MANY:
        return f"{len(through)} features, by what they show of a request"
    if through:
        return f"by way of what it uses: {_listed(through)}"
    return f"on paper: {_listed(forms)}" if forms else "only in the words of the edition (手册与规则)"


def _listed(places: list[str]) -> str:
    return ", ".join(f"`{place}`" for place in places)
