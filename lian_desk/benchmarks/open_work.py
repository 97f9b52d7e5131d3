"""(d) The worklist over open requests, warm and just after opening; (e) deadlines in a second; no window."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.dialects import sqlite

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.adapters.machine.sqlcipher import DriverConnection
from lian_desk.benchmarks.figures import Figure, figure, times_of
from lian_desk.models.rules.clocks import booking_clock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.worklist import WorklistSource
from lian_desk.services.worklist.worklist import counter_statement, load_workbench
from lian_desk.services.workspace.workspace import open_workspace

DEADLINES = 10_000
_PAGE = 100
_REFRESH_AIM_MS = 50.0
#: A hundred thousand a second.
_DEADLINES_AIM_MS = DEADLINES / 100
_COLD_RUNS = 5
_FLOOR = "the same statements on the driver alone"


def measure_open_work(folder: Path, *, runs: int, say: Callable[[str], None]) -> list[Figure]:
    """Return the figures of the worklist in the workspace ``folder`` and of the deadlines."""
    say("worklist")
    figures = [_just_opened(folder), *_warm(folder, runs)]
    say("deadlines")
    return [*figures, deadlines(folder, runs)]


def refresh(desk: Desk) -> None:
    """Read what the worklist shows: its counters and its day, the first keys and their rows."""
    source = WorklistSource(desk)
    load_workbench(desk)
    source.rows(source.keys(ListQuery(), _PAGE))


def _just_opened(folder: Path) -> Figure:
    taken: list[float] = []
    floor: list[float] = []
    for _ in range(_COLD_RUNS):
        with _OpenDesk(folder) as desk:
            connection = desk.database.driver_connection(reading=True)
            begun = time.perf_counter()
            _plain_refresh(desk, connection)()
            floor.append((time.perf_counter() - begun) * 1000)
            connection.close()
        with _OpenDesk(folder) as desk:
            begun = time.perf_counter()
            refresh(desk)
            taken.append((time.perf_counter() - begun) * 1000)
    return figure("worklist, first refresh after opening", taken, _FLOOR, floor, aim_ms=_REFRESH_AIM_MS)


def _warm(folder: Path, runs: int) -> list[Figure]:
    with _OpenDesk(folder) as desk:
        connection = desk.database.driver_connection(reading=True)
        floor = times_of(_plain_refresh(desk, connection), runs)
        taken = times_of(lambda: refresh(desk), runs)
        source = WorklistSource(desk)
        count = len(source.keys(ListQuery()))
        keys = _sql_of(source.key_statement(ListQuery()))
        plain = times_of(lambda: connection.execute(keys).fetchall(), runs)
        every = times_of(lambda: source.keys(ListQuery()), runs)
        connection.close()
    return [
        figure(f"worklist over {count:,} lines, refresh", taken, _FLOOR, floor, aim_ms=_REFRESH_AIM_MS),
        figure(f"all {count:,} keys of the worklist", every, _FLOOR, plain, aim_ratio=2.5),
    ]


def deadlines(folder: Path, runs: int) -> Figure:
    """Return how long so many booking deadlines take, each on a day of its own, beside adding days to a date."""
    with _OpenDesk(folder) as desk:
        pack, calendar = desk.pack, desk.calendar
    start = datetime(2026, 1, 1, 10, tzinfo=SHANGHAI)
    moments = [start + timedelta(hours=place) for place in range(DEADLINES)]

    def reckon() -> None:
        for moment in moments:
            booking_clock(moment, pack, calendar, kind=ServiceKind.OUTPATIENT_COORDINATION, is_renowned=True)

    def add_days() -> None:
        for moment in moments:
            (moment.date() + timedelta(days=15)).weekday()

    taken, floor = times_of(reckon, runs), times_of(add_days, runs)
    return figure(
        f"{DEADLINES:,} booking deadlines", taken, "adding days to as many dates", floor, aim_ms=_DEADLINES_AIM_MS
    )


class _OpenDesk:
    """A desk of its own on the workspace: new connections, nothing read before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Desk:
        clock = SystemClock()
        self._desk = Desk(open_workspace(self._folder, by_throw_away_key(), clock.now()), clock)
        return self._desk

    def __exit__(self, *_error: object) -> None:
        self._desk.close()


def _sql_of(statement: Any) -> str:
    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def _plain_refresh(desk: Desk, connection: DriverConnection) -> Callable[[], object]:
    """Return the counters and the first keys as the driver reads them, without rows made into objects."""
    now = desk.clock.now()
    moments = {"now": now, "start": now, "end": now + timedelta(days=1), "today": desk.today}
    counters = _sql_of(counter_statement().params(**moments))
    keys = _sql_of(WorklistSource(desk).key_statement(ListQuery(), _PAGE))

    def read() -> None:
        connection.execute(counters).fetchall()
        connection.execute(keys).fetchall()

    return read
