"""The notification list as a file for whoever sends the messages (短信, APP 消息): sealed first, then written (R83, R89)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.disk.safe_sheets import csv_table, xlsx_table
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.services.desk.desk import Desk
from lian_desk.services.handbook.editions import ExportNoticeList, notice_rows
from lian_desk.services.words.formats import iso_moment
from lian_desk.services.words.wording import phrase

_HEADER: Final = ("投保人", "保单号", "手册版本", "生效日", "送达方式", "送达时间")


@dataclass(frozen=True, slots=True)
class WrittenList:
    """What was written: how many policyholders, and where."""

    count: int
    path: Path


def export_notices(desk: Desk, edition_id: int, path: Path, *, purpose: str, only_open: bool) -> WrittenList:
    """Seal the export and write the list to ``path``: a workbook, or CSV where the name ends in .csv.

    It names policyholders in clear, never the insured (A39).

    Raises:
        RuleViolation: ``NOT_ALLOWED``, ``FIELD_REQUIRED`` without a purpose.
        EnvironmentProblem: the disk is full, read-only or gone; an older file under that name is untouched.
    """
    desk.execute(ExportNoticeList(command_id=desk.new_id(), edition_id=edition_id, purpose=purpose))
    rows = [_HEADER, *_lines(desk, edition_id, only_open=only_open)]
    content = csv_table(rows) if path.suffix.lower() == ".csv" else xlsx_table(rows, title="手册变更通知名单")
    with foreseen_problems():
        write_durably(path, content)
    return WrittenList(len(rows) - 1, path)


def _lines(desk: Desk, edition_id: int, *, only_open: bool) -> list[tuple[str, ...]]:
    with desk.read() as session:
        return [
            (
                policy.policyholder_name,
                policy.policy_number,
                edition.label,
                edition.effective_on.isoformat(),
                phrase(notice.channel) if notice.channel else "",
                iso_moment(notice.delivered_at) if notice.delivered_at else "",
            )
            for notice, policy, edition in notice_rows(session, edition_id)
            if not (only_open and notice.delivered_at is not None)
        ]
