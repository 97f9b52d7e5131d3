"""How a time limit looks: its words, its tone and how much of it is used up."""

from datetime import datetime, timedelta

from lian_desk.services.words import formats
from lian_desk.ui.common.lists.columns import DeadlineCell
from lian_desk.ui.common.look.tokens import Tone

_COUNT_SECONDS_BELOW = timedelta(hours=1)


def deadline_cell(
    due_at: datetime | None,
    now: datetime,
    *,
    started_at: datetime | None = None,
    notice_at: datetime | None = None,
    is_provisional: bool = False,
) -> DeadlineCell | None:
    """Return the cell of a limit seen at ``now``.

    A chip once it is past or within the hour, or where no start is known; else text over a bar.
    """
    if due_at is None:
        return None
    note = "暂定" if is_provisional else ""
    if now > due_at:
        return DeadlineCell(formats.countdown(due_at, now), Tone.BROKEN, None, note)
    is_at_risk = notice_at is not None and now >= notice_at
    if due_at - now < _COUNT_SECONDS_BELOW:
        return DeadlineCell(formats.countdown(due_at, now), Tone.BROKEN if is_at_risk else Tone.RISK, None, note)
    used: float | None = None
    if started_at is not None and due_at > started_at:
        used = min(max((now - started_at) / (due_at - started_at), 0.0), 1.0)
    return DeadlineCell(formats.moment(due_at, now), Tone.RISK if is_at_risk else Tone.KEPT, used, note)
