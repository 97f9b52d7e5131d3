"""录入申请, 首次响应 and 结束申请 through the keyboard."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.vocabulary import Channel, ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.service_requests.applications import RecordApplication, RespondToApplication
from tests.desk_world import World
from tests.window_fixture import Hands


@pytest.fixture
def application_id(world: World) -> int:
    return world.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        contact_name="周雅宁",
        need_text="希望本周看心内科",
    )


def only(desk: Desk) -> IncomingApplication:
    with desk.read() as session:
        return session.scalars(select(IncomingApplication)).one()


def test_an_application_is_taken_in_with_its_clock(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_application")
    fields = dialog.form.fields
    assert fields["received_at"].raw() == "2026-09-28 10:00"
    assert dialog.due.text.startswith("请在 今日 10:05 前首次响应：")
    assert fields["channel_reason"].isHidden()
    hands.choose(fields["channel"], "电话")
    hands.write(fields["contact_name"], "周女士")
    hands.choose(fields["service_kind"], "门诊协调")
    hands.write(fields["need_text"], "希望本周看心内科")
    hands.save(dialog)
    assert fields["channel_reason"].error
    hands.write(fields["channel_reason"], "客户不会使用企业微信")
    hands.write(fields["received_at"], "2026-09-27 22:30")
    assert "09:05" in dialog.due.text
    hands.save(dialog)
    hands.no_dialog()
    row = only(desk)
    assert (row.channel, row.service_kind) == (Channel.PHONE, ServiceKind.OUTPATIENT_COORDINATION)
    assert row.response_due_at == datetime(2026, 9, 28, 9, 5, tzinfo=SHANGHAI)


def test_a_response_shows_the_time_that_is_left_and_stops_the_clock(
    hands: Hands, world: World, desk: Desk, application_id: int
) -> None:
    world.later(minutes=3)
    dialog = hands.start("respond_to_application", application_id)
    assert dialog.facts.countdown.text == "剩 02:00"
    world.later(seconds=30)
    dialog.facts.tick()
    assert dialog.facts.countdown.text == "剩 01:30"
    hands.write(dialog.form.fields["note"], "已电话联系")
    hands.save(dialog)
    hands.no_dialog()
    row = only(desk)
    assert row.responded_at is not None
    assert row.response_note == "已电话联系"


def test_a_response_in_the_future_is_refused(hands: Hands, desk: Desk, application_id: int) -> None:
    dialog = hands.start("respond_to_application", application_id)
    hands.write(dialog.form.fields["responded_at"], "2026-09-28 11:00")
    hands.save(dialog)
    assert "晚于现在" in dialog.form.fields["responded_at"].error
    assert only(desk).responded_at is None


def test_an_application_ends_with_a_reason(hands: Hands, desk: Desk, application_id: int) -> None:
    dialog = hands.start("respond_to_application", application_id)
    dialog.settle.click()
    dialog = hands.dialog()
    hands.choose(dialog.way, "不建档，结束")
    hands.save(dialog)
    assert dialog.reason.error
    hands.write(dialog.reason, "非本产品客户")
    hands.save(dialog)
    hands.no_dialog()
    row = only(desk)
    assert row.is_settled
    assert row.settled_reason == "非本产品客户"


def test_an_application_goes_into_a_file_found_by_its_initials(
    hands: Hands, world: World, desk: Desk, application_id: int
) -> None:
    file_id = world.open_file()
    dialog = hands.start("settle_application", application_id)
    assert "仍留在待办中" in dialog.note.text
    dialog.reject()
    hands.no_dialog()
    world.run(RespondToApplication, application_id=application_id, responded_at=world.clock.moment)
    dialog = hands.start("settle_application", application_id)
    assert dialog.note.isHidden()
    hands.save(dialog)
    assert dialog.file.error == "请查找并选择一份档案。"
    hands.write(dialog.file, "wsl")
    hands.bot.waitUntil(lambda: file_id in dialog.file.hits)
    button = dialog.file.hits[file_id]
    assert "王*兰" in button.text()
    assert "王淑兰" not in button.text()
    button.click()
    hands.save(dialog)
    hands.no_dialog()
    row = only(desk)
    assert row.is_settled
    assert row.assistance_file_id == file_id
    view = load_file_view(desk, file_id)
    assert view is not None
    assert any("希望本周看心内科" in line.detail for line in view.feed)


def test_a_search_without_hits_says_what_to_do(hands: Hands, application_id: int) -> None:
    dialog = hands.start("settle_application", application_id)
    hands.write(dialog.file, "zzzz")
    hands.bot.waitUntil(dialog.file.note.isVisible)
    assert "新建档案" in dialog.file.note.text()


def test_a_message_from_long_ago_is_late_at_once(hands: Hands, world: World, application_id: int) -> None:
    world.clock.moment += timedelta(hours=2)
    dialog = hands.start("respond_to_application", application_id)
    assert dialog.facts.countdown.text.startswith("超时")
