"""Sections that the documents share: title, identity, entitlement, services, follow-ups, tasks, notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.layout import Cell, Row, Table
from lian_desk.models.rules.working_time import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from lian_desk.adapters.drawing.layout import Sheet
    from lian_desk.adapters.drawing.views import (
        Entitlement,
        FollowUpLine,
        Imprint,
        Party,
        PolicyState,
        ServiceLine,
        Stamp,
    )

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_NOTHING = "—"
_SECONDS_PER_DAY = 86_400
_JOINT = "　·　"

#: Shares of a row with one label and its value, and with two of them.
WIDE = (15, 85)
HALVES = (15, 35, 15, 35)


def title(sheet: Sheet, words: str, stamp: Stamp, imprint: Imprint, *facts: str) -> None:
    """Put the title; under it the facts, edition, number and issue, and for a correction what it corrects (R92)."""
    parts = [*facts, f"手册版本 {imprint.edition}", f"记录编号 {stamp.record_number}"]
    if stamp.issue > 1:
        parts.append(f"第 {stamp.issue} 次签发")
    sheet.title(words, _JOINT.join(part for part in parts if part))
    if stamp.sample_list:
        sheet.remark(stamp.sample_list)
    if stamp.corrects:
        sheet.remark(f"本件更正 {stamp.corrects}，原件自本件签发之时起不再使用。更正原因：{stamp.correction_reason}")


def widths(*shares: float) -> tuple[float, ...]:
    """Scale shares so that together they fill the width of the content."""
    whole = sum(shares)
    return tuple(style.CONTENT_WIDTH * share / whole for share in shares)


def label(text: str) -> Cell:
    """Return a bold field on a tinted ground."""
    return Cell(text, label=True)


def head(*titles: str, shares: Sequence[float]) -> Row:
    """Return the header row of a table."""
    return Row(tuple(label(title) for title in titles), widths(*shares))


def fields(shares: Sequence[float], *texts: str) -> Row:
    """Return a row of alternating labels and values."""
    cells = tuple(label(text) if position % 2 == 0 else Cell(text or _NOTHING) for position, text in enumerate(texts))
    return Row(cells, widths(*shares))


def day(value: date, year: int) -> str:
    """Return month and day, with the year in front when it is not `year`."""
    return value.strftime("%m-%d") if value.year == year else value.isoformat()


def moment(value: datetime, year: int) -> str:
    """Return day and time in Asia/Shanghai."""
    local = value.astimezone(SHANGHAI)
    return f"{day(local.date(), year)} {local:%H:%M}"


def joined(parts: Iterable[str], separator: str = "；") -> str:
    """Join what is not empty; a dash when nothing is."""
    return separator.join(part for part in parts if part) or _NOTHING


def policy_text(policy: PolicyState) -> str:
    """Return the policy status as one phrase."""
    return joined((policy.status, policy.policy_year), " · ")


def party_table(party: Party, authorization: str = "") -> Table:
    """Return who the insured is, with the guardian of a minor and the authorization where there is one."""
    rows = [
        fields(HALVES, "姓名", party.name, "性别 / 年龄", f"{party.sex} / {party.age}"),
        fields(HALVES, "证件号码", party.identity_number, "联系电话", party.phone),
    ]
    if party.guardian:
        rows.append(fields(WIDE, "监护人", party.guardian))
    if authorization:
        rows.append(fields(WIDE, "信息授权", authorization))
    return Table(rows)


def entitlement_table(entitlements: Sequence[Entitlement]) -> Table:
    """Return the uses left of every service and the days on which one was spent (R54)."""
    shares = (20, 20, 60)
    rows = []
    for item in entitlements:
        left = "不限次" if item.uses_granted is None else f"{item.uses_left} / {item.uses_granted}"
        used = "、".join(spent.isoformat() for spent in item.used_on)
        rows.append(Row((Cell(item.service), Cell(left), Cell(used or _NOTHING)), widths(*shares)))
    header = head("服务项目", "剩余次数", "扣除日期（确认开启服务之日）", shares=shares)
    return Table(rows or [empty("没有权益记录。")], header)


def entitlement_left(entitlements: Sequence[Entitlement]) -> str:
    """Return the uses left of every limited service, then the unlimited ones in brackets."""
    limited = [f"{item.service} {item.uses_left} / {item.uses_granted}" for item in entitlements if item.uses_granted]
    unlimited = [item.service for item in entitlements if item.uses_granted is None]
    tail = f"（{'、'.join(unlimited)}不限次）" if unlimited else ""
    return joined((*limited, tail), "　")


def service_table(services: Sequence[ServiceLine], year: int) -> Table:
    """Return the history of services, each with its promises and whether they were kept (R92)."""
    # a date of another year is written in full and stays on one line
    shares = (12, 13, 34, 13, 28)
    counted: dict[str, int] = {}
    rows = []
    for item in services:
        counted[item.service] = counted.get(item.service, 0) + 1
        ordinal = counted[item.service]
        mark = _CIRCLED[ordinal - 1] if ordinal <= len(_CIRCLED) else f"({ordinal})"
        place = "\n".join(part for part in (item.place, *item.remarks) if part)
        broken = frozenset(number for number, clock in enumerate(item.clocks) if clock.kept is False)
        promises = "\n".join(f"{joined((clock.label, clock.measure), ' ')} {clock.verdict}" for clock in item.clocks)
        cells = (
            Cell(day(item.on, year)),
            Cell(f"{item.service} {mark}"),
            Cell(place or _NOTHING),
            Cell(item.outcome),
            Cell(promises or _NOTHING, marked=broken),
        )
        rows.append(Row(cells, widths(*shares)))
    header = head("日期", "服务", "医院 · 科室 · 专家", "结果", "时限", shares=shares)
    return Table(rows or [empty("期间内没有服务申请。")], header)


def follow_up_table(follow_ups: Sequence[FollowUpLine], year: int) -> Table:
    """Return the follow-ups: time and channel, what was told, education and reminders, the next date (R70)."""
    shares = (18, 43, 27, 12)
    rows = []
    for item in follow_ups:
        lasted = f" {item.duration_minutes} 分钟" if item.duration_minutes else ""
        when = [moment(item.done_at, year), f"{item.channel}{lasted}"]
        if (item.entered_at - item.done_at).total_seconds() >= _SECONDS_PER_DAY:
            when.append(f"补录 {moment(item.entered_at, year)}")
        told = [] if item.reached else [f"〖{item.outcome}〗"]
        told += [item.condition, f"用药：{item.medication}" if item.medication else ""]
        given = [item.education, f"提醒：{item.reminder}" if item.reminder else ""]
        cells = (
            Cell("\n".join(when)),
            Cell(joined(told, "\n")),
            Cell(joined(given, "\n")),
            Cell(day(item.next_on, year) if item.next_on else _NOTHING),
        )
        rows.append(Row(cells, widths(*shares)))
    header = head("时间 · 方式", "病情与用药（被保险人自述）", "宣教与提醒", "下一次", shares=shares)
    return Table(rows or [empty("期间内没有随访。")], header)


def task_table(tasks: Sequence[str]) -> Table:
    """Return the open tasks, one row each."""
    return Table([Row((Cell(task),), widths(1)) for task in tasks] or [empty("没有待办。")])


def empty(text: str) -> Row:
    """Return one row that says why a table has no content."""
    return Row((Cell(text, colour=style.SECONDARY),), widths(1))


def signatures(sheet: Sheet, stamp: Stamp, second: str = "主管复核") -> None:
    """Put the line for the signatures; `second` signs beside the case manager."""
    issued = stamp.issued_at.astimezone(SHANGHAI).date().isoformat()
    sheet.split_line((f"专案管家：{stamp.case_manager}", f"{second}：____________", f"日期：{issued}"), 8)
    sheet.gap(18)


def notices(sheet: Sheet, imprint: Imprint) -> None:
    """Put the last section: the notices R73 to R79, the provider and the hotlines (R10, R87)."""
    contact = f"{imprint.provider_name}，客户服务热线 {imprint.provider_hotline}"
    insurer = f"{imprint.insurer_name}，客户服务热线 {imprint.insurer_hotline}"
    texts = [(notice.title, f"{notice.text}（手册{notice.place}）") for notice in imprint.notices]
    texts += [
        ("自述内容", imprint.told_by_insured),
        ("服务提供", contact),
        ("承保公司", insurer),
        ("依据", f"{imprint.handbook_title}，{imprint.edition_name}"),
    ]
    shares = (13, 87)
    rows = [Row((Cell(title, label=True), Cell(text)), widths(*shares)) for title, text in texts]
    table = Table(rows, ruled=False, row_gap=4.0, body=style.SMALL, label=style.SMALL_BOLD)
    sheet.section("服务须知", table, together=True)
