"""What a lead or an operator has set for this workspace."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference


class WorkspaceSetting(Base):
    """A value under a name; a name that is not here has its default. The program gives the value its meaning."""

    __tablename__ = "workspace_setting"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[Moment]
    changed_by: Mapped[int] = reference("operator.id")
