"""Makes the program itself known to the virtual environment: its command and its facts, its code left where it lies.

What pip calls an editable install, as a wheel of four small files that needs no build backend, so that it can be
installed without a network before any package is. The path stands in it in ASCII: a Python on Windows before 3.13
reads such files in the code page of the system, and a folder named 李秀芳 would keep that Python from starting.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def version_in(root: Path) -> str:
    """Return the version of the program in the checkout ``root``."""
    found = _VERSION.search((root / "lian_desk" / "__init__.py").read_text(encoding="utf-8"))
    return found.group(1) if found else "0"


def make_wheel(root: Path, project: dict[str, Any], folder: Path) -> Path:
    """Write the wheel that points to ``root`` into ``folder`` and return its path.

    Args:
        root: the checkout.
        project: its table ``[project]``.
        folder: where the wheel goes.
    """
    version = version_in(root)
    module = re.sub(r"[-_.]+", "_", project["name"]).lower()
    info = f"{module}-{version}.dist-info"
    scripts = "".join(f"{name} = {target}\n" for name, target in project.get("scripts", {}).items())
    files = {
        f"{module}_checkout.pth": f"import sys; sys.path.append({str(root)!a})\n",
        f"{info}/METADATA": _metadata(project, version),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: desk.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{scripts}",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    wheel = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def _metadata(project: dict[str, Any], version: str) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {version}"]
    lines.append(f"Requires-Python: {project.get('requires-python', '>=3.11')}")
    lines += [f"Requires-Dist: {one}" for one in project.get("dependencies", [])]
    for extra, asked in project.get("optional-dependencies", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {_only_with(extra, one)}" for one in asked]
    return "\n".join(lines) + "\n"


def _only_with(extra: str, requirement: str) -> str:
    """Return ``requirement`` as it stands in metadata when it belongs to ``extra``."""
    asked, _, marker = (part.strip() for part in requirement.partition(";"))
    return f"{asked}; ({marker}) and extra == '{extra}'" if marker else f"{asked}; extra == '{extra}'"


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode("ascii")
