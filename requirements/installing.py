"""Makes the virtual environment and brings it to what the lock says; a second call costs one look.

Whatever stopped an earlier call, the next one mends: a half-made environment is known by a mark that is taken away
last, half-installed packages by their records, everything else by the stamp that is written last.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from requirements import causes, soundness
from requirements.ground import NO_PACKAGES, Checkout, SetupProblem, say, suits
from requirements.libraries import install_with_apt
from requirements.turns import turn

_PROBE = "import sys, pip; print(*sys.version_info[:2])"


def prepare(checkout: Checkout, names: Sequence[str]) -> None:
    """See that the environment holds the lock files ``names`` and the program's own command.

    Raises:
        SetupProblem: it cannot be done; the text tells why.
    """
    try:
        with turn(_lock_file(checkout)) as held:
            _Work(checkout, held).bring_to(names)
    except OSError as error:
        if _Work(checkout).is_ready(names):
            # nothing may be written here, and nothing needs to be
            return
        raise SetupProblem(
            NO_PACKAGES, f"The folder {checkout.venv} cannot be made or written.\n{causes.sentence(str(error))}"
        ) from error


def _lock_file(checkout: Checkout) -> Path:
    """Return the file that is locked: beside the real folder, for several checkouts may share one by a symbolic link."""
    real = Path(os.path.realpath(checkout.venv))
    return (real if real.parent.is_dir() else checkout.venv).with_name(f"{real.name}.lock")


class _Work:
    """One set-up, done while nobody else does one.

    Args:
        checkout: where.
        held: number of the lock's open file; children that write keep it open. None where nothing is written.
    """

    def __init__(self, checkout: Checkout, held: int | None = None) -> None:
        self._at = checkout
        self._held = [] if held is None else [held]

    def is_ready(self, names: Sequence[str]) -> bool:
        """Whether nothing is missing for the lock files ``names``; writes nothing."""
        return (
            self._why_unusable() is None and self._is_current(names) and self._stamp().get("program") == self._program()
        )

    def bring_to(self, names: Sequence[str]) -> None:
        """Do what is missing for the lock files ``names``."""
        self._sweep()
        reason = self._why_unusable()
        if reason is not None:
            self._make(reason)
        if not self._is_current(names):
            fault = next(soundness.damages(self._at.venv), None)
            if fault is not None:
                self._make(f"a package in it is damaged: {fault}")
            self._install(names)
        if self._stamp().get("program") != self._program():
            self._install_program()

    # ------------------------------------------------------------------------------------------- environment

    def _sweep(self) -> None:
        """Remove what an earlier call had put aside and could not remove any more."""
        for path in self._at.root.glob(".venv-old-*"):
            shutil.rmtree(path, ignore_errors=True)

    def _why_unusable(self) -> str | None:
        """Why the environment must be made (anew); empty when there was none, None when it serves."""
        if not os.path.lexists(self._at.venv):
            return ""
        if self._at.unfinished.exists():
            return "an earlier set-up was stopped while making it"
        code, answer = self._at.ask([str(self._at.python), "-c", _PROBE])
        words = answer.split()
        if code != 0 or len(words) != 2:  # noqa: PLR2004 - major and minor
            return "its Python does not start"
        if not suits((int(words[0]), int(words[1]))):
            return f"its Python {words[0]}.{words[1]} is not served"
        made_at = self._stamp().get("root")
        if made_at is not None and not self._at.venv.is_symlink() and made_at != str(self._at.root):
            return "the folder was moved or copied"
        return None

    def _make(self, reason: str) -> None:
        """Make the environment; what was there is put aside first, so that no half of it remains."""
        if importlib.util.find_spec("ensurepip") is None:
            install_with_apt(
                self._at,
                (f"python3.{sys.version_info[1]}-venv",),
                "Python's venv module is missing (Debian keeps it apart).",
            )
        folder = self._at.venv
        say(f"Making the virtual environment {folder.name}{' anew: ' + reason if reason else ''} …")
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            old = folder.with_name(f"{folder.name}-old-{os.getpid()}-{time.monotonic_ns()}")
            folder.rename(old)
            shutil.rmtree(old, ignore_errors=True)
        folder.mkdir()
        self._at.unfinished.touch()
        # Symbolic links on Windows need a right that ordinary users lack.
        venv.EnvBuilder(symlinks=os.name != "nt").create(folder)
        command = [str(self._at.python), "-I", "-m", "ensurepip", "--upgrade", "--default-pip"]
        code, answer = self._at.ask(command, seconds=None, holding=self._held)
        if code != 0:
            raise SetupProblem(NO_PACKAGES, f"pip cannot be put into {folder.name}.\n{causes.sentence(answer, code)}")
        self._at.unfinished.unlink()

    # ---------------------------------------------------------------------------------------------- packages

    def _install(self, names: Sequence[str]) -> None:
        say(f"Installing the pinned packages ({' and '.join(names)}) …")
        before = self._stamp()
        self._at.stamp.unlink(missing_ok=True)
        # The lock is complete: nothing is resolved. pip 23.2 would take the newest of a package that another asks for
        # with an extra, instead of the pinned one, and then miss its checksum.
        self._pip(
            "--require-hashes",
            *("--only-binary", ":all:"),
            *(part for name in names for part in ("-r", str(self._at.lock(name)))),
        )
        code, answer = self._at.ask([str(self._at.python), "-m", "requirements.fit", *names])
        if code != 0:
            raise SetupProblem(
                NO_PACKAGES,
                f"The pinned packages do not fit together; make the lock anew (python3 desk.py lock):\n{answer.strip()}",
            )
        self._write_stamp(before, locks={**_table(before.get("locks")), **self._digests(names)})

    def _install_program(self) -> None:
        """Give the environment the command ``lian-desk``, which runs the code of this checkout."""
        # an old Python must get as far as to say that it is too old
        from requirements.program import make_wheel  # noqa: PLC0415
        from requirements.tables import project_table  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as folder:
            wheel = make_wheel(self._at.root, project_table(self._at.root / "pyproject.toml"), Path(folder))
            # pip refuses to replace what it left half done itself
            for packages in soundness.site_packages(self._at.venv):
                for path in packages.glob("*ian_desk-*.dist-info"):
                    shutil.rmtree(path)
            self._pip("--no-index", str(wheel))
        self._write_stamp(self._stamp(), program=self._program())

    def _pip(self, *arguments: str) -> None:
        command = [str(self._at.python), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", *arguments]
        code, output = self._at.ask(command, seconds=None, holding=self._held)
        if code != 0:
            raise SetupProblem(NO_PACKAGES, causes.sentence(output, code))

    # ------------------------------------------------------------------------------------------------- stamp

    def _digests(self, names: Sequence[str]) -> dict[str, str]:
        return {name: hashlib.sha256(self._at.lock(name).read_bytes()).hexdigest() for name in names}

    def _program(self) -> str:
        """Digest of all that the installed facts of the program depend on."""
        digest = hashlib.sha256((self._at.root / "pyproject.toml").read_bytes())
        digest.update((self._at.root / "lian_desk" / "__init__.py").read_bytes())
        digest.update(str(self._at.root).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _is_current(self, names: Sequence[str]) -> bool:
        stamp = self._stamp()
        locks = _table(stamp.get("locks"))
        records = stamp.get("records")
        return (
            all(locks.get(name) == digest for name, digest in self._digests(names).items())
            and isinstance(records, list)
            and soundness.records_stand(self._at.venv, [str(one) for one in records])
        )

    def _stamp(self) -> dict[str, Any]:
        """What was installed last; empty when unknown."""
        try:
            return _table(json.loads(self._at.stamp.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def _write_stamp(self, before: dict[str, Any], **news: Any) -> None:
        stamp = {**before, "root": str(self._at.root), "records": soundness.installed(self._at.venv), **news}
        beside = self._at.stamp.with_suffix(".new")
        beside.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
        beside.replace(self._at.stamp)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
