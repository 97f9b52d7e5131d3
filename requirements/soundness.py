"""Whether what lies in the virtual environment is whole, judged by the files alone.

pip writes ``RECORD`` last and lists itself (``INSTALLER``) in it, moves what it replaces to names with ``~``, and never
looks again at what it believes to be installed. So a package that a killed pip left half done is found here or never.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path


def site_packages(venv: Path) -> list[Path]:
    """Return the folders of packages inside ``venv``; more than one when two Pythons wrote to it."""
    if os.name == "nt":
        return [path for path in [venv / "Lib" / "site-packages"] if path.is_dir()]
    return sorted(path for path in (venv / "lib").glob("python3.*/site-packages") if path.is_dir())


def installed(venv: Path) -> list[str]:
    """Return the names of the folders that say what is installed, sorted."""
    return sorted(path.name for folder in site_packages(venv) for path in folder.glob("*.dist-info"))


def records_stand(venv: Path, names: list[str]) -> bool:
    """Whether each of ``names`` (of :func:`installed`) is still there with its record: the quick look."""
    return all(
        any((folder / name / "RECORD").is_file() and (folder / name / "METADATA").is_file() for folder in folders)
        for folders in [site_packages(venv)]
        for name in names
    )


def damages(venv: Path) -> Iterator[str]:
    """Tell every package of ``venv`` that is not whole: sizes of all files, checksums of what describes it."""
    folders = site_packages(venv)
    if len(folders) != 1:
        yield f"{len(folders)} folders of packages"
    for folder in folders:
        seen: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            if path.name.startswith("~"):
                yield f"{path.name} (left behind by a pip that was stopped)"
            elif path.name.endswith(".dist-info"):
                name = path.name.removesuffix(".dist-info")
                package = name.partition("-")[0].lower()
                if package in seen:
                    yield f"{name} beside {seen[package]}"
                seen[package] = name
                fault = _fault(folder, path)
                if fault:
                    yield f"{name} ({fault})"


def _fault(folder: Path, info: Path) -> str | None:
    """Return what is wrong with the package that ``info`` describes, or None."""
    try:
        rows = list(csv.reader((info / "RECORD").read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError):
        return "no record"
    listed = {row[0] for row in rows if row}
    for needed in ("METADATA", "WHEEL", "INSTALLER"):
        if f"{info.name}/{needed}" not in listed:
            return f"{needed} is not on record"
    for row in rows:
        if len(row) != 3:  # noqa: PLR2004 - path, digest, size: the format of RECORD
            return "damaged record"
        fault = _file_fault(folder, *row, whole=row[0].startswith(f"{info.name}/"))
        if fault:
            return fault
    return None


def _file_fault(folder: Path, name: str, digest: str, size: str, *, whole: bool) -> str | None:
    """Compare one file with its record, ``whole`` its checksum too; byte code comes and goes as it likes."""
    if name.endswith(".pyc"):
        return None
    path = folder / name
    try:
        found = path.stat().st_size
        content = path.read_bytes() if whole and digest else b""
    except OSError:
        return f"{name} is missing"
    if size.isdecimal() and found != int(size):
        return f"{name} has another size"
    if whole and digest:
        algorithm, _, value = digest.partition("=")
        if algorithm == "sha256" and _digest(content) != value:
            return f"{name} has another content"
    return None


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")
