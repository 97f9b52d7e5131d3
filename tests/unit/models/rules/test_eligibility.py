from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.reasons import CLEAR, Judgement, blocked, warned
from lian_desk.models.rules.eligibility import (
    AuthorizationFacts,
    DiseaseFacts,
    EligibilityFacts,
    PersonFacts,
    PolicyFacts,
    StatusPeriod,
    check_eligibility,
    check_policy,
    policy_status_at,
)
from lian_desk.models.rules.policy_years import (
    age_on,
    anniversary,
    needs_guardian,
    policy_year_on,
    remaining_days,
    term_end,
)
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import Certainty, PolicyStatus, SignerKind, TerminationReason
from lian_desk.services.rules.rule_packs import load_rule_pack

PACK = load_rule_pack("2024-11")
COVERED = PACK.thresholds.covered_policy_years
CODE = PACK.product.code


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


AT = moment("2026-11-20T10:00")
GIVEN = AuthorizationFacts(moment("2026-01-01T10:00"), SignerKind.INSURED, is_verified=True)
POLICY = PolicyFacts(CODE, date(2024, 11, 20), status_checked_at=AT)
PERSON = PersonFacts(date(1974, 1, 1), authorizations=(GIVEN,))
DISEASE = DiseaseFacts(is_listed=True, certainty=Certainty.SUSPECTED)
FACTS = EligibilityFacts(POLICY, PERSON, DISEASE)


def suspended(start: str, end: str | None, **more: datetime) -> StatusPeriod:
    return StatusPeriod(PolicyStatus.SUSPENDED, moment(start), moment(end) if end else None, **more)


def terminated(start: str, reason: TerminationReason | None = None) -> StatusPeriod:
    return StatusPeriod(PolicyStatus.TERMINATED, moment(start), termination_reason=reason)


def codes(policy: PolicyFacts, at: str) -> list[tuple[ErrorCode, str]]:
    answer = check_policy(replace(policy, status_checked_at=moment(at)), moment(at), PACK)
    assert answer.is_eligible is not bool(answer.reasons)
    return [(reason.code, reason.clause) for reason in answer.reasons]


# ------------------------------------------------------------------------------------------------------ policy years


def test_v14_the_tenth_year_ends_with_its_last_second() -> None:
    assert codes(POLICY, "2034-11-19T23:59:59") == []
    assert codes(POLICY, "2034-11-20T00:00:00") == [(ErrorCode.OUTSIDE_POLICY_YEARS, "R3")]
    assert codes(POLICY, "2024-11-20T00:00:00") == []
    assert codes(POLICY, "2024-11-19T23:59:59") == [(ErrorCode.BEFORE_EFFECTIVE_DATE, "R3")]


@pytest.mark.parametrize(
    ("effective", "last_moment", "end"),
    [
        ("2024-02-29", "2034-02-27T23:59:59", "2034-02-28T00:00:00"),
        ("2028-02-29", "2038-02-27T23:59:59", "2038-02-28T00:00:00"),
        ("2024-02-28", "2034-02-27T23:59:59", "2034-02-28T00:00:00"),
        ("2024-12-31", "2034-12-30T23:59:59", "2034-12-31T00:00:00"),
    ],
)
def test_a3_the_leap_day_ends_with_its_month(effective: str, last_moment: str, end: str) -> None:
    policy = PolicyFacts(CODE, date.fromisoformat(effective))
    assert codes(policy, last_moment) == []
    assert codes(policy, end) == [(ErrorCode.OUTSIDE_POLICY_YEARS, "R3")]
    assert term_end(policy.effective_on, COVERED) == moment(end)


