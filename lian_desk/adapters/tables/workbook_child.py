"""The child that opens workbooks: a damaged XLS makes the reader ask for 160 GB, which ends the process that asks.

One workbook comes in on the standard input, its sheets go out as JSON on the standard output; nothing is kept, nothing
written, nothing calculated. A cell is a text, or a pair of its kind and its words.
"""

import io
import json
import os
import sys
from datetime import date, datetime, time, timedelta
from typing import BinaryIO, Final

import python_calamine

from lian_desk.adapters.exchange.frames import Header, PipeClosed, read_exactly, read_header, write_header
from lian_desk.adapters.fences.confinement import MEGABYTE
from lian_desk.adapters.fences.fence import Fence, enclose

MOST_MEMORY: Final = 1536 * MEGABYTE
NUMBER, DAY, ANSWER = "number", "day", "answer"
PASSWORD, DAMAGED = "password", "damaged"
CellFound = str | list[str]


def main() -> int:
    """Read one workbook for the desk."""
    # a library that prints must not spoil the answer, nor may words of a list reach any log
    answers = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    os.close(silent)
    fence = enclose(MOST_MEMORY)
    with answers, open(0, "rb", closefd=False) as requests:
        serve(requests, answers, fence)
    return 0


def serve(requests: BinaryIO, answers: BinaryIO, fence: Fence) -> None:
    """Answer the one request; the first word tells which ``fence`` stands."""
    write_header(answers, {"ready": True, "size": 0, "fence": fence.as_facts()})
    try:
        content = read_exactly(requests, int(read_header(requests)["size"]))
    except PipeClosed:
        return
    header, payload = read_workbook(bytes(content))
    write_header(answers, {**header, "size": len(payload)})
    answers.write(payload)
    answers.flush()


def read_workbook(content: bytes) -> tuple[Header, bytes]:
    """Return the sheets with their names, whether they are hidden, their merged ranges and their rows with content."""
    sheets: list[dict[str, object]] = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for place, meta in enumerate(workbook.sheets_metadata):
                if meta.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                rows = enumerate(sheet.to_python(skip_empty_area=False))
                sheets.append(
                    {
                        "name": meta.name,
                        "place": place,
                        "hidden": meta.visible is not python_calamine.SheetVisibleEnum.Visible,
                        "merged": sheet.merged_cell_ranges or [],
                        "rows": [[at, list(map(_cell, row))] for at, row in rows if any(value != "" for value in row)],
                    }
                )
    except python_calamine.PasswordError:
        return {"error": PASSWORD}, b""
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError):
        return {"error": DAMAGED}, b""
    return {}, json.dumps(sheets, ensure_ascii=False, separators=(",", ":")).encode()


def _cell(value: object) -> CellFound:
    if isinstance(value, bool):
        return [ANSWER, str(value).upper()]
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer()
        return [NUMBER, str(int(value)) if whole else repr(value)]
    if isinstance(value, datetime):
        return [DAY, value.date().isoformat()]
    if isinstance(value, date):
        return [DAY, value.isoformat()]
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value).strip()


if __name__ == "__main__":
    sys.exit(main())
