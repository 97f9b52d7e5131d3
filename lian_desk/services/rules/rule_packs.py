"""The handbook editions that travel with the program, and the check of a pack by its own worked examples (R81, R87).

A normal start reads and checks the shape of the newest pack only. Its worked examples are run where there is time:
by ``lian-desk check``, by the tests, and before an edition is activated (:func:`verify_rule_pack`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules.catalogue import RulePack, RuleVector
from lian_desk.models.rules.clocks import booking_clock, feedback_clock, response_clock
from lian_desk.models.rules.eligibility import PolicyFacts, check_policy
from lian_desk.models.rules.scope import judge_expert
from lian_desk.models.rules.working_time import SHANGHAI, WorkCalendar, in_shanghai
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.rules.rule_pack_reader import read_rule_pack
from lian_desk.services.words.rank_words import read_ranks

_SUFFIX = ".toml"
Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class VectorFailure:
    """A worked example that did not come out."""

    id: str
    expected: Answer
    found: Answer


def shipped_editions() -> tuple[str, ...]:
    """Return the editions that travel with the program, oldest first."""
    folder = resource_path("rules")
    return tuple(sorted(path.stem for path in folder.iterdir() if path.suffix == _SUFFIX))


@cache
def load_rule_pack(edition: str) -> RulePack:
    """Return the pack of one edition; read once per process.

    Raises:
        EnvironmentProblem: ``RESOURCE_MISSING`` for an edition that was never shipped, ``RULE_PACK_DAMAGED``.
    """
    return read_rule_pack(resource_path("rules", f"{edition}{_SUFFIX}").read_bytes())


def load_current_pack() -> RulePack:
    """Return the shipped pack that is in effect today; a workspace may know further editions (``edition_shelf``)."""
    return edition_on(in_shanghai(SystemClock().now()).date())


def edition_on(day: date) -> RulePack:
    """Return the shipped pack in effect on ``day``: the newest that has begun, else the oldest (A41).

    Raises:
        EnvironmentProblem: ``RESOURCE_MISSING`` without a single edition.
    """
    packs = sorted((load_rule_pack(edition) for edition in shipped_editions()), key=lambda pack: pack.effective_on)
    if not packs:
        raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name="rules")
    begun = [pack for pack in packs if pack.effective_on <= day]
    return begun[-1] if begun else packs[0]


def verify_rule_pack(pack: RulePack, calendar: WorkCalendar) -> tuple[VectorFailure, ...]:
    """Run the worked examples of ``pack``; empty: all came out.

    ``calendar``: the years that travel with the program. An example beyond the years that were known when it was written
    no longer applies once its year is known (A5).
    """
    failures: list[VectorFailure] = []
    for vector in pack.vectors:
        try:
            answer = _run(vector, pack, calendar)
        except (KeyError, ValueError, TypeError) as error:
            # an example of a file from outside may ask what the rules do not know
            raise EnvironmentProblem(
                ErrorCode.RULE_PACK_DAMAGED, edition=pack.edition, detail=f"{vector.id} {error}"
            ) from error
        found = {name: answer.get(name) for name in vector.expected}
        if found != vector.expected and not _is_overtaken(vector, answer):
            failures.append(VectorFailure(vector.id, vector.expected, found))
    return tuple(failures)


def _is_overtaken(vector: RuleVector, answer: Answer) -> bool:
    return vector.expected.get("provisional") is True and answer.get("provisional") is False


def require_verified(pack: RulePack, calendar: WorkCalendar) -> None:
    """Refuse a pack whose worked examples do not come out; called before an edition is activated.

    Raises:
        EnvironmentProblem: ``RULE_PACK_DAMAGED`` naming the examples.
    """
    failures = verify_rule_pack(pack, calendar)
    if failures:
        raise EnvironmentProblem(
            ErrorCode.RULE_PACK_DAMAGED, edition=pack.edition, detail="、".join(failure.id for failure in failures)
        )


def _run(vector: RuleVector, pack: RulePack, calendar: WorkCalendar) -> Answer:
    call = _CALLS.get(vector.call)
    if call is None:
        raise EnvironmentProblem(ErrorCode.RULE_PACK_DAMAGED, edition=pack.edition, detail=vector.id)
    return call(vector.given, pack, calendar)


def _time(given: Answer, name: str) -> datetime:
    return datetime.fromisoformat(str(given[name])).replace(tzinfo=SHANGHAI)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def _response(given: Answer, pack: RulePack, calendar: WorkCalendar) -> Answer:
    return {"due": _minute(response_clock(_time(given, "received"), pack, calendar).due_at)}


def _feedback(given: Answer, pack: RulePack, calendar: WorkCalendar) -> Answer:
    kind = ServiceKind(str(given["service"]))
    deadline = feedback_clock(_time(given, "confirmed"), pack, calendar, kind=kind)
    return {"due": _minute(deadline.due_at), "internal": _minute(deadline.internal_due_at)}


def _booking(given: Answer, pack: RulePack, calendar: WorkCalendar) -> Answer:
    deadline = booking_clock(
        _time(given, "confirmed"),
        pack,
        calendar,
        kind=ServiceKind(str(given["service"])),
        is_renowned=bool(given.get("renowned")),
    )
    return {"due": _minute(deadline.due_at), "provisional": deadline.is_provisional}


def _eligibility(given: Answer, pack: RulePack, calendar: WorkCalendar) -> Answer:
    del calendar
    at = _time(given, "at")
    effective_on = date.fromisoformat(str(given["effective"]))
    answer = check_policy(PolicyFacts(pack.product.code, effective_on, status_checked_at=at), at, pack)
    return {"eligible": answer.is_eligible, "policy_year": answer.policy_year}


def _expert(given: Answer, pack: RulePack, calendar: WorkCalendar) -> Answer:
    del calendar
    words = given.get("honours", [])
    ranks = read_ranks(str(given["title"]), [str(word) for word in words] if isinstance(words, list) else [], pack)
    if ranks.title is None:
        return {}
    standing = judge_expert(ranks.title, ranks.honours, pack, further=ranks.unknown)
    return {
        "allowed": standing.is_allowed,
        "renowned": standing.is_renowned,
        "limit": standing.limit_working_days,
    }


_CALLS: dict[str, Callable[[Answer, RulePack, WorkCalendar], Answer]] = {
    "response": _response,
    "feedback": _feedback,
    "booking": _booking,
    "eligibility": _eligibility,
    "expert": _expert,
}
