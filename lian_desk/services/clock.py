"""The clock: the only place that asks the machine what time it is."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The workstation's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands at a moment given to it: for the tour, the demo and tests."""

    def __init__(self, moment: datetime) -> None:
        """Stand at the aware ``moment``."""
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment at which the clock stands, in UTC."""
        return self.moment.astimezone(UTC)
