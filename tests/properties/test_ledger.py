"""Replay of any sequence of allowed commands: 0 ≤ balance ≤ 3, and the balance is the sum of the entries.

A rule machine on a real workspace. It knows which requests wait, are started or ended, and never asks for what it
knows to be refused, but for a fourth start, a second reversal and the same command twice.
"""

import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.entitlement import EntitlementEntry, EntitlementSlot
from lian_desk.models.vocabulary import (
    EntryKind,
    FactSource,
    ForceMajeureCause,
    PolicyStatus,
    RequestStatus,
    RescheduleCause,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.bookings import (
    CancelByInsured,
    CompleteService,
    RecordAttendance,
    RecordNoShow,
    RecordNotBooked,
    RescheduleByHospital,
)
from lian_desk.services.corrections.corrections import CorrectBooking, CorrectStart, ReopenRequest
from lian_desk.services.corrections.terminations import ReverseTermination
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.force_majeure.force_majeure import (
    DeclareForceMajeure,
    EndForceMajeure,
    TerminateForForceMajeure,
)
from lian_desk.services.policies.policies import ReinstatePolicy, SuspendPolicy, TerminatePolicy, VerifyPolicyStatus
from lian_desk.services.service_requests import ArchiveRequest, ConfirmStart, WithdrawRequest
from lian_desk.services.service_requests.emergencies import LiftEmergency, RecordEmergency
from lian_desk.services.service_requests.reversing import ReverseStart
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_fixture import CASE_MANAGER, MONDAY, TEAM_LEAD, as_operator, template
from tests.desk_world import World

KIND = ServiceKind.OUTPATIENT_COORDINATION
S = RequestStatus
ENDS = (S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED, S.ARCHIVED)


class Ledger(RuleBasedStateMachine):
    """Starts, ends, corrections, suspensions, events, emergencies and terminations of one policy in any order."""

    @initialize()
    def open(self) -> None:
        """Open a copy of the workspace with one file."""
        self.folder = TemporaryDirectory()
        folder = Path(self.folder.name) / "workspace"
        shutil.copytree(template(), folder)
        self.opened = open_workspace(folder, by_throw_away_key(), MONDAY)
        clock = FixedClock(MONDAY)
        desk = Desk(self.opened, clock, staff_number=CASE_MANAGER)
        self.world = World(desk, as_operator(desk, TEAM_LEAD), clock)
        self.file_id = self.world.open_file()
        self.policy_id = self.world.policy(self.file_id)
        self.is_suspended = self.is_emergency = self.is_ended = False
        self.event: int | None = None
        self.last: ConfirmStart | None = None

    def teardown(self) -> None:
        """Close the copy."""
        self.opened.close()
        self.folder.cleanup()

    def requests(self, *statuses: RequestStatus) -> list[int]:
        """Return the requests of the file that stand in one of ``statuses``."""
        return [key for key in self.known if self.world.status(key) in statuses]

    @property
    def known(self) -> list[int]:
        """Return every request that was made."""
        return getattr(self, "_known", [])

    def left(self) -> int:
        """Return the balance."""
        with self.world.desk.read() as session:
            return balances(session, self.policy_id)[KIND].left

    @property
    def is_free(self) -> bool:
        """Tell whether nothing holds the routine of the file."""
        return not (self.is_suspended or self.is_emergency or self.is_ended or self.event)

    @precondition(lambda self: self.is_free and len(self.known) < 8)
    @rule()
    def ask(self) -> None:
        """A new request comes to the point where only the start is missing."""
        self._known = [*self.known, self.world.to_awaiting(self.file_id)]

    @precondition(lambda self: self.is_free and self.requests(S.AWAITING_START))
    @rule()
    def start(self) -> None:
        """Start the first that waits; without a use left the start is refused."""
        left, request_id = self.left(), self.requests(S.AWAITING_START)[0]
        order = ConfirmStart(
            command_id=self.world.desk.new_id(),
            request_id=request_id,
            evidence=self.world.evidence(),
            warning_acknowledged=True,
        )
        if left:
            self.world.desk.execute(order)
            self.last = order
            assert self.left() == left - 1
        else:
            with pytest.raises(RuleViolation) as refused:
                self.world.desk.execute(order)
            assert refused.value.code is ErrorCode.ENTITLEMENT_EXHAUSTED

    @precondition(lambda self: self.last is not None)
    @rule()
    def start_again_with_the_same_command(self) -> None:
        """A repeated command spends nothing."""
        left = self.left()
        assert self.last is not None
        assert self.world.desk.execute(self.last).replayed
        assert self.left() == left

    @precondition(lambda self: self.is_free and self.requests(S.STARTED))
    @rule()
    def book(self) -> None:
        """The hospital confirms a date."""
        self.world.book(self.requests(S.STARTED)[0])

    @precondition(lambda self: self.is_free and self.requests(S.BOOKED))
    @rule()
    def visit(self) -> None:
        """The insured comes, the service is completed and archived: the use stays spent (R49)."""
        left, request_id, world = self.left(), self.requests(S.BOOKED)[0], self.world
        world.clock.moment += timedelta(days=11)
        world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
        world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
        world.run(ArchiveRequest, by=world.lead, request_id=request_id, update_text="完成", waiver_reason="拒访")
        self.look_up()
        assert self.left() == left

    @precondition(lambda self: self.requests(S.BOOKED))
    @rule()
    def correct_the_booking(self) -> None:
        """What was typed wrong is put right beside the old row; no use moves (R48)."""
        left, request_id, world = self.left(), self.requests(S.BOOKED)[0], self.world
        world.run(
            CorrectBooking,
            by=world.lead,
            request_id=request_id,
            hospital_id=world.hospital(),
            visit_at=world.clock.moment + timedelta(days=9),
            reason="误录",
            evidence=world.evidence(),
        )
        assert self.left() == left

    @precondition(lambda self: self.requests(S.AWAITING_START))
    @rule()
    def withdraw(self) -> None:
        """Before the start it costs nothing."""
        left = self.left()
        request_id = self.requests(S.AWAITING_START)[0]
        self.world.run(WithdrawRequest, request_id=request_id, reason="自行就医", evidence=self.world.evidence())
        assert self.left() == left

    @precondition(lambda self: self.requests(S.STARTED, S.BOOKED))
    @rule(way=st.sampled_from(["cancel", "no_show", "hospital", "not_booked"]))
    def end(self, way: str) -> None:
        """However a started service ends, the use neither comes back nor is spent twice."""
        left, request_id = self.left(), self.requests(S.STARTED, S.BOOKED)[0]
        is_booked = self.world.status(request_id) is S.BOOKED
        world = self.world
        if way == "cancel":
            world.run(
                CancelByInsured,
                request_id=request_id,
                reason="出差",
                evidence=world.evidence(),
                warning_acknowledged=True,
            )
        elif way == "no_show" and is_booked:
            world.clock.moment += timedelta(days=11)
            world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=world.clock.moment)
            self.look_up()
        elif way == "hospital" and is_booked:
            world.run(
                RescheduleByHospital,
                request_id=request_id,
                cause=RescheduleCause.CANCELLED_BY_HOSPITAL,
                note="停诊",
                evidence=world.evidence(),
            )
        elif way == "not_booked" and not is_booked:
            world.run(RecordNotBooked, request_id=request_id, reason="无号源")
        assert self.left() == left

    @precondition(lambda self: not self.is_ended and self.spent_and_not_booked())
    @rule()
    def reverse(self) -> None:
        """A lead gives back once, and once only (A23)."""
        left, request_id = self.left(), self.spent_and_not_booked()[0]
        with self.world.desk.read() as session:
            was_reversed = session.scalar(
                select(EntitlementEntry.id).where(
                    EntitlementEntry.service_request_id == request_id, EntitlementEntry.kind == EntryKind.REVERSAL
                )
            )
        order = {"request_id": request_id, "reason": "无号源", "evidence": self.world.evidence()}
        if was_reversed:
            with pytest.raises(RuleViolation) as refused:
                self.world.run(ReverseStart, by=self.world.lead, **order)
            assert refused.value.code is ErrorCode.ALREADY_REVERSED
        else:
            self.world.run(ReverseStart, by=self.world.lead, **order)
            assert self.left() == left + 1

    @precondition(lambda self: self.requests(S.STARTED, S.BOOKED))
    @rule()
    def correct(self) -> None:
        """A mistaken start is a compensating pair, with the booking that followed it."""
        left, request_id = self.left(), self.requests(S.STARTED, S.BOOKED)[0]
        self.world.run(
            CorrectStart, by=self.world.lead, request_id=request_id, reason="误点", evidence=self.world.evidence()
        )
        assert self.left() == left + 1

    @precondition(lambda self: not self.is_ended and self.requests(*ENDS))
    @rule()
    def reopen(self) -> None:
        """An end taken back moves nothing in the ledger."""
        left, codes = self.left(), list[ErrorCode]()
        request_id = self.requests(*ENDS)[0]
        try:
            self.world.run(
                ReopenRequest, by=self.world.lead, request_id=request_id, reason="误录", evidence=self.world.evidence()
            )
        except RuleViolation as refused:
            codes.append(refused.code)
        assert set(codes) <= {ErrorCode.CORRECTION_IMPOSSIBLE}
        assert self.left() == left

    @precondition(lambda self: not self.is_ended)
    @rule(end=st.sampled_from(["over", "ends_the_services"]))
    def declare_or_end_force_majeure(self, end: str) -> None:
        """An event pauses, lets go on or ends what it holds; no use moves by itself (R86)."""
        left, world = self.left(), self.world
        if self.event is None:
            self.event = world.run(
                DeclareForceMajeure,
                by=world.lead,
                cause=ForceMajeureCause.NATURAL_DISASTER,
                from_at=world.clock.moment,
                note="台风",
            )
        else:
            world.clock.moment += timedelta(minutes=5)
            order = {"force_majeure_id": self.event, "to_at": world.clock.moment}
            if end == "over":
                world.run(EndForceMajeure, by=world.lead, **order)
            else:
                world.run(TerminateForForceMajeure, by=world.lead, reason="长期停诊", **order)
            self.event = None
        assert self.left() == left

    @rule()
    def emergency_or_its_end(self) -> None:
        """While an emergency is open no routine step is taken and no use is spent (R74)."""
        left, world = self.left(), self.world
        if self.is_emergency:
            world.run(LiftEmergency, assistance_file_id=self.file_id, outcome="已就医")
        else:
            world.run(RecordEmergency, assistance_file_id=self.file_id, happened_at=world.clock.moment, said="胸痛")
            for request_id in self.requests(S.AWAITING_START)[:1]:
                with pytest.raises(RuleViolation):
                    world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
        self.is_emergency = not self.is_emergency
        assert self.left() == left

    @precondition(lambda self: not self.is_suspended)
    @rule()
    def terminate_or_take_it_back(self) -> None:
        """The end of the contract ends every request and gives nothing back; neither does its correction (R7)."""
        left, world = self.left(), self.world
        if self.is_ended:
            world.run(
                ReverseTermination,
                by=world.lead,
                policy_id=self.policy_id,
                reason="误录",
                source=FactSource.INSURER_NOTICE,
            )
        else:
            world.run(
                TerminatePolicy,
                policy_id=self.policy_id,
                from_on=world.clock.moment.date(),
                reason=TerminationReason.SURRENDER,
                source=FactSource.INSURER_NOTICE,
            )
            assert not self.requests(S.AWAITING_START, S.STARTED, S.BOOKED, S.PAUSED)
        self.is_ended = not self.is_ended
        assert self.left() == left

    @precondition(lambda self: not self.is_ended)
    @rule()
    def suspend_or_reinstate(self) -> None:
        """A suspension changes no balance (R6)."""
        left = self.left()
        day = self.world.clock.moment.date()
        order = ReinstatePolicy if self.is_suspended else SuspendPolicy
        self.world.run(order, policy_id=self.policy_id, from_on=day, source=FactSource.INSURER_NOTICE)
        self.is_suspended = not self.is_suspended
        assert self.left() == left

    def spent_and_not_booked(self) -> list[int]:
        """Return the requests that were started and found no booking; an event may end others as 未约成 too."""
        return [key for key in self.requests(S.NOT_BOOKED) if self.world.row(key).started_at is not None]

    def look_up(self) -> None:
        """Look the status up again, so that no start fails for its age (R4)."""
        status = PolicyStatus.SUSPENDED if self.is_suspended else PolicyStatus.IN_FORCE
        self.world.run(VerifyPolicyStatus, policy_id=self.policy_id, status=status, source=FactSource.INSURER_SYSTEM)

    @invariant()
    def balance_is_the_sum_of_the_entries_and_the_free_slots(self) -> None:
        """The ledger, the slots and the shown balance say the same number, between nought and three."""
        if not hasattr(self, "policy_id"):
            return
        with self.world.desk.read() as session:
            mine = (EntitlementEntry.policy_id == self.policy_id, EntitlementEntry.service_kind == KIND)
            total = session.scalar(select(func.sum(EntitlementEntry.amount)).where(*mine))
            spent = select(EntitlementEntry.slot_id).where(EntitlementEntry.slot_id.is_not(None))
            free = session.scalar(
                select(func.count()).where(
                    EntitlementSlot.policy_id == self.policy_id,
                    EntitlementSlot.service_kind == KIND,
                    EntitlementSlot.id.not_in(spent),
                )
            )
            held = balances(session, self.policy_id)[KIND]
        assert 0 <= held.left <= held.granted == 3
        assert held.left == total == free


def test_any_sequence_of_allowed_commands_keeps_the_ledger() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=8,
            stateful_step_count=24,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
