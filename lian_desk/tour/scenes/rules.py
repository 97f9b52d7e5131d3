"""手册与规则 with force majeure, and the dialogs by which a request stands still, goes back or ends without a visit."""

from collections.abc import Iterator
from typing import Final

from lian_desk.models.vocabulary import RequestStatus, ServiceKind
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.service_requests import (
    ServiceRequestRow,
    ServiceRequestSource,
    load_requests_of_file,
)
from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.story import Tour
from lian_desk.ui.handbook.page import HandbookPage

S: Final = RequestStatus
_PART: Final = 200
#: Wish, the statuses it is offered in, and the picture of its dialog.
_DIALOGS: Final = (
    ("request_pause", (S.COORDINATING, S.REQUIREMENT_CONFIRMED), "dialog-pause"),
    ("request_resume", (S.PAUSED,), "dialog-resume"),
    ("request_material_arrived", (S.AWAITING_MATERIAL,), "dialog-material-arrived"),
    ("request_withdraw", (S.COORDINATING, S.AWAITING_START, S.REQUIREMENT_CONFIRMED), "dialog-withdraw"),
    ("request_record_not_booked", (S.STARTED,), "dialog-not-booked"),
    ("request_correct_start", (S.STARTED,), "dialog-correct-start"),
    ("request_correct_booking", (S.BOOKED,), "dialog-correct-booking"),
    ("request_record_restriction", (S.BOOKED,), "dialog-restriction"),
    ("request_reverse_start", (S.NOT_BOOKED,), "dialog-reverse-start"),
    ("request_reopen", (S.NOT_BOOKED, S.NO_SHOW), "dialog-reopen"),
)


def handbook(tour: Tour) -> None:
    """手册与规则: the editions with their clauses, the policyholders to be told, force majeure with its preview."""
    robot = tour.robot
    robot.go_to("手册与规则")
    tour.camera.take("handbook")
    tour.camera.take_small("handbook")
    page = robot.window.current_page
    if not isinstance(page, HandbookPage):
        raise RobotStuck("眼前不是手册与规则")
    robot.press("通知名单")
    tour.camera.take("handbook-notices")
    robot.press("导出名单…", robot.window)
    tour.camera.take("handbook-export-notices")
    robot.cancel()
    page.show_part("force_majeure")
    robot.settle()
    tour.camera.take("force-majeure")
    robot.press("转为终止…", robot.window)
    tour.camera.take("force-majeure-terminate")
    robot.cancel()
    robot.press("宣布不可抗力…", robot.window)
    robot.fill("places", "湖南省")
    robot.settle()
    tour.camera.take("force-majeure-declare")
    robot.cancel()
    page.show_part("editions")
    robot.settle()


def request_dialogs(tour: Tour) -> None:
    """Every dialog that stops, turns back or ends a request, opened on one of the demonstration and left with Esc."""
    robot = tour.robot
    robot.go_to("预约")
    rows = list(_requests(tour))
    for wish, statuses, name in _DIALOGS:
        row = next(
            (row for row in rows if row.status in statuses and row.kind is not ServiceKind.CASE_MANAGEMENT), None
        )
        if row is None:
            raise RobotStuck(f"演示数据里没有可以打开“{name}”的服务")
        robot.context.navigator.start(wish, row.key)
        robot.settle()
        robot.opened_dialog("")
        tour.camera.take(name)
        robot.cancel()


def _requests(tour: Tour) -> Iterator[ServiceRequestRow]:
    """Yield the open requests of the board, then those of their files that are over."""
    desk = tour.robot.context.desk
    source = ServiceRequestSource(desk)
    keys = source.keys(ListQuery())
    files: dict[int, None] = {}
    for start in range(0, len(keys), _PART):
        for row in source.rows(keys[start : start + _PART]).values():
            files[row.file_id] = None
            yield row
    for file_id in files:
        yield from load_requests_of_file(desk, file_id)
