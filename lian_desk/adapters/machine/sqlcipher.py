"""Typed wrapper of the SQLCipher driver, which ships no type information.

Everything that is particular to SQLCipher stands here: the raw key, the way a connection is opened, the floor of
the library's version and the numbers of its errors. Nothing else in the program imports the driver.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal, Protocol, cast

from sqlcipher3 import dbapi2 as _dbapi2

from lian_desk.models.errors import EnvironmentProblem, ErrorCode

driver: Final[ModuleType] = _dbapi2
"""The DB-API module, for ``sqlalchemy.create_engine(module=…)``."""

DriverError: Final[type[Exception]] = cast("type[Exception]", _dbapi2.Error)
"""Base of the driver's errors; carries ``sqlite_errorcode``."""

SQLITE_FLOOR: Final = (3, 51, 3)
"""Older builds lose committed writes when two connections write and checkpoint together (WAL-reset bug)."""

KEY_BYTES: Final = 32
HEADER_BYTES: Final = 16
PLAIN_HEADER: Final = b"SQLite format 3\x00"
BUSY_TIMEOUT_MS: Final = 5000

NO_SUCH_THING: Final = 1
"""SQLITE_ERROR: among others a table or column that is not there."""
FULL: Final = 13
READ_ONLY: Final = 8
PERMISSION: Final = 3
BUSY: Final = 5
LOCKED: Final = 6
INPUT_OUTPUT: Final = 10
CORRUPT: Final = 11
CANNOT_OPEN: Final = 14
NOT_A_DATABASE: Final = 26
SHARED_MEMORY_SIZE: Final = 10 | 19 << 8
"""SQLITE_IOERR_SHMSIZE: the index of the log found no room on the disk."""

Access = Literal["ro", "rw", "rwc"]


class DriverCursor(Protocol):
    """The part of a DB-API cursor that the program uses."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All remaining rows."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None."""


class DriverConnection(Protocol):
    """The part of a driver connection that the program uses."""

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> DriverCursor:
        """Run one statement."""

    def backup(
        self, target: "DriverConnection", *, pages: int = -1, progress: Callable[[int, int, int], None] | None = None
    ) -> None:
        """Copy every page into ``target`` through SQLite's backup API."""

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""


@dataclass(frozen=True, repr=False)
class DatabaseKey:
    """The raw 32-byte key of one database; never shown by ``repr``.

    The salt that SQLCipher keeps in the first 16 bytes of the file is derived from the key. So those bytes tell,
    without opening anything, whether a file was made with this key: a wrong key and a damaged file, for which
    SQLite has the same words, can be told apart.
    """

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            message = f"a database key has {KEY_BYTES} bytes"
            raise ValueError(message)

    @property
    def mark(self) -> bytes:
        """The 16 bytes at the start of every file made with this key; not secret."""
        return hmac.new(self.secret, b"lian_desk database file", hashlib.sha256).digest()[:HEADER_BYTES]

    def pragma(self) -> str:
        """The PRAGMA that hands key and salt over; both hexadecimal, or SQLCipher would take them as a pass phrase."""
        return f"PRAGMA key = \"x'{self.secret.hex()}{self.mark.hex()}'\""


def require_sqlite_floor(version: str | None = None) -> None:
    """Refuse a library that is older than the floor.

    Raises:
        EnvironmentProblem: ``SQLITE_TOO_OLD`` with the version found and the version needed.
    """
    found = version if version is not None else cast("str", _dbapi2.sqlite_version)
    if tuple(int(part) for part in found.split(".")[:3]) < SQLITE_FLOOR:
        needed = ".".join(str(part) for part in SQLITE_FLOOR)
        raise EnvironmentProblem(ErrorCode.SQLITE_TOO_OLD, found=found, needed=needed)


def file_header(path: Path) -> bytes:
    """The first 16 bytes of a file, fewer if it is shorter.

    Raises:
        OSError: the file is missing or unreadable.
    """
    with path.open("rb") as stream:
        return stream.read(HEADER_BYTES)


def sqlite_uri(path: Path, access: Access) -> str:
    """The ``file:`` address of a database; with ``ro`` or ``rw`` SQLite never makes a missing file."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link that the user chose
    address = absolute.as_uri()
    if absolute.drive.startswith("\\\\"):
        # SQLite refuses a host in the address: a network share is written with an empty one
        address = address.replace("file://", "file:////", 1)
    return f"{address}?mode={access}"


def connect(path: Path, key: DatabaseKey, access: Access = "rw", pragmas: Iterable[str] = ()) -> DriverConnection:
    """Open one keyed connection without the driver's own guesses about transactions.

    ``pragmas`` run after the key, each without the word PRAGMA. The connection may be used from any thread, by one
    thread at a time. The key is not proven before the first page is read.

    Raises:
        DriverError: the file cannot be opened, or it does not open with this key.
    """
    raw = _dbapi2.connect(
        sqlite_uri(path, access),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    try:
        # first of all: later lines about a wrong key would be printed on standard error
        raw.execute("PRAGMA cipher_log_level = NONE").fetchall()
        raw.execute(key.pragma()).fetchall()
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").fetchall()
    except DriverError:
        raw.close()
        raise
    return cast("DriverConnection", raw)


_NUMBER_OF_TEXT: Final = {
    "database or disk is full": FULL,
    "attempt to write a readonly database": READ_ONLY,
    "database is locked": BUSY,
    "disk I/O error": INPUT_OUTPUT,
    "database disk image is malformed": CORRUPT,
    "unable to open database file": CANNOT_OPEN,
    "file is not a database": NOT_A_DATABASE,
}


def error_number(error: BaseException) -> int | None:
    """SQLite's extended error number of a driver error, or None.

    Errors of the backup API come without a number; there the library's fixed text tells the plain one.
    """
    number = getattr(error, "sqlite_errorcode", None)
    if isinstance(number, int):
        return number
    return _NUMBER_OF_TEXT.get(str(error)) if isinstance(error, DriverError) else None
