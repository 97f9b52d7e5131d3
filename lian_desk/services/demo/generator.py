"""Fills a demonstration workspace: repeatable, chunk by chunk, from one file to a million.

Rows are inserted in bulk, not by commands: a million files would take days otherwise. Deadlines, follow-up plans,
search terms and the sealed log come from the same functions that the desk uses, and ``verification.verify_demo``
checks what the commands would have guaranteed. The same seed and the same moment give the same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, select

from lian_desk.adapters.database.database import UPGRADE_PRAGMAS, make_engine
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.models.identifiers import IdentifierFactory
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.workspace.workspace_identity import WorkspaceIdentity
from lian_desk.models.vocabulary import RequestStatus
from lian_desk.services.commands import audit_trail
from lian_desk.services.demo.care_story import tell_care
from lian_desk.services.demo.file_story import begin_file, finish_file
from lian_desk.services.demo.first_messages import add_waiting_application
from lian_desk.services.demo.handbook_story import tell_handbook
from lian_desk.services.demo.names import PeopleMaker
from lian_desk.services.demo.paper_story import PaperDesk, random_of, tell_papers
from lian_desk.services.demo.reading_story import index_read_pages
from lian_desk.services.demo.request_story import tell_request
from lian_desk.services.demo.request_timeline import Timeline, tell
from lian_desk.services.demo.row_buffer import RowBuffer, set_indexes_aside
from lian_desk.services.demo.scenarios import Scenario, ScenarioDeck
from lian_desk.services.demo.told_file import FilePlan, FileStory
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.rules.calendars import load_calendar
from lian_desk.services.rules.rule_packs import load_current_pack
from lian_desk.services.workspace.workspace import OpenWorkspace

DEFAULT_FILES: Final = 120
DEFAULT_SEED: Final = 20_241_101
MOST_FILES: Final = 1_000_000
OWN_PAPERS: Final = 60
CHUNK: Final = 2_000
#: Up to this many files every line of a feed is sealed in the audit log; above it, one line for each chunk.
_SEALED_LINE_BY_LINE: Final = 2_000
_PEOPLE_PER_FILE: Final = 2
#: Every so many files have no request yet; their authorizations are missing, unverified and withdrawn in turn.
WITHOUT_REQUEST_EVERY: Final = 20
#: From this many files on the indexes are made last.
_INDEXES_LAST_FROM: Final = 10_000
#: Keys begin this long before now, so that the desk's own keys always come after them.
_KEYS_BEFORE_NOW: Final = timedelta(hours=6)
#: A demonstration that is cut off is made anew: it needs no protection against a power cut while it is made.
_BULK_PRAGMAS: Final = (*UPGRADE_PRAGMAS, "synchronous = OFF", "cache_size = -262144", "wal_autocheckpoint = 20000")

Report = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """How much to invent. ``own_papers``: so many of the first files get papers of their own.

    ``is_all_open``: every file has one request and it is open, so that lists of open work can be measured at their size.
    """

    files: int = DEFAULT_FILES
    seed: int = DEFAULT_SEED
    own_papers: int = OWN_PAPERS
    is_all_open: bool = False


@dataclass(frozen=True)
class DemoReport:
    """What was made: rows by table, and the seconds it took."""

    files: int
    rows: dict[str, int]
    seconds: float


def make_demo(opened: OpenWorkspace, options: DemoOptions, now: datetime, report: Report | None = None) -> DemoReport:
    """Fill the opened workspace with ``options.files`` invented files as of the aware moment ``now``.

    ``report`` hears after each chunk how many files of how many are done.

    Raises:
        EnvironmentProblem: disk or file refuse.
    """
    begun = perf_counter()
    engine = make_engine(
        opened.layout.database, opened.keys.database, _BULK_PRAGMAS, begin="BEGIN IMMEDIATE", pool_size=0
    )
    with engine.connect() as connection:
        maker = _Maker(opened, options, now, connection)
        maker.begin()
        for first in range(0, options.files, CHUNK):
            last = min(first + CHUNK, options.files)
            maker.chunk(first, last)
            if report is not None:
                report(last, options.files)
        maker.finish()
    engine.dispose()
    return DemoReport(options.files, dict(maker.world.rows.written), perf_counter() - begun)


class _Maker:
    """One run: the world, the papers and the log."""

    def __init__(self, opened: OpenWorkspace, options: DemoOptions, now: datetime, connection: Connection) -> None:
        self._options = options
        self._connection = connection
        self._seal_key = opened.keys.seal_key
        self._set_aside: list[str] = []
        self._papers = PaperDesk.on(MaterialStore(opened.layout.materials, opened.keys.file_identity), options.seed)
        identity = connection.execute(select(WorkspaceIdentity.node, WorkspaceIdentity.workstation_code)).one()
        operator_id = connection.scalar(select(Operator.id).order_by(Operator.id).limit(1))
        factory = IdentifierFactory(identity.node)
        moment = now - _KEYS_BEFORE_NOW
        rng = random_of(options.seed)
        pack = load_current_pack()
        with opened.database.read_session() as session:
            calendar = load_calendar(session)
            self._head = audit_trail.head(session)
        self.world = DemoWorld(
            rng=rng,
            now=now,
            calendar=calendar,
            pack=pack,
            rows=RowBuffer(),
            new_id=lambda: factory.next(moment),
            workstation_code=identity.workstation_code,
            operator_id=operator_id or 0,
            people=PeopleMaker(rng, in_shanghai(now).date(), options.files * _PEOPLE_PER_FILE),
            deck=ScenarioDeck(rng),
        )

    def begin(self) -> None:
        """Add colleagues, hospitals, experts and the applications that wait."""
        known = self._connection.execute(select(Hospital.code, Hospital.id)).all()
        if self._options.files >= _INDEXES_LAST_FROM:
            self._set_aside = set_indexes_aside(self._connection)
        self.world.seed_staff()
        self.world.seed_hospitals({code: key for code, key in known})  # noqa: C416 - a Row is not a pair for mypy
        for turn in range(min(8 + self._options.files // 20, 400)):
            add_waiting_application(self.world, turn)
        self._write()

    def chunk(self, first: int, last: int) -> None:
        """Invent the files ``first`` to ``last`` and write them in one transaction."""
        for ordinal in range(first, last):
            self._file(ordinal)
        self._seal(last - first)
        self._write()

    def finish(self) -> None:
        """Store the series of numbers and make the indexes again; statistics are not taken, a real desk has none."""
        if self._options.files <= _SEALED_LINE_BY_LINE:
            tell_handbook(self.world, self._connection)
        self.world.write_number_series()
        self._write()
        index_read_pages(self._connection)
        for statement in self._set_aside:
            self._connection.exec_driver_sql(statement)
        self._connection.commit()

    def _write(self) -> None:
        self.world.rows.write(self._connection)
        self._connection.commit()

    def _file(self, ordinal: int) -> None:
        world = self.world
        told = _open_scenario(world) if self._options.is_all_open else _scenarios(world, ordinal)
        plan = _plan(world, told)
        story = begin_file(world, plan, ordinal)
        scenarios = [scenario for scenario, _ in told]
        tell_papers(world, story, self._papers, scenarios, ordinal=ordinal, is_own=ordinal < self._options.own_papers)
        for scenario, timeline in told:
            tell_care(world, tell_request(world, story, scenario, timeline))
            if scenario.status is RequestStatus.POLICY_TERMINATED:
                story.closed_at = timeline.ended_at
        _close_open_tasks(world, story)
        finish_file(world, story)

    def _seal(self, count: int) -> None:
        """Seal what was written: every line of a small demonstration, a chunk at a time of a large one."""
        world = self.world
        if self._options.files > _SEALED_LINE_BY_LINE:
            body: dict[str, object] = {"files": count, "rows": len(world.rows.rows("file_entry"))}
            self._append(audit_trail.Fact(world.now, world.operator_id, world.workstation_code, "MakeDemo", body))
            return
        for line in sorted(world.rows.rows("file_entry"), key=lambda row: (row["happened_at"], row["id"])):
            fact = audit_trail.Fact(
                happened_at=line["happened_at"],
                operator_id=line["operator_id"],
                workstation_code=world.workstation_code,
                kind="MakeDemo",
                body={"created": {"file_entry": [line["id"]]}},
                assistance_file_id=line["assistance_file_id"],
            )
            self._append(fact)

    def _append(self, fact: audit_trail.Fact) -> None:
        entry = audit_trail.seal(self._seal_key, self.world.new_id(), fact, self._head)
        self._head = audit_trail.Head(entry.sequence, entry.mac)
        columns = ("id", "sequence", "happened_at", "operator_id", "workstation_code", "command_id", "kind")
        more = ("assistance_file_id", "body", "previous_mac", "mac")
        self.world.rows.add("audit_entry", **{name: getattr(entry, name) for name in (*columns, *more)})


def _scenarios(world: DemoWorld, ordinal: int) -> list[tuple[Scenario, Timeline]]:
    """The requests of one file, the oldest first; now and then there is none yet."""
    rng = world.rng
    if ordinal % WITHOUT_REQUEST_EVERY == WITHOUT_REQUEST_EVERY // 2:
        return []
    latest = world.now
    told: list[tuple[Scenario, Timeline]] = []
    count = rng.choices((1, 2, 3), (58, 32, 10))[0]
    for turn in range(count):
        scenario = world.deck.newest() if turn == 0 else world.deck.older()
        timeline = tell(world, scenario, latest)
        told.append((scenario, timeline))
        latest = timeline.at["received"] - rng.uniform(3, 40) * timedelta(days=1)
    return told[::-1]


def _open_scenario(world: DemoWorld) -> list[tuple[Scenario, Timeline]]:
    scenario = world.deck.open_one()
    return [(scenario, tell(world, scenario, world.now))]


def _plan(world: DemoWorld, told: list[tuple[Scenario, Timeline]]) -> FilePlan:
    rng = world.rng
    if not told:
        opened_at = world.in_hours(world.now - rng.uniform(1, 24 * 200) * timedelta(hours=1))
        return FilePlan(opened_at, opened_at - timedelta(minutes=rng.randint(20, 300)), must_be_authorized=False)
    received = told[0][1].at["received"]
    opened_at = world.in_hours(received - timedelta(hours=1))
    scenario, timeline = told[-1]
    is_over = scenario.status is RequestStatus.POLICY_TERMINATED
    return FilePlan(
        opened_at=opened_at,
        first_received_at=opened_at - timedelta(minutes=rng.randint(20, 900)),
        must_be_authorized=any(timeline.has("submitted") for _, timeline in told),
        suspended_from=None if is_over else timeline.contract_on,
        terminated_on=timeline.contract_on if is_over else None,
        termination=scenario.termination,
    )


def _close_open_tasks(world: DemoWorld, story: FileStory) -> None:
    """A file whose contract has ended owes no follow-up and no reminder (R7)."""
    if story.closed_at is None:
        return
    for table in ("follow_up", "reminder"):
        for row in reversed(world.rows.rows(table)):
            if row["assistance_file_id"] != story.id:
                break
            if row["closed_at"] is None:
                row["closed_at"], row["closing_reason"] = story.closed_at, "保险合同终止"
