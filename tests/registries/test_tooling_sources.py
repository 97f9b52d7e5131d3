"""What must not stand in the repository, and what must stand in every requirement file."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from requirements.tables import pins_in

ROOT = Path(__file__).resolve().parents[2]
OWN_NAME = "tests/registries/test_tooling_sources.py"
# Written in two halves so that a search for the whole finds only real hits.
REGISTRIES = ["files.python" + "hosted", ":/" + "/pypi", "pypi." + "org", "registry." + "npmjs", "--index" + "-url"]
MACHINE_PATHS = ["/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "C:\\Us" + "ers", "/wo" + "rk/"]
TEXT_SUFFIXES = {
    ".py",
    ".toml",
    ".txt",
    ".md",
    ".in",
    ".cfg",
    ".ini",
    ".json",
    ".svg",
    ".qss",
    ".ts",
    ".csv",
    ".mako",
    "",
}
PINNED = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==[^\s;]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
COMMENT = re.compile(r"^ *#")
LOCKS = ["runtime.txt", "extras.txt", "dev.txt", "lock.txt"]


def _tracked() -> list[Path]:
    """Files that belong to the project: what git tracks, or the whole tree in an unpacked archive."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        names = [name for name in listed.decode("utf-8").split("\0") if name]
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", "build", "dist"} & set(path.parts)]


def _how_strict(path: Path) -> str:
    return "replace" if path.is_relative_to(ROOT / "tests" / "cases") else "strict"


def _texts() -> list[tuple[str, str]]:
    return [
        # inputs from outside come in whatever encoding they come in
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors=_how_strict(path)))
        for path in _tracked()
        if path.suffix in TEXT_SUFFIXES
    ]


def test_no_registry_address_and_no_machine_path_stands_in_the_project() -> None:
    texts = _texts()
    assert any(name == "pyproject.toml" for name, _ in texts)
    hits = [
        f"{name}: {pattern}"
        for name, text in texts
        for pattern in [*REGISTRIES, *MACHINE_PATHS]
        if pattern in text and name != OWN_NAME
    ]
    assert hits == []


@pytest.mark.parametrize("name", LOCKS)
def test_requirements_hold_names_versions_and_hashes_only(name: str) -> None:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not any(one.match(line) for one in (PINNED, HASH, COMMENT))] == []
    pins = [line for line in lines if PINNED.match(line)]
    assert pins
    # a package may stand twice only for different versions of Python
    assert len({(line.split("==")[0], line.partition(";")[2]) for line in pins}) == len(pins)


@pytest.mark.parametrize(("one", "other"), [("runtime", "extras"), ("extras", "dev"), ("dev", "lock")])
def test_the_requirement_files_agree_on_every_version(one: str, other: str) -> None:
    def pins(name: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for pin in pins_in((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")):
            found.setdefault(pin.name, set()).add(pin.version)
        return found

    ours, theirs = pins(one), pins(other)
    assert ours.keys() & theirs.keys()
    assert {
        name: (ours[name], theirs[name]) for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]
    } == {}


def test_the_requirements_hold_everything_the_project_asks_for() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    assert asked
    names = {name.lower() for name in re.findall(r'^    "([A-Za-z0-9-]+)', asked.group(1), re.MULTILINE)}
    runtime = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    pinned = {line.split("==")[0] for line in runtime.splitlines() if PINNED.match(line)}
    assert names
    assert names - pinned == set()


def test_python_files_hold_unix_line_ends() -> None:
    assert [path.name for path in _tracked() if path.suffix == ".py" and b"\r" in path.read_bytes()] == []


_DURABLE = "lian_desk/adapters/disk/durable_files.py"
_PLACES = {
    # another person's original in a folder of theirs: it moves, it is not written
    "lian_desk/services/materials/drop_folder.py": {"rename"},
    # lines to the kernel about the child's own room, no file
    "lian_desk/adapters/fences/path_view.py": {"write_text"},
    # rows of a list on the screen
    "lian_desk/ui/hospitals/import_dialog.py": {"replace"},
}


def _own_writing(path: Path) -> set[str]:
    """Calls by which a module flushes, renames or replaces a file by itself."""
    found = set()
    text = path.read_text(encoding="utf-8")
    knows_paths = "import Path" in text
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        is_of_os = isinstance(node.func.value, ast.Name) and node.func.value.id == "os"
        # of paths: one argument; the replace of a text has two, those of times and records have names
        is_of_path = knows_paths and name in {"replace", "rename"} and len(node.args) == 1 and not node.keywords
        if is_of_path or (is_of_os and name in {"fsync", "fdatasync", "rename", "renames", "replace"}):
            found.add(name)
        if name in {"write_bytes", "write_text"} or (name == "move" and ast.unparse(node.func.value) == "shutil"):
            found.add(name)
    return found


def test_one_module_alone_writes_tables_that_leave_the_desk() -> None:
    """It knows how a formula is kept text; a second writer of CSV would not."""
    writing = ("csv.writer", "csv.DictWriter")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lian_desk").rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in writing)
    }
    assert found == {"lian_desk/adapters/disk/safe_sheets.py"}


def test_one_writer_alone_flushes_renames_and_replaces_files() -> None:
    """A second one written by hand forgets a flush sooner or later, and only a power cut would tell."""
    found = {}
    for part in ("models", "adapters", "services", "ui", "cli", "."):
        folder = ROOT / "lian_desk" / part
        for path in folder.glob("*.py") if part == "." else folder.rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            calls = _own_writing(path) - _PLACES.get(name, set())
            if calls and name != _DURABLE:
                found[name] = calls
    assert found == {}
    assert _own_writing(ROOT / _DURABLE) == {"fsync", "replace"}
