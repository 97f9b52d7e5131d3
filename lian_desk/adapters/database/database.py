"""The encrypted database: one engine that reads, one that writes, and what may be opened at all.

Writers begin with BEGIN IMMEDIATE on a single connection, so that two of them queue instead of failing half-way;
readers see the last committed state and are refused any write. Nothing here ever makes a database: a missing or
empty file is a loss to be named, not an invitation to begin anew (docs/decisions/0001-sqlcipher.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from lian_desk.adapters.database.database_checks import truncate_log
from lian_desk.adapters.database.writing import write_late
from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.environment_problems import environment_problem, foreseen_problems
from lian_desk.adapters.machine.sqlcipher import DatabaseKey, DriverConnection
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

READERS: Final = 4
READER_WAIT_SECONDS: Final = 10
WRITER_WAIT_SECONDS: Final = 30

_BOTH: Final = (
    f"busy_timeout = {sqlcipher.BUSY_TIMEOUT_MS}",
    # with FULL a command that was answered survives a power cut; NORMAL loses all since the last checkpoint
    "synchronous = FULL",
    # REPLACE would otherwise walk past the triggers that guard append-only tables
    "recursive_triggers = ON",
    "cache_size = -65536",
    # sorting spills into memory, never into a readable file
    "temp_store = MEMORY",
)
READ_PRAGMAS: Final = (*_BOTH, "foreign_keys = ON", "query_only = ON")
WRITE_PRAGMAS: Final = (*_BOTH, "foreign_keys = ON", "journal_mode = WAL")
_FIRST_PAGE: Final = "SELECT count(*) FROM sqlite_master"
UPGRADE_PRAGMAS: Final = (*_BOTH, "foreign_keys = OFF", "journal_mode = WAL")


def wal_path(path: Path) -> Path:
    """The write-ahead log beside a database."""
    return path.with_name(path.name + "-wal")


def make_engine(path: Path, key: DatabaseKey, pragmas: tuple[str, ...], *, begin: str, pool_size: int) -> Engine:
    """An engine on an existing database; ``pool_size`` 0 means a new connection each time.

    ``begin`` is the statement that starts each transaction. Bound values never appear in error texts.
    """

    def open_connection() -> DriverConnection:
        return sqlcipher.connect(path, key, "rw", pragmas)

    if pool_size == 0:
        engine = create_engine(
            "sqlite://", module=sqlcipher.driver, creator=open_connection, poolclass=NullPool, hide_parameters=True
        )
    else:
        engine = create_engine(
            "sqlite://",
            module=sqlcipher.driver,
            creator=open_connection,
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=READER_WAIT_SECONDS if pool_size > 1 else WRITER_WAIT_SECONDS,
            hide_parameters=True,
        )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def upgrade_engine(path: Path, key: DatabaseKey) -> Engine:
    """The engine for schema changes: foreign keys are off before its transaction begins.

    With foreign keys on, rebuilding a parent table deletes its children without an error.
    """
    return make_engine(path, key, UPGRADE_PRAGMAS, begin="BEGIN IMMEDIATE", pool_size=0)


class Database:
    """An open database with its two engines; ``close`` it at the end."""

    def __init__(self, path: Path, key: DatabaseKey) -> None:
        self.path = path
        self._key = key
        self.read_engine = make_engine(path, key, READ_PRAGMAS, begin="BEGIN", pool_size=READERS)
        self.write_engine = make_engine(path, key, WRITE_PRAGMAS, begin="BEGIN IMMEDIATE", pool_size=1)
        self._read_sessions = sessionmaker(self.read_engine, expire_on_commit=False, autoflush=False)
        self.write_sessions = sessionmaker(self.write_engine, expire_on_commit=False, autoflush=False)
        write_late(self.write_sessions)

    @classmethod
    def open(cls, path: Path, key: DatabaseKey) -> "Database":
        """Open an existing database after ``prove_key``'s questions.

        The connection that asked them stays open in the pool: the last one to close would fold the log of a
        crashed session into the file before anybody has examined it.

        Raises:
            EnvironmentProblem: see ``prove_key``.
        """
        header = _header_of_ours(path)
        database = cls(path, key)
        try:
            with database.read_engine.connect() as connection:
                connection.exec_driver_sql(_FIRST_PAGE).all()
        except DBAPIError as error:
            database.dispose()
            raise _refusal(error, header, key) from error
        return database

    @contextmanager
    def read_session(self) -> Iterator[Session]:
        """A session on the last committed state.

        Raises:
            EnvironmentProblem: the disk, the file or a lock is in the way.
            RuntimeError: the caller tried to write, which is a bug and not a read-only disk.
        """
        with foreseen_problems(), self._read_sessions() as session:
            try:
                yield session
            except DBAPIError as error:
                if error.orig is not None and sqlcipher.error_number(error.orig) == sqlcipher.READ_ONLY:
                    message = "a read session was asked to write"
                    raise RuntimeError(message) from error
                raise

    @contextmanager
    def write_session(self) -> Iterator[Session]:
        """A session whose write lock is taken at once; rolled back unless ``session.commit()`` was called.

        Raises:
            EnvironmentProblem: the disk is full or read-only, or another writer holds the lock for too long.
        """
        with foreseen_problems(), self.write_sessions() as session:
            session.connection()
            yield session

    def driver_connection(self, *, reading: bool = False) -> DriverConnection:
        """A connection of its own, outside the pools and outside any transaction; the caller closes it."""
        return sqlcipher.connect(self.path, self._key, "rw", READ_PRAGMAS if reading else WRITE_PRAGMAS)

    def dispose(self) -> None:
        """Close all pooled connections; the next session opens new ones."""
        self.read_engine.dispose()
        self.write_engine.dispose()

    @property
    def key(self) -> DatabaseKey:
        """The key, for a backup that shall open with the same envelope."""
        return self._key

    def close(self) -> bool:
        """Close all connections and fold the log into the file; False when somebody else still held the log.

        Raises:
            EnvironmentProblem: the disk is full or gone; what was committed stays in the log.
        """
        self.dispose()
        with foreseen_problems():
            connection = self.driver_connection()
            try:
                return truncate_log(connection)
            finally:
                connection.close()


def prove_key(path: Path, key: DatabaseKey) -> None:
    """Make sure that a database is there, is ours and opens with ``key``; changes no byte.

    Raises:
        EnvironmentProblem: ``DATABASE_MISSING``; ``DATABASE_EMPTY`` (0 bytes, SQLite would take any key);
            ``DATABASE_PLAIN`` (an unencrypted SQLite file); ``DATABASE_WRONG_KEY`` (made with another key, or no
            database at all); ``DATABASE_DAMAGED`` (made with this key, but the first pages cannot be read); or a
            problem of disk, rights and locks.
    """
    header = _header_of_ours(path)
    try:
        connection = sqlcipher.connect(path, key, "rw", (f"busy_timeout = {sqlcipher.BUSY_TIMEOUT_MS}",))
        try:
            connection.execute(_FIRST_PAGE).fetchall()
        finally:
            connection.close()
    except sqlcipher.DriverError as error:
        raise _refusal(error, header, key) from error


def _header_of_ours(path: Path) -> bytes:
    with foreseen_problems():
        if not path.is_file():
            raise EnvironmentProblem(ErrorCode.DATABASE_MISSING)
        header = sqlcipher.file_header(path)
    if not header:
        raise EnvironmentProblem(ErrorCode.DATABASE_EMPTY)
    if header == sqlcipher.PLAIN_HEADER:
        raise EnvironmentProblem(ErrorCode.DATABASE_PLAIN)
    return header


def _refusal(error: Exception, header: bytes, key: DatabaseKey) -> Exception:
    problem = environment_problem(error)
    # SQLite says "file is not a database" for a wrong key and for damage alike; the mark tells them apart
    if problem is not None and problem.code is ErrorCode.DATABASE_DAMAGED and header != key.mark:
        return EnvironmentProblem(ErrorCode.DATABASE_WRONG_KEY)
    return problem or error


def create_empty(path: Path, key: DatabaseKey) -> None:
    """Make a new encrypted database without tables; the one act that may.

    Raises:
        EnvironmentProblem: ``DATABASE_EXISTS`` when any file has that name, or a problem of disk and rights.
    """
    if path.exists() or wal_path(path).exists():
        raise EnvironmentProblem(ErrorCode.DATABASE_EXISTS)
    with foreseen_problems():
        connection = sqlcipher.connect(path, key, "rwc", ("journal_mode = WAL", "synchronous = FULL"))
        try:
            truncate_log(connection)
            # the log and its index take over the rights of the database
            path.chmod(0o600)
        finally:
            connection.close()
