"""Changing the ways in: at every moment at least one envelope on the disk opens the database."""

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from lian_desk.adapters.keys.envelope import PREVIOUS_NAME, envelope_path, read_envelope
from lian_desk.adapters.keys.envelope_changes import (
    NEXT_NAME,
    change_password,
    forget_keyring,
    remember_in_keyring,
    replace_envelope,
)
from lian_desk.adapters.keys.keyring_wrap import SystemKeyring
from lian_desk.adapters.keys.password_wrap import PasswordCost, wrap_by_password
from lian_desk.adapters.keys.unlocking import by_keyring, by_password, is_remembered
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.workspace.opening_checks import Finding
from lian_desk.services.workspace.workspace import open_workspace

NEW = "雨花台的石子 77"
Child = Callable[..., subprocess.Popen[str]]

CHANGE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from lian_desk.adapters.keys.envelope_changes import change_password
from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password
folder, old, new, deadly = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
events = 0
def count(name, arguments):
    global events
    if name in ("open", "os.rename", "os.remove") and "envelope" in str(arguments[0]):
        events += 1
        if events == deadly:
            os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
sys.addaudithook(count)
change_password(folder, folder / "desk.sqlite3", by_password(old), new, PasswordCost(64, 1, 1))
print("changed", flush=True)
"""


class MemoryKeyring(KeyringBackend):
    """Keeps secrets in memory, as a session's keyring would."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


def change(folder: Path, old: str, new: str, cost: PasswordCost) -> None:
    change_password(folder, folder / "desk.sqlite3", by_password(old), new, cost)


def opens(folder: Path, password: str, now: datetime) -> bool:
    try:
        open_workspace(folder, by_password(password), now).close()
    except EnvironmentProblem as problem:
        if problem.code is not ErrorCode.PASSWORD_WRONG:
            raise
        return False
    return True


def test_only_the_new_password_opens_afterwards(
    folder: Path, password: str, cheap: PasswordCost, now: datetime
) -> None:
    change(folder, password, NEW, cheap)
    assert (folder / PREVIOUS_NAME).exists()
    assert opens(folder, NEW, now)
    assert not (folder / PREVIOUS_NAME).exists()
    assert not opens(folder, password, now)


def test_a_wrong_old_password_changes_no_byte(
    folder: Path, cheap: PasswordCost, digests: Callable[[Path], dict[str, str]]
) -> None:
    before = digests(folder)
    with pytest.raises(EnvironmentProblem) as caught:
        change(folder, "not the password", NEW, cheap)
    assert caught.value.code is ErrorCode.PASSWORD_WRONG
    assert digests(folder) == before


def test_a_change_works_while_the_workspace_is_open(
    folder: Path, password: str, cheap: PasswordCost, now: datetime
) -> None:
    workspace = open_workspace(folder, by_password(password), now)
    change(folder, password, NEW, cheap)
    workspace.prove(by_password(NEW))
    workspace.close()
    assert opens(folder, NEW, now)


def test_killed_at_any_file_operation_one_password_still_opens(
    child: Child, folder: Path, password: str, now: datetime
) -> None:
    current, wanted = password, NEW
    for deadly in range(1, 40):
        process = child(CHANGE_AND_DIE, folder, current, wanted, deadly)
        changed = "changed" in process.communicate(timeout=30)[0]
        new_opens = opens(folder, wanted, now)
        assert new_opens != opens(folder, current, now)
        if changed:
            assert new_opens
            break
        if new_opens:
            current, wanted = wanted, current
    else:
        pytest.fail("the change never came to its end")
    assert deadly > 5


def test_a_round_trip_that_fails_leaves_the_old_envelope(
    folder: Path, password: str, cheap: PasswordCost, digests: Callable[[Path], dict[str, str]]
) -> None:
    before = digests(folder)
    envelope = read_envelope(envelope_path(folder))
    keys = by_password(password)(envelope)
    changed = envelope.with_wrap(wrap_by_password(envelope.identity, keys, NEW, cheap))
    with pytest.raises(EnvironmentProblem) as caught:
        replace_envelope(folder, folder / "desk.sqlite3", changed, by_password("another one"))
    assert caught.value.code is ErrorCode.PASSWORD_WRONG
    assert digests(folder) == before
    assert not (folder / NEXT_NAME).exists()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": "lian_desk envelope", "version": 1}', None])
def test_the_previous_envelope_stands_in_for_a_lost_or_damaged_one(
    folder: Path, password: str, now: datetime, damage: bytes | None
) -> None:
    current = envelope_path(folder)
    (folder / PREVIOUS_NAME).write_bytes(current.read_bytes())
    if damage is None:
        current.unlink()
    else:
        current.write_bytes(damage)
    workspace = open_workspace(folder, by_password(password), now)
    assert [finding.kind for finding in workspace.findings] == [Finding.ENVELOPE_RESTORED]
    workspace.close()
    assert read_envelope(current).identity == workspace.identity
    assert not (folder / PREVIOUS_NAME).exists()


def test_remembering_and_forgetting_go_through_the_same_round_trip(folder: Path, password: str) -> None:
    keyring = SystemKeyring(MemoryKeyring())
    database = folder / "desk.sqlite3"
    remember_in_keyring(folder, database, by_password(password), keyring)
    envelope = read_envelope(envelope_path(folder))
    assert by_keyring(lambda: keyring)(envelope).to_bytes() == by_password(password)(envelope).to_bytes()
    forget_keyring(folder, database, by_password(password), keyring)
    assert not is_remembered(read_envelope(envelope_path(folder)))
    with pytest.raises(EnvironmentProblem) as caught:
        keyring.fetch(envelope.identity.database_id)
    assert caught.value.code is ErrorCode.KEYRING_NO_ENTRY
