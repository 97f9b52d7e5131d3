"""Commands: every change of the desk is a frozen dataclass carried out by one handler in one transaction.

A handler gets the time, the operator and the workstation from its context, never from the environment, and
does not know which engine it runs on; later an offline workstation sends its commands to a hub to be run again.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.base import Base
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import SHANGHAI, WorkCalendar
from lian_desk.models.tables.people.assistance_file import AssistanceFile, FileEntry
from lian_desk.models.tables.people.file_keeping import FileErasure
from lian_desk.models.tables.workspace.workspace_identity import NumberSeries
from lian_desk.models.vocabulary import CarePhase, ClockDoubt, EntryCategory, Role
from lian_desk.services.commands.changes import Changes
from lian_desk.services.commands.clock_doubts import MARK
from lian_desk.services.rules.edition_shelf import EditionShelf

EVERYBODY = frozenset(Role)
LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})

Mapped_ = TypeVar("Mapped_", bound=Base)
Asked = TypeVar("Asked")


@dataclass(frozen=True, kw_only=True)
class Command:
    """An order with a key of its own; carrying it out twice changes nothing the second time."""

    command_id: int


@dataclass(frozen=True)
class OperatorIdentity:
    """Who gives the order."""

    id: int
    name: str
    role: Role


@dataclass(frozen=True)
class Outcome:
    """What a command brought: the committed changes and the key of its main row."""

    changes: Changes
    key: int | None
    replayed: bool


@dataclass
class CommandContext:
    """Everything a handler may use besides its command."""

    session: Session
    now: datetime
    operator: OperatorIdentity
    workstation_code: str
    pack: RulePack
    calendar: WorkCalendar
    editions: EditionShelf
    make_id: Callable[[datetime], int]
    #: File that the audit entry names; set by ``feed`` and ``writable_file``.
    assistance_file_id: int | None = None
    #: Why the workstation's clock is not believed at this moment (R89); None: it is.
    clock_doubt: ClockDoubt | None = None
    #: What was asked once in this command; see :meth:`once`.
    known: dict[Hashable, Any] = field(default_factory=dict)

    def new_id(self) -> int:
        """Return a new key."""
        return self.make_id(self.now)

    def once(self, key: Hashable, load: Callable[[], Asked]) -> Asked:
        """Return what ``load`` gives, asked once in a command; whoever changes what ``key`` names keeps it true."""
        if key not in self.known:
            self.known[key] = load()
        found: Asked = self.known[key]
        return found

    def get(self, kind: type[Mapped_], key: int) -> Mapped_:
        """Return the row of ``kind`` with ``key``.

        Raises:
            RuleViolation: ``NOT_FOUND``.
        """
        row = self.session.get(kind, key)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=kind.__tablename__)
        return row

    def writable_file(self, file_id: int) -> AssistanceFile:
        """Return an assistance file that may still be written.

        Raises:
            RuleViolation: ``NOT_FOUND``; ``FILE_READ_ONLY`` after the end of the contract (R7), ``FILE_ERASED`` (R90).
        """
        file = self.get(AssistanceFile, file_id)
        self.assistance_file_id = file_id
        if file.closed_at is not None:
            erased = self.session.scalar(select(FileErasure.id).where(FileErasure.assistance_file_id == file_id))
            if erased is not None:
                raise RuleViolation(ErrorCode.FILE_ERASED, clause="R90")
            raise RuleViolation(ErrorCode.FILE_READ_ONLY, clause="R7")
        return file

    def pack_of(self, edition: str) -> RulePack:
        """Return the rules of ``edition``: a request keeps those of its requirement when the handbook changes (A41)."""
        return self.pack if edition == self.pack.edition else self.editions.of(edition)

    def feed(  # noqa: PLR0913 - the parts of one line of the feed
        self,
        file: AssistanceFile,
        category: EntryCategory,
        title: str,
        detail: str = "",
        *,
        request_id: int | None = None,
        phase: CarePhase | None = None,
        happened_at: datetime | None = None,
    ) -> FileEntry:
        """Add a line to the feed of ``file``; ``happened_at`` defaults to now."""
        self.assistance_file_id = file.id
        moment = happened_at or self.now
        entry = FileEntry(
            id=self.new_id(),
            assistance_file_id=file.id,
            service_request_id=request_id,
            category=category,
            phase=phase,
            title=title,
            detail=detail if self.clock_doubt is None else "。".join(filter(None, (detail.rstrip("。"), MARK))),
            happened_at=moment,
            entered_at=self.now,
            operator_id=self.operator.id,
        )
        self.session.add(entry)
        file.last_event_at = max(file.last_event_at, moment)
        return entry

    def number(self, series: str) -> str:
        """Return the next readable number of ``series``, such as ``A-26-01-00312``; it carries the workstation."""
        year = self.now.astimezone(SHANGHAI).year
        row = self.session.scalar(select(NumberSeries).where(NumberSeries.series == series, NumberSeries.year == year))
        if row is None:
            row = NumberSeries(id=self.new_id(), series=series, year=year, last=0)
            self.session.add(row)
        row.last += 1
        return format_number(series, year, self.workstation_code, row.last)

    def require_lead(self) -> None:
        """Refuse anybody but a lead.

        Raises:
            RuleViolation: ``NOT_ALLOWED``.
        """
        if self.operator.role not in LEADS:
            raise RuleViolation(ErrorCode.NOT_ALLOWED)


Handler = Callable[[Any, CommandContext], int | None]


@dataclass(frozen=True)
class Registered:
    """A handler and who may use it."""

    handler: Handler
    roles: frozenset[Role]


_REGISTRY: dict[type[Command], Registered] = {}
HandlerT = TypeVar("HandlerT", bound=Handler)


def handles(kind: type[Command], roles: frozenset[Role] = EVERYBODY) -> Callable[[HandlerT], HandlerT]:
    """Register the decorated function as the handler of ``kind``, open to ``roles``."""

    def register(handler: HandlerT) -> HandlerT:
        if kind in _REGISTRY:
            message = f"{kind.__name__} has a handler already"
            raise ValueError(message)
        _REGISTRY[kind] = Registered(handler, roles)
        return handler

    return register


def registered(kind: type[Command]) -> Registered:
    """Return the handler of ``kind``; a command without one is a bug and raises ``KeyError``."""
    return _REGISTRY[kind]


def all_commands() -> dict[type[Command], Registered]:
    """Return every known command: for the role matrix and the registry tests."""
    return dict(_REGISTRY)


def format_number(series: str, year: int, workstation_code: str, count: int) -> str:
    """Return a number for people: series, year of two digits, workstation, count."""
    return f"{series}-{year % 100:02d}-{workstation_code}-{count:05d}"
