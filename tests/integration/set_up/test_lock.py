"""``desk.py lock`` makes the lock from pyproject.toml: tried without a network on small packages made here."""

import os
import sys
from pathlib import Path

import pytest

from requirements.lock import LockProblem, Resolver, make, with_mirror
from requirements.tables import LOCKS, digest_in, digest_of, pins_in
from tests.small_wheels import make_wheel

PROJECT = """
[project]
name = "lian-desk"
version = "0"
requires-python = ">=3.11,<3.15"
dependencies = ["cover[toml]>=1", "windows-only>=1; sys_platform == 'win32'", "changing>=1"]
[project.optional-dependencies]
ocr = ["reader>=1"]
[dependency-groups]
dev = ["tester>=1", {include-group = "lock"}]
lock = ["maker>=1"]
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder of wheels that serves as index."""
    folder = tmp_path / "index"
    make_wheel(folder, "cover", "1.0", ["tables>=1; extra == 'toml'"], extras=["toml"])
    make_wheel(folder, "tables", "1.0")
    make_wheel(folder, "windows-only", "1.0")
    make_wheel(folder, "changing", "1.0", ["old-python; python_version < '3.12'"])
    make_wheel(folder, "old-python", "1.0")
    make_wheel(folder, "reader", "1.0", ["shared-part"])
    make_wheel(folder, "tester", "1.0", ["shared-part", "cover"])
    make_wheel(folder, "shared-part", "1.0")
    make_wheel(folder, "maker", "1.0")
    return folder


@pytest.fixture
def resolver(tmp_path: Path, index: Path) -> Resolver:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "requirements").mkdir()
    environment = {
        **os.environ,
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(index),
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(tmp_path / "cache"),
    }
    return Resolver(Path(sys.executable), tmp_path, environment)


def _pins(folder: Path) -> dict[str, dict[str, str]]:
    return {
        name: {pin.name: pin.version for pin in pins_in((folder / f"{name}.txt").read_text(encoding="utf-8"))}
        for name in LOCKS
    }


def test_the_lock_holds_each_group_with_all_that_it_needs(tmp_path: Path, resolver: Resolver) -> None:
    folder = tmp_path / "requirements"
    changed = make(resolver, folder, [])
    pins = _pins(folder)
    assert set(pins["runtime"]) == {"cover", "tables", "windows-only", "changing", "old-python"}
    assert set(pins["extras"]) == set(pins["runtime"]) | {"reader", "shared-part"}
    assert set(pins["dev"]) == {"tester", "shared-part", "cover", "maker"}
    assert set(pins["lock"]) == {"maker"}
    assert "cover: new → 1.0" in changed
    text = (folder / "runtime.txt").read_text(encoding="utf-8")
    markers = {pin.name: pin.marker for pin in pins_in(text)}
    assert markers["windows-only"] == "sys_platform == 'win32'"
    assert "3.12" in markers["old-python"]
    parents = {pin.name: pin.parents for pin in pins_in(text)}
    assert parents["tables"] == ("cover",)
    assert parents["cover"] == ("lian-desk (pyproject.toml)",)
    assert str(tmp_path) not in text


def test_a_pin_that_fits_stays_until_the_newest_is_asked_for(tmp_path: Path, index: Path, resolver: Resolver) -> None:
    folder = tmp_path / "requirements"
    make(resolver, folder, [])
    make_wheel(index, "cover", "2.0")
    make_wheel(index, "tester", "2.0")
    assert make(resolver, folder, []) == []
    assert make(resolver, folder, ["--upgrade-package", "tester"]) == ["tester: 1.0 → 2.0"]
    assert "cover: 1.0 → 2.0" in make(resolver, folder, ["--upgrade"])
    assert _pins(folder)["runtime"]["cover"] == "2.0"


def test_the_head_names_the_digest_of_the_tables(tmp_path: Path, resolver: Resolver) -> None:
    folder = tmp_path / "requirements"
    make(resolver, folder, [])
    before = {digest_in((folder / f"{name}.txt").read_text(encoding="utf-8")) for name in LOCKS}
    assert len(before) == 1
    assert None not in before
    changed = PROJECT.replace("reader>=1", "reader>=1.0")
    (tmp_path / "pyproject.toml").write_text(changed, encoding="utf-8")
    make(resolver, folder, [])
    assert {digest_in((folder / f"{name}.txt").read_text(encoding="utf-8")) for name in LOCKS} != before


@pytest.mark.parametrize(
    ("old", "new", "named"), [("reader>=1", "reader>=9", "reader"), ("maker>=1", "nowhere", "nowhere")]
)
def test_what_cannot_be_resolved_leaves_the_lock_as_it_was(
    tmp_path: Path, resolver: Resolver, old: str, new: str, named: str
) -> None:
    folder = tmp_path / "requirements"
    make(resolver, folder, [])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (tmp_path / "pyproject.toml").write_text(PROJECT.replace(old, new), encoding="utf-8")
    with pytest.raises(LockProblem, match=named):
        make(resolver, folder, [])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_package_without_a_wheel_for_a_served_system_is_refused(
    tmp_path: Path, index: Path, resolver: Resolver
) -> None:
    wheel = index / "maker-1.0-py3-none-any.whl"
    wheel.rename(index / "maker-1.0-cp311-cp311-win_amd64.whl")
    with pytest.raises(LockProblem, match="maker"):
        make(resolver, tmp_path / "requirements", [])
    assert list((tmp_path / "requirements").iterdir()) == []


def test_the_digest_follows_the_requirements_and_not_their_layout() -> None:
    tables = {"dependencies": ["a>=1", "b"], "dependency-groups": {"dev": ["c", {"include-group": "lock"}]}}
    other = {"dependency-groups": {"dev": [{"include-group": "lock"}, "c"]}, "dependencies": ["b", "a>=1"]}
    assert digest_of(tables) == digest_of(other)
    assert digest_of({**tables, "dependencies": ["a>=2", "b"]}) != digest_of(tables)
    assert digest_of({**tables, "dependency-groups": {}}) != digest_of(tables)


def test_a_mirror_set_for_pip_is_handed_on_unless_the_resolver_has_its_own(tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = http://mirror.invalid/simple\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    plain = {**kept, "PIP_CONFIG_FILE": os.devnull}
    python = Path(sys.executable)
    assert with_mirror(python, plain) == plain
    found = with_mirror(python, {**plain, "PIP_CONFIG_FILE": str(settings)})
    assert found["UV_DEFAULT_INDEX"] == "http://mirror.invalid/simple"
    found = with_mirror(python, {**plain, "PIP_INDEX_URL": "http://other.invalid/simple"})
    assert found["UV_DEFAULT_INDEX"] == "http://other.invalid/simple"
    own = {**plain, "PIP_INDEX_URL": "http://other.invalid/simple", "UV_DEFAULT_INDEX": "http://own.invalid/simple"}
    assert with_mirror(python, own) == own
