"""When each step of an invented request happened: forward in plausible gaps, ending some time before now."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from lian_desk.models.rules.request_states import STAY_KINDS
from lian_desk.models.rules.working_time import at_time, in_shanghai, midnight
from lian_desk.models.vocabulary import PauseReason, RequestStatus, ServiceKind
from lian_desk.services.demo.scenarios import Scenario
from lian_desk.services.demo.world import DemoWorld

S = RequestStatus
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_BEAT = timedelta(minutes=3)

#: Steps in their order, each with the least and the longest gap before it in hours.
_GAPS: dict[str, tuple[float, float]] = {
    "received": (0, 0),
    "submitted": (0.1, 2),
    "review_begun": (0.1, 3),
    "material_asked": (0.2, 2),
    "material_received": (3, 40),
    "reviewed": (0.2, 3),
    "confirmed": (0.3, 12),
    "coordinating": (0.1, 2),
    "feedback": (2, 40),
    "start_asked": (0.2, 6),
    "started": (0.3, 16),
    "attempted": (0.3, 20),
    "booked": (2, 60),
    "visited": (20, 150),
    "stay_begun": (0.5, 3),
    "completed": (1, 4),
    "following": (0.3, 12),
    "archived": (24 * 31, 24 * 40),
}
_LATE_FEEDBACK = (49.0, 70.0)
_STAY = (72.0, 260.0)
#: The last step that has happened in a status.
_LAST_STEP = {
    S.DRAFT: "received",
    S.SUBMITTED: "submitted",
    S.UNDER_REVIEW: "review_begun",
    S.AWAITING_MATERIAL: "material_asked",
    S.REJECTED: "reviewed",
    S.REQUIREMENT_CONFIRMED: "confirmed",
    S.COORDINATING: "coordinating",
    S.WITHDRAWN: "coordinating",
    S.AWAITING_START: "start_asked",
    S.STARTED: "started",
    S.NOT_BOOKED: "attempted",
    S.CANCELLED_BY_INSURED: "booked",
    S.BOOKED: "booked",
    S.NO_SHOW: "booked",
    S.ARRIVED: "visited",
    S.IN_PROGRESS: "stay_begun",
    S.SERVICE_COMPLETED: "completed",
    S.FOLLOWING_UP: "following",
    S.ARCHIVED: "archived",
}
#: Longest time since the last step, in hours: how long a request has rested where it stands.
_LONGEST_REST = {
    S.DRAFT: 60,
    S.SUBMITTED: 40,
    S.UNDER_REVIEW: 50,
    S.AWAITING_MATERIAL: 90,
    S.REQUIREMENT_CONFIRMED: 70,
    S.COORDINATING: 200,
    S.AWAITING_START: 90,
    S.STARTED: 260,
    S.ARRIVED: 20,
    S.IN_PROGRESS: 100,
    S.SERVICE_COMPLETED: 40,
    S.FOLLOWING_UP: 24 * 34,
    S.ARCHIVED: 24 * 300,
}
_NOT_FOR_CASE = frozenset({"feedback", "start_asked", "started", "attempted", "booked", "visited", "stay_begun"})
_FUTURE, _TODAY, _PAST = 0, 1, 2


@dataclass(slots=True)
class Timeline:
    """Moments by step; ``visit_at`` may lie in the future.

    ``ended_at`` is set for requests that are closed, ``paused_at`` for those that stand still. The day on which the
    contract stopped or ended is ``contract_on``.
    """

    at: dict[str, datetime] = field(default_factory=dict)
    visit_at: datetime | None = None
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    contract_on: date | None = None
    is_feedback_late: bool = False

    def has(self, step: str) -> bool:
        """Tell whether ``step`` has happened."""
        return step in self.at

    @property
    def last(self) -> datetime:
        """The newest moment of the story."""
        return max([*self.at.values(), *filter(None, (self.ended_at, self.paused_at))])


def last_step(scenario: Scenario) -> str:
    """Return the last step that happens in ``scenario``."""
    if scenario.status is S.PAUSED and scenario.paused_from is not None:
        return _LAST_STEP[scenario.paused_from]
    if scenario.status is S.POLICY_TERMINATED:
        is_case = scenario.kind is ServiceKind.CASE_MANAGEMENT
        return (
            ("coordinating", "review_begun")[scenario.variant % 2]
            if is_case
            else ("started", "booked", "coordinating")[scenario.variant % 3]
        )
    return _LAST_STEP[scenario.status]


def tell(world: DemoWorld, scenario: Scenario, latest: datetime) -> Timeline:
    """Return the moments of a request whose last step lies before ``latest``."""
    timeline = Timeline()
    offsets = _offsets(world, scenario, timeline)
    length = max(offsets.values())
    begin = latest - _rest(world, scenario) - length
    before = world.in_hours(begin) - _BEAT
    for step, offset in offsets.items():
        moment = world.in_hours(begin + offset)
        before = max(moment, before + _BEAT)
        timeline.at[step] = min(before, latest)
    _visit(world, scenario, timeline, latest)
    _end(world, scenario, timeline, latest)
    return timeline


def _offsets(world: DemoWorld, scenario: Scenario, timeline: Timeline) -> dict[str, timedelta]:
    rng = world.rng
    target = last_step(scenario)
    timeline.is_feedback_late = scenario.variant % 9 == 4
    asks_material = target == "material_asked" or (
        target not in {"received", "submitted", "review_begun"} and rng.random() < 0.15
    )
    # a request that rests in coordination has been told how things stand, or has not
    tells_beyond = target == "coordinating" and scenario.variant % 3 != 0
    offsets: dict[str, timedelta] = {}
    total = timedelta(0)
    for step, usual in _GAPS.items():
        if scenario.kind is ServiceKind.CASE_MANAGEMENT and step in _NOT_FOR_CASE:
            continue
        if step in {"material_asked", "material_received"} and not asks_material:
            continue
        if step == "stay_begun" and scenario.kind not in STAY_KINDS:
            continue
        if step == "feedback" and timeline.is_feedback_late:
            gap = _LATE_FEEDBACK
        elif step == "completed" and scenario.kind in STAY_KINDS:
            gap = _STAY
        else:
            gap = usual
        total += rng.uniform(*gap) * _HOUR
        offsets[step] = total
        if step == target and not (tells_beyond and scenario.kind is not ServiceKind.CASE_MANAGEMENT):
            break
        if step == "feedback" and tells_beyond:
            break
    return offsets


def _rest(world: DemoWorld, scenario: Scenario) -> timedelta:
    status = scenario.paused_from or scenario.status
    longest = _LONGEST_REST.get(status, 24 * 20)
    if scenario.status is S.BOOKED:
        return world.rng.uniform(1, 30) * _HOUR if scenario.variant % 4 != _PAST else world.rng.uniform(60, 120) * _HOUR
    if scenario.status in {S.PAUSED, S.POLICY_TERMINATED}:
        return world.rng.uniform(52, 200) * _HOUR
    if scenario.status in {S.NO_SHOW, S.CANCELLED_BY_INSURED, S.WITHDRAWN, S.NOT_BOOKED}:
        return world.rng.uniform(100, 24 * 60) * _HOUR
    # squared: many young ones, a few old ones
    return (0.4 + (longest - 0.4) * world.rng.random() ** 2) * _HOUR


def _visit(world: DemoWorld, scenario: Scenario, timeline: Timeline, latest: datetime) -> None:
    if not timeline.has("booked"):
        return
    if timeline.has("visited"):
        timeline.visit_at = timeline.at["visited"]
        return
    rng = world.rng
    booked = timeline.at["booked"]
    if scenario.status is S.BOOKED and scenario.variant % 4 == _TODAY:
        timeline.visit_at = _on(world.today, rng.randint(8, 17), rng.choice((0, 30)))
    elif (scenario.status is S.BOOKED and scenario.variant % 4 == _PAST) or scenario.status is S.NO_SHOW:
        day = in_shanghai(booked).date() + rng.randint(1, 2) * _DAY
        timeline.visit_at = min(_on(day, rng.randint(8, 15), rng.choice((0, 30))), latest - _HOUR)
    else:
        timeline.visit_at = _on(world.today + rng.randint(1, 12) * _DAY, rng.randint(8, 15), rng.choice((0, 30)))


def _on(day: date, hour: int, minute: int) -> datetime:
    return at_time(day, time(hour, minute))


def _end(world: DemoWorld, scenario: Scenario, timeline: Timeline, latest: datetime) -> None:
    newest = max(timeline.at.values())
    if scenario.status in {S.ARCHIVED, S.REJECTED}:
        timeline.ended_at = newest
    elif scenario.status is S.NO_SHOW and timeline.visit_at is not None:
        timeline.ended_at = min(max(timeline.visit_at, newest) + world.rng.randint(40, 300) * _MINUTE, latest)
    elif scenario.status is S.POLICY_TERMINATED or scenario.pause_reason is PauseReason.POLICY_SUSPENDED:
        timeline.contract_on = in_shanghai(newest).date() + _DAY
        if scenario.status is S.PAUSED:
            timeline.paused_at = midnight(timeline.contract_on)
        else:
            timeline.ended_at = min(midnight(timeline.contract_on) + world.rng.uniform(9.5, 12) * _HOUR, latest)
    elif scenario.status is S.PAUSED:
        timeline.paused_at = max(newest + _BEAT, world.in_hours(newest + world.rng.uniform(1, 30) * _HOUR))
    elif scenario.status in {S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NOT_BOOKED}:
        timeline.ended_at = min(newest + world.rng.uniform(1, 40) * _HOUR, latest)
