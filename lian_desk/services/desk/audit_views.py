"""The sealed lines about one file, as its page shows them (R89)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.services.desk.desk import Desk


@dataclass(frozen=True)
class AuditLine:
    """One sealed line about this file."""

    sequence: int
    happened_at: datetime
    operator: str
    kind: str


def load_audit_lines(desk: Desk, file_id: int, limit: int = 200) -> tuple[AuditLine, ...]:
    """Return the sealed lines about a file, the newest first."""
    with desk.read() as session:
        rows = session.execute(
            select(AuditEntry.sequence, AuditEntry.happened_at, AuditEntry.kind, Operator.name)
            .outerjoin(Operator, Operator.id == AuditEntry.operator_id)
            .where(AuditEntry.assistance_file_id == file_id)
            .order_by(AuditEntry.sequence.desc())
            .limit(limit)
        )
        return tuple(AuditLine(row.sequence, row.happened_at, row.name or "", row.kind) for row in rows)
