"""The main path: one outpatient coordination from the first message to the archive."""

from datetime import datetime
from typing import Final

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.words.formats import ZONE
from lian_desk.tour.acts import bookings, care, intake, materials, papers, papers_on_disk, services
from lian_desk.tour.people import ADULT
from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.story import Tour

KIND: Final = ServiceKind.OUTPATIENT_COORDINATION
VISIT: Final = datetime(2026, 10, 13, 9, 0, tzinfo=ZONE)
DAY_AFTER: Final = datetime(2026, 10, 14, 10, 30, tzinfo=ZONE)


def record_application(tour: Tour) -> None:
    """录入申请: the 5 minutes run."""
    tour.robot.go_to("工作台")
    intake.record_application(tour.robot, ADULT, look=tour.camera.take)


def respond(tour: Tour) -> None:
    """首次响应 two minutes later."""
    tour.robot.later(2)
    intake.respond(tour.robot, ADULT, look=tour.camera.take)


def open_file(tour: Tour) -> None:
    """建档 from the application, and the new page."""
    tour.robot.later(3)
    intake.begin_file(tour.robot, ADULT)
    intake.fill_in_file(tour.robot, ADULT, look=tour.camera.take)
    tour.robot.submit()
    tour.keys["adult"] = intake.shown_file(tour.robot)
    tour.camera.take("file-new")


def take_in(tour: Tour) -> None:
    """Six papers by drop, one screenshot by paste; each is looked at and named."""
    robot = tour.robot
    robot.later(4)
    folder = tour.stage.folder / "sent"
    sent = papers_on_disk.draw_papers(ADULT, folder, papers_on_disk.ILLNESS + papers_on_disk.NOTICES)
    materials.take_in(robot, sent, look=tour.camera.take)
    materials.classify_all(robot, sent, look=tour.camera.take)
    materials.turn_and_zoom(robot, look=tour.camera.take)
    (screenshot,) = papers_on_disk.draw_papers(ADULT, folder, papers_on_disk.SCREENSHOT)
    materials.paste_picture(robot, screenshot.path)


def refuse_bad_files(tour: Tour) -> None:
    """An empty file and a torn one: each says why it was not taken."""
    folder = tour.stage.folder / "sent"
    empty, torn = folder / "空文件.pdf", folder / "损坏的报告.pdf"
    empty.write_bytes(b"")
    torn.write_bytes(b"%PDF-1.7 torn")
    words = materials.drop_bad_files(tour.robot, [empty, torn], look=tour.camera.take)
    if "没有收取" not in words:
        raise RobotStuck(f"坏文件没有被拒绝：{words}")
    tour.robot.press("知道了", tour.robot.window)


def start_request(tour: Tour) -> None:
    """发起服务: outpatient coordination."""
    tour.robot.later(5)
    tour.keys[KIND.value] = services.start_request(tour.robot, KIND, look=tour.camera.take)
    tour.camera.take("request-submitted")


def review(tour: Tour) -> None:
    """服务审核: three passes."""
    services.review(tour.robot, look=tour.camera.take)


def confirm_requirement(tour: Tour) -> None:
    """确认需求: both clocks run."""
    services.confirm_requirement(tour.robot, KIND, look=tour.camera.take)
    tour.camera.take("request-clocks-running")
    tour.camera.take_small("request-clocks-running")


def give_feedback(tour: Tour) -> None:
    """记录联系医院, then 记录反馈."""
    tour.robot.later(30)
    bookings.record_attempt(tour.robot, look=tour.camera.take)
    services.give_feedback(tour.robot, look=tour.camera.take)


def confirm_start(tour: Tour) -> None:
    """确认开启服务: the warning, the evidence, one use less."""
    tour.robot.later(10)
    services.confirm_start(tour.robot, look=tour.camera.take)
    tour.camera.take("request-started")


def book(tour: Tour) -> None:
    """预约成功 and 告知."""
    tour.robot.later(20)
    bookings.record_booking(tour.robot, f"{VISIT:%Y-%m-%d %H:%M}", look=tour.camera.take)
    bookings.send_instructions(tour.robot, look=tour.camera.take)
    tour.camera.take("request-booked")


def attend(tour: Tour) -> None:
    """到院 on the day of the visit, then 服务完成."""
    robot = tour.robot
    _show(tour)
    robot.until(VISIT.replace(hour=11), takes_notice=False)
    tour.camera.take("deadline-reminder")
    robot.take_notice()
    bookings.record_attendance(robot, look=tour.camera.take)
    bookings.complete(robot, look=tour.camera.take)
    tour.camera.take("request-completed")


def follow_up(tour: Tour) -> None:
    """The first follow-up of the plan, with education; then education and a reminder beside it."""
    robot = tour.robot
    robot.until(DAY_AFTER)
    _show(tour)
    services.do(robot, "记录随访")
    care.see_emergency_script(robot, look=tour.camera.take)
    care.record_follow_up(robot, education="复查与报告", look=tour.camera.take)
    care.lift_emergency(robot, look=tour.camera.take)
    care.record_education(robot, "遵医嘱用药", look=tour.camera.take)
    care.plan_follow_up(robot, "2026-11-16", look=tour.camera.take)
    care.plan_reminder(robot, "2026-11-13 10:00", "复查前一日空腹，携带既往报告", look=tour.camera.take)
    tour.camera.take("file-follow-ups")


def export(tour: Tour) -> None:
    """The two papers, exported from their dialogs with their previews."""
    robot = tour.robot
    _show(tour)
    tour.papers.append(papers.export_record(robot, tour.papers_in, look=tour.camera.take))
    tour.papers.append(papers.export_summary(robot, tour.papers_in, look=tour.camera.take))


def archive(tour: Tour) -> None:
    """归档: the rest of the plan is done, then the request is closed with the update of the file."""
    _show(tour)
    care.finish_plan(tour.robot, tour.key(KIND.value))
    care.archive(tour.robot, look=tour.camera.take)
    tour.camera.take("request-archived")


def _show(tour: Tour) -> None:
    """Bring the outpatient request of the file to the front, by its chip where the file has several."""
    intake.find_file(tour.robot, ADULT)
    services.show_request(tour.robot, tour.key(KIND.value), KIND)
