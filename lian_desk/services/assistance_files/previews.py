"""What a form tells while it is being filled: facts that come from a number or a date."""

from dataclasses import dataclass
from datetime import date

from lian_desk.models.errors import RuleViolation
from lian_desk.models.plain_text import plain_number
from lian_desk.models.rules.identity_number import IdentityFacts
from lian_desk.models.rules.policy_years import age_on, needs_guardian, policy_year_on, remaining_days
from lian_desk.models.vocabulary import IdentityDocumentKind, Sex
from lian_desk.services.commands import input_checks
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.pasted import card_words
from lian_desk.services.words.wording import sentence


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


def tells_birth(document: str, number: str) -> bool:
    """Tell whether the number of ``document`` (a value of the vocabulary) holds birth date and sex, so nobody is asked.

    Of a foreigner's card only the new number does; a field that is still empty is taken for one.
    """
    if document == IdentityDocumentKind.FOREIGN_PERMANENT_RESIDENT_CARD:
        return not plain_number(card_words(number))[:1].isalpha()
    return document == IdentityDocumentKind.RESIDENT_IDENTITY_CARD


def preview_identity_number(desk: Desk, document: str, number: str) -> PersonPreview:
    """Read sex, birth date and age from the number of a card that :func:`tells_birth` (R16)."""
    try:
        facts = input_checks.document_number(IdentityDocumentKind(document), number, desk.today)
    except RuleViolation as violation:
        return PersonPreview(None, None, None, needs_guardian=False, problem=sentence(violation))
    if isinstance(facts, IdentityFacts):
        return preview_birth(desk, facts.born_on, facts.sex)
    return PersonPreview(None, None, None, needs_guardian=False)


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
