"""A measured figure beside its floor, and the aim it is held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement in milliseconds (or another ``unit``): the median of ``runs`` and the slowest of them.

    ``floor_ms`` is the least the machine can do for the same effect. Held against ``aim_ms``, or against
    ``aim_ratio`` times the floor; without either it only informs. ``course`` holds the values on the way, where
    there was one; ``note`` what else is to be known.
    """

    name: str
    value_ms: float
    worst_ms: float
    floor_name: str
    floor_ms: float
    runs: int
    aim_ms: float | None = None
    aim_ratio: float | None = None
    unit: str = "ms"
    course: tuple[float, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.value_ms / self.floor_ms if self.floor_ms else 0.0

    @property
    def is_met(self) -> bool | None:
        """True or False for a figure with an aim, None without one."""
        if self.aim_ms is not None:
            return self.value_ms <= self.aim_ms
        if self.aim_ratio is not None:
            return self.ratio <= self.aim_ratio
        return None

    def as_facts(self) -> dict[str, object]:
        """Return the figure as plain values for JSON."""
        return {
            "name": self.name,
            "value_ms": round(self.value_ms, 2),
            "worst_ms": round(self.worst_ms, 2),
            "floor": self.floor_name,
            "floor_ms": round(self.floor_ms, 3),
            "ratio": round(self.ratio, 2),
            "runs": self.runs,
            "aim_ms": self.aim_ms,
            "aim_ratio": self.aim_ratio,
            "met": self.is_met,
            "unit": self.unit,
            "course": [round(value, 2) for value in self.course],
            "note": self.note,
        }


def times_of(work: Callable[[], object], runs: int) -> list[float]:
    """Return the milliseconds of ``runs`` calls of ``work``, after one call that warms up."""
    work()
    taken: list[float] = []
    for _ in range(runs):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * 1000)
    return taken


def figure(
    name: str,
    taken: Sequence[float],
    floor_name: str,
    floor: Sequence[float],
    *,
    aim_ms: float | None = None,
    aim_ratio: float | None = None,
) -> Figure:
    """Return a figure from the milliseconds measured and those of its floor."""
    return Figure(name, median(taken), max(taken), floor_name, median(floor), len(taken), aim_ms, aim_ratio)
