"""What was disclosed to whom, on which authorization (R21)."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference


class Disclosure(Base):
    """One disclosure: recipient, fields and pages, purpose, the authorization it stands on, time and operator."""

    __tablename__ = "disclosure"
    __table_args__ = (Index(None, "assistance_file_id", "disclosed_at"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    recipient: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    #: Names of the fields, joined by 、; empty when only pages were given.
    field_names: Mapped[str] = mapped_column(Text, default="")
    #: One line per paper: number of the material and the pages chosen.
    page_list: Mapped[str] = mapped_column(Text, default="")
    authorization_id: Mapped[int] = reference("information_authorization.id")
    disclosed_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
