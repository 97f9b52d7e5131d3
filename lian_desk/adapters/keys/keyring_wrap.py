"""Wrap the keys by a random key kept in the operating system's keyring: a convenience, never the only way.

An entry there disappears in real life (reinstallation, another desktop, a locked keyring), and some backends keep
nothing or keep it as plain text. So only known backends are used, what was written is read back, and "nothing
there" means "ask for the password", never "make a new key".

A keyring may also not answer at all (a service that hangs, a prompt that nobody sees). It is asked on a thread of its
own and given up after a few seconds; such a thread never keeps the program from ending.
"""

import base64
import binascii
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from lian_desk.adapters.keys.envelope import Envelope, WorkspaceIdentity, Wrap, open_wrap, seal_keys
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

KIND: Final = "keyring"
SERVICE: Final = "lian_desk"
_WRAPPING_BYTES: Final = 32

PATIENCE_SECONDS: Final = 3
"""A keyring that has not answered by then is given up; a healthy one needs a hundredth of a second."""

NO_HELP: Final = frozenset(
    {
        ErrorCode.KEYRING_UNAVAILABLE,
        ErrorCode.KEYRING_NO_ENTRY,
        ErrorCode.KEYRING_REFUSED,
        ErrorCode.KEYRING_SILENT,
    }
)
"""What a keyring that does not help says: the password is asked then."""

_AnswerT = TypeVar("_AnswerT")

TRUSTED_BACKENDS: Final = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""Backends that keep a secret encrypted under the user's session; any other is refused, the plain-text ones first."""


class SystemKeyring:
    """The one trusted keyring of this session."""

    def __init__(self, backend: "KeyringBackend") -> None:
        """Use ``backend``, which the caller has checked; ``find`` does both."""
        self._backend = backend
        if sys.platform == "win32" and hasattr(backend, "persist"):
            # the default roams to every machine of a domain
            backend.persist = "local machine"

    @classmethod
    def find(cls, trusted: frozenset[str] = TRUSTED_BACKENDS) -> "SystemKeyring":
        """The keyring of this session, if it is one of ``trusted`` (module and class name).

        Raises:
            EnvironmentProblem: ``KEYRING_UNAVAILABLE`` when there is none, or only one that keeps nothing or plain
                text; ``KEYRING_SILENT`` when the search did not end.
        """
        import keyring  # noqa: PLC0415 - 70 ms; a start by password does not need it
        from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

        try:
            with _keyring_problems():
                chosen = _answer_of(keyring.get_keyring)
                backends = _answer_of(lambda: list(chosen.backends)) if isinstance(chosen, ChainerBackend) else [chosen]
        except (ImportError, AttributeError) as error:
            # the user's own keyring settings name a backend that is not installed
            raise EnvironmentProblem(ErrorCode.KEYRING_UNAVAILABLE) from error
        for backend in backends:
            if f"{type(backend).__module__}.{type(backend).__qualname__}" in trusted:
                return cls(backend)
        raise EnvironmentProblem(ErrorCode.KEYRING_UNAVAILABLE)

    def store(self, entry: str, secret: bytes) -> None:
        """Keep a short secret and read it back.

        Raises:
            EnvironmentProblem: ``KEYRING_UNAVAILABLE``; ``KEYRING_SILENT``; ``KEYRING_REFUSED`` when it does not give
                back what it took.
        """
        text = base64.b64encode(secret).decode("ascii")
        with _keyring_problems():
            _answer_of(lambda: self._backend.set_password(SERVICE, entry, text))
            kept = _answer_of(lambda: self._backend.get_password(SERVICE, entry))
        if kept is None or not secrets.compare_digest(kept.encode(), text.encode()):
            raise EnvironmentProblem(ErrorCode.KEYRING_REFUSED)

    def fetch(self, entry: str) -> bytes:
        """The secret kept under an entry.

        Raises:
            EnvironmentProblem: ``KEYRING_UNAVAILABLE``; ``KEYRING_NO_ENTRY`` (also what a locked keyring says);
                ``KEYRING_REFUSED`` for an entry that is no key; ``KEYRING_SILENT``.
        """
        with _keyring_problems():
            text = _answer_of(lambda: self._backend.get_password(SERVICE, entry))
        if text is None:
            raise EnvironmentProblem(ErrorCode.KEYRING_NO_ENTRY)
        try:
            secret = base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raise EnvironmentProblem(ErrorCode.KEYRING_REFUSED) from None
        if len(secret) != _WRAPPING_BYTES:
            raise EnvironmentProblem(ErrorCode.KEYRING_REFUSED)
        return secret

    def forget(self, entry: str) -> None:
        """Remove an entry if it is there.

        Raises:
            EnvironmentProblem: ``KEYRING_UNAVAILABLE``, ``KEYRING_SILENT``.
        """
        from keyring.errors import PasswordDeleteError  # noqa: PLC0415 - loaded with the keyring itself

        with _keyring_problems():
            try:
                _answer_of(lambda: self._backend.delete_password(SERVICE, entry))
            except PasswordDeleteError:
                # already gone: that is what was wanted
                return


