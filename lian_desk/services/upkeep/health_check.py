"""The whole health check of a workspace: pages, references, seals, ledger, rules, materials."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from sqlalchemy import func, select

from lian_desk.adapters.database.backups import noted_heads
from lian_desk.adapters.database.database_checks import (
    cipher_faults,
    integrity_faults,
    reference_faults,
    truncate_log,
)
from lian_desk.adapters.machine.environment_problems import foreseen_problems, is_damage
from lian_desk.adapters.machine.sqlcipher import DriverConnection, DriverError
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.services.commands import audit_trail
from lian_desk.services.desk.desk import Desk
from lian_desk.services.handbook.editions import shipped_calendar
from lian_desk.services.rules.rule_packs import verify_rule_pack
from lian_desk.services.upkeep.stored_files import Report, check_materials


class Part(StrEnum):
    """What is checked, in this order."""

    DATABASE = "database"
    REFERENCES = "references"
    SEALS = "seals"
    ENTITLEMENT = "entitlement"
    RULES = "rules"
    MATERIALS = "materials"


PART_WORDS = {
    Part.DATABASE: "数据库页面与加密校验",
    Part.REFERENCES: "记录之间的引用",
    Part.SEALS: "操作记录封印",
    Part.ENTITLEMENT: "权益台账",
    Part.RULES: "手册规则示例",
    Part.MATERIALS: "材料文件",
}


_MOST_FAULTS: Final = 5
"""Of one check of the pages; a damaged page lets SQLite complain of a hundred others."""
_UNREADABLE: Final = "数据库文件在这里已损坏，读不出来"


@dataclass(frozen=True)
class PartReport:
    """Result of one part: how many things were looked at, and a sentence for each fault.

    ``is_unreadable``: damage to the database kept the part from being looked at to its end.
    """

    part: Part
    checked: int
    faults: tuple[str, ...]
    is_unreadable: bool = False


@dataclass(frozen=True)
class HealthReport:
    """Results of all parts."""

    parts: tuple[PartReport, ...]

    @property
    def is_sound(self) -> bool:
        """True when no part found a fault."""
        return not any(part.faults for part in self.parts)

    @property
    def has_damaged_database(self) -> bool:
        """True when pages of the database are damaged, found by their own check or by a part that could not be read."""
        return any(part.is_unreadable or (part.part is Part.DATABASE and part.faults) for part in self.parts)


def check_workspace(
    desk: Desk, *, begun: Callable[[Part], object] | None = None, progress: Report | None = None
) -> HealthReport:
    """Run every part; ``begun`` is told each part as it begins, ``progress`` the materials done and in all."""
    parts: list[tuple[Part, Callable[[], PartReport]]] = [
        (Part.DATABASE, partial(_database, desk)),
        (Part.REFERENCES, partial(_references, desk)),
        (Part.SEALS, partial(_seals, desk)),
        (Part.ENTITLEMENT, partial(_entitlement, desk)),
        (Part.RULES, partial(_rules, desk)),
        (Part.MATERIALS, partial(_materials, desk, progress)),
    ]
    reports = []
    for part, run in parts:
        if begun is not None:
            begun(part)
        reports.append(_told(part, run))
    return HealthReport(tuple(reports))


def _told(part: Part, run: Callable[[], PartReport]) -> PartReport:
    """Return the report of a part; that the database is damaged beneath it is a report, too."""
    try:
        with foreseen_problems():
            return run()
    except EnvironmentProblem as problem:
        if problem.code is not ErrorCode.DATABASE_DAMAGED:
            raise
        return PartReport(part, 0, (_UNREADABLE,), is_unreadable=True)


def _database(desk: Desk) -> PartReport:
    with closing(desk.database.driver_connection()) as connection:
        # the cipher check reads past the log: pages that were not folded in look damaged
        truncate_log(connection)
        pages = connection.execute("PRAGMA page_count").fetchone()
    faults = (*_found_by(desk, integrity_faults), *_found_by(desk, cipher_faults))
    return PartReport(Part.DATABASE, int(pages[0]) if pages else 0, faults)


def _found_by(desk: Desk, check: Callable[[DriverConnection], tuple[str, ...]]) -> tuple[str, ...]:
    """Return what a check of the pages finds, on a connection of its own: one that met damage may not read on."""
    try:
        with closing(desk.database.driver_connection(reading=True)) as connection:
            lines = [line for fault in check(connection) for line in fault.splitlines() if not line.startswith("***")]
    except DriverError as error:
        # the check itself may stumble over what it looks for
        if not is_damage(error):
            raise
        return (_UNREADABLE,)
    rest = len(lines) - _MOST_FAULTS
    return (*lines[:_MOST_FAULTS], *((f"另有 {rest} 处",) if rest > 0 else ()))


def _references(desk: Desk) -> PartReport:
    connection = desk.database.driver_connection(reading=True)
    try:
        faults = reference_faults(connection)
    finally:
        connection.close()
    return PartReport(Part.REFERENCES, 0, tuple(f"{table}：有记录指向不存在的记录" for table in faults))


def _seals(desk: Desk) -> PartReport:
    with desk.read() as session:
        report = audit_trail.verify_tail(session, desk.opened.keys.seal_key, None)
        missing = audit_trail.missing_heads(session, _noted_heads(desk))
        unsealed = audit_trail.unsealed_commands(session)
    faults = []
    if report.first_bad is not None:
        faults.append(f"第 {report.first_bad} 条起封印不符，记录可能被改动")
    if missing:
        newest = max(noted.sequence for noted in missing)
        faults.append(f"备份中记下的第 {newest} 条不在操作记录中，末尾可能被截断，或数据库被换成了旧文件")
    if unsealed:
        faults.append(f"{unsealed} 项操作没有对应的操作记录，末尾可能被截断")
    return PartReport(Part.SEALS, report.checked, tuple(faults))


def _noted_heads(desk: Desk) -> list[audit_trail.Head]:
    layout = desk.opened.layout
    found = (*noted_heads(layout.backups), *noted_heads(layout.upgrade_backups))
    return [audit_trail.Head(sequence, mac) for sequence, mac in found]


def _entitlement(desk: Desk) -> PartReport:
    # a policy keeps the uses of the edition under which it was entered
    most = max((rule.uses or 0) for pack in desk.editions.packs for rule in pack.services.values())
    balance = func.sum(EntitlementEntry.amount)
    grouped = select(EntitlementEntry.policy_id, EntitlementEntry.service_kind, balance.label("balance")).group_by(
        EntitlementEntry.policy_id, EntitlementEntry.service_kind
    )
    with desk.read() as session:
        entries = session.scalar(select(func.count()).select_from(EntitlementEntry)) or 0
        bad = session.execute(grouped.having((balance < 0) | (balance > most))).all()
    faults = tuple(f"保单 {row.policy_id} 的权益余额为 {row.balance}，超出 0 至 {most}" for row in bad)
    return PartReport(Part.ENTITLEMENT, entries, faults)


def _rules(desk: Desk) -> PartReport:
    faults: list[str] = []
    for pack in desk.editions.packs:
        calendar = shipped_calendar(pack)
        faults += [f"{pack.label}示例 {failure.id} 的结果与手册不符" for failure in verify_rule_pack(pack, calendar)]
    return PartReport(Part.RULES, sum(len(pack.vectors) for pack in desk.editions.packs), tuple(faults))


def _materials(desk: Desk, progress: Report | None) -> PartReport:
    report = check_materials(desk, progress=progress)
    return PartReport(
        Part.MATERIALS,
        report.material_count,
        tuple(f"{finding.sentence}。{finding.advice}" for finding in report.findings),
    )
