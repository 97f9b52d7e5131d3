"""Change how the keys are wrapped, so that at every moment at least one envelope on the disk opens the database.

The new envelope is written beside the old one, flushed, read back, opened once with the new way, and the database
is opened once with the keys it gave. Only then does it take the place of the old one, which stays as
``envelope.previous.json`` until the next good start.
"""

from pathlib import Path
from typing import Final

from lian_desk.adapters.database.database import prove_key
from lian_desk.adapters.disk.durable_files import pending_file, write_durably
from lian_desk.adapters.keys import keyring_wrap
from lian_desk.adapters.keys.envelope import (
    PREVIOUS_NAME,
    Envelope,
    envelope_bytes,
    envelope_path,
    read_envelope,
    write_envelope,
)
from lian_desk.adapters.keys.keyring_wrap import SystemKeyring, wrap_by_keyring
from lian_desk.adapters.keys.password_wrap import PasswordCost, wrap_by_password
from lian_desk.adapters.keys.unlocking import Unlock, by_keyring, by_password
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

NEXT_NAME: Final = "envelope.next.json"
_RESTORABLE: Final = (ErrorCode.ENVELOPE_MISSING, ErrorCode.ENVELOPE_DAMAGED)


def load_envelope(folder: Path) -> tuple[Envelope, bool]:
    """The envelope of a workspace; True with it when the previous one had to stand in for a lost or damaged one.

    Raises:
        EnvironmentProblem: what ``read_envelope`` says about the envelope itself.
    """
    try:
        return read_envelope(envelope_path(folder)), False
    except EnvironmentProblem as problem:
        previous = folder / PREVIOUS_NAME
        if problem.code not in _RESTORABLE or not previous.is_file():
            raise
        try:
            return read_envelope(previous), True
        except EnvironmentProblem:
            raise problem from None


def settle_envelope(folder: Path, envelope: Envelope, *, restored: bool) -> None:
    """After a good start: put a restored envelope in place and remove what a change left behind.

    Raises:
        EnvironmentProblem: disk full, read-only or gone.
    """
    with foreseen_problems():
        if restored:
            write_envelope(envelope_path(folder), envelope)
        for leftover in (NEXT_NAME, PREVIOUS_NAME):
            (folder / leftover).unlink(missing_ok=True)


def change_password(
    folder: Path, database_path: Path, current: Unlock, new_password: str, cost: PasswordCost | None = None
) -> None:
    """Set a new password after proving the current way in.

    Raises:
        EnvironmentProblem: ``PASSWORD_WRONG`` or another refusal of ``current``; ``PASSWORD_TOO_SHORT``; disk
            problems. In each case the old password still opens.
    """
    envelope = read_envelope(envelope_path(folder))
    keys = current(envelope)
    changed = envelope.with_wrap(wrap_by_password(envelope.identity, keys, new_password, cost))
    replace_envelope(folder, database_path, changed, by_password(new_password))


def remember_in_keyring(folder: Path, database_path: Path, current: Unlock, keyring: SystemKeyring) -> None:
    """Let the system's keyring open this workspace from now on.

    Raises:
        EnvironmentProblem: a refusal of ``current``, of the keyring, or of the disk.
    """
    envelope = read_envelope(envelope_path(folder))
    keys = current(envelope)
    changed = envelope.with_wrap(wrap_by_keyring(envelope.identity, keys, keyring))
    replace_envelope(folder, database_path, changed, by_keyring(lambda: keyring))


def forget_keyring(folder: Path, database_path: Path, current: Unlock, keyring: SystemKeyring) -> None:
    """Ask for the password again from now on; ``current`` must be a way that remains.

    Raises:
        EnvironmentProblem: a refusal of ``current``, of the keyring, or of the disk.
    """
    envelope = read_envelope(envelope_path(folder))
    replace_envelope(folder, database_path, envelope.without(keyring_wrap.KIND), current)
    keyring.forget(envelope.identity.database_id)


def replace_envelope(folder: Path, database_path: Path, changed: Envelope, way_in: Unlock) -> None:
    """Put ``changed`` in the place of the envelope once ``way_in`` has opened it and the database.

    Raises:
        EnvironmentProblem: the round trip or the disk failed; the old envelope is untouched.
    """
    current_path, next_path = envelope_path(folder), folder / NEXT_NAME
    with foreseen_problems():
        # what a crash left behind
        next_path.unlink(missing_ok=True)
        with pending_file(next_path) as pending:
            pending.stream.write(envelope_bytes(changed))
            pending.settle()
            prove_key(database_path, way_in(read_envelope(next_path)).database)
            write_durably(folder / PREVIOUS_NAME, current_path.read_bytes())
            pending.put(current_path)
