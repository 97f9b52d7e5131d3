"""The register of issued papers: newest first, of one file or of all, found by number of paper or file."""

from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys


class IssuedRow(NamedTuple):
    """One issued paper; ``corrected_by`` is the number of the paper that corrects it, or empty."""

    key: int
    number: str
    kind: DocumentKind
    assistance_file_id: int | None
    file_number: str
    masking: MaskingLevel
    reason: str
    page_count: int
    issued_at: datetime
    is_signed: bool
    corrects: str
    corrected_by: str


class IssuedDocumentSource:
    """Row source of the register. Filter: ``file``, the key of an assistance file."""

    tables = frozenset({"issued_document"})

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys; a paper that was never sealed is none."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> Select[int]:
        """Return the statement behind ``keys``; words are beginnings of a paper's or a file's number."""
        statement = select(IssuedDocument.id).where(IssuedDocument.content_sha256 != "")
        file_id = query.filter("file")
        if file_id is not None:
            statement = statement.where(IssuedDocument.assistance_file_id == file_id)
        for word in query.text.upper().split():
            of_files = select(AssistanceFile.id).where(AssistanceFile.number.startswith(word, autoescape=True))
            statement = statement.where(
                or_(
                    IssuedDocument.number.startswith(word, autoescape=True),
                    IssuedDocument.assistance_file_id.in_(of_files),
                )
            )
        return statement.order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc()).limit(limit)

    def rows(self, keys: Sequence[int]) -> dict[int, IssuedRow]:
        """Return the rows of one page in one statement."""
        newer, older = aliased(IssuedDocument), aliased(IssuedDocument)
        newest = (
            select(newer.number)
            .where(newer.corrects_id == IssuedDocument.id, newer.content_sha256 != "")
            .limit(1)
            .correlate(IssuedDocument)
            .scalar_subquery()
        )
        statement = (
            select(IssuedDocument, AssistanceFile.number, older.number, newest)
            .outerjoin(AssistanceFile, AssistanceFile.id == IssuedDocument.assistance_file_id)
            .outerjoin(older, older.id == IssuedDocument.corrects_id)
            .where(IssuedDocument.id.in_(list(keys)))
        )
        with self._desk.read() as session:
            return {
                row.id: IssuedRow(
                    key=row.id,
                    number=row.number,
                    kind=row.kind,
                    assistance_file_id=row.assistance_file_id,
                    file_number=file_number or "",
                    masking=row.masking,
                    reason=" · ".join(part for part in (row.recipient, row.purpose) if part),
                    page_count=row.page_count,
                    issued_at=row.issued_at,
                    is_signed=row.is_signed,
                    corrects=corrects or "",
                    corrected_by=corrected_by or "",
                )
                for row, file_number, corrects, corrected_by in session.execute(statement)
            }
