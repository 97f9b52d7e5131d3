"""How a command is carried out: once, whole or not at all, sealed either way, one after the other."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.workspace.audit import AuditEntry, CommandLog
from lian_desk.models.vocabulary import EntryCategory, Role
from lian_desk.services.assistance_files.assistance_files import AddNote, ChangePhone, OpenAssistanceFile
from lian_desk.services.commands import commands
from lian_desk.services.commands.audit_trail import verify_tail
from lian_desk.services.commands.commands import Command, CommandContext, all_commands, handles, registered
from lian_desk.services.desk.desk import Desk
from tests.desk_facts import carry_out, last_sealed, opening, refusal, sealed, titles
from tests.desk_world import World


def note(desk: Desk, file_id: int, title: str = "专案评估") -> AddNote:
    return AddNote(command_id=desk.new_id(), assistance_file_id=file_id, title=title, text="")


def test_a_command_repeated_with_its_key_changes_nothing(world: World) -> None:
    order = note(world.desk, world.open_file())
    first = world.desk.execute(order)
    lines = len(sealed(world.desk))
    second = world.desk.execute(order)
    assert (first.replayed, second.replayed) == (False, True)
    assert second.key == first.key
    assert second.changes.count() == 0
    assert len(sealed(world.desk)) == lines
    assert titles(world.desk, order.assistance_file_id).count("专案评估") == 1


def test_a_repetition_after_a_new_start_changes_nothing_either(world: World) -> None:
    order = note(world.desk, world.open_file())
    world.desk.execute(order)
    assert Desk(world.desk.opened, world.clock).execute(order).replayed


def test_the_log_of_commands_tells_who_when_and_how_much(world: World) -> None:
    file_id = world.open_file()
    outcome = world.desk.execute(note(world.desk, file_id))
    with world.desk.read() as session:
        line = session.scalars(select(CommandLog).order_by(CommandLog.id.desc())).first()
    assert line is not None
    assert (line.name, line.executed_at, line.operator_id) == ("AddNote", world.clock.moment, world.desk.operator.id)
    assert (line.result_key, line.row_count) == (outcome.key, outcome.changes.count())


def test_the_sealed_line_names_rows_and_fields_and_no_values(world: World) -> None:
    file_id = world.run(OpenAssistanceFile, **opening(world))
    entry = last_sealed(world.desk)
    body = json.loads(entry.body)
    assert set(body) == {"created", "updated", "deleted", "fields", "digest"}
    assert body["created"]["assistance_file"] == [file_id]
    assert body["fields"] == ["command_id", "identity_method", "person", "policy"]
    for value in ("王淑兰", "13812346620", "JLB202403000001"):
        assert value not in entry.body
    assert (entry.operator_id, entry.workstation_code) == (world.desk.operator.id, "01")


def test_a_refusal_is_sealed_with_its_code_and_changes_nothing_else(world: World) -> None:
    file_id = world.open_file()
    with world.desk.read() as session:
        before = {name: session.scalar(text(f'select count(*) from "{name}"')) for name in _tables(session)}
    violation = refusal(world, AddNote, assistance_file_id=file_id, title="", text="")
    assert violation.parameters["field"] == "title"
    with world.desk.read() as session:
        after = {name: session.scalar(text(f'select count(*) from "{name}"')) for name in _tables(session)}
    assert {name for name in before if after[name] != before[name]} == {"audit_entry"}
    entry = last_sealed(world.desk)
    assert (entry.kind, entry.assistance_file_id) == ("refused:AddNote", file_id)
    assert json.loads(entry.body) == {"code": "field_required", "clause": ""}


def _tables(session):
    return session.scalars(text("select name from sqlite_master where type = 'table'")).all()


def test_a_refused_opening_names_no_file_that_never_was(world: World) -> None:
    values = opening(world)
    values["diseases"] = (None,)
    with pytest.raises(AttributeError):
        carry_out(world, OpenAssistanceFile, **values)
    refusal(world, OpenAssistanceFile, **opening(world, application_id=1))
    entry = last_sealed(world.desk)
    assert (entry.kind, entry.assistance_file_id) == ("refused:OpenAssistanceFile", None)


def test_a_refused_command_may_be_repeated_once_the_cause_is_gone(world: World) -> None:
    order = note(world.desk, 77)
    with pytest.raises(RuleViolation):
        world.desk.execute(order)
    again = AddNote(command_id=order.command_id, assistance_file_id=world.open_file(), title="补记", text="")
    assert not world.desk.execute(again).replayed


def test_two_threads_with_one_command_spend_it_once(world: World) -> None:
    order = note(world.desk, world.open_file())
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(world.desk.execute, [order] * 8))
    assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * 7
    assert {outcome.key for outcome in outcomes} == {next(o.key for o in outcomes if not o.replayed)}


def test_many_threads_leave_one_whole_chain(world: World) -> None:
    file_id = world.open_file()
    orders: list[Command] = [note(world.desk, file_id, f"第 {place} 条") for place in range(40)]
    orders += [note(world.desk, file_id, "") for _ in range(10)]

    def run(order: Command) -> bool:
        try:
            return not world.desk.execute(order).replayed
        except RuleViolation:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, orders)) == 40
    with world.desk.read() as session:
        report = verify_tail(session, world.desk.opened.keys.seal_key, None)
    assert report.first_bad is None
    assert len([title for title in titles(world.desk, file_id) if title.startswith("第 ")]) == 40


def test_a_bug_in_a_handler_leaves_no_trace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = world.open_file()
    before = sealed(world.desk)[-1].sequence

    def broken(command: AddNote, context: CommandContext) -> int:
        context.feed(context.writable_file(command.assistance_file_id), "file", "半途")
        context.session.flush()
        raise ZeroDivisionError

    monkeypatch.setitem(commands._REGISTRY, AddNote, commands.Registered(broken, commands.EVERYBODY))
    with pytest.raises(ZeroDivisionError):
        world.desk.execute(note(world.desk, file_id))
    assert "半途" not in titles(world.desk, file_id)
    assert sealed(world.desk)[-1].sequence == before


def test_a_row_changed_meanwhile_is_said_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = world.open_file()
    handler = registered(ChangePhone).handler

    def overtaken(command: ChangePhone, context: CommandContext) -> int | None:
        key = handler(command, context)
        context.session.flush()
        file = context.get(AssistanceFile, command.assistance_file_id)
        context.session.execute(text("update assistance_file set version = version + 1"))
        file.identity_note = "同时被改"
        return key

    monkeypatch.setitem(commands._REGISTRY, ChangePhone, commands.Registered(overtaken, commands.EVERYBODY))
    violation = refusal(world, ChangePhone, assistance_file_id=file_id, phone="13900000009")
    assert violation.code is ErrorCode.CHANGED_MEANWHILE
    assert last_sealed(world.desk).kind == "refused:ChangePhone"


def test_a_constraint_that_says_no_is_a_refusal_and_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last fence, for what another writer did meanwhile: the database refuses, the person is told in words."""
    file_id = world.open_file()

    def twice(command: AddNote, context: CommandContext) -> int:
        context.feed(context.writable_file(command.assistance_file_id), EntryCategory.FILE, "半途")
        context.session.execute(text("insert into operator select * from operator"))
        return command.assistance_file_id

    monkeypatch.setitem(commands._REGISTRY, AddNote, commands.Registered(twice, commands.EVERYBODY))
    violation = refusal(world, AddNote, assistance_file_id=file_id, title="专案评估", text="")
    assert violation.code is ErrorCode.CHANGED_MEANWHILE
    assert last_sealed(world.desk).kind == "refused:AddNote"
    assert "半途" not in titles(world.desk, file_id)


