"""Running and stopped promises: one row per clock."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import ClockDoubt, ClockKind


class ClockRun(Base):
    """One promised time of an application or a request, with the sentence that explains it.

    A deadline is stored when it arises, with its edition, so that a later edition never moves an old promise.
    "Overdue" is computed from ``due_at``, never stored. Closed: met (``met_at``) or no longer owed
    (``ended_at`` without ``met_at``).
    """

    __tablename__ = "clock_run"
    __table_args__ = (
        CheckConstraint("(application_id is null) <> (service_request_id is null)", name="one_owner"),
        Index(None, "ended_at", "kind", "due_at", "id"),
        # the counters of the worklist are answered from this index alone
        Index(None, "ended_at", "kind", "paused_since_at", "due_at"),
        Index(None, "service_request_id", "ended_at", "kind"),
        Index(None, "application_id"),
        Index(None, "is_provisional", "ended_at"),
        Index(None, "met_at", "kind", "due_at"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    kind: Mapped[ClockKind] = mapped_column(word_of(ClockKind))
    application_id: Mapped[int | None] = reference("incoming_application.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    started_at: Mapped[Moment]
    due_at: Mapped[Moment]
    internal_due_at: Mapped[datetime | None] = mapped_column(AwareTime)
    window_opens_on: Mapped[date | None] = mapped_column(Date)
    is_provisional: Mapped[bool] = mapped_column(default=False)
    derivation: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(20))
    handbook_edition: Mapped[str] = mapped_column(String(20))
    met_at: Mapped[datetime | None] = mapped_column(AwareTime)
    ended_at: Mapped[datetime | None] = mapped_column(AwareTime)
    #: From when a lasting pause lets the clock stand still; None while it runs.
    paused_since_at: Mapped[datetime | None] = mapped_column(AwareTime)
    #: The workstation's clock was not to be believed when this was recorded (R89).
    clock_doubt: Mapped[ClockDoubt | None] = mapped_column(word_of(ClockDoubt))

    __mapper_args__ = {"version_id_col": version}
