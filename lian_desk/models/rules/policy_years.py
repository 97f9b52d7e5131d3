"""Policy years and the term of the services: half-open, counted from the effective day (R3, A2, A3)."""

from calendar import monthrange
from datetime import date, datetime

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai, midnight


def anniversary(start_on: date, years: int) -> date:
    """Return the corresponding day ``years`` after ``start_on``; without one, the last day of the month (A3).

    The years are added once from the original date. RuleViolation(DATE_IMPOSSIBLE) beyond the calendar.
    """
    year = start_on.year + years
    if not date.min.year <= year <= date.max.year:
        raise RuleViolation(ErrorCode.DATE_IMPOSSIBLE, clause="A2")
    return date(year, start_on.month, min(start_on.day, monthrange(year, start_on.month)[1]))


def term_end(effective_on: date, covered_years: int) -> datetime:
    """Return the first moment outside the covered policy years, 00:00 of the corresponding day (A2)."""
    return midnight(anniversary(effective_on, covered_years))


def policy_year_on(effective_on: date, day: date, covered_years: int) -> int | None:
    """Return the policy year of ``day``, counted from one; None before the effective day and after the term."""
    if day < effective_on:
        return None
    year = day.year - effective_on.year
    if anniversary(effective_on, year) > day:
        year -= 1
    return year + 1 if year < covered_years else None


def remaining_days(effective_on: date, at: datetime, covered_years: int) -> int:
    """Return the days of the term that are left at ``at``, today included; 0 after it."""
    left = anniversary(effective_on, covered_years) - in_shanghai(at).date()
    return max(left.days, 0)


def age_on(born_on: date, day: date) -> int:
    """Return the full years of age on ``day``; a birthday on 29 February falls on the last day of the month (A3)."""
    age = day.year - born_on.year
    return age if anniversary(born_on, age) <= day else age - 1


def needs_guardian(born_on: date, day: date, adult_age: int) -> bool:
    """Tell whether a guardian must act on ``day``: under age, and still on the birthday itself (R9, A33)."""
    return day <= anniversary(born_on, adult_age)
