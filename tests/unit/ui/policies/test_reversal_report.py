"""冲正月报: seen by month, exported by a lead."""

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QLabel

from lian_desk.services.bookings import RecordNotBooked
from lian_desk.services.desk.desk import Desk
from lian_desk.services.service_requests.reversing import ReverseStart
from lian_desk.ui.policies.reversal_report import ReversalReportDialog, recent_months
from tests.desk_world import World
from tests.window_fixture import Hands


def test_the_month_is_listed_and_a_case_manager_exports_nothing(
    hands: Hands, world: World, desk: Desk, tmp_path: Path
) -> None:
    request_id = world.to_started(world.open_file())
    world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    world.run(ReverseStart, by=world.lead, request_id=request_id, reason="医院停诊", evidence=world.evidence())
    dialog = hands.start("reversal_report")
    assert isinstance(dialog, ReversalReportDialog)
    hands.settle()
    (line,) = dialog.shown
    assert line.request_number == world.row(request_id).number
    assert "医院停诊" in " ".join(part.text() for part in dialog.findChildren(QLabel))
    assert dialog.summary.text == "2026 年 9 月共 1 笔。"
    dialog.write(tmp_path / "list.csv", {"month": "2026-09-01", "purpose": "报送"})
    hands.settle()
    assert not (tmp_path / "list.csv").exists()
    assert dialog.isVisible()
    dialog.month.set_value("2026-08-01")
    dialog.month.edited.emit()
    hands.settle()
    assert dialog.shown == ()
    assert "没有" in dialog.summary.text


def test_the_months_go_back_over_the_turn_of_the_year() -> None:
    months = recent_months(date(2027, 2, 14))
    assert months[:4] == [date(2027, 2, 1), date(2027, 1, 1), date(2026, 12, 1), date(2026, 11, 1)]
    assert len(set(months)) == 24
