"""One program per workspace, shown with real second processes."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from lian_desk.adapters.disk.instance_lock import InstanceLock
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.workspace.workspace import open_workspace

Child = Callable[..., subprocess.Popen[str]]

HOLD = """
import time
import sys
from datetime import UTC, datetime
from pathlib import Path
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.services.workspace.workspace import open_workspace
workspace = open_workspace(Path(sys.argv[1]), by_password(sys.argv[2]), datetime.now(UTC))
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(child: Child, folder: Path, password: str) -> subprocess.Popen[str]:
    process = child(HOLD, folder, password)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "open"
    return process


def end(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)


def test_the_second_is_refused_within_a_second_and_told_who_holds(
    holder: subprocess.Popen[str], folder: Path, password: str, now: datetime
) -> None:
    begun = time.monotonic()
    with pytest.raises(EnvironmentProblem) as caught:
        open_workspace(folder, by_password(password), now)
    assert time.monotonic() - begun < 1.0
    assert caught.value.code is ErrorCode.ANOTHER_INSTANCE
    assert caught.value.parameters["pid"] == holder.pid
    end(holder)


def test_a_lock_left_by_a_killed_process_needs_no_hand(
    holder: subprocess.Popen[str], folder: Path, password: str, now: datetime
) -> None:
    end(holder)
    assert (folder / "desk.lock").exists()
    open_workspace(folder, by_password(password), now).close()


def test_a_refused_opening_gives_the_lock_back(folder: Path, password: str, now: datetime) -> None:
    with pytest.raises(EnvironmentProblem):
        open_workspace(folder, by_password("not the password"), now)
    open_workspace(folder, by_password(password), now).close()


def test_a_message_that_makes_no_sense_is_no_obstacle(tmp_path: Path, now: datetime) -> None:
    held = InstanceLock.acquire(tmp_path, now)
    (tmp_path / "desk.lock").write_bytes(b"\x00not json")
    with pytest.raises(EnvironmentProblem) as caught:
        InstanceLock.acquire(tmp_path, now)
    assert caught.value.code is ErrorCode.ANOTHER_INSTANCE
    assert caught.value.parameters["pid"] is None
    held.release()
    held.release()
    InstanceLock.acquire(tmp_path, now).release()
