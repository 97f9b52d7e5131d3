"""The program's own log: one small file in the workspace for whoever has to find a fault, free of personal data.

Only warnings and errors of the program itself are written. What libraries log stays out, at every level: their
records may quote statements, file names or what was typed. Of an exception only its kind is written, never its text.
"""

import logging
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

from lian_desk.adapters.disk.durable_files import move_durably
from lian_desk.models.rules.working_time import SHANGHAI

FILE_NAME: Final = "desk.log"
EARLIER_NAME: Final = "desk.1.log"
#: A log of this many bytes becomes the earlier one at the next start; together they never grow much beyond twice this.
TURNED_OVER_AT: Final = 512 * 1024
_PROGRAM: Final = "lian_desk"

_ExceptionFacts = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Plain(logging.Formatter):
    """Times of the desk's zone, and no text of an exception."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Override: the moment in Asia/Shanghai, whatever the workstation's zone is."""
        return datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds")

    def formatException(self, ei: _ExceptionFacts) -> str:
        """Override: the kind alone; the text may quote what was typed."""
        kind = ei[0]
        return f"{kind.__module__}.{kind.__qualname__}" if kind is not None else ""


def begin_log(folder: Path) -> logging.Handler:
    """Write the program's warnings into ``folder`` until :func:`end_log`; the file begins with the first of them."""
    path = folder / FILE_NAME
    if path.exists() and path.stat().st_size >= TURNED_OVER_AT:
        move_durably(path, folder / EARLIER_NAME)
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Plain("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger(_PROGRAM).addHandler(handler)
    return handler


def end_log(handler: logging.Handler) -> None:
    """Stop writing and close the file; harmless when done twice."""
    logging.getLogger(_PROGRAM).removeHandler(handler)
    handler.close()
