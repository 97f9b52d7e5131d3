"""The seal printed on a document: a digest of everything the document says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def seal_of(view: DataclassInstance) -> str:
    """Return the SHA-256 of the view's content in hexadecimal: equal views, equal seal."""
    content = json.dumps(asdict(view), ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(f"{type(view).__name__}\n{content}".encode("ascii")).hexdigest()


def short_form(digest: str) -> str:
    """Return the first and last four digits, as a person compares them: 9f3c…a17e."""
    return f"{digest[:4]}…{digest[-4:]}"


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    message = f"no plain form for {type(value).__name__}"
    raise TypeError(message)
