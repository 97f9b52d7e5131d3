"""The clock: the only place that asks the machine what time it is."""

import time
from datetime import UTC, datetime, timedelta
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


def time_since_boot() -> timedelta:
    """Return a length that only ever grows, whatever is done to the clock on the wall.

    It goes on through the sleep of the machine where the system can tell; elsewhere sleep looks like a jump forward.
    """
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    seconds = time.monotonic() if boot_time is None else time.clock_gettime(boot_time)
    return timedelta(seconds=seconds)
