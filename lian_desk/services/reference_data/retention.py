"""Until when a file is kept after its contract ended (R90)."""

from datetime import date

from lian_desk.models.rules.policy_years import anniversary
from lian_desk.services.reference_data.field_purposes import longest_retention_years


def keep_until(ended_on: date) -> date:
    """Return the first day on which the personal data of a file whose contract ended on ``ended_on`` may go."""
    return anniversary(ended_on, longest_retention_years())