@pytest.mark.parametrize(
    ("effective", "day", "year"),
    [
        ("2024-11-20", "2024-11-19", None),
        ("2024-11-20", "2024-11-20", 1),
        ("2024-11-20", "2025-11-19", 1),
        ("2024-11-20", "2025-11-20", 2),
        ("2024-11-20", "2034-11-19", 10),
        ("2024-11-20", "2034-11-20", None),
        ("2024-02-29", "2025-02-27", 1),
        ("2024-02-29", "2025-02-28", 2),
        ("2024-02-29", "2028-02-28", 4),
        ("2024-02-29", "2028-02-29", 5),
    ],
)
def test_the_policy_year_of_a_day(effective: str, day: str, year: int | None) -> None:
    assert policy_year_on(date.fromisoformat(effective), date.fromisoformat(day), COVERED) == year


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 4500))
def test_in_the_term_exactly_while_there_is_a_policy_year(effective: date, offset: int) -> None:
    day = effective + timedelta(days=offset)
    year = policy_year_on(effective, day, COVERED)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    assert (year is not None) == (at < term_end(effective, COVERED))
    assert (remaining_days(effective, at, COVERED) > 0) == (year is not None)
    if year is not None:
        assert anniversary(effective, year - 1) <= day < anniversary(effective, year)


def test_a_term_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(RuleViolation) as refusal:
        term_end(date(9995, 1, 1), COVERED)
    assert refusal.value.code is ErrorCode.DATE_IMPOSSIBLE


def test_the_end_of_the_term_is_announced() -> None:
    answer = check_policy(POLICY, moment("2034-10-21T00:00"), PACK)
    assert [(w.code, w.values["days"]) for w in answer.warnings if w.code is ErrorCode.TERM_ENDING] == [
        (ErrorCode.TERM_ENDING, 30)
    ]
    earlier = check_policy(POLICY, moment("2034-10-20T23:59"), PACK)
    assert ErrorCode.TERM_ENDING not in [w.code for w in earlier.warnings]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [("2008-11-20", "2026-11-19", 17), ("2008-11-20", "2026-11-20", 18), ("2008-02-29", "2026-02-28", 18)],
)
def test_full_years_of_age(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


def test_a33_a_guardian_is_needed_through_the_eighteenth_birthday() -> None:
    born = date(2008, 11, 20)
    days = [needs_guardian(born, day, 18) for day in (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21))]
    assert days == [True, True, False]


# ------------------------------------------------------------------------------------------------- suspended, terminated


def test_r5_r6_suspended_from_inclusive_to_exclusive() -> None:
    policy = replace(POLICY, periods=(suspended("2026-03-01T00:00", "2026-04-01T00:00"),))
    assert codes(policy, "2026-02-28T23:59:59") == []
    assert codes(policy, "2026-03-01T00:00:00") == [(ErrorCode.POLICY_SUSPENDED, "R5")]
    assert codes(policy, "2026-03-31T23:59:59") == [(ErrorCode.POLICY_SUSPENDED, "R5")]
    assert codes(policy, "2026-04-01T00:00:00") == []


def test_a_suspension_without_end_lasts() -> None:
    policy = replace(POLICY, periods=(suspended("2026-03-01T00:00", None),))
    assert codes(policy, "2030-01-01T00:00") == [(ErrorCode.POLICY_SUSPENDED, "R5")]


def test_suspended_across_the_end_of_the_term_both_reasons_are_named() -> None:
    policy = replace(POLICY, periods=(suspended("2034-01-01T00:00", "2035-01-01T00:00"),))
    assert codes(policy, "2034-12-01T00:00") == [
        (ErrorCode.OUTSIDE_POLICY_YEARS, "R3"),
        (ErrorCode.POLICY_SUSPENDED, "R5"),
    ]
    assert codes(policy, "2035-01-01T00:00") == [(ErrorCode.OUTSIDE_POLICY_YEARS, "R3")]


@pytest.mark.parametrize("reason", list(TerminationReason))
def test_r7_a_termination_counts_from_midnight_and_never_ends(reason: TerminationReason) -> None:
    policy = replace(POLICY, periods=(terminated("2026-06-01T00:00", reason),))
    assert codes(policy, "2026-05-31T23:59:59") == []
    answer = check_policy(policy, moment("2030-06-01T00:00"), PACK)
    assert (answer.reasons[0].code, answer.reasons[0].values["reason"]) == (ErrorCode.POLICY_TERMINATED, reason)
    assert answer.status is PolicyStatus.TERMINATED


