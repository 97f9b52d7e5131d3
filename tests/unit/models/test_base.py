"""Column types: times with a zone, words by value."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Mapped, Session, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, word_of
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import Role


class Example(Base):
    """A table of this test alone."""

    __tablename__ = "example_of_types"

    id: Mapped[Key]
    at: Mapped[Moment]
    until: Mapped[datetime | None] = mapped_column(AwareTime)
    role: Mapped[Role] = mapped_column(word_of(Role))


# the schema of the program does not know this table
Base.metadata.remove(Example.__table__)


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Example.__table__.create(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 9, 28, 10, 0, 0, 123456, tzinfo=SHANGHAI),
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2286, 11, 20, 17, 46, 40, tzinfo=timezone(timedelta(hours=-7))),
    ],
)
def test_a_moment_comes_back_to_the_microsecond_in_utc(session: Session, moment: datetime) -> None:
    session.add(Example(id=1, at=moment, until=None, role=Role.TEAM_LEAD))
    session.commit()
    session.expunge_all()
    row = session.scalars(select(Example)).one()
    assert (row.at, row.at.tzinfo, row.until) == (moment, UTC, None)
    assert session.scalar(select(Example.id).where(Example.at == moment.astimezone(SHANGHAI))) == 1


def test_a_time_without_a_zone_is_a_bug(session: Session) -> None:
    session.add(Example(id=1, at=datetime(2026, 9, 28), role=Role.TEAM_LEAD))  # noqa: DTZ001
    with pytest.raises(StatementError, match="needs a zone"):
        session.commit()


def test_moments_sort_as_they_pass(session: Session) -> None:
    first = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
    for key, moment in enumerate(
        (first + timedelta(hours=1), first, first.astimezone(SHANGHAI) + timedelta(minutes=5))
    ):
        session.add(Example(id=key, at=moment, role=Role.TEAM_LEAD))
    session.commit()
    assert list(session.scalars(select(Example.id).order_by(Example.at))) == [1, 2, 0]


def test_a_word_outside_the_vocabulary_is_refused(session: Session) -> None:
    session.add(Example(id=1, at=datetime.now(UTC), role="janitor"))  # type: ignore[arg-type]
    with pytest.raises(StatementError):
        session.commit()
