"""The entitlement: what is granted, spent and given back; never below nought, never above three, never twice."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.entitlement import EntitlementEntry, EntitlementSlot
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryKind, RequestStatus, ServiceKind
from lian_desk.services.bookings import RecordNotBooked
from lian_desk.services.corrections.corrections import CorrectStart
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.ledger import Balance, balances
from lian_desk.services.service_requests import ConfirmStart
from lian_desk.services.service_requests.reversing import ReverseStart
from lian_desk.services.words.wording import sentence
from tests.desk_world import World

K = ServiceKind
LIMITED = (
    K.OUTPATIENT_COORDINATION,
    K.INPATIENT_COORDINATION,
    K.SURGERY_COORDINATION,
    K.EXPEDITED_EXAMINATION,
)


def _balance(desk: Desk, policy_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION) -> Balance:
    with desk.read() as session:
        return balances(session, policy_id)[kind]


def named(violation: RuleViolation) -> list[str]:
    """The requests that a refusal names as those that spent the uses."""
    assert violation.code is ErrorCode.ENTITLEMENT_EXHAUSTED
    return re.findall(r"S-[0-9A-Z-]+", sentence(violation))


def test_a_policy_is_granted_three_uses_of_each_limited_service(world: World) -> None:
    policy_id = world.policy(world.open_file())
    with world.desk.read() as session:
        assert balances(session, policy_id) == dict.fromkeys(LIMITED, Balance(3, 0, 3))
        slots = session.scalar(select(func.count()).where(EntitlementSlot.policy_id == policy_id))
    assert slots == 12


def test_two_policies_have_two_ledgers(world: World) -> None:
    first, second = world.open_file(), world.open_file()
    world.to_started(first)
    assert _balance(world.desk, world.policy(first)).left == 2
    assert _balance(world.desk, world.policy(second)).left == 3


def test_the_start_confirmed_twice_spends_once(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    order = ConfirmStart(
        command_id=world.desk.new_id(), request_id=request_id, evidence=world.evidence(), warning_acknowledged=True
    )
    first, second = world.desk.execute(order), world.desk.execute(order)
    assert (first.replayed, second.replayed) == (False, True)
    with pytest.raises(RuleViolation) as refused:
        world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    assert refused.value.code is ErrorCode.ALREADY_STARTED
    assert _balance(world.desk, world.policy(file_id)) == Balance(3, 1, 2)


def test_the_fourth_start_is_refused_and_names_the_three_before(world: World) -> None:
    file_id = world.open_file()
    waiting = [world.to_awaiting(file_id) for _ in range(4)]
    for request_id in waiting[:3]:
        world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    with pytest.raises(RuleViolation) as refused:
        world.run(ConfirmStart, request_id=waiting[3], evidence=world.evidence(), warning_acknowledged=True)
    assert (refused.value.code, refused.value.clause) == (ErrorCode.ENTITLEMENT_EXHAUSTED, "R12")
    assert named(refused.value) == [world.row(request_id).number for request_id in waiting[:3]]
    assert world.status(waiting[3]) is RequestStatus.AWAITING_START
    assert _balance(world.desk, world.policy(file_id)) == Balance(3, 3, 0)


def test_a_use_that_was_given_back_is_not_named_among_those_that_were_spent(world: World) -> None:
    """Neither the one that a lead reversed nor the one whose start was a mistake counts against the service (R47)."""
    file_id = world.open_file()
    reversed_id, mistaken_id = world.to_started(file_id), world.to_started(file_id)
    world.run(RecordNotBooked, request_id=reversed_id, reason="医院无号源")
    for order, request_id in ((ReverseStart, reversed_id), (CorrectStart, mistaken_id)):
        world.run(order, by=world.lead, request_id=request_id, reason="核对后退回", evidence=world.evidence())
    world.to_started(file_id, K.INPATIENT_COORDINATION)
    world.to_started(world.open_file())
    counting = [world.to_started(file_id) for _ in range(3)]
    with pytest.raises(RuleViolation) as refused:
        world.open_request(file_id)
    assert named(refused.value) == [world.row(request_id).number for request_id in counting]


def test_a_start_that_is_in_the_ledger_already_is_not_spent_again(world: World) -> None:
    """A status that fell behind its ledger, as after a salvage, catches up and costs nothing."""
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    with world.desk.database.write_session() as session:
        session.get_one(ServiceRequest, request_id).status = RequestStatus.AWAITING_START
        session.commit()
    world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    assert world.status(request_id) is RequestStatus.STARTED
    assert _balance(world.desk, world.policy(file_id)) == Balance(3, 1, 2)


def test_only_a_lead_gives_a_use_back_and_only_once(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    values = {"request_id": request_id, "reason": "医院停诊，多次协调无号", "evidence": world.evidence()}
    with pytest.raises(RuleViolation) as too_early:
        world.run(ReverseStart, by=world.lead, **values)
    assert too_early.value.code is ErrorCode.WRONG_STATUS
    world.run(RecordNotBooked, request_id=request_id, reason="医院无号源")
    with pytest.raises(RuleViolation) as not_a_lead:
        world.run(ReverseStart, **values)
    assert not_a_lead.value.code is ErrorCode.NOT_ALLOWED
    world.run(ReverseStart, by=world.lead, insurer_reference="LA-2026-0042", **values)
    assert _balance(world.desk, world.policy(file_id)) == Balance(3, 0, 3)
    with pytest.raises(RuleViolation) as again:
        world.run(ReverseStart, by=world.lead, **values)
    assert again.value.code is ErrorCode.ALREADY_REVERSED
    with world.desk.read() as session:
        reversal = session.scalars(select(EntitlementEntry).where(EntitlementEntry.kind == EntryKind.REVERSAL)).one()
        start = session.scalars(select(EntitlementEntry).where(EntitlementEntry.kind == EntryKind.START)).one()
    assert (reversal.reverses_id, reversal.insurer_reference) == (start.id, "LA-2026-0042")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["start", "give_back"]), max_size=9))
def test_any_sequence_keeps_the_balance_between_nought_and_three(world: World, steps: list[str]) -> None:
    """Whatever is started and given back, the balance is the sum of the entries and the free slots."""
    file_id = world.open_file()
    policy_id = world.policy(file_id)
    started: list[int] = []
    refusals: list[tuple[ErrorCode, int]] = []
    for step in steps:
        try:
            if step == "start":
                started.append(world.to_started(file_id))
            elif started:
                request_id = started.pop()
                world.run(RecordNotBooked, request_id=request_id, reason="无号源")
                world.run(
                    ReverseStart, by=world.lead, request_id=request_id, reason="无号源", evidence=world.evidence()
                )
        except RuleViolation as refused:
            refusals.append((refused.code, len(started)))
        held = _balance(world.desk, policy_id)
        assert held.left == 3 - len(started)
        assert set(refusals) <= {(ErrorCode.ENTITLEMENT_EXHAUSTED, 3)}
        with world.desk.read() as session:
            kind = K.OUTPATIENT_COORDINATION
            of_kind = (EntitlementEntry.policy_id == policy_id, EntitlementEntry.service_kind == kind)
            total = session.scalar(select(func.sum(EntitlementEntry.amount)).where(*of_kind))
            spent = select(EntitlementEntry.slot_id).where(EntitlementEntry.slot_id.is_not(None))
            free = session.scalar(
                select(func.count()).where(
                    EntitlementSlot.policy_id == policy_id,
                    EntitlementSlot.service_kind == kind,
                    EntitlementSlot.id.not_in(spent),
                )
            )
        assert held.left == total == free


_RACER = """
import sys
from datetime import datetime
from pathlib import Path
import lian_desk.models.tables.schema
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.adapters.database.database import Database
from lian_desk.services.commands.execution import Executor
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.rules.calendars import load_calendar
from lian_desk.services.commands.commands import OperatorIdentity
from lian_desk.adapters.keys.envelope_changes import load_envelope
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.services.rules.edition_shelf import shipped_shelf
from lian_desk.services.service_requests import ConfirmStart
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.workspace.layout import WorkspaceLayout
from lian_desk.models.identifiers import IdentifierFactory
from lian_desk.models.vocabulary import Channel, EvidenceForm, Role, SignerKind

