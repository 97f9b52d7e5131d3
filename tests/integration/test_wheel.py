"""The wheel carries the whole program, its resources and nothing else, and finds its resources where it is unpacked."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lian_desk.adapters.machine.program_version import BUILD_FACTS, program_version, source_of

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
SOURCES = "import sys, hatchling.build; print(hatchling.build.build_sdist(sys.argv[1]))"
TELL = """
import sys
sys.path.insert(0, sys.argv[1])
from lian_desk.adapters.machine import program_version
assert program_version.__file__.startswith(sys.argv[1]), program_version.__file__
print(program_version.program_version())
"""
FIND = """
import sys
sys.path.insert(0, sys.argv[1])
import lian_desk
from lian_desk.adapters.machine.resources import resource_path, resource_root
from lian_desk.adapters.database.schema import known_revisions
assert lian_desk.__file__.startswith(sys.argv[1]), lian_desk.__file__
assert str(resource_root()).startswith(sys.argv[1]), resource_root()
assert known_revisions(), "no revision found"
print(resource_path("fonts", "NotoSansSC-Regular.ttf").stat().st_size)
"""


def _run(code: str, argument: Path, folder: Path) -> str:
    """Run ``code`` in a Python of its own that does not see the source tree by its path."""
    command = [sys.executable, "-X", "utf8", "-c", code, str(argument)]
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    name = _run(BUILD, folder, ROOT).splitlines()[-1]
    return folder / name


def _files_of(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_package_and_of_the_resources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {f"lian_desk/{name}" for name in _files_of("lian_desk")}
    wanted |= {f"lian_desk/_resources/{name}" for name in _files_of("resources")}
    if source_of(ROOT) is not None:
        wanted.add(f"lian_desk/{BUILD_FACTS}")
    assert names == wanted


def test_what_is_built_knows_its_commit_also_by_way_of_an_archive_of_sources(wheel: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    _run(SOURCES, sources, ROOT)
    (archive,) = sources.glob("*.tar.gz")
    shutil.unpack_archive(archive, sources, filter="data")
    (tree,) = (path for path in sources.iterdir() if path.is_dir())
    second = tmp_path / _run(BUILD, tmp_path, tree).splitlines()[-1]
    told = [_told(one, tmp_path / str(number)) for number, one in enumerate((wheel, second))]
    assert told == [program_version(), program_version()]
    # a source archive that lies inside the checkout of somebody else is not of their commit
    assert source_of(tree) is None


def _told(wheel: Path, folder: Path) -> str:
    """Unpack ``wheel`` and ask it for its version."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return _run(TELL, folder, folder)


def test_the_wheel_names_the_command_and_the_dependencies(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    assert "lian-desk = lian_desk.__main__:main" in entry_points
    assert "requires-dist: pyside6-essentials" in metadata.lower()
    assert "Requires-Python: <3.15,>=3.11" in metadata


def test_the_unpacked_wheel_finds_its_own_resources(wheel: Path, tmp_path: Path) -> None:
    installed = (tmp_path / "site").resolve()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    size = int(_run(FIND, installed, elsewhere))
    assert size == (ROOT / "resources" / "fonts" / "NotoSansSC-Regular.ttf").stat().st_size


def test_the_unpacked_wheel_starts_its_command_line(wheel: Path, tmp_path: Path) -> None:
    installed = (tmp_path / "site").resolve()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    start = "import sys; sys.path.insert(0, sys.argv.pop(1)); from lian_desk.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-X", "utf8", "-c", start, str(installed), "--help"]
    done = subprocess.run(command, cwd=tmp_path, env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for subcommand in ("demo", "tour", "export-record", "export-summary", "check"):
        assert subcommand in done.stdout
