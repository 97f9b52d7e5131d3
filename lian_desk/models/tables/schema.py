"""Imports every mapped class, so that ``Base.metadata`` is complete."""

from lian_desk.models.base import Base
from lian_desk.models.tables.materials import full_text, intake, issued_document, material, recognition
from lian_desk.models.tables.people import (
    assistance_file,
    disclosure,
    entitlement,
    file_keeping,
    incoming_application,
    operator,
    person,
    policy,
)
from lian_desk.models.tables.reference import handbook_edition, provider, table_import, working_calendar
from lian_desk.models.tables.requests import (
    booking,
    care_plan,
    clock_run,
    correction,
    emergency,
    follow_up,
    force_majeure,
    hospital_restriction,
    service_request,
)
from lian_desk.models.tables.workspace import audit, clock_doubt, draft, workspace_identity, workspace_setting

MODULES = (
    assistance_file,
    audit,
    booking,
    care_plan,
    clock_doubt,
    clock_run,
    correction,
    disclosure,
    draft,
    emergency,
    entitlement,
    file_keeping,
    follow_up,
    force_majeure,
    full_text,
    handbook_edition,
    hospital_restriction,
    incoming_application,
    intake,
    issued_document,
    material,
    operator,
    person,
    policy,
    provider,
    recognition,
    service_request,
    table_import,
    working_calendar,
    workspace_identity,
    workspace_setting,
)

metadata = Base.metadata
