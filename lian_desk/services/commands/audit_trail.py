"""The sealed audit log: an HMAC chain over every entry (R89; docs/decisions/0005-audit-seal-chain.md).

An entry's MAC covers its own fields and the MAC of the entry before it. A cut tail is seen only by comparing
the head with one kept elsewhere: in backups and on printed papers.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.models.tables.workspace.audit import AuditEntry, CommandLog


@dataclass(frozen=True)
class Head:
    """Last entry of the chain: its sequence number and MAC (hexadecimal); 0 and empty for an empty log."""

    sequence: int
    mac: str


@dataclass(frozen=True)
class Fact:
    """What an audit entry says, before it is sealed."""

    happened_at: datetime
    operator_id: int
    workstation_code: str
    kind: str
    body: Mapping[str, object]
    command_id: int | None = None
    assistance_file_id: int | None = None


@dataclass(frozen=True)
class ChainReport:
    """Result of a verification: entries checked, the head, and the first bad sequence number if any."""

    checked: int
    head: Head
    first_bad: int | None


def head(session: Session) -> Head:
    """Return the present head of the chain."""
    return tail(session)[0]


def tail(session: Session) -> tuple[Head, datetime | None]:
    """Return the present head of the chain and when its entry happened; None for an empty log."""
    row = session.execute(
        select(AuditEntry.sequence, AuditEntry.mac, AuditEntry.happened_at)
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    ).first()
    return (Head(row.sequence, row.mac), row.happened_at) if row else (Head(0, ""), None)


def canonical(value: object) -> str:
    """Return the one JSON spelling of ``value`` that is sealed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def seal(seal_key: bytes, entry_id: int, fact: Fact, previous: Head) -> AuditEntry:
    """Return the entry that follows ``previous``, sealed."""
    entry = AuditEntry(
        id=entry_id,
        sequence=previous.sequence + 1,
        happened_at=fact.happened_at,
        operator_id=fact.operator_id,
        workstation_code=fact.workstation_code,
        command_id=fact.command_id,
        kind=fact.kind,
        assistance_file_id=fact.assistance_file_id,
        body=canonical(fact.body),
        previous_mac=previous.mac,
    )
    entry.mac = _mac(seal_key, entry)
    return entry


def append(session: Session, seal_key: bytes, entry_id: int, fact: Fact, previous: Head | None = None) -> Head:
    """Write ``fact`` at the end of the chain in the caller's transaction and return the new head.

    ``previous``: the head as this transaction, which alone may write, has read it; None reads it.
    """
    entry = seal(seal_key, entry_id, fact, head(session) if previous is None else previous)
    session.add(entry)
    return Head(entry.sequence, entry.mac)


def verify_tail(session: Session, seal_key: bytes, limit: int | None = 1000) -> ChainReport:
    """Check the last ``limit`` entries, or all of them with None; a log that is shorter than that begins with 1."""
    newest = select(AuditEntry).order_by(AuditEntry.sequence.desc())
    if limit is None:
        entries: Iterable[AuditEntry] = session.scalars(
            select(AuditEntry).order_by(AuditEntry.sequence).execution_options(yield_per=2000)
        )
        is_tail = False
    else:
        newest_first = session.scalars(newest.limit(limit)).all()
        entries = newest_first[::-1]
        is_tail = len(newest_first) == limit
    last: Head | None = None
    checked = 0
    for entry in entries:
        follows = (
            (is_tail or entry.sequence == 1) and (entry.sequence > 1 or entry.previous_mac == "")
            if last is None
            else (entry.sequence == last.sequence + 1 and entry.previous_mac == last.mac)
        )
        if not follows or not hmac.compare_digest(entry.mac, _mac(seal_key, entry)):
            return ChainReport(checked, last or Head(0, ""), entry.sequence)
        last = Head(entry.sequence, entry.mac)
        checked += 1
        session.expunge(entry)
    return ChainReport(checked, last or Head(0, ""), None)


def missing_heads(session: Session, heads: Iterable[Head]) -> tuple[Head, ...]:
    """Return those of ``heads``, noted elsewhere, that the log does not hold: its tail was cut, or it is an older copy."""
    return tuple(
        noted
        for noted in heads
        if session.scalar(select(AuditEntry.mac).where(AuditEntry.sequence == noted.sequence)) != noted.mac
    )


def unsealed_commands(session: Session) -> int:
    """Return how many commands stand in the command log without an entry of the audit log: cut from its tail."""
    sealed = select(AuditEntry.command_id).where(
        AuditEntry.command_id.is_not(None), ~AuditEntry.kind.startswith("refused:")
    )
    return session.scalar(select(func.count()).select_from(CommandLog).where(CommandLog.id.not_in(sealed))) or 0


def digest(seal_key: bytes, value: object) -> str:
    """Return a keyed digest of ``value``: proves what was entered without showing it."""
    return hmac.new(seal_key, canonical(value).encode(), hashlib.sha256).hexdigest()


def _mac(seal_key: bytes, entry: AuditEntry) -> str:
    covered = [
        entry.sequence,
        entry.id,
        int(entry.happened_at.timestamp() * 1_000_000),
        entry.operator_id,
        entry.workstation_code,
        entry.command_id,
        entry.kind,
        entry.assistance_file_id,
        entry.body,
        entry.previous_mac,
    ]
    return hmac.new(seal_key, canonical(covered).encode(), hashlib.sha256).hexdigest()
