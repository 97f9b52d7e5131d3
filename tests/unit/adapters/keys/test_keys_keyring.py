"""The system's keyring as a convenience: trusted, missing, forgetful, lying, plain-text and silent ones."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailingKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from lian_desk.adapters.keys import keyring_wrap
from lian_desk.adapters.keys.envelope import Envelope, WorkspaceIdentity
from lian_desk.adapters.keys.keyring_wrap import (
    NO_HELP,
    PATIENCE_SECONDS,
    SERVICE,
    SystemKeyring,
    open_by_keyring,
    wrap_by_keyring,
)
from lian_desk.adapters.keys.unlocking import by_keyring, is_remembered
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

KEYS = WorkspaceKeys.generate()
IDENTITY = WorkspaceIdentity("cd" * 16, "NJ01", False, KEYS.database.mark.hex(), datetime(2026, 11, 20, tzinfo=UTC))


class MemoryKeyring(KeyringBackend):
    """Keeps secrets in memory, as a trusted session keyring would."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class LockedKeyring(MemoryKeyring):
    """Somebody dismissed the prompt."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        message = "Prompt dismissed"
        raise InitError(message)


class ForgetfulKeyring(MemoryKeyring):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


class SilentKeyring(MemoryKeyring):
    """Does not answer what stands in ``silent`` until the test ends."""

    def __init__(self, *silent: str) -> None:
        super().__init__()
        self.silent = silent
        self.released = threading.Event()

    def _wait(self, question: str) -> None:
        if question in self.silent:
            self.released.wait()

    def get_password(self, service: str, username: str) -> str | None:
        self._wait("get")
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait("set")
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._wait("delete")
        super().delete_password(service, username)


class PlaintextKeyring(MemoryKeyring):
    """What keyrings.alt offers when there is nothing better."""


PlaintextKeyring.__module__ = "keyrings.alt.file"
TRUSTED = frozenset(
    f"{kind.__module__}.{kind.__qualname__}" for kind in (MemoryKeyring, LockedKeyring, ForgetfulKeyring, SilentKeyring)
)


@pytest.fixture(autouse=True)
def _restored_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def found(backend: KeyringBackend) -> SystemKeyring:
    keyring.set_keyring(backend)
    return SystemKeyring.find(TRUSTED)


def refused_by(backend: KeyringBackend) -> ErrorCode:
    with pytest.raises(EnvironmentProblem) as caught:
        wrap_by_keyring(IDENTITY, KEYS, found(backend))
    return caught.value.code


def test_what_is_remembered_opens_the_workspace() -> None:
    memory = MemoryKeyring()
    envelope = Envelope(IDENTITY, (wrap_by_keyring(IDENTITY, KEYS, found(memory)),))
    assert is_remembered(envelope)
    assert by_keyring(lambda: SystemKeyring.find(TRUSTED))(envelope).to_bytes() == KEYS.to_bytes()
    ((entry, secret),) = memory.entries.items()
    assert entry == (SERVICE, IDENTITY.database_id)
    assert len(secret) == 44
    assert KEYS.database.secret.hex() not in secret


@pytest.mark.parametrize("backend", [FailingKeyring, NullKeyring, PlaintextKeyring])
def test_backends_that_keep_nothing_or_plain_text_are_never_used(backend: type[KeyringBackend]) -> None:
    assert refused_by(backend()) is ErrorCode.KEYRING_UNAVAILABLE


def test_only_the_trusted_one_of_a_chain_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, memory = PlaintextKeyring(), MemoryKeyring()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, memory])
    wrap_by_keyring(IDENTITY, KEYS, found(ChainerBackend()))
    assert plain.entries == {}
    assert len(memory.entries) == 1


def test_a_locked_keyring_means_asking_for_the_password() -> None:
    assert refused_by(LockedKeyring()) is ErrorCode.KEYRING_UNAVAILABLE
    envelope = Envelope(IDENTITY, (wrap_by_keyring(IDENTITY, KEYS, found(MemoryKeyring())),))
    with pytest.raises(EnvironmentProblem) as caught:
        open_by_keyring(envelope, found(LockedKeyring()))
    assert caught.value.code is ErrorCode.KEYRING_UNAVAILABLE


def test_what_is_not_read_back_is_not_relied_on() -> None:
    assert refused_by(ForgetfulKeyring()) is ErrorCode.KEYRING_REFUSED


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (None, ErrorCode.KEYRING_NO_ENTRY),
        ("", ErrorCode.KEYRING_REFUSED),
        ("not base 64", ErrorCode.KEYRING_REFUSED),
        ("A" * 43 + "=", ErrorCode.KEYRING_REFUSED),
    ],
)
def test_a_lost_or_foreign_entry_never_makes_a_new_key(entry: str | None, code: ErrorCode) -> None:
    memory = MemoryKeyring()
    system = found(memory)
    envelope = Envelope(IDENTITY, (wrap_by_keyring(IDENTITY, KEYS, system),))
    memory.entries.clear()
    if entry is not None:
        memory.entries[SERVICE, IDENTITY.database_id] = entry
    before = dict(memory.entries)
    with pytest.raises(EnvironmentProblem) as caught:
        open_by_keyring(envelope, system)
    assert caught.value.code is code
    assert memory.entries == before


def test_an_envelope_that_was_never_remembered_does_not_ask_the_keyring() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        open_by_keyring(Envelope(IDENTITY, ()), found(LockedKeyring()))
    assert caught.value.code is ErrorCode.KEYRING_NO_ENTRY


def test_forgetting_twice_is_harmless() -> None:
    memory = MemoryKeyring()
    system = found(memory)
    wrap_by_keyring(IDENTITY, KEYS, system)
    system.forget(IDENTITY.database_id)
    system.forget(IDENTITY.database_id)
    assert memory.entries == {}


# ---------------------------------------------------------------------------------------- a keyring that does not answer


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PATIENCE_SECONDS == 3
    monkeypatch.setattr(keyring_wrap, "PATIENCE_SECONDS", 0.05)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("question", ["get", "set", "delete"])
def test_a_keyring_that_hangs_is_given_up(question: str) -> None:
    silent = SilentKeyring()
    system = found(silent)
    envelope = Envelope(IDENTITY, (wrap_by_keyring(IDENTITY, KEYS, system),))
    silent.silent = (question,)
    acts = {
        "get": lambda: open_by_keyring(envelope, system),
        "set": lambda: wrap_by_keyring(IDENTITY, KEYS, system),
        "delete": lambda: system.forget(IDENTITY.database_id),
    }
    with pytest.raises(EnvironmentProblem) as caught:
        acts[question]()
    silent.released.set()
    assert caught.value.code is ErrorCode.KEYRING_SILENT
    assert ErrorCode.KEYRING_SILENT in NO_HELP


@pytest.mark.usefixtures("patience")
def test_what_is_kept_but_not_read_back_in_time_is_not_relied_on() -> None:
    silent = SilentKeyring("get")
    assert refused_by(silent) is ErrorCode.KEYRING_SILENT
    silent.released.set()


@pytest.mark.usefixtures("patience")
def test_a_search_for_a_keyring_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(keyring, "get_keyring", released.wait)
    with pytest.raises(EnvironmentProblem) as caught:
        SystemKeyring.find(TRUSTED)
    released.set()
    assert caught.value.code is ErrorCode.KEYRING_SILENT


def test_a_keyring_that_speaks_of_a_timeout_of_its_own_is_unavailable() -> None:
    class SlowBus(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise TimeoutError

    system = SystemKeyring(SlowBus())
    with pytest.raises(EnvironmentProblem) as caught:
        system.fetch("x")
    assert caught.value.code is ErrorCode.KEYRING_UNAVAILABLE


def test_a_bug_in_a_keyring_is_raised_where_it_was_asked() -> None:
    class Broken(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        SystemKeyring(Broken()).fetch("x")


def test_the_question_is_asked_on_a_thread_that_nobody_waits_for() -> None:
    seen: list[bool] = []

    class Watching(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            seen.append(threading.current_thread().daemon)
            return None

    with pytest.raises(EnvironmentProblem):
        SystemKeyring(Watching()).fetch("x")
    assert seen == [True]
