"""The row of a clock of the demonstration: its deadline comes from the desk's own rules."""

from datetime import datetime

from lian_desk.models.rules.clocks import Deadline
from lian_desk.services.demo.world import DemoWorld


def add_clock_row(
    world: DemoWorld,
    deadline: Deadline,
    met_at: datetime | None,
    ended_at: datetime | None,
    *,
    application_id: int | None = None,
    request_id: int | None = None,
) -> None:
    """Add the clock of a first message or of a request; one of the two keys is given."""
    world.rows.add(
        "clock_run",
        id=world.new_id(),
        kind=deadline.clock,
        application_id=application_id,
        service_request_id=request_id,
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        internal_due_at=deadline.internal_due_at,
        window_opens_on=deadline.window_opens_on,
        is_provisional=deadline.is_provisional,
        derivation=deadline.derivation,
        clause=deadline.clauses[0],
        handbook_edition=deadline.edition,
        met_at=met_at,
        ended_at=ended_at,
        paused_since_at=deadline.paused_since_at if ended_at is None else None,
    )
