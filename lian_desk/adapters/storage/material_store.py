"""Stored files by checksum: ``materials/ab/cdef….age``, written beside and renamed, never half of one.

The name is the SHA-256 of the original bytes, so the same file is stored once; the row in the database also holds the
SHA-256 of the sealed file, so that a file exchanged for another valid one is noticed.
"""

import io
import re
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from lian_desk.adapters.disk.durable_files import (
    PendingFile,
    flush_folder,
    make_folder,
    move_durably,
    pending_file,
    remove_durably,
)
from lian_desk.adapters.machine.environment_problems import environment_problem, foreseen_problems
from lian_desk.adapters.storage.sealed_reader import SealedReader, recipient_count
from lian_desk.adapters.storage.source_files import SourceState, opened_source, require_unchanged
from lian_desk.adapters.storage.vault import (
    MEGABYTE,
    UNWATCHED,
    ChecksumTarget,
    Seal,
    Vault,
    Watch,
    Writable,
    checksum_of,
)
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation

SIZE_LIMIT: Final = 200 * MEGABYTE
"""Largest file taken in, in bytes, unless the settings say otherwise."""
LEAST_FREE: Final = 100 * MEGABYTE
"""Intake stops when less than this would stay free: the database needs room more than a new file does."""
_ENDING: Final = ".age"
_PART: Final = ".part"
_CHECKSUM: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredFile:
    """A file that lies safely in the store; ``is_new`` is False when the same bytes lay there already."""

    sha256: str
    sealed_sha256: str
    size: int
    is_new: bool


