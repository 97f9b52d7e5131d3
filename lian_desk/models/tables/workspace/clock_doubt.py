"""A moment at which the workstation's clock was found wrong (R89)."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import ClockDoubt


class ClockDoubtNote(Base):
    """What was seen and what was expected; open until a lead vouches for the clock, or it has caught up.

    Evidence and promises recorded while one is open carry its kind.
    """

    __tablename__ = "clock_doubt"
    __table_args__ = (Index(None, "settled_at"),)

    id: Mapped[Key]
    doubt: Mapped[ClockDoubt] = mapped_column(word_of(ClockDoubt))
    seen_at: Mapped[Moment]
    expected_at: Mapped[Moment]
    settled_at: Mapped[datetime | None] = mapped_column(AwareTime)
    settled_by: Mapped[int | None] = reference("operator.id")
