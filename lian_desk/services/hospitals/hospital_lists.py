"""Which hospital list holds: the sample that ships with the program, until a lead has taken in a real one (R31).

The sample only lets the program be tried out. While it holds every page, answer and paper that leans on it says so, and
a real requirement is confirmed on it only with a reason.
"""

import tomllib
from datetime import date
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.reference.table_import import HospitalList
from lian_desk.models.tables.workspace.workspace_identity import WorkspaceIdentity
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.desk.desk import Desk

SAMPLE_NOTICE: Final = "医院名录为样例，不是利安人寿APP中的正式医院清单；导入正式名录前，医院是否在名录内仅供试用。"
"""What pages, answers and papers say while the sample holds."""
_REASON_LENGTH: Final = 500


@cache
def sample_version() -> str:
    """Return the name of the sample, which each of its rows bears as its source."""
    header = tomllib.loads(resource_path("hospitals", "list.toml").read_text(encoding="utf-8"))
    return str(header["version"])


def sample_holds() -> ColumnElement[bool]:
    """Return the condition that the directory is the sample: it has rows, and no real list was ever taken in."""
    row = aliased(Hospital)
    # by the key, from its first row on: one look answers each of the two
    any_list = exists(select(HospitalList.id).where(HospitalList.id > 0))
    return ~any_list & exists(select(row.id).where(row.id > 0, row.source == sample_version()))


def holds_sample(session: Session) -> bool:
    """Tell whether the directory is the sample."""
    return bool(session.scalar(select(sample_holds())))


def sample_notice(session: Session) -> str:
    """Return what an answer has to say of the list it leans on; empty once a real list holds."""
    return SAMPLE_NOTICE if holds_sample(session) else ""


def load_sample_notice(desk: Desk) -> str:
    """Return the notice for a page; run it off the UI thread."""
    with desk.read() as session:
        return sample_notice(session)


def asks_sample_reason(session: Session) -> bool:
    """Tell whether a requirement needs a reason because of the sample: in a workspace with real people."""
    is_demo = session.scalar(select(WorkspaceIdentity.is_demo).limit(1))
    return not is_demo and holds_sample(session)


def require_sample_reason(context: CommandContext, given: str) -> str | None:
    """Return the reason to keep with a requirement that leans on the sample; None where none is needed.

    Raises:
        RuleViolation: ``SAMPLE_LIST_NEEDS_REASON``; ``FIELD_TOO_LONG``.
    """
    if not asks_sample_reason(context.session):
        return None
    if not given.strip():
        raise RuleViolation(ErrorCode.SAMPLE_LIST_NEEDS_REASON, clause="R31", field="sample_list_reason")
    return input_checks.required(given, field="sample_list_reason", clause="R31", limit=_REASON_LENGTH)


def record_list(context: CommandContext, source: str, effective_on: date, *, is_whole: bool) -> None:
    """Put on record that a real list was taken in."""
    context.session.add(
        HospitalList(
            id=context.new_id(),
            source=source,
            effective_on=effective_on,
            is_whole=is_whole,
            taken_in_at=context.now,
            taken_in_by=context.operator.id,
        )
    )
