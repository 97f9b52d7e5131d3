"""The lead's page 团队: figures of a period, load of each case manager; and the same figures as a spreadsheet."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.adapters.disk.safe_sheets import KEEP_TEXT
from lian_desk.adapters.drawing.delivery import deliver
from lian_desk.adapters.paper_forms.paper_views import CauseLine, LoadLine, PromiseLine, WeekLine
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI, in_shanghai
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ClockKind, Role
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.desk.desk import Desk
from lian_desk.services.team import figures as team_figures
from lian_desk.services.team.figures import Span, given_up_in, open_files_by_holder, overdue_in

#: Weeks that the course of a short period goes back.
LEAST_WEEKS: Final = 8
_MOST_DAYS: Final = 3 * 366


@dataclass(frozen=True)
class TeamView:
    """Everything of the page, read in one session."""

    from_on: date
    to_on: date
    promises: tuple[PromiseLine, ...]
    uses: tuple[tuple[str, int], ...]
    weeks: tuple[WeekLine, ...]
    limits: tuple[int, ...]
    """Working days that the handbook promises for a booking, each once, ascending."""
    causes: tuple[CauseLine, ...]
    load: tuple[LoadLine, ...]


def load_team(desk: Desk, from_on: date, to_on: date) -> TeamView:
    """Read the figures from the first to the last day, both included.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` for anybody but a lead; ``VALUE_NOT_UNDERSTOOD`` for a reversed or endless period.
    """
    if desk.operator.role not in LEADS:
        raise RuleViolation(ErrorCode.NOT_ALLOWED)
    if to_on < from_on or (to_on - from_on).days > _MOST_DAYS:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            field="period_to",
            value=f"{from_on} 至 {to_on}",
            expected="止日不早于起日，最多三年",
        )
    span = Span(from_on, to_on, desk.clock.now())
    first_on = min(from_on, to_on - timedelta(weeks=LEAST_WEEKS - 1))
    rules = [desk.pack.service(kind) for kind in desk.pack.services]
    limits = {limit for rule in rules for limit in (rule.booking_days, rule.renowned_days) if limit is not None}
    with desk.read() as session:
        return TeamView(
            from_on=from_on,
            to_on=to_on,
            promises=team_figures.promise_lines(session, span),
            uses=team_figures.uses_by_service(session, span),
            weeks=team_figures.week_lines(session, desk, first_on, span),
            limits=tuple(sorted(limits)),
            causes=team_figures.cause_lines(session, span),
            load=_load(session, desk, span),
        )


def _load(session: Session, desk: Desk, span: Span) -> tuple[LoadLine, ...]:
    people = session.execute(
        select(Operator.id, Operator.name, Operator.role)
        .where(Operator.is_active.is_(True))
        .order_by(Operator.staff_number)
    ).all()
    files = open_files_by_holder(session)
    requests = _counted(
        session,
        select(ServiceRequest.case_manager_id, func.count())
        .where(ServiceRequest.is_open.is_(True))
        .group_by(ServiceRequest.case_manager_id),
    )
    promises, broken = _promises(session, span)
    done, due = _follow_ups(session, desk)
    return tuple(
        LoadLine(
            name=name,
            open_files=files.get(key, 0),
            open_requests=requests.get(key, 0),
            promises=promises.get(key, 0),
            broken=broken.get(key, 0),
            follow_ups_done=done.get(key, 0),
            follow_ups_due=done.get(key, 0) + due.get(key, 0),
        )
        for key, name, role in people
        if role is Role.CASE_MANAGER or key in files or key in requests
    )


def _counted(session: Session, statement: Any) -> dict[int, int]:
    return dict(session.execute(statement).all())


def _promises(session: Session, span: Span) -> tuple[dict[int, int], dict[int, int]]:
    """Return promises and broken ones by case manager: feedback and booking, met or overdue in the period."""
    of_requests = (
        select(ServiceRequest.case_manager_id, func.count())
        .select_from(ClockRun)
        .join(ServiceRequest, ServiceRequest.id == ClockRun.service_request_id)
        .group_by(ServiceRequest.case_manager_id)
    )
    met = of_requests.where(
        ClockRun.met_at >= span.start,
        ClockRun.met_at < span.end,
        ClockRun.kind.in_((ClockKind.FEEDBACK, ClockKind.BOOKING)),
    )
    total = _counted(session, met)
    broken = _counted(session, met.where(ClockRun.met_at > ClockRun.due_at))
    for kind in (ClockKind.FEEDBACK, ClockKind.BOOKING):
        for conditions in (overdue_in(span, kind), given_up_in(span, kind)):
            for key, count in _counted(session, of_requests.where(*conditions)).items():
                total[key] = total.get(key, 0) + count
                broken[key] = broken.get(key, 0) + count
    return total, broken


def _follow_ups(session: Session, desk: Desk) -> tuple[dict[int, int], dict[int, int]]:
    """Return follow-ups done today, and those still due today or earlier, by case manager."""
    today = in_shanghai(desk.clock.now()).date()
    start = datetime.combine(today, time(0), SHANGHAI)
    by_manager = select(FollowUp.case_manager_id, func.count()).group_by(FollowUp.case_manager_id)
    done = by_manager.where(
        FollowUp.closed_at >= start, FollowUp.closed_at < start + timedelta(days=1), FollowUp.outcome.is_not(None)
    )
    due = by_manager.where(FollowUp.closed_at.is_(None), FollowUp.due_on <= today)
    return _counted(session, done), _counted(session, due)


# -------------------------------------------------------------------------------------------------- spreadsheet


def save_team_workbook(view: TeamView, path: Path) -> None:
    """Write the figures as a workbook, whole or not at all. Names are texts, never formulas.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    import xlsxwriter  # noqa: PLC0415 - needed only when somebody exports

    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **KEEP_TEXT}) as workbook:
        workbook.set_properties(
            {"created": datetime(view.to_on.year, view.to_on.month, view.to_on.day, tzinfo=SHANGHAI)}
        )
        for title, header, rows in _sheets(view):
            sheet = workbook.add_worksheet(title)
            sheet.write_row(0, 0, header, workbook.add_format({"bold": True}))
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, row)
            sheet.set_column(0, len(header), 18)
    deliver(target.getvalue(), path)


def _sheets(view: TeamView) -> list[tuple[str, list[str], list[list[object]]]]:
    return [
        ("承诺达标", ["承诺", "共计", "超时", "达标"], [[p.label, p.total, p.broken, p.share] for p in view.promises]),
        ("权益使用", ["服务项目", "确认开启"], [[service, count] for service, count in view.uses]),
        (
            "每周预约用时",
            ["周（起）", "完成预约", "中位数（工作日）", "90 分位（工作日）"],
            [[w.from_on.isoformat(), w.count, w.median_days, w.ninetieth_days] for w in view.weeks],
        ),
        ("超时原因", ["原因", "次数"], [[cause.cause, cause.count] for cause in view.causes]),
        (
            "专案管家",
            ["姓名", "在管档案", "进行中服务", "时限共计", "超时", "今日随访完成", "今日随访应做"],
            [
                [
                    line.name,
                    line.open_files,
                    line.open_requests,
                    line.promises,
                    line.broken,
                    line.follow_ups_done,
                    line.follow_ups_due,
                ]
                for line in view.load
            ],
        ),
    ]
