"""The term and the state of a policy beside a second reading that counts year by year (R3, R5 to R7, A2, A3)."""

from calendar import isleap
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.eligibility import PolicyFacts, StatusPeriod, check_policy
from lian_desk.models.rules.policy_years import needs_guardian
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import PolicyStatus
from lian_desk.services.rules.rule_packs import load_rule_pack

PACK = load_rule_pack("2024-11")
#: Leap days and the days around them come up often.
DAYS = st.one_of(
    st.dates(date(2000, 1, 1), date(2040, 12, 31)),
    st.builds(
        lambda year, off: date(year, 2, 28) + timedelta(days=off),
        st.integers(2000, 2040),
        st.integers(-1, 2),
    ),
)
MOMENTS = st.builds(
    lambda day, clock: datetime.combine(day, clock, SHANGHAI),
    DAYS,
    st.sampled_from([time(0), time(0, 0, 0, 1), time(12), time(23, 59, 59, 999999)]),
)
PERIODS = st.lists(
    st.tuples(MOMENTS, MOMENTS).map(lambda pair: (min(pair), max(pair))).filter(lambda pair: pair[0] < pair[1]),
    max_size=3,
)


def same_day(start: date, years: int) -> date:
    """Return the corresponding day as the Civil Code reads it: without one, the last day of the month."""
    year = start.year + years
    if (start.month, start.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return date(year, start.month, start.day)


def year_of(effective_on: date, day: date) -> int | None:
    for number in range(1, 11):
        if same_day(effective_on, number - 1) <= day < same_day(effective_on, number):
            return number
    return None


@given(DAYS, MOMENTS, PERIODS, st.one_of(st.none(), DAYS))
def test_a_policy_is_judged_as_counting_year_by_year_does(
    effective_on: date, at: datetime, suspended: list[tuple[datetime, datetime]], terminated_on: date | None
) -> None:
    periods = [StatusPeriod(PolicyStatus.SUSPENDED, start, end) for start, end in suspended]
    if terminated_on is not None:
        from_at = datetime.combine(terminated_on, time(0), SHANGHAI)
        periods.append(StatusPeriod(PolicyStatus.TERMINATED, from_at))
    answer = check_policy(PolicyFacts(PACK.product.code, effective_on, tuple(periods), status_checked_at=at), at, PACK)
    year = year_of(effective_on, at.date())
    is_ended = terminated_on is not None and at.date() >= terminated_on
    is_suspended = any(start <= at < end for start, end in suspended)
    codes = {reason.code for reason in answer.reasons}
    assert answer.policy_year == year
    assert (ErrorCode.POLICY_TERMINATED in codes) is is_ended
    assert (ErrorCode.POLICY_SUSPENDED in codes) is (is_suspended and not is_ended)
    assert (ErrorCode.OUTSIDE_POLICY_YEARS in codes) is (year is None and at.date() >= effective_on)
    assert (ErrorCode.BEFORE_EFFECTIVE_DATE in codes) is (at.date() < effective_on)
    assert answer.is_eligible is (year is not None and not is_ended and not is_suspended)


@given(DAYS, DAYS)
def test_a_guardian_is_needed_up_to_and_on_the_eighteenth_birthday(born_on: date, day: date) -> None:
    assert needs_guardian(born_on, day, PACK.thresholds.adult_age) is (day <= same_day(born_on, 18))