class MaterialStore:
    """Keeps and fetches sealed files under one folder."""

    def __init__(
        self,
        folder: Path,
        identity: str,
        *,
        recovery_recipients: Sequence[str] = (),
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        """Use ``folder`` (made when first needed) and the age identity of the workspace."""
        self.folder = folder
        self.size_limit = size_limit
        self._identity = identity
        self._recipients = tuple(recovery_recipients)
        self._made_vault: Vault | None = None
        self._lock = threading.Lock()
        self._claims: Counter[str] = Counter()

    def use_settings(self, *, size_limit: int, recovery_recipients: Sequence[str]) -> None:
        """Take in files up to ``size_limit`` bytes from now on, and seal them for these recipients as well."""
        self.size_limit = size_limit
        if tuple(recovery_recipients) != self._recipients:
            self._recipients = tuple(recovery_recipients)
            self._made_vault = None

    @property
    def recovery_recipients(self) -> tuple[str, ...]:
        """Who can open what is sealed from now on, besides the workspace."""
        return self._recipients

    @property
    def _vault(self) -> Vault:
        if self._made_vault is None:
            self._made_vault = Vault(self._identity, self._recipients)
        return self._made_vault

    def keep(self, source: Path | bytes | BinaryIO, watch: Watch = UNWATCHED, *, claim: bool = False) -> StoredFile:
        """Seal ``source`` into the store; on return it is on the disk, a power cut included.

        With ``claim`` nobody discards the file until ``release``: its row is about to be written.

        Raises:
            Cancelled: nothing was kept.
            RuleViolation: ``MATERIAL_EMPTY``, ``MATERIAL_TOO_LARGE``, ``MATERIAL_UNREADABLE``, ``MATERIAL_CHANGING``.
            EnvironmentProblem: disk full, read-only or gone.
        """
        with _opened(source, self.size_limit) as opened, foreseen_problems():
            total = opened.size or watch.total
            make_folder(self.folder)
            if shutil.disk_usage(self.folder).free < total + LEAST_FREE:
                raise EnvironmentProblem(ErrorCode.DISK_FULL)
            with pending_file(self._new_part()) as part:
                return self._keep(opened, part, replace(watch, total=total, limit=self.size_limit), claim=claim)

    def _keep(self, source: "_Source", part: PendingFile, watch: Watch, *, claim: bool) -> StoredFile:
        seal = self._vault.seal(source.stream, part.stream, watch)
        source.require_unchanged(seal.size)
        part.settle()
        if claim:
            with self._lock:
                self._claims[seal.sha256] += 1
        try:
            return self._put_in_place(seal, part)
        except BaseException:
            if claim:
                self.release(seal.sha256)
            raise

    def _put_in_place(self, seal: Seal, part: PendingFile) -> StoredFile:
        path = self.path_of(seal.sha256)
        known = self._intact(seal.sha256)
        if known is not None:
            # whoever put it there may have ended before its name was on the disk
            flush_folder(path.parent)
            flush_folder(self.folder)
            return StoredFile(seal.sha256, known.sealed_sha256, seal.size, is_new=False)
        make_folder(path.parent)
        part.put(path)
        return StoredFile(seal.sha256, seal.sealed_sha256, seal.size, is_new=True)

    def _intact(self, sha256: str) -> Seal | None:
        """Both checksums of a file that lies here undamaged, else None: a damaged one is replaced by the good copy."""
        try:
            seal = self.verify(sha256)
        except EnvironmentProblem:
            return None
        return seal if seal.sha256 == sha256 else None

    def fetch(self, sha256: str) -> bytes:
        """Return the original bytes, from memory to memory, checked against their name.

        Raises:
            EnvironmentProblem: ``MATERIAL_MISSING``, ``MATERIAL_DAMAGED``, ``MATERIAL_SWAPPED``.
        """
        buffer = io.BytesIO()
        self.fetch_into(sha256, buffer)
        return buffer.getvalue()

    def fetch_into(self, sha256: str, target: Writable) -> None:
        """Stream the original bytes into ``target``; only after the return are they known to be right.

        Raises:
            EnvironmentProblem: ``MATERIAL_MISSING``, ``MATERIAL_DAMAGED``, ``MATERIAL_SWAPPED``.
            OSError: the target's own error.
        """
        with self._sealed(sha256) as stream:
            seal = self._vault.unseal(stream, target)
        if seal.sha256 != sha256:
            raise EnvironmentProblem(ErrorCode.MATERIAL_SWAPPED)

    def open_parts(self, sha256: str) -> SealedReader:
        """Return a stored file for reading in parts; close it at the end.

        What is read is authentic, but not compared with its name: that takes the whole file (``verify``).

        Raises:
            EnvironmentProblem: ``MATERIAL_MISSING``, ``MATERIAL_DAMAGED``, ``FILE_UNREADABLE``.
        """
        stream = self._open_sealed(sha256)
        try:
            return SealedReader(stream, self._identity)
        except BaseException:
            stream.close()
            raise

    def recipient_count(self, sha256: str) -> int:
        """Return for how many recipients a file is sealed, the workspace included."""
        with self._sealed(sha256) as stream:
            return recipient_count(stream)

    def reseal(self, sha256: str) -> Seal:
        """Seal a stored file anew for the present recipients; the old seal stays until the new one is on the disk.

        Raises:
            EnvironmentProblem: ``MATERIAL_MISSING``, ``MATERIAL_DAMAGED``, ``MATERIAL_SWAPPED``; the disk refuses.
        """
        with closing(self.open_parts(sha256)) as reader, foreseen_problems():
            if shutil.disk_usage(self.folder).free < reader.size + LEAST_FREE:
                raise EnvironmentProblem(ErrorCode.DISK_FULL)
            with pending_file(self._new_part()) as part:
                try:
                    seal = self._vault.seal(_Unsealing(reader), part.stream)
                except RuleViolation as violation:
                    # the reading failed, and what was read is our own
                    raise EnvironmentProblem(ErrorCode.MATERIAL_DAMAGED) from violation
                if seal.sha256 != sha256:
                    raise EnvironmentProblem(ErrorCode.MATERIAL_SWAPPED)
                part.put(self.path_of(sha256))
        return seal

    def put_sealed(self, sha256: str, source: Path) -> None:
        """Copy a file that is sealed already, and was verified, into its place.

        Raises:
            EnvironmentProblem: the disk refuses.
        """
        path = self.path_of(sha256)
        with foreseen_problems():
            make_folder(path.parent)
            with source.open("rb") as stream, pending_file(self._new_part()) as part:
                shutil.copyfileobj(stream, part.stream)
                part.put(path)

    def _new_part(self) -> Path:
        return self.folder / f"{secrets.token_hex(16)}{_PART}"

    def verify(self, sha256: str) -> Seal:
        """Decrypt without keeping anything and return the checksums found.

        Raises:
            EnvironmentProblem: ``MATERIAL_MISSING``, ``MATERIAL_DAMAGED``.
        """
        with self._sealed(sha256) as stream:
            return self._vault.unseal(stream, ChecksumTarget())

    def sealed_checksum(self, sha256: str) -> str:
        """Return the SHA-256 of the sealed file as it lies there; the quick check.

        Raises:
            EnvironmentProblem: ``MATERIAL_MISSING``, ``FILE_UNREADABLE``.
        """
        with self._sealed(sha256) as stream:
            return checksum_of(stream)

    @contextmanager
    def _sealed(self, sha256: str) -> Iterator[BinaryIO]:
        with self._open_sealed(sha256) as stream:
            yield stream

    def _open_sealed(self, sha256: str) -> BinaryIO:
        try:
            return self.path_of(sha256).open("rb")
        except FileNotFoundError as error:
            raise EnvironmentProblem(ErrorCode.MATERIAL_MISSING) from error
        except OSError as error:
            raise environment_problem(error) or EnvironmentProblem(ErrorCode.FILE_UNREADABLE) from error

    def exists(self, sha256: str) -> bool:
        """Tell whether a file of that name lies in the store, whatever its state."""
        return self.path_of(sha256).is_file()

    def path_of(self, sha256: str) -> Path:
        """Return where a file lies.

        Raises:
            ValueError: ``sha256`` is no checksum; a bug, as nothing from outside becomes a path.
        """
        if not _CHECKSUM.fullmatch(sha256):
            raise ValueError("not a checksum")
        return self.folder / sha256[:2] / f"{sha256[2:]}{_ENDING}"

    def names(self) -> Iterator[str]:
        """Yield the checksum of every stored file."""
        if not self.folder.is_dir():
            return
        for shelf in sorted(self.folder.iterdir()):
            if len(shelf.name) != 2 or not shelf.is_dir():  # noqa: PLR2004 - first two of the checksum
                continue
            for path in sorted(shelf.iterdir()):
                name = shelf.name + path.name.removesuffix(_ENDING)
                if path.name.endswith(_ENDING) and _CHECKSUM.fullmatch(name):
                    yield name

    def strangers(self) -> Iterator[Path]:
        """Yield files in the store's folder that the store did not name, unfinished ones aside."""
        known = {self.path_of(name) for name in self.names()}
        for path in sorted(self.folder.rglob("*")) if self.folder.is_dir() else ():
            if path.is_file() and path not in known and path.suffix != _PART:
                yield path

    def modified_seconds(self, sha256: str) -> float:
        """Return when a file was put here, in seconds since 1970 (UTC)."""
        return self.path_of(sha256).stat().st_mtime

    def release(self, sha256: str) -> None:
        """Give a claim back: the row is written, or will not be."""
        with self._lock:
            self._claims[sha256] -= 1
            if self._claims[sha256] <= 0:
                del self._claims[sha256]

    def discard(self, sha256: str, is_owned: Callable[[], bool] = bool) -> bool:
        """Take a file away that no row needs; a claimed one, and one that ``is_owned``, stays. Tells whether it went.

        Raises:
            EnvironmentProblem: the disk refuses.
        """
        with self._lock, foreseen_problems():
            if self._claims[sha256] > 0 or is_owned():
                return False
            remove_durably(self.path_of(sha256))
        return True

    def set_aside(self, sha256: str, quarantine: Path) -> None:
        """Move a file that no row names into a quarantine folder; nothing is deleted."""
        with foreseen_problems():
            make_folder(quarantine)
            target = quarantine / f"{sha256}{_ENDING}"
            if target.exists():
                # what was set aside before stays too
                target = quarantine / f"{sha256}-{secrets.token_hex(4)}{_ENDING}"
            move_durably(self.path_of(sha256), target)


class _Unsealing:
    """A stored file as a source for its next seal: damage ends the reading and is remembered by the sealing."""

    def __init__(self, reader: SealedReader) -> None:
        self._reader = reader

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._reader.read(size)
        except EnvironmentProblem as problem:
            raise OSError("damaged") from problem


@dataclass(frozen=True)
class _Source:
    """An opened source: its size in bytes (0: unknown) and, for a file, how it was when it was opened."""

    stream: BinaryIO
    size: int
    state: SourceState | None = None

    def require_unchanged(self, bytes_read: int) -> None:
        if self.state is not None:
            require_unchanged(self.stream, self.state, bytes_read)


@contextmanager
def _opened(source: Path | bytes | BinaryIO, limit: int) -> Iterator[_Source]:
    """Open a source and tell its size; too large is refused before a byte is read."""
    if isinstance(source, bytes):
        _refuse_size(len(source), limit)
        yield _Source(io.BytesIO(source), len(source))
    elif isinstance(source, Path):
        with opened_source(source) as (stream, state):
            _refuse_size(state.size, limit)
            yield _Source(stream, state.size, state)
    else:
        yield _Source(source, 0)


def _refuse_size(size: int, limit: int) -> None:
    if size == 0:
        raise RuleViolation(ErrorCode.MATERIAL_EMPTY)
    if size > limit:
        raise RuleViolation(ErrorCode.MATERIAL_TOO_LARGE, limit_megabytes=limit // MEGABYTE)
