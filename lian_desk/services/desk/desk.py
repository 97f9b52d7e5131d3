"""The desk: the one object that the window and the command line hold.

It carries out commands on the write lane and opens read sessions for the read side. It knows no widget.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from lian_desk.adapters.machine.clock import Clock
from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.adapters.storage.vault import MEGABYTE
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.identifiers import IdentifierFactory
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.tables.workspace.workspace_identity import WorkspaceIdentity
from lian_desk.services.commands import audit_trail
from lian_desk.services.commands.commands import Command, OperatorIdentity, Outcome
from lian_desk.services.commands.drafts import DraftStore
from lian_desk.services.commands.execution import Executor
from lian_desk.services.commands.settings import load_intake_settings
from lian_desk.services.desk.reactions import react
from lian_desk.services.rules.calendars import load_calendar
from lian_desk.services.rules.edition_shelf import EditionShelf, load_shelf
from lian_desk.services.workspace.workspace import OpenWorkspace


@dataclass(frozen=True)
class DeskIdentity:
    """What the window says about where it works."""

    database_id: str
    is_demo: bool
    workstation_code: str


class Desk:
    """An opened workspace with its operator, its rules and its clock."""

    def __init__(self, opened: OpenWorkspace, clock: Clock, *, staff_number: str | None = None) -> None:
        """Take over ``opened``; ``staff_number`` picks the operator, by default the first number.

        Raises:
            RuleViolation: ``NOT_FOUND`` when there is no such active operator.
        """
        self.opened = opened
        self.clock = clock
        self.database = opened.database
        with self.database.read_session() as session:
            identity = session.scalars(select(WorkspaceIdentity)).one()
            self.identity = DeskIdentity(identity.database_id, identity.is_demo, identity.workstation_code)
            self.operator = _operator(session, staff_number)
            self._editions = load_shelf(session)
            self._calendar = load_calendar(session)
            last = session.scalar(select(func.max(AuditEntry.id))) or 0
        self._executor = Executor(
            database=self.database,
            seal_key=opened.keys.seal_key,
            identifiers=IdentifierFactory(identity.node, last=last),
            clock=clock,
            editions=lambda: self._editions,
            calendar=lambda: self.calendar,
            operator=self.operator,
            workstation_code=identity.workstation_code,
        )
        self.materials = MaterialStore(opened.layout.materials, opened.keys.file_identity)
        self.use_intake_settings()
        # starts its child process with the first page that is shown
        self.renderer = Renderer()
        self.drafts = DraftStore(self.database, self.operator.id, self.new_id, clock)

    @property
    def editions(self) -> EditionShelf:
        """Every edition of the handbook that this workspace knows."""
        return self._editions

    @property
    def pack(self) -> RulePack:
        """The rules in force today; on the day a new edition begins they change by themselves (R81)."""
        return self._editions.on(self.today)

    def rules_of(self, request: ServiceRequest) -> RulePack:
        """Return the rules of ``request``: those of its first confirmed requirement, before that those of today (A41)."""
        return self.pack if request.requirement_confirmed_at is None else self.editions.of(request.handbook_edition)

    @property
    def calendar(self) -> WorkCalendar:
        """The working calendar that holds now, with the service hours of the edition in force."""
        hours = self.pack.service_hours
        if self._calendar.hours != hours:
            self._calendar = WorkCalendar(self._calendar.years.values(), hours)
        return self._calendar

    @property
    def today(self) -> date:
        """Today's date in Asia/Shanghai by the desk's clock."""
        return in_shanghai(self.clock.now()).date()

    def reload_calendar(self) -> None:
        """Read the calendar anew after an import."""
        with self.database.read_session() as session:
            self._calendar = load_calendar(session)

    def reload_editions(self) -> None:
        """Read the editions of the handbook anew after one was put on record."""
        with self.database.read_session() as session:
            self._editions = load_shelf(session)

    def new_id(self) -> int:
        """Return a new key, for a command or a draft."""
        return self._executor.identifiers.next(self.clock.now())

    def execute(self, command: Command) -> Outcome:
        """Carry out ``command`` in one transaction (``Executor.execute``), then what follows it (``reactions``)."""
        outcome = self._executor.execute(command)
        react(self, outcome.changes)
        return outcome

    def use_intake_settings(self) -> None:
        """Let the store of materials go by the size limit and the recovery key of the settings."""
        with self.database.read_session() as session:
            settings = load_intake_settings(session)
        recipients = (settings.recovery_recipient,) if settings.recovery_recipient else ()
        self.materials.use_settings(size_limit=settings.size_limit_megabytes * MEGABYTE, recovery_recipients=recipients)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a read session; the read side's functions use it, widgets never do.

        Raises:
            RuleViolation: ``NOT_FOUND``: a record was asked for by a key that names none.
        """
        try:
            with self.database.read_session() as session:
                yield session
        except NoResultFound as error:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="record") from error

    def audit_head(self) -> audit_trail.Head:
        """Return the head of the sealed audit log, for backups and printed papers."""
        with self.read() as session:
            return audit_trail.head(session)

    def close(self) -> None:
        """Close the workspace cleanly."""
        self.renderer.close()
        self.opened.close()


def _operator(session: Session, staff_number: str | None) -> OperatorIdentity:
    choice = select(Operator).where(Operator.is_active).order_by(Operator.staff_number)
    if staff_number is not None:
        choice = choice.where(Operator.staff_number == staff_number)
    found = session.scalars(choice.limit(1)).first()
    if found is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="operator")
    return OperatorIdentity(found.id, found.name, found.role)