folder, node, operator, request, moment = sys.argv[1:]
now = datetime.fromisoformat(moment)
layout = WorkspaceLayout(Path(folder))
keys = by_throw_away_key()(load_envelope(Path(folder))[0])
database = Database.open(layout.database, keys.database)
with database.read_session() as session:
    calendar = load_calendar(session)
executor = Executor(
    database=database, seal_key=keys.seal_key, identifiers=IdentifierFactory(int(node)), clock=FixedClock(now),
    editions=shipped_shelf, calendar=lambda: calendar,
    operator=OperatorIdentity(int(operator), "", Role.CASE_MANAGER), workstation_code="01",
)
evidence = EvidenceGiven(
    form=EvidenceForm.CALL_NOTE, said_by=SignerKind.INSURED, said_by_name="王淑兰", channel=Channel.PHONE,
    happened_at=now, note="电话确认",
)
print("ready", flush=True)
sys.stdin.readline()
command = ConfirmStart(
    command_id=int(node) * 1000 + 1, request_id=int(request), evidence=evidence, warning_acknowledged=True)
answer = ""
while not answer:
    try:
        executor.execute(command)
        answer = "started"
    except RuleViolation as refused:
        answer = refused.code.value
    except EnvironmentProblem as busy:
        # the desk says to try again; the same command twice changes nothing
        if busy.code is not ErrorCode.DATABASE_BUSY:
            raise
print(answer, flush=True)
database.read_engine.dispose()
database.write_engine.dispose()
"""


def test_eight_processes_that_start_at_once_spend_three_uses(world: World) -> None:
    """Real processes on one encrypted file: three start, five are refused, nothing is spent twice."""
    file_id = world.open_file()
    waiting = [world.to_awaiting(file_id) for _ in range(8)]
    folder: Path = world.desk.opened.folder
    racers = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                _RACER,
                str(folder),
                str(index + 100),
                str(world.desk.operator.id),
                str(request_id),
                world.clock.moment.isoformat(),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[4],
        )
        for index, request_id in enumerate(waiting)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)
    assert answers == ["entitlement_exhausted"] * 5 + ["started"] * 3
    assert _balance(world.desk, world.policy(file_id)) == Balance(3, 3, 0)
    assert [world.status(request_id) for request_id in waiting].count(RequestStatus.STARTED) == 3
