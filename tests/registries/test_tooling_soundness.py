"""What a pip that was stopped leaves behind is seen by the files alone."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from requirements.soundness import damages, installed, records_stand, site_packages
from tests.small_wheels import make_wheel


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder of two whole packages, as pip leaves them."""
    folder = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    folder.mkdir(parents=True)
    for name in ("cover", "tables"):
        with zipfile.ZipFile(make_wheel(tmp_path / "index", name, "1.0", files=2)) as archive:
            archive.extractall(folder)
        info = folder / f"{name}-1.0.dist-info"
        (info / "INSTALLER").write_text("pip\n", encoding="utf-8")
        with (info / "RECORD").open("a", encoding="utf-8") as record:
            record.write(f"{info.name}/INSTALLER,sha256=zuuue4knoyJ-UwPPXg8fezS7VCrXJQrAP7zeNuwvFQg,4\n")
            record.write("__pycache__/cover.cpython-311.pyc,,\n")
    return folder


@pytest.fixture(autouse=True)
def _layout_of_this_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requirements.soundness.os.name", "posix")


def test_whole_packages_are_whole(tmp_path: Path, packages: Path) -> None:
    assert list(damages(tmp_path / "venv")) == []
    assert site_packages(tmp_path / "venv") == [packages]
    assert installed(tmp_path / "venv") == ["cover-1.0.dist-info", "tables-1.0.dist-info"]


SPOILERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no record yet": (lambda at: (at / "cover-1.0.dist-info/RECORD").unlink(), "no record"),
    "record not text": (lambda at: (at / "cover-1.0.dist-info/RECORD").write_bytes(b"\xff\xfe"), "no record"),
    "record empty": (lambda at: (at / "cover-1.0.dist-info/RECORD").write_bytes(b""), "METADATA is not on record"),
    "record cut in a line": (
        lambda at: (at / "cover-1.0.dist-info/RECORD").write_text(
            (at / "cover-1.0.dist-info/RECORD").read_text(encoding="utf-8")[:-3] + "\nx,y\n", encoding="utf-8"
        ),
        "damaged record",
    ),
    "record of the wheel, not yet of pip": (
        lambda at: (at / "cover-1.0.dist-info/RECORD").write_text(
            (at / "cover-1.0.dist-info/RECORD").read_text(encoding="utf-8").replace("INSTALLER", "OTHER"),
            encoding="utf-8",
        ),
        "INSTALLER is not on record",
    ),
    "no facts": (lambda at: (at / "cover-1.0.dist-info/METADATA").unlink(), "METADATA is missing"),
    "facts of the same length": (
        lambda at: (at / "cover-1.0.dist-info/METADATA").write_bytes(
            (at / "cover-1.0.dist-info/METADATA").read_bytes().replace(b"cover", b"c0ver")
        ),
        "METADATA has another content",
    ),
    "module missing": (lambda at: (at / "cover.py").unlink(), "cover.py is missing"),
    "module cut": (lambda at: (at / "cover.py").write_bytes(b"v"), "cover.py has another size"),
    "part missing": (lambda at: (at / "cover_parts/part_1.py").unlink(), "part_1.py is missing"),
    "put aside by pip": (lambda at: (at / "tables.py").rename(at / "~ables.py"), "~ables.py"),
    "two releases": (
        lambda at: shutil.copytree(at / "cover-1.0.dist-info", at / "cover-2.0.dist-info"),
        "cover-2.0 beside cover-1.0",
    ),
}


@pytest.mark.parametrize("case", SPOILERS)
def test_what_a_stopped_pip_leaves_is_seen(tmp_path: Path, packages: Path, case: str) -> None:
    spoil, named = SPOILERS[case]
    spoil(packages)
    found = list(damages(tmp_path / "venv"))
    assert any(named in one for one in found), found


def test_byte_code_may_be_missing_or_be_written_anew(tmp_path: Path, packages: Path) -> None:
    (packages / "__pycache__").mkdir()
    (packages / "__pycache__" / "cover.cpython-311.pyc").write_bytes(b"anything")
    assert list(damages(tmp_path / "venv")) == []


def test_packages_of_two_pythons_are_a_damage(tmp_path: Path, packages: Path) -> None:
    shutil.copytree(packages, tmp_path / "venv" / "lib" / "python3.12" / "site-packages")
    assert "2 folders of packages" in list(damages(tmp_path / "venv"))
    shutil.rmtree(tmp_path / "venv")
    assert list(damages(tmp_path / "venv")) == ["0 folders of packages"]


def test_the_quick_look_misses_no_package_that_is_gone(tmp_path: Path, packages: Path) -> None:
    names = installed(tmp_path / "venv")
    assert records_stand(tmp_path / "venv", names)
    (packages / "tables-1.0.dist-info" / "METADATA").unlink()
    assert not records_stand(tmp_path / "venv", names)
    shutil.rmtree(packages / "tables-1.0.dist-info")
    assert not records_stand(tmp_path / "venv", names)
    assert records_stand(tmp_path / "venv", names[:1])
