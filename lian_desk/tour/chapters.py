"""The steps of the tour as data, in the order of the main path."""

from functools import partial
from typing import Final

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.tour.acts import intake, materials, papers, papers_on_disk, services
from lian_desk.tour.people import ADULT
from lian_desk.tour.story import Step, Tour


def _look_at(title: str, name: str, tour: Tour) -> None:
    tour.robot.go_to(title)
    tour.camera.take(name)


def _worklist(tour: Tour) -> None:
    _look_at("工作台", "worklist", tour)
    tour.camera.take_small("worklist")


def _record_application(tour: Tour) -> None:
    intake.record_application(tour.robot, ADULT, look=tour.camera.take)
    tour.camera.take("worklist-new-application")


def _respond(tour: Tour) -> None:
    tour.robot.later(2)
    intake.respond(tour.robot, ADULT, look=tour.camera.take)


def _open_file(tour: Tour) -> None:
    tour.robot.later(3)
    intake.begin_file(tour.robot, ADULT)
    intake.fill_in_file(tour.robot, ADULT, look=tour.camera.take)
    tour.robot.submit()
    tour.keys["adult"] = intake.shown_file(tour.robot)
    tour.camera.take("file-new")


def _take_in(tour: Tour) -> None:
    tour.robot.later(4)
    sent = papers_on_disk.draw_papers(
        ADULT, tour.stage.folder / "sent", papers_on_disk.ILLNESS + papers_on_disk.NOTICES
    )
    materials.take_in(tour.robot, sent, look=tour.camera.take)
    materials.classify_all(tour.robot, sent, look=tour.camera.take)
    materials.turn_and_zoom(tour.robot, look=tour.camera.take)


def _start_request(kind: ServiceKind, tour: Tour) -> None:
    tour.robot.later(5)
    tour.key("adult")
    services.panel(tour.robot)
    tour.keys[kind.value] = services.start_request(tour.robot, kind, look=tour.camera.take)
    tour.camera.take("request-submitted")


def _review(tour: Tour) -> None:
    services.review(tour.robot, look=tour.camera.take)


def _requirement(kind: ServiceKind, tour: Tour) -> None:
    services.confirm_requirement(tour.robot, kind, look=tour.camera.take)
    tour.camera.take("request-clocks-running")


def _feedback(tour: Tour) -> None:
    tour.robot.later(30)
    services.give_feedback(tour.robot, look=tour.camera.take)


def _start(tour: Tour) -> None:
    services.confirm_start(tour.robot, look=tour.camera.take)
    tour.camera.take("request-started")


def _export_record(tour: Tour) -> None:
    tour.papers.append(papers.export_record(tour.robot, tour.out, look=tour.camera.take))


def _export_summary(tour: Tour) -> None:
    tour.papers.append(papers.export_summary(tour.robot, tour.out, look=tour.camera.take))


_OUT: Final = ServiceKind.OUTPATIENT_COORDINATION

STEPS: Final = (
    Step("worklist", "工作台", _worklist, "lists"),
    Step("files", "档案列表", partial(_look_at, "档案", "files"), "files"),
    Step("bookings", "预约跟踪", partial(_look_at, "预约", "bookings"), "bookings"),
    Step("follow-ups", "随访列表", partial(_look_at, "随访", "follow-ups"), "follow-ups"),
    Step("materials", "材料", partial(_look_at, "材料", "materials"), "materials"),
    Step("hospitals", "医院名录", partial(_look_at, "医院名录", "hospitals"), "hospitals"),
    Step("record-application", "录入申请", _record_application, "main"),
    Step("respond", "首次响应", _respond, "main"),
    Step("open-file", "建立档案", _open_file, "main"),
    Step("take-in", "收取材料", _take_in, "main"),
    Step("request", "发起门诊协调", partial(_start_request, _OUT), "main"),
    Step("review", "服务审核", _review, "main"),
    Step("requirement", "确认需求", partial(_requirement, _OUT), "main"),
    Step("feedback", "48 小时反馈", _feedback, "main"),
    Step("start", "确认开启服务", _start, "main"),
    Step("export-record", "导出随访记录", _export_record, "papers"),
    Step("export-summary", "导出个案摘要", _export_summary, "papers"),
)
