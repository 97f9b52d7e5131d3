"""Recognises files that are written as text and are documents all the same: mails, web pages, drawings in SVG."""

import codecs
import re
from enum import Enum
from typing import Final

_HEADER: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]?(.*)")
_OF_MAILS: Final = frozenset(
    {
        "from", "to", "subject", "date", "received", "mime-version", "message-id", "return-path", "delivered-to",
        "content-type", "cc", "reply-to", "x-mailer", "dkim-signature", "sender", "x-originating-ip", "x-qq-mid",
        "content-transfer-encoding", "snapshot-content-location",
    }
)  # fmt: skip
_FEWEST_HEADERS: Final = 2
_HTML: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SVG: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!doctype\s+svg[^>]*>\s*)?<(?:\w+:)?svg\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class TextForm(Enum):
    """A document that is written as text."""

    MAIL = "mail"
    WEB_ARCHIVE = "web_archive"
    WEB_PAGE = "web_page"
    SVG = "svg"


def text_form(head: bytes) -> TextForm | None:
    """Tell by the first bytes which document in text a file is; None for plain text and for anything else."""
    text = _decoded(head)
    if _SVG.match(text):
        return TextForm.SVG
    if _HTML.match(text):
        return TextForm.WEB_PAGE
    names, values = _headers(text)
    if len(names & _OF_MAILS) < _FEWEST_HEADERS:
        return None
    is_saved_page = (
        "snapshot-content-location" in names or "multipart/related" in values.get("content-type", "").lower()
    )
    is_sent = bool(names & {"received", "message-id", "return-path", "to"})
    return TextForm.WEB_ARCHIVE if is_saved_page and not is_sent else TextForm.MAIL


def _decoded(head: bytes) -> str:
    for mark, coding in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(coding, "replace")
    return head.decode("latin-1")


def _headers(text: str) -> tuple[set[str], dict[str, str]]:
    """Return the headers that stand at the very beginning, one a line, long ones folded."""
    values: dict[str, str] = {}
    last = ""
    for line in text.lstrip("\r\n").splitlines():
        found = _HEADER.fullmatch(line)
        if found is not None:
            last = found[1].lower()
            values[last] = found[2]
        elif last and line[:1] in {" ", "\t"}:
            values[last] += line
        else:
            # an empty line ends them, and so does anything else; the last line may be cut
            break
    return set(values), values
