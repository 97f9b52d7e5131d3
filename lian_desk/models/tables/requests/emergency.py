"""An emergency that came up in a contact: the script was read out, routine steps of the file stand still (R74)."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference


class Emergency(Base):
    """When the words of R74 were read out and what the other side said; open until somebody lifts it.

    ``assistance_file_id`` is None for a caller who has no file: that stands in the log and freezes nothing.
    """

    __tablename__ = "emergency"
    __table_args__ = (Index(None, "assistance_file_id", "lifted_at"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int | None] = reference("assistance_file.id")
    happened_at: Mapped[Moment]
    said: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    lifted_at: Mapped[datetime | None] = mapped_column(AwareTime)
    lifted_by: Mapped[int | None] = reference("operator.id")
    outcome: Mapped[str] = mapped_column(Text, default="")
