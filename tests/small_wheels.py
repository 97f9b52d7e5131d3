"""Makes the smallest wheels that pip and uv take, so that installing can be tried without a network."""

import base64
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path


def make_wheel(
    folder: Path, name: str, version: str, requires: Sequence[str] = (), *, extras: Sequence[str] = (), files: int = 0
) -> Path:
    """Write a wheel of one module that knows its version into ``folder`` and return its path.

    Args:
        folder: serves as an index later (``--find-links``).
        name: name of the package; the module is called the same with underscores.
        version: its version.
        requires: what it asks for, markers and extras included (``a[toml]>=2; extra == 'x'``).
        extras: names of its own extras.
        files: how many further small files it holds, in a folder of parts, so that installing takes a while.
    """
    module = name.replace("-", "_").lower()
    info = f"{module}-{version}.dist-info"
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Provides-Extra: {extra}" for extra in extras),
        *(f"Requires-Dist: {one}" for one in requires),
    ]
    contents = {
        f"{module}.py": f'version = "{version}"\n',
        **{f"{module}_parts/part_{number}.py": f"number = {number}\n" for number in range(files)},
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in contents.items())
    contents[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return wheel


def pin(wheel: Path, marker: str = "") -> str:
    """Return the lines of a hashed requirement file for ``wheel``."""
    name, version = wheel.name.split("-")[:2]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name.replace('_', '-')}=={version}{f' ; {marker}' if marker else ''} \\\n    --hash=sha256:{digest}\n"


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
