"""The register of issued papers, and the check whether a file is one of them (校验记录, R92)."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from lian_desk.adapters.drawing import NUMBER_MARK
from lian_desk.adapters.drawing.paper_signature import SignatureFinding, find_signature
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.free_words import concealed
from lian_desk.services.names.known_names import names_of_files
from lian_desk.services.papers.issuing import signer_of
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase, sentence

MOST_LISTED: Final = 200
"""Papers of a list, the newest first."""
_READ_AT_ONCE: Final = 1 << 20
_LOOKED_INTO: Final = 64 << 20
"""A larger file is compared by its digest alone."""
_PACKED: Final = 1 << 18
_INFLATED: Final = 1 << 21
_MOST_STREAMS: Final = 2_000
"""Bounds of what is unpacked to find a number: the facts of a file are small and stand in few streams."""
_NUMBER: Final = re.compile(re.escape(NUMBER_MARK.encode()) + rb"([A-Z]{2}-\d{2}-[A-Z0-9]{1,8}-\d{5,9})")
_STREAM: Final = re.compile(rb"stream\r?\n")


@dataclass(frozen=True, slots=True)
class IssuedFact:
    """What is known of an issued paper; ``corrects`` and ``corrected_by`` are numbers of other papers, or empty."""

    key: int
    number: str
    kind: DocumentKind
    file_number: str
    masking: MaskingLevel
    recipient: str
    purpose: str
    page_count: int
    issued_at: datetime
    content_sha256: str
    handbook_edition: str
    is_signed: bool
    corrects: str = ""
    corrected_by: str = ""
    correction_reason: str = ""

    @property
    def is_masked(self) -> bool:
        """False when everything stands in clear."""
        return self.masking is not MaskingLevel.REVEALED


class Verdict(StrEnum):
    """What a file turned out to be."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """Result of a check. ``fact`` is the paper that the file is, or says it is; None when it names none of ours.

    ``signature`` is None for a file without one; ``signature_note`` says why a signature could not be looked at.
    """

    verdict: Verdict
    sha256: str
    fact: IssuedFact | None = None
    signature: SignatureFinding | None = None
    signature_note: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is to be said of the file, the verdict first."""
        return tuple(
            part for part in (_verdict_words(self), _correction_words(self.fact), _signature_words(self)) if part
        )


def issued_of_file(desk: Desk, file_id: int) -> tuple[IssuedFact, ...]:
    """Return the papers issued for a file, the newest first."""
    return _facts(desk, IssuedDocument.assistance_file_id == file_id)


def recent_papers(desk: Desk) -> tuple[IssuedFact, ...]:
    """Return the papers issued last, of every file and of the team."""
    return _facts(desk, IssuedDocument.issued_at.is_not(None))


def find_issued(desk: Desk, number: str) -> IssuedFact:
    """Return the paper with a number.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    found = _facts(desk, IssuedDocument.number == number.strip().upper())
    if not found:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="issued_document")
    return found[0]


def check_paper(desk: Desk, path: Path) -> PaperCheck:
    """Tell whether the file at ``path`` is an issued paper, byte for byte, a changed one, or none of this workspace.

    Raises:
        EnvironmentProblem: the file cannot be read.
    """
    digest, content = _read(path)
    found = _facts(desk, IssuedDocument.content_sha256 == digest)
    signature, note = _signature(desk, content)
    if found:
        return PaperCheck(Verdict.UNCHANGED, digest, found[0], signature, note)
    for number in _numbers_in(content):
        named = _facts(desk, IssuedDocument.number == number)
        if named:
            return PaperCheck(Verdict.CHANGED, digest, named[0], signature, note)
    return PaperCheck(Verdict.UNKNOWN, digest, None, signature, note)


def _read(path: Path) -> tuple[str, bytes]:
    digest, head = hashlib.sha256(), bytearray()
    with foreseen_problems(), path.open("rb") as stream:
        while block := stream.read(_READ_AT_ONCE):
            digest.update(block)
            if len(head) < _LOOKED_INTO:
                head += block
    return digest.hexdigest(), bytes(head)


def _numbers_in(content: bytes) -> Iterator[str]:
    """Yield the numbers a file carries in its keywords, as written by us or packed by another program."""
    seen: set[bytes] = set()
    for part in _parts(content):
        for match in _NUMBER.finditer(part):
            if match[1] not in seen:
                seen.add(match[1])
                yield match[1].decode("ascii")


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield the raw bytes, then each packed stream, unpacked within bounds."""
    yield content
    # a text of two bytes a character shows its figures when the leading zeros go
    yield content.replace(b"\x00", b"")
    for match in islice(_STREAM.finditer(content), _MOST_STREAMS):
        try:
            part = zlib.decompressobj().decompress(content[match.end() : match.end() + _PACKED], _INFLATED)
        except zlib.error:
            continue
        yield part
        yield part.replace(b"\x00", b"")


