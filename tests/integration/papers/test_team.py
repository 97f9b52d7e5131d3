"""The figures of a team, counted again by hand; only a lead sees them; the workbook and the paper say the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import python_calamine
from sqlalchemy import Select, select, text

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import AttemptResult, ClockKind, DocumentKind, ServiceKind
from lian_desk.services.bookings import RecordBookingAttempt, RecordNotBooked
from lian_desk.services.papers.issuing import issue
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.papers.register import recent_papers
from lian_desk.services.team import figures as team_figures
from lian_desk.services.team.figures import Span
from lian_desk.services.team.views import TeamView, load_team, save_team_workbook
from lian_desk.services.words.wording import phrase
from tests.desk_world import World
from tests.integration.paper_forms.reading import assert_in_order, assert_sound

SEPTEMBER, END = date(2026, 9, 1), date(2026, 11, 15)


@pytest.fixture
def worked(world: World) -> World:
    """One booking in time, one too late for want of a slot, one that is overdue; the last two held up."""
    world.to_booked(world.open_file())
    late = world.to_started(world.open_file(date(1970, 1, 2)))
    world.run(
        RecordBookingAttempt,
        request_id=late,
        hospital_id=world.hospital(),
        happened_at=world.later(minutes=5),
        result=AttemptResult.NO_SLOT,
    )
    world.to_requirement(world.open_file(date(1971, 1, 2)), ServiceKind.OUTPATIENT_COORDINATION)
    world.later(days=30)
    world.book(late)
    return world


def team(world: World, first: date = SEPTEMBER, last: date = END) -> TeamView:
    return load_team(world.lead, first, last)


def test_promises_are_counted_as_a_person_would(worked: World) -> None:
    view = team(worked)
    shown = {line.label: (line.total, line.broken) for line in view.promises}
    now = worked.clock.moment
    with worked.desk.read() as session:
        runs = session.scalars(select(ClockRun)).all()
    for label, kind in zip(list(shown)[:3], ClockKind, strict=True):
        mine = [run for run in runs if run.kind is kind and (run.met_at or (run.ended_at is None and run.due_at < now))]
        broken = [run for run in mine if run.met_at is None or run.met_at > run.due_at]
        assert shown[label] == (len(mine), len(broken)), label
    assert shown[list(shown)[2]] == (3, 2)
    assert view.uses == (("门诊协调", 2),)


def test_weeks_count_working_days_and_causes_are_found(worked: World) -> None:
    view = team(worked)
    filled = [week for week in view.weeks if week.count]
    assert [week.count for week in filled] == [1, 1]
    assert filled[0].median_days == 0.0
    assert filled[1].median_days is not None
    assert filled[1].median_days > 7
    assert all(week.from_on.weekday() == 0 for week in view.weeks)
    assert {cause.cause: cause.count for cause in view.causes} == {"医院无号源": 1, "未登记原因": 1}
    assert 7 in view.limits


def test_load_names_who_carries_what(worked: World) -> None:
    (line,) = team(worked).load
    assert (line.name, line.open_files, line.open_requests) == ("陈静", 3, 3)
    assert line.promises > line.broken > 0
    assert line.kept_share == (line.promises - line.broken) / line.promises


def test_a_period_without_anything_is_complete(worked: World) -> None:
    view = team(worked, date(2025, 1, 1), date(2025, 1, 31))
    assert all(line.total == 0 and line.share == "—" for line in view.promises)
    assert (view.uses, view.causes) == ((), ())
    assert view.load


def test_only_a_lead_sees_it_and_a_reversed_period_is_refused(worked: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        load_team(worked.desk, SEPTEMBER, END)
    assert refused.value.code is ErrorCode.NOT_ALLOWED
    with pytest.raises(RuleViolation) as refused:
        load_team(worked.lead, END, SEPTEMBER)
    assert refused.value.code is ErrorCode.VALUE_NOT_UNDERSTOOD
    with pytest.raises(RuleViolation):
        issue(worked.desk, ExportOrder(kind=DocumentKind.TEAM_SUMMARY, file_id=None))


def test_the_paper_and_the_workbook_say_the_same(worked: World, tmp_path: Path) -> None:
    order = ExportOrder(kind=DocumentKind.TEAM_SUMMARY, file_id=None, period=(SEPTEMBER, END))
    paper = issue(worked.lead, order, tmp_path)
    assert paper.file_name == f"{paper.number}.pdf"
    run = assert_sound(tmp_path / paper.file_name, paper.drawn.page_count).run
    assert_in_order(
        run, ["就医协助服务·团队", "2026-09-01至2026-11-15", "预约时限", "33.3%", "门诊协调2次", "医院无号源", "陈静"]
    )
    assert recent_papers(worked.desk)[0].file_number == ""
    view = team(worked)
    save_team_workbook(view, tmp_path / "team.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "team.xlsx"))
    assert book.sheet_names == ["承诺达标", "权益使用", "每周预约用时", "超时原因", "专案管家"]
    rows = book.get_sheet_by_name("承诺达标").to_python()
    assert [row[:3] for row in rows[1:]] == [[p.label, p.total, p.broken] for p in view.promises]
    assert book.get_sheet_by_name("专案管家").to_python()[1][0] == "陈静"


def test_a_name_in_the_workbook_is_never_a_formula(worked: World, tmp_path: Path) -> None:
    from dataclasses import replace

    view = team(worked)
    odd = replace(view, load=(replace(view.load[0], name='=HYPERLINK("x")'),))
    save_team_workbook(odd, tmp_path / "team.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "team.xlsx"))
    assert book.get_sheet_by_name("专案管家").to_python()[1][0] == '=HYPERLINK("x")'


def test_the_figures_are_read_by_indexes(worked: World) -> None:
    span = Span(SEPTEMBER, END, worked.clock.moment)
    statements: list[Select[int]] = [
        select(ClockRun.id).where(*team_figures._met_in(span)),
        *(select(ClockRun.id).where(*team_figures.overdue_in(span, kind)) for kind in ClockKind),
        *(select(ClockRun.id).where(*team_figures.given_up_in(span, kind)) for kind in ClockKind),
    ]
    with worked.desk.read() as session:
        for statement in statements:
            words = str(statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
            plan = " ".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {words}")))
            assert "SCAN clock_run" not in plan, plan
            assert "INDEX" in plan


def test_weeks_reach_back_where_the_period_is_short(worked: World) -> None:
    view = team(worked, END - timedelta(days=3), END)
    assert len(view.weeks) >= 8


def test_a_promise_that_ran_out_before_the_request_ended_is_broken_in_every_figure(world: World) -> None:
    late = world.to_started(world.open_file())
    world.later(days=30)
    world.run(RecordNotBooked, request_id=late, reason="医院无号")
    day = in_shanghai(world.clock.moment).date()
    view = team(world, day, day)
    line = next(line for line in view.promises if line.label == phrase(ClockKind.BOOKING))
    assert (line.total, line.broken) == (1, 1)
    assert sum(row.broken for row in view.load) == 1
    assert sum(cause.count for cause in view.causes) == 1
