"""Turn what the machine says (full disk, read-only folder, lock, damage) into a code of the program.

Only causes outside the program are turned; a constraint, a wrong statement or any other bug stays what it is.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from lian_desk.adapters.machine import sqlcipher
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

_BY_ERRNO: Final = {
    errno.ENOSPC: ErrorCode.DISK_FULL,
    errno.EDQUOT: ErrorCode.DISK_FULL,
    errno.EFBIG: ErrorCode.DISK_FULL,
    errno.EROFS: ErrorCode.FOLDER_READ_ONLY,
    errno.EACCES: ErrorCode.FOLDER_READ_ONLY,
    errno.EPERM: ErrorCode.FOLDER_READ_ONLY,
    errno.ENOENT: ErrorCode.FOLDER_MISSING,
    errno.ENOTDIR: ErrorCode.FOLDER_MISSING,
    errno.ENODEV: ErrorCode.FOLDER_MISSING,
    errno.EIO: ErrorCode.FILE_UNREADABLE,
    errno.EISDIR: ErrorCode.FILE_UNREADABLE,
}

_BY_SQLITE: Final = {
    sqlcipher.FULL: ErrorCode.DISK_FULL,
    sqlcipher.READ_ONLY: ErrorCode.FOLDER_READ_ONLY,
    sqlcipher.PERMISSION: ErrorCode.FOLDER_READ_ONLY,
    # a log cannot be made beside the database: the folder is read-only, or it is gone
    sqlcipher.CANNOT_OPEN: ErrorCode.FOLDER_READ_ONLY,
    sqlcipher.BUSY: ErrorCode.DATABASE_BUSY,
    sqlcipher.LOCKED: ErrorCode.DATABASE_BUSY,
    sqlcipher.INPUT_OUTPUT: ErrorCode.FILE_UNREADABLE,
    sqlcipher.CORRUPT: ErrorCode.DATABASE_DAMAGED,
    sqlcipher.NOT_A_DATABASE: ErrorCode.DATABASE_DAMAGED,
}


def environment_problem(error: BaseException) -> EnvironmentProblem | None:
    """The problem of the machine behind an error, or None when the error is something else.

    Takes errors of the operating system, of the driver and of SQLAlchemy. The file name is left out on purpose:
    a user's folder may carry a person's name.
    """
    if isinstance(error, EnvironmentProblem):
        return error
    if isinstance(error, PoolTimeoutError):
        return EnvironmentProblem(ErrorCode.DATABASE_BUSY)
    if isinstance(error, DBAPIError):
        return None if error.orig is None else environment_problem(error.orig)
    code: ErrorCode | None = None
    if isinstance(error, sqlcipher.DriverError):
        number = sqlcipher.error_number(error)
        if number == sqlcipher.SHARED_MEMORY_SIZE:
            code = ErrorCode.DISK_FULL
        elif number is not None:
            code = _BY_SQLITE.get(number & 0xFF)
    elif isinstance(error, OSError) and error.errno is not None:
        code = _BY_ERRNO.get(error.errno)
    return None if code is None else EnvironmentProblem(code)


def is_damage(error: BaseException) -> bool:
    """True when an error of the driver or of SQLAlchemy says that the database file is damaged."""
    problem = environment_problem(error)
    return problem is not None and problem.code is ErrorCode.DATABASE_DAMAGED


@contextmanager
def foreseen_problems() -> Iterator[None]:
    """Raise the ``EnvironmentProblem`` instead of the error of the system, the driver or SQLAlchemy behind it."""
    try:
        yield
    except (OSError, DBAPIError, PoolTimeoutError, sqlcipher.DriverError) as error:
        problem = environment_problem(error)
        if problem is None:
            raise
        raise problem from error
