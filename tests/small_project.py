"""A checkout of the smallest project, with wheels of its own as index, so that the set-up can be tried as it is."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from requirements.ground import Checkout
from requirements.soundness import site_packages
from tests.small_wheels import make_wheel, pin

ROOT = Path(__file__).resolve().parents[1]
PROJECT = """
[project]
name = "lian-desk"
requires-python = ">=3.11,<3.15"
dependencies = ["cover[toml]>=1", "asker>=1"]
[project.optional-dependencies]
ocr = ["reader>=1"]
[project.scripts]
lian-desk = "lian_desk:main"
[dependency-groups]
dev = ["asker>=1"]
lock = []
"""
PROGRAM = """
import sys
__version__ = "0.1.0"
""".lstrip()


class SmallProject:
    """A checkout in ``root`` and its index; what is pinned lies beside newer releases of the same packages."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self.checkout = Checkout(folder / "协助 台" / "project")
        root = self.checkout.root
        (root / "lian_desk").mkdir(parents=True)
        (root / "lian_desk" / "__init__.py").write_text(
            f'{PROGRAM}\ndef main():\n    print("the program", *sys.argv[1:])\n', encoding="utf-8"
        )
        (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
        shutil.copytree(
            ROOT / "requirements", root / "requirements", ignore=shutil.ignore_patterns("*.txt", "__pycache__")
        )
        pinned = {
            "cover": make_wheel(self.index, "cover", "1.0", ["tables>=1; extra == 'toml'"], extras=["toml"]),
            "tables": make_wheel(self.index, "tables", "1.0"),
            "asker": make_wheel(self.index, "asker", "1.0", ["cover[toml]>=1"]),
            "reader": make_wheel(self.index, "reader", "1.0"),
        }
        for name in ("cover", "tables", "asker", "reader"):
            make_wheel(self.index, name, "2.0", ["tables>=1; extra == 'toml'"], extras=["toml"])
        self.wheels = pinned
        self.lock("runtime", "cover", "tables", "asker")
        self.lock("extras", "cover", "tables", "asker", "reader")
        self.lock("dev", "asker", "cover", "tables")
        self.lock("lock")

    def lock(self, name: str, *packages: str) -> None:
        """Write the lock file ``name`` with the pins of ``packages``."""
        text = "".join(pin(self.wheels[one]) for one in packages)
        self.checkout.lock(name).write_text(text, encoding="utf-8")

    def environment(self, **extra: str) -> dict[str, str]:
        """Environment in which pip sees nothing but the index folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        return {
            **kept,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.index),
            "PIP_NO_CACHE_DIR": "1",
            "PYTHONUTF8": "1",
            **extra,
        }

    def command(self, *names: str) -> list[str]:
        """Command that sets up the lock files ``names`` in a process of its own, as ``desk.py`` does."""
        code = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from pathlib import Path\n"
            "from requirements.ground import Checkout, SetupProblem\n"
            "from requirements.installing import prepare\n"
            "try:\n"
            "    prepare(Checkout(Path(sys.argv[1])), sys.argv[2:])\n"
            "except SetupProblem as problem:\n"
            "    print(problem)\n"
            "    sys.exit(problem.code)\n"
        )
        return [sys.executable, "-I", "-c", code, str(self.checkout.root), *(names or ("runtime", "dev"))]

    def set_up(self, *names: str, **extra: str) -> tuple[int, str]:
        """Set up and return exit code and output."""
        done = subprocess.run(
            self.command(*names),
            env=self.environment(**extra),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def versions(self) -> dict[str, str]:
        """Tell what the environment really imports, by name of the module."""
        code = "import asker, cover, tables; print(asker.version, cover.version, tables.version)"
        done = subprocess.run(
            [str(self.checkout.python), "-I", "-c", code], capture_output=True, text=True, check=False
        )
        return dict(zip(("asker", "cover", "tables"), done.stdout.split(), strict=False))

    def put_pip(self, wheel: Path) -> None:
        """Replace the environment's pip by the one of ``wheel``, as an installer would."""
        folder = self.packages
        self.checkout.stamp.unlink(missing_ok=True)
        for path in [*folder.glob("pip"), *folder.glob("pip-*.dist-info")]:
            shutil.rmtree(path)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        (info,) = folder.glob("pip-*.dist-info")
        (info / "INSTALLER").write_text("pip\n", encoding="utf-8")
        with (info / "RECORD").open("a", encoding="utf-8") as record:
            record.write(f"{info.name}/INSTALLER,,\n")

    def empty(self) -> None:
        """Take everything but pip out of the environment, the stamp included."""
        self.checkout.stamp.unlink(missing_ok=True)
        for path in self.packages.iterdir():
            if not path.name.startswith(("pip", "_distutils", "setuptools", "pkg_resources", "distutils")):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @property
    def packages(self) -> Path:
        """The folder of packages inside the environment."""
        (folder,) = site_packages(self.checkout.venv)
        return folder


def pips() -> list[Path]:
    """Return a wheel of every version of pip that Pythons on this machine bring, our own first.

    Pythons are looked for where ours comes from, beside it (as version managers lay them) and where Debian keeps them.
    """
    base = Path(sys.base_prefix)
    places = [
        *base.glob("lib/python3.*/ensurepip/_bundled/pip-*.whl"),
        *base.glob("Lib/ensurepip/_bundled/pip-*.whl"),
        *sorted(base.parent.glob("3.1*/lib/python3.1[1-4]/ensurepip/_bundled/pip-*.whl")),
        *sorted(Path("/usr/share/python-wheels").glob("pip-*.whl")),
    ]
    return list({wheel.name: wheel for wheel in reversed(places)}.values())[::-1]
