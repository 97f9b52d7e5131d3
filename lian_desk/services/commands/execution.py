"""Carries out a command: one transaction, its audit entry, its line in the command log, and what changed."""

import dataclasses
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from lian_desk.adapters.database.database import Database
from lian_desk.adapters.database.writing import keep_what_is_read
from lian_desk.adapters.machine.clock import Clock
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.identifiers import IdentifierFactory
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.workspace.audit import CommandLog
from lian_desk.services.commands import audit_trail
from lian_desk.services.commands.changes import ChangeCollector, Changes
from lian_desk.services.commands.clock_doubts import doubt_at, mark_new_rows
from lian_desk.services.commands.commands import Command, CommandContext, OperatorIdentity, Outcome, registered
from lian_desk.services.rules.edition_shelf import EditionShelf


class CalendarSource(Protocol):
    """Gives the working calendar that holds now."""

    def __call__(self) -> WorkCalendar:
        """Return the calendar."""
        ...


class ShelfSource(Protocol):
    """Gives the editions of the handbook that are known now."""

    def __call__(self) -> EditionShelf:
        """Return the shelf."""
        ...


@dataclass(frozen=True)
class Executor:
    """The write lane's work: holds what every command needs, keeps no state between commands."""

    database: Database
    seal_key: bytes
    identifiers: IdentifierFactory
    clock: Clock
    editions: ShelfSource
    calendar: CalendarSource
    operator: OperatorIdentity
    workstation_code: str

    def execute(self, command: Command) -> Outcome:
        """Carry out ``command`` once; a repetition returns the first result and changes nothing.

        Raises:
            RuleViolation: the handbook or the input says no; nothing was changed but the sealed refusal.
            EnvironmentProblem: the disk or the file says no; nothing was changed.
        """
        context: CommandContext | None = None
        try:
            with self.database.write_session() as session:
                earlier = session.get(CommandLog, command.command_id)
                if earlier is not None:
                    return Outcome(Changes(), earlier.result_key, replayed=True)
                context, head = self._context(session)
                return self._run(command, context, head)
        except RuleViolation as violation:
            self._seal_refusal(command, violation, context)
            raise
        except (StaleDataError, IntegrityError) as error:
            conflict = RuleViolation(ErrorCode.CHANGED_MEANWHILE)
            self._seal_refusal(command, conflict, context)
            raise conflict from error

    def _run(self, command: Command, context: CommandContext, head: audit_trail.Head) -> Outcome:
        session = context.session
        entry = registered(type(command))
        if self.operator.role not in entry.roles:
            raise RuleViolation(ErrorCode.NOT_ALLOWED)
        collector = ChangeCollector(session)
        key = entry.handler(command, context)
        changes = collector.changes()
        audit_trail.append(
            session,
            self.seal_key,
            context.new_id(),
            audit_trail.Fact(
                happened_at=context.now,
                operator_id=self.operator.id,
                workstation_code=self.workstation_code,
                kind=type(command).__name__,
                body=self._body(command, changes),
                command_id=command.command_id,
                assistance_file_id=context.assistance_file_id,
            ),
            head,
        )
        session.add(
            CommandLog(
                id=command.command_id,
                name=type(command).__name__,
                executed_at=context.now,
                operator_id=self.operator.id,
                result_key=key,
                row_count=changes.count(),
            )
        )
        session.commit()
        return Outcome(changes, key, replayed=False)

    def _context(self, session: Session) -> tuple[CommandContext, audit_trail.Head]:
        """Return what the handler works with, and the head of the sealed log that its entry follows."""
        now, editions = self.clock.now(), self.editions()
        keep_what_is_read(session)
        head, latest = audit_trail.tail(session)
        doubt = doubt_at(session, now, self.identifiers.next, latest)
        mark_new_rows(session, doubt)
        context = CommandContext(
            session=session,
            now=now,
            operator=self.operator,
            workstation_code=self.workstation_code,
            pack=editions.on(in_shanghai(now).date()),
            editions=editions,
            calendar=self.calendar(),
            make_id=self.identifiers.next,
            clock_doubt=doubt,
        )
        return context, head

    def _body(self, command: Command, changes: Changes) -> dict[str, object]:
        values = {field.name: getattr(command, field.name) for field in dataclasses.fields(command)}
        return {
            "created": {table: sorted(keys) for table, keys in changes.created.items()},
            "updated": {table: sorted(keys) for table, keys in changes.updated.items()},
            "deleted": {table: sorted(keys) for table, keys in changes.deleted.items()},
            "fields": sorted(name for name, value in values.items() if value not in (None, "", ())),
            "digest": audit_trail.digest(self.seal_key, values),
        }

    def _seal_refusal(self, command: Command, violation: RuleViolation, context: CommandContext | None) -> None:
        named = context.assistance_file_id if context is not None else None
        with self.database.write_session() as session:
            now = self.clock.now()
            head, latest = audit_trail.tail(session)
            doubt_at(session, now, self.identifiers.next, latest)
            # a file that the refused command was about to open never was
            file_id = session.scalar(select(AssistanceFile.id).where(AssistanceFile.id == named))
            audit_trail.append(
                session,
                self.seal_key,
                self.identifiers.next(now),
                audit_trail.Fact(
                    happened_at=now,
                    operator_id=self.operator.id,
                    workstation_code=self.workstation_code,
                    kind=f"refused:{type(command).__name__}",
                    body={"code": violation.code.value, "clause": violation.clause or ""},
                    command_id=command.command_id,
                    assistance_file_id=file_id,
                ),
                head,
            )
            session.commit()