def wrap_by_keyring(identity: WorkspaceIdentity, keys: WorkspaceKeys, keyring: SystemKeyring) -> Wrap:
    """Put a new random wrapping key into the keyring and wrap the keys under it.

    Raises:
        EnvironmentProblem: ``KEYRING_UNAVAILABLE``, ``KEYRING_SILENT`` or ``KEYRING_REFUSED``; nothing is wrapped then.
    """
    wrapping_key = secrets.token_bytes(_WRAPPING_BYTES)
    keyring.store(identity.database_id, wrapping_key)
    return seal_keys(identity, KIND, {"entry": identity.database_id}, wrapping_key, keys)


def open_by_keyring(envelope: Envelope, keyring: SystemKeyring) -> WorkspaceKeys:
    """The keys behind the keyring's entry; may wait up to ``PATIENCE_SECONDS``, so never on the UI thread.

    Raises:
        EnvironmentProblem: ``KEYRING_NO_ENTRY`` (also when the envelope has no such wrap), ``KEYRING_UNAVAILABLE``,
            ``KEYRING_SILENT``, ``KEYRING_REFUSED`` when the entry does not fit this workspace.
    """
    wrap = envelope.wrap_of(KIND)
    if wrap is None:
        raise EnvironmentProblem(ErrorCode.KEYRING_NO_ENTRY)
    keys = open_wrap(envelope.identity, wrap, keyring.fetch(envelope.identity.database_id))
    if keys is None:
        raise EnvironmentProblem(ErrorCode.KEYRING_REFUSED)
    return keys


def _answer_of(question: Callable[[], _AnswerT]) -> _AnswerT:
    """What ``question`` answers or raises, asked on a thread that the end of the program does not wait for.

    Raises:
        EnvironmentProblem: ``KEYRING_SILENT`` when there is no answer within ``PATIENCE_SECONDS``.
    """
    answer: Future[_AnswerT] = Future()

    def ask() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:  # noqa: BLE001 - raised again by result(), where the question was asked
            answer.set_exception(error)

    threading.Thread(target=ask, name="keyring", daemon=True).start()
    try:
        return answer.result(PATIENCE_SECONDS)
    except TimeoutError:
        if answer.done():
            # the keyring's own words
            raise
        raise EnvironmentProblem(ErrorCode.KEYRING_SILENT, seconds=PATIENCE_SECONDS) from None


@contextmanager
def _keyring_problems() -> Iterator[None]:
    try:
        yield
    except _failures() as error:
        raise EnvironmentProblem(ErrorCode.KEYRING_UNAVAILABLE) from error


def _failures() -> tuple[type[BaseException], ...]:
    """What keyrings raise: their own errors, and those of the system library below that they let through."""
    from keyring.errors import KeyringError  # noqa: PLC0415 - loaded with the keyring itself

    if sys.platform == "win32":
        from win32ctypes.pywin32.pywintypes import error as windows_error  # noqa: PLC0415

        return (KeyringError, OSError, RuntimeError, windows_error)
    if sys.platform == "linux":
        from jeepney import DBusErrorResponse  # type: ignore[import-untyped]  # noqa: PLC0415
        from secretstorage.exceptions import SecretStorageException  # noqa: PLC0415

        return (KeyringError, OSError, RuntimeError, SecretStorageException, DBusErrorResponse)
    return (KeyringError, OSError, RuntimeError)
