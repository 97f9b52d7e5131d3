"""What the full-text index knows: one entry per page or note, and what still waits to be indexed.

The words themselves stand in the virtual table ``full_text_fts``, whose ``rowid`` is the key of the entry. It keeps no
text: a hit leads back to the row or page it came from, so that nothing personal is stored twice.
"""

from typing import Final

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Identifier, reference

#: Origin of the recognised text of a page; every other origin is the name of a table.
PAGE_ORIGIN: Final = "material_page"


class FullTextEntry(Base):
    """One indexed text: a page of a material, or the words of a row.

    The key is a small running number, not an identifier of the desk: the index stores distances between keys, and
    small distances make it a third of the size. ``source_id`` is the key of the row in the table ``origin``, or of the
    material for a page; ``page`` counts the pages of the original from 0.
    """

    __tablename__ = "full_text_entry"
    __table_args__ = (UniqueConstraint("origin", "source_id", "page"), Index(None, "assistance_file_id"))

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    origin: Mapped[str] = mapped_column(String(48))
    source_id: Mapped[int] = mapped_column(BigInteger)
    page: Mapped[int] = mapped_column(Integer, default=0)


class FullTextForm(Base):
    """In which form the entries lie in the index: the one row of this table.

    ``form`` is that of every entry; while a newer form is written, entry by entry, ``reached`` is the last one done.
    """

    __tablename__ = "full_text_form"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    form: Mapped[int] = mapped_column(Integer)
    reached: Mapped[int] = mapped_column(BigInteger, default=0)


class FullTextBacklog(Base):
    """A table whose rows were written before the index was there; ``reached`` is the last key that was indexed."""

    __tablename__ = "full_text_backlog"

    origin: Mapped[str] = mapped_column(String(48), primary_key=True)
    reached: Mapped[int] = mapped_column(BigInteger, default=0)