def test_termination_outweighs_suspension_and_may_lack_a_reason() -> None:
    periods = (suspended("2026-01-01T00:00", None), terminated("2026-06-01T00:00"))
    answer = check_policy(replace(POLICY, periods=periods), moment("2026-07-01T00:00"), PACK)
    assert [reason.code for reason in answer.reasons] == [ErrorCode.POLICY_TERMINATED]
    assert answer.reasons[0].values["reason"] is TerminationReason.OTHER


def test_r88_as_known_and_as_true() -> None:
    learned = moment("2026-05-01T09:00")
    period = suspended(
        "2026-03-01T00:00", "2026-04-01T00:00", known_from_at=learned, superseded_at=moment("2026-06-01T09:00")
    )
    policy = replace(POLICY, periods=(period,))
    inside = moment("2026-03-15T10:00")
    assert policy_status_at(policy, inside, moment("2026-03-15T10:00")) is PolicyStatus.IN_FORCE
    assert policy_status_at(policy, inside, learned) is PolicyStatus.SUSPENDED
    assert policy_status_at(policy, inside, moment("2026-06-01T09:00")) is PolicyStatus.IN_FORCE
    assert policy_status_at(policy, inside) is PolicyStatus.IN_FORCE
    believed = replace(policy, periods=(replace(period, superseded_at=None),))
    assert policy_status_at(believed, inside) is PolicyStatus.SUSPENDED


def test_r4_a_status_never_seen_blocks_and_an_old_one_warns() -> None:
    never = check_policy(replace(POLICY, status_checked_at=None), AT, PACK)
    assert [(r.code, r.clause) for r in never.reasons] == [(ErrorCode.POLICY_STATUS_UNKNOWN, "R4")]
    edge = check_policy(replace(POLICY, status_checked_at=AT - timedelta(days=7)), AT, PACK)
    assert edge.warnings == ()
    old = check_policy(replace(POLICY, status_checked_at=AT - timedelta(days=7, seconds=1)), AT, PACK)
    assert (old.is_eligible, old.warnings[0].code) == (True, ErrorCode.POLICY_STATUS_STALE)


def test_a28_a29_waiting_and_grace_period_warn() -> None:
    policy = replace(
        POLICY,
        waiting_until_on=date(2026, 11, 21),
        grace_from_on=date(2026, 11, 20),
        grace_until_on=date(2026, 11, 21),
    )
    answer = check_policy(policy, AT, PACK)
    assert answer.is_eligible
    assert [(w.code, w.clause) for w in answer.warnings] == [
        (ErrorCode.WAITING_PERIOD, "A28"),
        (ErrorCode.GRACE_PERIOD, "A29"),
    ]
    tomorrow = replace(policy, status_checked_at=AT + timedelta(days=1))
    assert check_policy(tomorrow, AT + timedelta(days=1), PACK).warnings == ()


def test_r2_another_product_is_refused() -> None:
    assert codes(replace(POLICY, product_code="X"), "2026-11-20T10:00") == [(ErrorCode.WRONG_PRODUCT, "R2")]


# -------------------------------------------------------------------------------------------------- person and illness


def blocked_by(facts: EligibilityFacts, at: datetime = AT) -> list[ErrorCode]:
    return [reason.code for reason in check_eligibility(facts, at, PACK).reasons]


def test_an_insured_adult_with_everything_is_eligible() -> None:
    answer = check_eligibility(FACTS, AT, PACK)
    answer.require()
    assert (answer.is_eligible, answer.policy_year, answer.edition, answer.warnings) == (True, 3, "2024-11", ())
    assert answer.values["effective_on"] == date(2024, 11, 20)