@pytest.mark.parametrize("kind", sorted(all_commands(), key=lambda kind: kind.__name__))
def test_the_matrix_of_roles_is_kept(world: World, kind: type[Command], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not in the set is refused before the handler is asked."""
    asked: list[Role] = []

    def handler(_command: Command, context: CommandContext) -> None:
        asked.append(context.operator.role)

    entry = registered(kind)
    monkeypatch.setitem(commands._REGISTRY, kind, commands.Registered(handler, entry.roles))
    for desk in (world.desk, world.lead):
        order = object.__new__(kind)
        object.__setattr__(order, "__dict__", {"command_id": desk.new_id()})
        allowed = desk.operator.role in entry.roles
        monkeypatch.setattr(desk._executor.__class__, "_body", lambda *_: {})
        if allowed:
            desk.execute(order)
        else:
            with pytest.raises(RuleViolation) as refused:
                desk.execute(order)
            assert refused.value.code is ErrorCode.NOT_ALLOWED
    assert asked == [role for role in (Role.CASE_MANAGER, Role.TEAM_LEAD) if role in entry.roles]


def test_one_command_has_one_handler() -> None:
    with pytest.raises(ValueError, match="has a handler"):
        handles(AddNote)(lambda _command, _context: None)


def test_an_unknown_command_is_a_bug(desk: Desk) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Unheard(Command):
        pass

    with pytest.raises(KeyError):
        desk.execute(Unheard(command_id=desk.new_id()))


def test_a_desk_needs_an_active_operator(world: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        Desk(world.desk.opened, world.clock, staff_number="999")
    assert refused.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize("table", [CommandLog, AuditEntry])
def test_the_logs_are_append_only(world: World, table: type[CommandLog | AuditEntry]) -> None:
    world.open_file()
    with world.desk.database.write_session() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(delete(table))
