"""Who this database is, and the series that number what people read."""

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment


class WorkspaceIdentity(Base):
    """The single row that ties a database to its envelope (docs/decisions/0007-key-envelope.md)."""

    __tablename__ = "workspace_identity"

    id: Mapped[Key]
    database_id: Mapped[str] = mapped_column(String(64))
    is_demo: Mapped[bool]
    workstation_code: Mapped[str] = mapped_column(String(8))
    node: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]


class NumberSeries(Base):
    """Last number given in a series and year, such as ``A`` in 2026 for assistance files."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("series", "year"),)

    id: Mapped[Key]
    series: Mapped[str] = mapped_column(String(8))
    year: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
