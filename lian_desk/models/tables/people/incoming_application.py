"""The first message of a customer, before it is a request."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import Channel, ServiceKind


class IncomingApplication(Base):
    """An application (申请) as it came in (R13); the 5-minute response clock hangs on it (R56)."""

    __tablename__ = "incoming_application"
    __table_args__ = (
        Index(None, "responded_at", "response_due_at", "id"),
        Index(None, "is_settled", "response_due_at", "id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    channel: Mapped[Channel] = mapped_column(word_of(Channel))
    channel_reason: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(200))
    contact_handle: Mapped[str] = mapped_column(String(200), default="")
    #: Terms by which the contact is found while there is no file: each after a blank; None: taken down before.
    search_terms: Mapped[str | None] = mapped_column(Text)
    need_text: Mapped[str] = mapped_column(Text)
    service_kind: Mapped[ServiceKind | None] = mapped_column(word_of(ServiceKind))
    received_at: Mapped[Moment]
    response_due_at: Mapped[Moment]
    responded_at: Mapped[datetime | None] = mapped_column(AwareTime)
    responded_by: Mapped[int | None] = reference("operator.id")
    response_note: Mapped[str] = mapped_column(Text, default="")
    assistance_file_id: Mapped[int | None] = reference("assistance_file.id", index=True)
    #: Taken over into a file or closed with a reason; until then it stays in the worklist.
    is_settled: Mapped[bool] = mapped_column(default=False)
    settled_reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")

    __mapper_args__ = {"version_id_col": version}
