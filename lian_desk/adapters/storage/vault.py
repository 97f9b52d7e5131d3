"""Encrypts and decrypts what lies on disk: the age v1 format, readable by the stock ``age`` tool as well.

Both sides are hashed while they stream, so memory stays flat. Decryption goes into memory or straight on to the next
reader; plaintext is never written to a disk here.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Final, Protocol

from lian_desk.adapters.storage.checksums import BLOCK, SteadyChecksum
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode, RuleViolation

MEGABYTE: Final = 1024 * 1024

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all (0: unknown)."""


class Readable(Protocol):
    """A binary source."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        ...


class Writable(Protocol):
    """A binary target."""

    def write(self, content: bytes, /) -> object:
        """Take all of ``content``."""
        ...


class Cancelled(Exception):
    """The user asked to stop; nothing was kept."""


@dataclass(frozen=True)
class Watch:
    """What looks on while bytes stream by.

    Attributes:
        progress: told after every chunk.
        cancel: when set, the stream stops with :class:`Cancelled`.
        total: bytes expected, 0 when unknown.
        limit: more bytes than this are refused, 0 for no limit.
    """

    progress: Progress | None = None
    cancel: Event | None = None
    total: int = 0
    limit: int = 0


UNWATCHED: Final = Watch()


@dataclass(frozen=True)
class Seal:
    """Checksums of both sides (SHA-256, hexadecimal) and the size of the original in bytes."""

    sha256: str
    sealed_sha256: str
    size: int


class Vault:
    """Seals for one or more recipients; opens with the workspace's identity.

    A recovery recipient is one more entry of the list: whoever holds its identity opens every file sealed from then on.
    """

    def __init__(self, identity: str, recovery_recipients: Sequence[str] = ()) -> None:
        """Take the age identity ``AGE-SECRET-KEY-1…`` and further recipients ``age1…``."""
        import pyrage  # noqa: PLC0415 - the key library is needed only once a workspace is open

        self._pyrage = pyrage
        self._identity = pyrage.x25519.Identity.from_str(identity)
        self._recipients = [
            self._identity.to_public(),
            *(pyrage.x25519.Recipient.from_str(recipient) for recipient in recovery_recipients),
        ]

    def seal(self, source: Readable, target: Writable, watch: Watch = UNWATCHED) -> Seal:
        """Encrypt ``source`` into ``target``.

        Raises:
            Cancelled: the watch's event was set.
            RuleViolation: ``MATERIAL_TOO_LARGE``, ``MATERIAL_EMPTY``, ``MATERIAL_UNREADABLE``.
            OSError: the target cannot be written.
        """
        unreadable = RuleViolation(ErrorCode.MATERIAL_UNREADABLE)
        plain, sealed = _HashingSource(source, watch, unreadable), _HashingTarget(target)
        try:
            self._pyrage.encrypt_io(plain, sealed, self._recipients)
        except self._pyrage.EncryptError as error:
            # the library reports the failure of either side as its own error, without number
            raise plain.failure or sealed.failure or error from None
        # the library drops an error of the last write, so success is not yet success
        _pass_on_rest(sealed)
        _raise_failure(plain, sealed)
        if not plain.size:
            raise RuleViolation(ErrorCode.MATERIAL_EMPTY)
        return Seal(plain.checksum, sealed.checksum, plain.size)

    def unseal(self, source: Readable, target: Writable) -> Seal:
        """Decrypt ``source`` into ``target`` and return both checksums.

        A target gets the beginning of a damaged file before the damage is noticed: trust it only after the return.

        Raises:
            EnvironmentProblem: ``MATERIAL_DAMAGED`` when a single bit differs, the end is missing or the key is another.
            OSError: the target's own error.
        """
        unreadable = EnvironmentProblem(ErrorCode.FILE_UNREADABLE)
        sealed, plain = _HashingSource(source, UNWATCHED, unreadable), _HashingTarget(target)
        try:
            self._pyrage.decrypt_io(sealed, plain, [self._identity])
        except (self._pyrage.DecryptError, OSError, ValueError) as error:
            foreign = sealed.failure or plain.failure
            if foreign is not None:
                raise foreign from None
            raise EnvironmentProblem(ErrorCode.MATERIAL_DAMAGED) from error
        _pass_on_rest(plain)
        _raise_failure(sealed, plain)
        return Seal(plain.checksum, sealed.checksum, plain.size)


class _HashingSource:
    """Reads on behalf of the key library; hashes, counts, reports, and remembers why it stopped.

    The library asks for 8 KiB at a time; the source is read in blocks, which are hashed on another thread meanwhile.
    """

    def __init__(self, source: Readable, watch: Watch, unreadable: DeskError) -> None:
        self._source = source
        self._watch = watch
        self._unreadable = unreadable
        self._hash = SteadyChecksum()
        self._block = b""
        self._place = 0
        self.size = 0
        self.failure: Exception | None = None

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        if self._place >= len(self._block):
            self._block, self._place = self._next_block(), 0
        end = len(self._block) if size < 0 else self._place + size
        content = self._block[self._place : end]
        self._place += len(content)
        return content

    def _next_block(self) -> bytes:
        if self._watch.cancel is not None and self._watch.cancel.is_set():
            return self._stop(Cancelled())
        try:
            content = bytes(self._source.read(BLOCK))
        except DeskError as problem:
            # a source made of many files knows which one failed, and why
            return self._stop(problem)
        except OSError as error:
            self._unreadable.__cause__ = error
            return self._stop(self._unreadable)
        self.size += len(content)
        if self._watch.limit and self.size > self._watch.limit:
            limit = self._watch.limit // MEGABYTE
            return self._stop(RuleViolation(ErrorCode.MATERIAL_TOO_LARGE, limit_megabytes=limit))
        self._hash.update(content)
        if self._watch.progress is not None:
            self._watch.progress(self.size, self._watch.total)
        return content

    def _stop(self, failure: Exception) -> bytes:
        self.failure = failure
        # Not InterruptedError: the library would try again for ever. The text is never shown.
        raise OSError("stopped")


class _HashingTarget:
    """Writes on behalf of the key library, in blocks; hashes, counts and remembers the error of the disk."""

    def __init__(self, target: Writable) -> None:
        self._target = target
        self._hash = SteadyChecksum()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self.size = 0
        self.failure: Exception | None = None

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()

    def write(self, content: bytes) -> int:
        self._waiting.append(bytes(content))
        self._waiting_bytes += len(content)
        if self._waiting_bytes >= BLOCK:
            self._pass_on()
        return len(content)

    def flush(self) -> None:
        """Hand on what waits; the library calls it at the end, and again after an error."""
        self._pass_on()

    def _pass_on(self) -> None:
        block = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        if not block or self.failure is not None:
            return
        try:
            self._target.write(block)
        except OSError as error:
            self.failure = error
            raise
        self._hash.update(block)
        self.size += len(block)


def _pass_on_rest(target: _HashingTarget) -> None:
    """Hand on the last block; the library does not flush after decrypting."""
    with suppress(OSError):
        # remembered by the target, raised by the caller
        target.flush()


def _raise_failure(source: _HashingSource, target: _HashingTarget) -> None:
    failure = source.failure or target.failure
    if failure is not None:
        raise failure


class ChecksumTarget:
    """A target that keeps nothing: for checking a file without holding its plaintext."""

    def write(self, content: bytes) -> int:
        """Take the bytes and forget them."""
        return len(content)


def checksum_of(source: Readable) -> str:
    """Return the SHA-256 of a stream, hexadecimal."""
    found = SteadyChecksum()
    while content := source.read(BLOCK):
        found.update(content)
    return found.hexdigest()
