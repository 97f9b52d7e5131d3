"""Service requests: from the first word to the start, pauses, withdrawal and archive; one module per step.

Tries, visit and exits are in ``bookings``.
"""

from lian_desk.services.service_requests.closing import ArchiveRequest, WithdrawRequest
from lian_desk.services.service_requests.coordination import (
    AwaitStart,
    BeginCoordination,
    RecordCoordinationNotice,
)
from lian_desk.services.service_requests.pauses import PauseRequest, ResumeRequest
from lian_desk.services.service_requests.requirement_rules import NoticeGiven, RequirementGiven
from lian_desk.services.service_requests.requirements import ConfirmRequirement
from lian_desk.services.service_requests.reviewing import CheckGiven, MaterialArrived, RecordReview, StartReview
from lian_desk.services.service_requests.starting import ConfirmStart
from lian_desk.services.service_requests.submitting import OpenRequest, SubmitRequest

__all__ = [
    "ArchiveRequest",
    "AwaitStart",
    "BeginCoordination",
    "CheckGiven",
    "ConfirmRequirement",
    "ConfirmStart",
    "MaterialArrived",
    "NoticeGiven",
    "OpenRequest",
    "PauseRequest",
    "RecordCoordinationNotice",
    "RecordReview",
    "RequirementGiven",
    "ResumeRequest",
    "StartReview",
    "SubmitRequest",
    "WithdrawRequest",
    "applications",
    "clock_runs",
    "coordination",
    "deaths",
    "emergencies",
    "interruptions",
    "moves",
    "pauses",
    "requirement_rules",
    "reversing",
    "reviewing",
    "stay_notes",
    "steps",
]
