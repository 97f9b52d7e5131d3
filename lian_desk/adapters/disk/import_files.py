"""Files that a lead takes in (calendar years, hospital lists): read whole, within bounds, in the usual encodings."""

import re
from pathlib import Path
from typing import Final

from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

_MEGABYTE: Final = 1_000_000
# Excel in Chinese writes CSV in GB18030 without saying so; UTF-8 is tried first because it fails loudly
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
#: "Unicode 文本" of Excel; some programs leave the mark at its beginning out.
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_UNMARKED: Final = ("utf-16-le", "utf-16-be")
_USUAL: Final = re.compile("[\t\n\r -~\u00b7\u2010-\u203b\u2160-\u217f\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
_MOSTLY: Final = 0.95


def read_bounded(path: Path, limit_megabytes: int) -> bytes:
    """Return the bytes of ``path``.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE`` (empty, a folder, gone, no rights).
    """
    limit = limit_megabytes * _MEGABYTE
    try:
        with foreseen_problems(), path.open("rb") as stream:
            content = stream.read(limit + 1)
    except EnvironmentProblem as problem:
        raise unreadable("没有找到文件，或没有读取的权限") from problem
    if len(content) > limit:
        raise EnvironmentProblem(ErrorCode.IMPORT_FILE_TOO_LARGE, detail=f"超过 {limit_megabytes} MB")
    if not content:
        raise unreadable("文件是空的")
    return content


def decode(content: bytes) -> str:
    """Return the text of ``content`` in UTF-8, GB18030 or UTF-16.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``.
    """
    if content.startswith(_MARKS):
        found = _decoded(content, "utf-16")
        if found is not None and "\x00" not in found:
            return found
    elif b"\x00" not in content:
        for encoding in _ENCODINGS:
            found = _decoded(content, encoding)
            if found is not None:
                return found
    else:
        for encoding in _UNMARKED:
            found = _decoded(content, encoding)
            if found is not None and _is_usual(found):
                return found
    raise unreadable("不是文本文件，或编码不是 UTF-8、GB18030、UTF-16")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_usual(text: str) -> bool:
    """Tell text from bytes that happen to be read: nearly every character is one that Chinese tables hold."""
    return "\n" in text and len(_USUAL.findall(text)) >= _MOSTLY * len(text)


def unreadable(detail: str) -> EnvironmentProblem:
    """Return the refusal of a file that is not what it should be."""
    return EnvironmentProblem(ErrorCode.IMPORT_FILE_UNREADABLE, detail=detail)
