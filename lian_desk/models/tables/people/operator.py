"""People who use the program."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, word_of
from lian_desk.models.vocabulary import Role


class Operator(Base):
    """A case manager, team lead or administrator (专案管家, 主管, 管理员)."""

    __tablename__ = "operator"
    __table_args__ = (UniqueConstraint("staff_number"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    staff_number: Mapped[str] = mapped_column(String(40))
    role: Mapped[Role] = mapped_column(word_of(Role))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
