"""Real workspaces in temporary folders, made with a cheap password so that a test takes no second for Argon2."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.services.workspace.workspace import NewWorkspace, OpenWorkspace, create_workspace, open_workspace

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def password() -> str:
    return "天津港的雾 2026"


@pytest.fixture(scope="session")
def cheap() -> PasswordCost:
    return PasswordCost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, password: str, cheap: PasswordCost, now: datetime) -> Path:
    """A real workspace with a password, closed; its name is hard for addresses."""
    folder = tmp_path / "工作区 #1 100%?"
    create_workspace(folder, NewWorkspace("沈知远", "NJ01", password, cost=cheap), now)
    return folder


@pytest.fixture
def opened(folder: Path, password: str, now: datetime) -> Iterator[OpenWorkspace]:
    workspace = open_workspace(folder, by_password(password), now)
    yield workspace
    workspace.close()


@pytest.fixture
def digests() -> Callable[[Path], dict[str, str]]:
    """Digest of every file under a folder but the lock's message, to show that nothing changed."""

    def digests(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "desk.lock"
        }

    return digests


@pytest.fixture
def child() -> Callable[..., subprocess.Popen[str]]:
    """Start a second Python process on a script, with arguments, and its output readable line by line."""

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", script, *(str(argument) for argument in arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    return start
