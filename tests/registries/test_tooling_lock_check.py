"""``desk.py check`` fails when the lock and pyproject.toml disagree; each kind of disagreement is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from requirements.check import machines, problems
from requirements.fit import misfits
from requirements.tables import Pin, dependency_tables, digest_in, pins_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's own tables and locks, to be spoiled."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def test_the_lock_answers_the_project() -> None:
    assert problems(ROOT, everything_installed=False) == []


def test_what_is_installed_fits_together() -> None:
    held = ["runtime", "extras"]
    assert [one for one in misfits(ROOT, held) if "installed" not in one] == []


def test_every_system_and_python_is_looked_at() -> None:
    names = [name for name, _variables in machines()]
    assert len(names) == len(set(names)) == 16
    assert "Windows, Python 3.14" in names


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _drop(path: Path, name: str) -> None:
    """Take the pin of ``name`` out of a lock file, with its checksums and askers."""
    kept, inside = [], False
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        inside = line.startswith(f"{name}==") or (inside and line.startswith("    "))
        if not inside:
            kept.append(line)
    path.write_text("".join(kept), encoding="utf-8")


def _add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _hashed(pin: str, via: str = "") -> str:
    return f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" + (f"    # via {via}\n" if via else "")


SPOILERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a new requirement": (
        lambda at: _edit(at / "pyproject.toml", '"keyring>=25.7",', '"keyring>=25.7",\n    "unheard-of>=1",'),
        "pyproject.toml needs unheard-of>=1, which the lock does not hold",
    ),
    "a raised bound": (
        lambda at: _edit(at / "pyproject.toml", '"keyring>=25.7",', '"keyring>=99",'),
        "pyproject.toml needs keyring>=99, but the lock holds keyring",
    ),
    "a new extra": (
        lambda at: _edit(at / "pyproject.toml", "dicom = [", 'other = ["unheard-of"]\ndicom = ['),
        "extras.txt: pyproject.toml needs unheard-of, which the lock does not hold",
    ),
    "a new tool": (
        lambda at: _edit(at / "pyproject.toml", '"pytest>=9.2",', '"pytest>=9.2", "unheard-of",'),
        "dev.txt: pyproject.toml needs unheard-of, which the lock does not hold",
    ),
    "a requirement for Windows only": (
        lambda at: _edit(
            at / "pyproject.toml", '"keyring>=25.7",', '"keyring>=25.7", "unheard-of; sys_platform == \'win32\'",'
        ),
        "which the lock does not hold (Windows, Python 3.11; Windows, Python 3.12; Windows, Python 3.13; Windows",
    ),
    "a requirement taken away": (
        lambda at: _edit(at / "pyproject.toml", '    "chinesecalendar>=1.11",\n', ""),
        "nothing asks for chinesecalendar",
    ),
    "a digest of before": (
        lambda at: _edit(at / "pyproject.toml", "hatchling>=1.27", "hatchling>=1.26"),
        "was made from other requirements than pyproject.toml holds now",
    ),
    "no head": (
        lambda at: _edit(at / "requirements/dev.txt", "# dependency tables", "# tables"),
        "dev.txt was made from other requirements",
    ),
    "a file missing": (lambda at: (at / "requirements/extras.txt").unlink(), "extras.txt is missing"),
    "a pin without asker": (
        lambda at: _add(at / "requirements/runtime.txt", _hashed("orphan==1.0")),
        "runtime.txt: nothing asks for orphan 1.0",
    ),
    "pins that ask for each other": (
        lambda at: _add(
            at / "requirements/runtime.txt", _hashed("orphan==1.0", "partner") + _hashed("partner==1.0", "orphan")
        ),
        "nothing asks for partner 1.0",
    ),
    "a pin that claims the project": (
        lambda at: _add(at / "requirements/runtime.txt", _hashed("orphan==1.0", "lian-desk (pyproject.toml)")),
        "nothing asks for orphan 1.0",
    ),
    "a direct pin gone": (
        lambda at: _drop(at / "requirements/runtime.txt", "sqlalchemy"),
        "pyproject.toml needs SQLAlchemy<2.2,>=2.1.9, which the lock does not hold",
    ),
    "a dependency gone": (
        lambda at: _drop(at / "requirements/runtime.txt", "mako"),
        "needs Mako, which the lock does not hold",
    ),
    "what an extra brings gone": (
        lambda at: _drop(at / "requirements/extras.txt", "uharfbuzz"),
        "needs uharfbuzz",
    ),
    "a dependency for another system gone": (
        lambda at: _drop(at / "requirements/runtime.txt", "pywin32-ctypes"),
        "needs pywin32-ctypes>=0.2.0, which the lock does not hold (Windows, Python 3.11",
    ),
    "a dependency for another Python gone": (
        lambda at: _drop(at / "requirements/runtime.txt", "importlib-metadata"),
        "which the lock does not hold (Linux x86-64, Python 3.11; Linux ARM, Python 3.11; Windows, Python 3.11; macOS",
    ),
    "an old release by hand": (
        lambda at: _edit(at / "requirements/runtime.txt", "\nshiboken6==6.11.3", "\nshiboken6==6.10.0"),
        "needs shiboken6==6.11.3, but the lock holds shiboken6 6.10.0",
    ),
    "two releases for one machine": (
        lambda at: _add(
            at / "requirements/dev.txt", _hashed("coverage==1.0 ; python_full_version < '3.12'", "pytest-cov")
        ),
        "coverage is pinned twice (Linux x86-64, Python 3.11",
    ),
    "another Python served": (
        lambda at: _edit(at / "pyproject.toml", 'requires-python = ">=3.11', 'requires-python = ">=3.12'),
        "disagree whether Python 3.11 is served",
    ),
}


@pytest.mark.parametrize("case", SPOILERS)
def test_each_disagreement_is_named(copy: Path, case: str) -> None:
    spoil, named = SPOILERS[case]
    spoil(copy)
    found = problems(copy, everything_installed=False)
    assert any(named in one for one in found), "\n".join(found) or "nothing was found"


def test_with_everything_installed_a_pin_that_no_package_asks_for_is_one_too_many(copy: Path) -> None:
    """A hand that also writes an asker beside the pin is found by what that asker says of itself."""
    _add(copy / "requirements/lock.txt", _hashed("orphan==1.0", "uv"))
    assert not [one for one in problems(copy, everything_installed=False) if "orphan" in one]
    found = [one for one in problems(copy, everything_installed=True) if one.startswith("lock.txt")]
    assert found == ["lock.txt: no installed package asks for orphan 1.0"]


def test_a_pin_that_is_not_installed_is_named(copy: Path) -> None:
    text = (copy / "requirements/lock.txt").read_text(encoding="utf-8")
    (pin,) = pins_in(text)
    _edit(copy / "requirements/lock.txt", f"uv=={pin.version}", "uv==0.13.99")
    assert "uv 0.13.99 is pinned, but " + pin.version + " is installed" in misfits(copy, ["lock"])
    assert any("uv is not installed as pinned" in one for one in problems(copy, everything_installed=True))


def test_a_lock_file_is_read_as_it_stands() -> None:
    text = (
        "# dependency tables: sha256 " + "a" * 64 + "\n"
        "Zope.Some_thing==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"
        "    # via\n    #   one\n    #   lian-desk (pyproject.toml:dev)\n"
        "plain==2 \\\n    --hash=sha256:22\n    # via other\n"
    )
    assert digest_in(text) == "a" * 64
    assert digest_in("nothing") is None
    assert pins_in(text) == [
        Pin("zope-some-thing", "1.0", "sys_platform == 'win32'", ("one", "lian-desk (pyproject.toml:dev)")),
        Pin("plain", "2", "", ("other",)),
    ]


def test_the_tables_hold_all_that_decides_what_is_installed() -> None:
    tables = dependency_tables(ROOT / "pyproject.toml")
    assert all(tables.values())
