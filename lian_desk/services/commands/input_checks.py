"""Checks of a command's values at the service layer; each refusal names the field it is shown beside.

The rules of shape stand in ``models/rules/identity_number.py``; here they meet the names of the form's fields.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.plain_text import plain_number
from lian_desk.models.rules.identity_number import (
    IdentityFacts,
    parse_foreigner_number,
    parse_identity_number,
    parse_mobile_number,
    parse_name,
    parse_policy_number,
    parse_text,
)
from lian_desk.models.rules.policy_years import needs_guardian
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.policy import Policy, PolicyStatusCheck
from lian_desk.models.vocabulary import FactSource, IdentityDocumentKind, PolicyStatus, Sex
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.names.pasted import bare_card, bare_name, bare_paper, bare_phone, bare_policy

NAME_LIMIT = 200
SHORT_LIMIT = 200
LONG_LIMIT = 50_000
POLICY_NUMBER_LIMIT = 40
DOCUMENT_NUMBER_LIMIT = 40
#: Two workstations' clocks may differ by this much without a fact counting as "in the future".
_CLOCK_TOLERANCE = timedelta(minutes=1)
#: Nothing that is written down here happened before this day.
EARLIEST_DAY = date(1900, 1, 1)


@contextmanager
def beside(field: str, clause: str | None = None) -> Iterator[None]:
    """Name ``field`` in any refusal raised inside."""
    try:
        yield
    except RuleViolation as violation:
        violation.parameters.setdefault("field", field)
        violation.clause = violation.clause or clause
        raise


def name(text: str, *, field: str) -> str:
    """Return a person's name, trimmed.

    Raises:
        RuleViolation: ``FIELD_REQUIRED``, ``FIELD_TOO_LONG``, ``FIELD_HAS_CONTROL_CHARACTERS``, ``NAME_HAS_SYMBOLS``.
    """
    with beside(field):
        return parse_name(bare_name(text), limit=NAME_LIMIT)


def required(text: str, *, field: str, clause: str | None = None, limit: int = LONG_LIMIT) -> str:
    """Return free text that may not be empty."""
    with beside(field, clause):
        return parse_text(text, limit=limit, is_required=True, is_multiline=limit > SHORT_LIMIT)


def short_text(text: str, *, field: str) -> str:
    """Return one line of optional text."""
    with beside(field):
        return parse_text(text, limit=SHORT_LIMIT)


def long_text(text: str, *, field: str) -> str:
    """Return optional text of many lines."""
    with beside(field):
        return parse_text(text, limit=LONG_LIMIT, is_multiline=True)


def phone(text: str, *, field: str) -> str:
    """Return a mobile number.

    Raises:
        RuleViolation: ``FIELD_REQUIRED``, ``PHONE_NUMBER_INVALID``, ``NUMBER_NOT_SINGLE``.
    """
    with beside(field, "R22"):
        if not text.strip():
            raise RuleViolation(ErrorCode.FIELD_REQUIRED)
        return parse_mobile_number(bare_phone(text))


def policy_number(text: str, *, field: str) -> str:
    """Return a policy number in its one spelling."""
    with beside(field):
        return parse_policy_number(bare_policy(text), limit=POLICY_NUMBER_LIMIT)


def identity(
    document: IdentityDocumentKind,
    number: str,
    sex: Sex | None,
    born_on: date | None,
    today: date,
    *,
    field: str = "identity_number",
) -> tuple[str, Sex, date]:
    """Return number, sex and birth date; an identity card gives the last two itself, so does a foreigner's card (R16).

    Raises:
        RuleViolation: the number's own fault, ``FOREIGNER_NUMBER`` for a foreigner's number beside the identity card, or
            ``FIELD_REQUIRED`` for sex or birth date of another document.
    """
    with beside(field, "R16"):
        read = document_number(document, number, today)
    if isinstance(read, IdentityFacts):
        return read.number, read.sex, read.born_on
    spelled = read
    if sex is None:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, field="sex")
    if born_on is None:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, field="born_on")
    if not EARLIEST_DAY <= born_on <= today:
        raise RuleViolation(ErrorCode.DATE_IMPOSSIBLE, field="born_on")
    return spelled, sex, born_on


def card_number(text: str, today: date, *, field: str) -> tuple[str, date]:
    """Return number and birth date of an identity card or a foreigner's card, where no kind is asked (R9)."""
    with beside(field, "R16"):
        facts = parse_identity_number(bare_card(text), today)
    return facts.number, facts.born_on


def document_number(document: IdentityDocumentKind, number: str, today: date) -> IdentityFacts | str:
    """Return what the number of a document tells, or only its spelling where it tells nothing; RuleViolation for a fault."""
    if document is IdentityDocumentKind.RESIDENT_IDENTITY_CARD:
        facts = parse_identity_number(bare_card(number), today)
        if facts.is_foreigner:
            raise RuleViolation(ErrorCode.FOREIGNER_NUMBER)
        return facts
    if document is IdentityDocumentKind.FOREIGN_PERMANENT_RESIDENT_CARD:
        return parse_foreigner_number(bare_card(number), today)
    return parse_text(plain_number(bare_paper(number)), limit=DOCUMENT_NUMBER_LIMIT, is_required=True)


def not_in_future(moment: datetime, now: datetime, *, field: str) -> None:
    """Refuse a moment that has not come yet, and one before ``EARLIEST_DAY``."""
    if moment.date() < EARLIEST_DAY:
        raise RuleViolation(ErrorCode.DATE_IMPOSSIBLE, field=field)
    if moment > now + _CLOCK_TOLERANCE:
        raise RuleViolation(ErrorCode.TIME_IN_FUTURE, field=field)


def day_not_in_future(day: date, now: datetime, *, field: str) -> None:
    """Refuse a day after today (Asia/Shanghai), and one before ``EARLIEST_DAY``."""
    if day < EARLIEST_DAY:
        raise RuleViolation(ErrorCode.DATE_IMPOSSIBLE, field=field)
    if day > in_shanghai(now).date():
        raise RuleViolation(ErrorCode.TIME_IN_FUTURE, field=field)


def not_before(moment: datetime, earliest: datetime, *, field: str) -> None:
    """Refuse a moment before ``earliest``."""
    if moment < earliest:
        shown = f"{in_shanghai(earliest):%Y-%m-%d %H:%M}"
        raise RuleViolation(ErrorCode.TIME_ORDER, field=field, earliest=shown)


def is_minor(born_on: date, context: CommandContext) -> bool:
    """Tell whether a guardian must act today (R9, A33)."""
    return needs_guardian(born_on, in_shanghai(context.now).date(), context.pack.thresholds.adult_age)


def snapshot(
    context: CommandContext, policy: Policy, gate: str, status: PolicyStatus, source: FactSource
) -> PolicyStatusCheck:
    """Keep what was seen of the policy at ``gate`` (R4)."""
    row = PolicyStatusCheck(
        id=context.new_id(),
        policy_id=policy.id,
        gate=gate,
        status=status,
        source=source,
        checked_at=context.now,
        operator_id=context.operator.id,
    )
    context.session.add(row)
    return row