def test_a_refusal_can_be_raised_with_its_clause() -> None:
    answer = check_eligibility(replace(FACTS, disease=None), AT, PACK)
    with pytest.raises(RuleViolation) as refusal:
        answer.require()
    assert (refusal.value.code, refusal.value.clause) == (ErrorCode.DISEASE_MISSING, "R8")


def test_r1_r16_only_the_insured_himself_and_checked() -> None:
    stranger = replace(PERSON, is_the_insured=False, is_identity_checked=False)
    assert blocked_by(replace(FACTS, person=stranger)) == [ErrorCode.NOT_THE_INSURED, ErrorCode.IDENTITY_NOT_CHECKED]


def test_r8_a36_the_illness_must_be_listed_and_not_excluded() -> None:
    for disease, code in (
        (replace(DISEASE, is_listed=False), ErrorCode.DISEASE_NOT_LISTED),
        (replace(DISEASE, certainty=Certainty.EXCLUDED), ErrorCode.DISEASE_EXCLUDED),
    ):
        assert blocked_by(replace(FACTS, disease=disease)) == [code]
    bare = check_eligibility(replace(FACTS, disease=replace(DISEASE, has_evidence=False)), AT, PACK)
    assert (bare.is_eligible, bare.warnings[0].code) == (True, ErrorCode.DISEASE_WITHOUT_EVIDENCE)


def test_r19_the_authorization_must_hold_at_that_moment() -> None:
    for given_authorization in (
        replace(GIVEN, is_verified=False),
        replace(GIVEN, signed_at=AT + timedelta(seconds=1)),
        replace(GIVEN, withdrawn_at=AT),
    ):
        person = replace(PERSON, authorizations=(given_authorization,))
        assert blocked_by(replace(FACTS, person=person)) == [ErrorCode.AUTHORIZATION_MISSING]
    later = replace(PERSON, authorizations=(replace(GIVEN, withdrawn_at=AT + timedelta(seconds=1)),))
    assert blocked_by(replace(FACTS, person=later)) == []


def test_r9_a_minor_needs_a_guardian_who_signs() -> None:
    child = replace(PERSON, born_on=date(2015, 5, 1))
    assert blocked_by(replace(FACTS, person=child)) == [ErrorCode.GUARDIAN_MISSING, ErrorCode.AUTHORIZATION_MISSING]
    guarded = replace(child, has_guardian=True, authorizations=(replace(GIVEN, signer=SignerKind.GUARDIAN),))
    assert blocked_by(replace(FACTS, person=guarded)) == []


def test_a33_from_the_day_after_the_birthday_the_own_authorization_counts() -> None:
    signed_by_guardian = (replace(GIVEN, signer=SignerKind.GUARDIAN),)
    young = PersonFacts(date(2008, 11, 20), has_guardian=True, authorizations=signed_by_guardian)
    assert blocked_by(replace(FACTS, person=young)) == []
    tomorrow = AT + timedelta(days=1)
    answer = check_eligibility(replace(FACTS, person=young), tomorrow, PACK)
    assert [reason.code for reason in answer.reasons] == [ErrorCode.AUTHORIZATION_MISSING]
    assert answer.reasons[0].values["decision"] == "A33"


def test_a34_an_agent_needs_the_lead() -> None:
    person = replace(PERSON, authorizations=(replace(GIVEN, signer=SignerKind.AGENT),))
    answer = check_eligibility(replace(FACTS, person=person), AT, PACK)
    assert (answer.is_eligible, answer.warnings[0].clause) == (True, "A34")


# ----------------------------------------------------------------------------------------------------------- judgements


def test_judgements_add_up() -> None:
    both = blocked(ErrorCode.NOTICE_MISSING, "R40") + warned(ErrorCode.TITLE_UNKNOWN, "R32", title="x")
    assert (len(both.reasons), len(both.warnings), both.is_allowed) == (1, 1, False)
    assert Judgement() == CLEAR + CLEAR
    CLEAR.require()
    with pytest.raises(RuleViolation):
        both.require()
