"""The counters of the worklist are answered from indexes alone, and count what stands in the rows."""

from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.benchmarks.open_work import measure_open_work, refresh
from lian_desk.cli.demo import make_workspace
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import RequestPause, ServiceRequest
from lian_desk.models.vocabulary import ClockKind, RequestStatus
from lian_desk.services.demo.generator import DemoOptions
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.worklist import WorklistSource
from lian_desk.services.worklist.worklist import counter_statement, load_totals, load_workbench
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_fixture import MONDAY

FILES = 150


def moments(desk: Desk) -> dict[str, object]:
    start = datetime.combine(desk.today, time(0), SHANGHAI)
    return {"now": desk.clock.now(), "start": start, "end": start + timedelta(days=1), "today": desk.today}


def test_no_counter_walks_a_table(desk: Desk) -> None:
    statement = counter_statement().params(**moments(desk))
    with desk.read() as session:
        dialect = session.connection().dialect
        text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        plan = [str(row[3]) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    assert not [line for line in plan if line.startswith("SCAN") and "CONSTANT" not in line]
    clocks = [line for line in plan if "clock_run" in line]
    assert len(clocks) == 8
    assert all("COVERING INDEX" in line for line in clocks)


def test_the_counters_are_those_of_the_rows(desk: Desk) -> None:
    """Counted again one by one; a lasting pause that stops a clock takes it out of what is late and due today."""
    now, end = desk.clock.now(), datetime.combine(desk.today, time(0), SHANGHAI) + timedelta(days=1)
    with desk.read() as session:
        runs = session.scalars(select(ClockRun).where(ClockRun.ended_at.is_(None))).all()
        pauses = session.scalars(select(RequestPause).where(RequestPause.resumed_at.is_(None))).all()
    assert pauses
    bench = load_workbench(desk)
    for kind, counter in ((ClockKind.FEEDBACK, bench.feedback), (ClockKind.BOOKING, bench.booking)):
        own = [run for run in runs if run.kind is kind]
        stopped = {pause.service_request_id for pause in pauses if kind in desk.pack.pauses[pause.reason].stops}
        going = [run for run in own if run.service_request_id not in stopped or run.paused_since_at is None]
        assert counter.open_count == len(own)
        assert counter.next_due_at == min((run.due_at for run in own), default=None)
        assert counter.overdue_count == sum(run.due_at < now for run in going)
        assert counter.today_count == sum(now <= run.due_at < end for run in going)
        assert {run.service_request_id for run in own if run.paused_since_at} <= stopped


def test_open_work_is_measured_on_a_workspace_of_open_requests(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    make_workspace(folder, DemoOptions(files=FILES, own_papers=0, is_all_open=True), MONDAY, is_quiet=True)
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    try:
        desk = Desk(opened, FixedClock(MONDAY))
        assert load_totals(desk).open_request_count == load_totals(desk).file_count == FILES
        with desk.read() as session:
            statuses = set(session.scalars(select(ServiceRequest.status)))
        assert len(statuses) > 10
        assert RequestStatus.ARCHIVED not in statuses
        refresh(desk)
        assert len(WorklistSource(desk).keys(ListQuery())) >= FILES
    finally:
        opened.close()
    said: list[str] = []
    figures = measure_open_work(folder, runs=2, say=said.append)
    assert said == ["worklist", "deadlines"]
    assert [found.aim_ms for found in figures] == [50.0, 50.0, None, 100.0]
    assert all(found.value_ms > 0 and found.floor_ms > 0 for found in figures)
