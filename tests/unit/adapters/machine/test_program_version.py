"""The program tells its version and commit: of a checkout by git, of what was built by the facts it carries."""

import subprocess
from pathlib import Path

import pytest

from lian_desk import __version__
from lian_desk.adapters.machine.program_version import (
    BUILD_FACTS,
    Source,
    facts_text,
    program_version,
    read_facts,
    source_of,
)


def _git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=沈知远", "-c", "user.email=shen@example.invalid", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _git_of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings of the person who runs the tests do not count."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one commit."""
    root = tmp_path / "检出"
    (root / "lian_desk").mkdir(parents=True)
    (root / "lian_desk" / "module.py").write_text("1\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    (root / ".gitignore").write_text("/build/\n", encoding="utf-8")
    _git(root, "init", "-q")
    _git(root, "add", ".")
    _git(root, "commit", "-q", "-m", "first")
    return root


def _commit(checkout: Path) -> str:
    return _git(checkout, "rev-parse", "HEAD")[:12]


def test_a_checkout_tells_its_commit(checkout: Path) -> None:
    assert source_of(checkout) == Source(_commit(checkout), changed=False)
    assert program_version(checkout / "lian_desk") == f"{__version__} (commit {_commit(checkout)})"
    _git(checkout, "checkout", "-q", "--detach")
    assert source_of(checkout) == Source(_commit(checkout), changed=False)


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("lian_desk/module.py", True),
        ("pyproject.toml", True),
        ("lian_desk/new.py", True),
        ("lian_desk/新.py", True),
        ("resources/new.toml", True),
        ("notes.txt", False),
        ("build/demo/desk.sqlite3", False),
    ],
)
def test_changes_to_the_program_are_told(checkout: Path, path: str, *, changed: bool) -> None:
    (checkout / path).parent.mkdir(parents=True, exist_ok=True)
    (checkout / path).write_text("2\n", encoding="utf-8")
    assert source_of(checkout) == Source(_commit(checkout), changed=changed)
    assert program_version(checkout / "lian_desk").endswith(", with changes)") is changed


def test_what_is_staged_or_removed_is_a_change(checkout: Path) -> None:
    _git(checkout, "rm", "-q", "lian_desk/module.py")
    found = source_of(checkout)
    assert found is not None
    assert found.changed


def test_a_second_work_tree_tells_its_own_commit(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    _git(checkout, "worktree", "add", "-q", "--detach", str(other))
    _git(other, "commit", "-q", "--allow-empty", "-m", "second")
    assert source_of(other) == Source(_commit(other), changed=False)
    assert _commit(other) != _commit(checkout)


def test_variables_of_another_repository_do_not_lead_astray(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    found = source_of(checkout)
    monkeypatch.undo()
    assert found == Source(_commit(checkout), changed=False)


def test_without_git_or_a_commit_the_commit_is_unknown(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare"
    (bare / "lian_desk").mkdir(parents=True)
    (bare / "pyproject.toml").write_text("", encoding="utf-8")
    assert program_version(bare / "lian_desk") == f"{__version__} (commit unknown)"
    _git(bare, "init", "-q")
    assert program_version(bare / "lian_desk") == f"{__version__} (commit unknown)"
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert program_version(checkout / "lian_desk") == f"{__version__} (commit unknown)"


def test_an_installed_program_inside_another_checkout_is_not_of_its_commit(checkout: Path) -> None:
    package = checkout / ".venv" / "lib" / "site-packages" / "lian_desk"
    package.mkdir(parents=True)
    assert program_version(package) == f"{__version__} (commit unknown)"
    (package / BUILD_FACTS).write_text(facts_text(Source("0123456789ab", changed=True)), encoding="utf-8")
    assert program_version(package) == f"{__version__} (commit 0123456789ab, with changes)"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"commit": "x"}'])
def test_damaged_facts_count_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / BUILD_FACTS).write_text(text, encoding="utf-8")
    assert read_facts(tmp_path) is None


def test_the_facts_are_read_as_they_were_written(tmp_path: Path) -> None:
    for source in (Source("0123456789ab", changed=False), Source("ba9876543210", changed=True)):
        (tmp_path / BUILD_FACTS).write_text(facts_text(source), encoding="utf-8")
        assert read_facts(tmp_path) == source
