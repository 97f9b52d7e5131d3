"""What a form tells while it is being filled: facts that come from a number or a date."""

from dataclasses import dataclass
from datetime import date

from lian_desk.models.errors import RuleViolation
from lian_desk.models.identity_number import parse_identity_number
from lian_desk.models.policy_years import age_on, needs_guardian, policy_year_on, remaining_days
from lian_desk.models.vocabulary import Sex
from lian_desk.services.desk import Desk
from lian_desk.services.wording import sentence


@dataclass(frozen=True)
class PersonPreview:
    """What an identity number or a birth date tells; ``problem`` is the sentence beneath the field."""

    sex: Sex | None
    born_on: date | None
    age: int | None
    needs_guardian: bool
    problem: str = ""


@dataclass(frozen=True)
class PolicyPreview:
    """Where an effective date puts the policy today."""

    policy_year: int | None
    covered_years: int
    remaining_days: int


def preview_identity_number(desk: Desk, number: str) -> PersonPreview:
    """Read sex, birth date and age from an identity number (R16)."""
    try:
        facts = parse_identity_number(number, desk.today)
    except RuleViolation as violation:
        return PersonPreview(None, None, None, needs_guardian=False, problem=sentence(violation))
    return preview_birth(desk, facts.born_on, facts.sex)


def preview_birth(desk: Desk, born_on: date, sex: Sex | None) -> PersonPreview:
    """Tell age and whether a guardian is needed for a birth date (R9, A33)."""
    return PersonPreview(
        sex,
        born_on,
        age_on(born_on, desk.today),
        needs_guardian=needs_guardian(born_on, desk.today, desk.pack.thresholds.adult_age),
    )


def preview_policy(desk: Desk, effective_on: date) -> PolicyPreview:
    """Tell the policy year and the days left of the covered years (R3, A2)."""
    covered = desk.pack.thresholds.covered_policy_years
    return PolicyPreview(
        policy_year_on(effective_on, desk.today, covered),
        covered,
        remaining_days(effective_on, desk.clock.now(), covered),
    )
