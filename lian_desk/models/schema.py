"""Imports every mapped class, so that ``Base.metadata`` is complete."""

from lian_desk.models import (
    assistance_file,
    audit,
    booking,
    clock_run,
    correction,
    disclosure,
    draft,
    entitlement,
    follow_up,
    force_majeure,
    handbook_edition,
    hospital_restriction,
    incoming_application,
    issued_document,
    material,
    operator,
    person,
    policy,
    provider,
    service_request,
    working_calendar,
    workspace_identity,
)
from lian_desk.models.base import Base

MODULES = (
    assistance_file,
    audit,
    booking,
    clock_run,
    correction,
    disclosure,
    draft,
    entitlement,
    follow_up,
    force_majeure,
    handbook_edition,
    hospital_restriction,
    incoming_application,
    issued_document,
    material,
    operator,
    person,
    policy,
    provider,
    service_request,
    working_calendar,
    workspace_identity,
)

metadata = Base.metadata