def _signature(desk: Desk, content: bytes) -> tuple[SignatureFinding | None, str]:
    try:
        return find_signature(content, signer_of(desk)), ""
    except EnvironmentProblem as problem:
        if problem.code is not ErrorCode.SIGNING_UNAVAILABLE:
            raise
        return None, sentence(problem)


def _verdict_words(check: PaperCheck) -> str:
    fact = check.fact
    if fact is None:
        return "不是本工作区签发的文书，或已无从辨认。"
    file = f" · 档案 {fact.file_number}" if fact.file_number else ""
    about = f"{phrase(fact.kind)} {fact.number}{file} · {formats.iso_moment(fact.issued_at)} 签发"
    if check.verdict is Verdict.CHANGED:
        return f"内容与签发时不一致，已被改动：文件自称是{about}。请以本工作区留存的原件为准。"
    return f"与签发时一致：{about} · {fact.page_count} 页"


def _correction_words(fact: IssuedFact | None) -> str:
    if fact is None:
        return ""
    if fact.corrected_by:
        return f"本件已被 {fact.corrected_by} 更正，请使用新件。"
    return f"本件更正 {fact.corrects}：{fact.correction_reason}" if fact.corrects else ""


def _signature_words(check: PaperCheck) -> str:
    finding = check.signature
    if finding is None:
        return check.signature_note
    if not finding.is_whole:
        return "文件上的签名已失效：签名之后文件有改动，或签名不完整。"
    if not finding.is_ours:
        return f"文件带有其他工位（{finding.signer}）的完整签名，本工作区不能证明签名人。"
    return "本工位的签名完整，覆盖整个文件。"


def _facts(desk: Desk, condition: ColumnElement[bool]) -> tuple[IssuedFact, ...]:
    newer, older = aliased(IssuedDocument), aliased(IssuedDocument)
    newest = (
        select(newer.number)
        .where(newer.corrects_id == IssuedDocument.id, newer.content_sha256 != "")
        .order_by(newer.id.desc())
        .limit(1)
        .correlate(IssuedDocument)
        .scalar_subquery()
    )
    statement = (
        select(IssuedDocument, AssistanceFile.number, older.number, newest)
        .outerjoin(AssistanceFile, AssistanceFile.id == IssuedDocument.assistance_file_id)
        .outerjoin(older, older.id == IssuedDocument.corrects_id)
        .where(condition, IssuedDocument.content_sha256 != "")
        .order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc())
        .limit(MOST_LISTED)
    )
    with desk.read() as session:
        rows = session.execute(statement).all()
        names = names_of_files(session, {row.assistance_file_id for row, *_rest in rows if row.assistance_file_id})
    return tuple(
        concealed(
            IssuedFact(
                key=row.id,
                number=row.number,
                kind=row.kind,
                file_number=file_number or "",
                masking=row.masking,
                recipient=row.recipient,
                purpose=row.purpose,
                page_count=row.page_count,
                issued_at=row.issued_at,
                content_sha256=row.content_sha256,
                handbook_edition=row.handbook_edition,
                is_signed=row.is_signed,
                corrects=corrects or "",
                corrected_by=corrected_by or "",
                correction_reason=row.correction_reason,
            ),
            names[row.assistance_file_id].every if row.assistance_file_id in names else (),
        )
        for row, file_number, corrects, corrected_by in rows
    )
