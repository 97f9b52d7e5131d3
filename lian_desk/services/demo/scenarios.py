"""Which request ends where: a deck with every service in every status, dealt before chance takes over."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random

from lian_desk.models.rules.request_states import BOOKED_KINDS, STAY_KINDS
from lian_desk.models.vocabulary import PauseReason, RequestStatus, ServiceKind, TerminationReason

S = RequestStatus

_CASE_STATUSES = (
    S.DRAFT,
    S.SUBMITTED,
    S.UNDER_REVIEW,
    S.AWAITING_MATERIAL,
    S.REQUIREMENT_CONFIRMED,
    S.COORDINATING,
    S.SERVICE_COMPLETED,
    S.FOLLOWING_UP,
    S.ARCHIVED,
    S.REJECTED,
    S.WITHDRAWN,
    S.PAUSED,
    S.POLICY_TERMINATED,
)
#: How often a status comes up once the deck is dealt: most requests of a real desk are done.
_SHARES = {
    S.DRAFT: 2,
    S.SUBMITTED: 2,
    S.UNDER_REVIEW: 3,
    S.AWAITING_MATERIAL: 2,
    S.REQUIREMENT_CONFIRMED: 2,
    S.COORDINATING: 3,
    S.AWAITING_START: 2,
    S.STARTED: 3,
    S.BOOKED: 7,
    S.ARRIVED: 2,
    S.IN_PROGRESS: 2,
    S.SERVICE_COMPLETED: 2,
    S.FOLLOWING_UP: 14,
    S.ARCHIVED: 48,
    S.PAUSED: 2,
    S.REJECTED: 2,
    S.WITHDRAWN: 2,
    S.CANCELLED_BY_INSURED: 1,
    S.NO_SHOW: 1,
    S.NOT_BOOKED: 1,
}
_KIND_SHARES = {
    ServiceKind.CASE_MANAGEMENT: 14,
    ServiceKind.OUTPATIENT_COORDINATION: 40,
    ServiceKind.INPATIENT_COORDINATION: 18,
    ServiceKind.SURGERY_COORDINATION: 12,
    ServiceKind.EXPEDITED_EXAMINATION: 16,
}
#: Reasons that need no period of the policy; a suspended policy brings its own.
_PAUSES = (PauseReason.AWAITING_CUSTOMER, PauseReason.DOCTORS_ORDER, PauseReason.FORCE_MAJEURE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Where a request stands at the end of its story.

    ``paused_from`` is set for a paused one. ``variant`` counts up and turns details: booked for the past, today or
    the future; one stop by the hospital; feedback in time or late.
    """

    kind: ServiceKind
    status: RequestStatus
    variant: int = 0
    paused_from: RequestStatus | None = None
    pause_reason: PauseReason | None = None
    termination: TerminationReason | None = None


class ScenarioDeck:
    """Deals scenarios: first every kind in every status once, then by share."""

    def __init__(self, rng: Random) -> None:
        """Shuffle the deck with ``rng``."""
        self._rng = rng
        self._newest = [scenario for scenario in _every_scenario() if scenario.status not in _FINISHED]
        self._older = [scenario for scenario in _every_scenario() if scenario.status in _FINISHED]
        rng.shuffle(self._newest)
        rng.shuffle(self._older)
        self._variant = 0
        self._statuses = tuple(_SHARES)
        self._status_weights = tuple(_SHARES.values())
        self._kinds = tuple(_KIND_SHARES)
        self._kind_weights = tuple(_KIND_SHARES.values())
        self._reasons = cycle(TerminationReason)

    def newest(self) -> Scenario:
        """Return the scenario of the newest request of a file."""
        if self._newest:
            return self._newest.pop()
        rng = self._rng
        self._variant += 1
        kind = rng.choices(self._kinds, self._kind_weights)[0]
        draw = rng.random()
        if draw < _SHARE_TERMINATED:
            return Scenario(kind, S.POLICY_TERMINATED, self._variant, termination=next(self._reasons))
        if draw < _SHARE_TERMINATED + _SHARE_SUSPENDED:
            return Scenario(kind, S.PAUSED, self._variant, rng.choice(_pausable(kind)), PauseReason.POLICY_SUSPENDED)
        status = rng.choices(self._statuses, self._status_weights)[0]
        while not _fits(kind, status):
            status = rng.choices(self._statuses, self._status_weights)[0]
        if status is S.PAUSED:
            return Scenario(kind, status, self._variant, rng.choice(_pausable(kind)), rng.choice(_PAUSES))
        return Scenario(kind, status, self._variant)

    def open_one(self) -> Scenario:
        """Return a scenario of a request that is still open: for a desk with nothing but work."""
        while True:
            scenario = self.newest()
            if scenario.status not in _FINISHED and scenario.status is not S.POLICY_TERMINATED:
                return scenario

    def older(self) -> Scenario:
        """Return the scenario of an earlier request, which is over."""
        if self._older:
            return self._older.pop()
        self._variant += 1
        kind = self._rng.choices(self._kinds, self._kind_weights)[0]
        status = S.ARCHIVED if self._rng.random() < _ARCHIVED_BEFORE else self._rng.choice((S.NO_SHOW, S.WITHDRAWN))
        return Scenario(kind, status if _fits(kind, status) else S.ARCHIVED, self._variant)


_ARCHIVED_BEFORE = 0.88
_SHARE_TERMINATED = 0.04
_SHARE_SUSPENDED = 0.03
_FINISHED = frozenset({S.ARCHIVED, S.REJECTED, S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED})
_VARIANTS = {S.BOOKED: 4, S.COORDINATING: 2, S.NOT_BOOKED: 2, S.PAUSED: 2}


def _fits(kind: ServiceKind, status: RequestStatus) -> bool:
    if kind is ServiceKind.CASE_MANAGEMENT:
        return status in _CASE_STATUSES
    return status is not S.IN_PROGRESS or kind in STAY_KINDS


def _pausable(kind: ServiceKind) -> tuple[RequestStatus, ...]:
    early = (S.UNDER_REVIEW, S.REQUIREMENT_CONFIRMED, S.COORDINATING)
    return (*early, S.AWAITING_START, S.STARTED) if kind in BOOKED_KINDS else early


def _every_scenario() -> Iterator[Scenario]:
    reasons = cycle(TerminationReason)
    pauses = cycle(PauseReason)
    for kind in ServiceKind:
        for status in RequestStatus:
            if not _fits(kind, status):
                continue
            for variant in range(_VARIANTS.get(status, 1)):
                if status is S.PAUSED:
                    sources = _pausable(kind)
                    yield Scenario(kind, status, variant, sources[-1 - variant], next(pauses))
                elif status is S.POLICY_TERMINATED:
                    yield Scenario(kind, status, variant, termination=next(reasons))
                else:
                    yield Scenario(kind, status, variant)
    # five services, seven reasons
    for _ in range(2):
        yield Scenario(ServiceKind.OUTPATIENT_COORDINATION, S.POLICY_TERMINATED, termination=next(reasons))
