"""After the visit: follow-up, education, reminder, and the update that archives the request (二·1·5, R69 to R71)."""

from lian_desk.services.request_views.views import load_request_view
from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.acts.services import do
from lian_desk.tour.robot import Robot
from lian_desk.ui.follow_ups.record_dialog import RecordFollowUpDialog


def record_follow_up(robot: Robot, *, done_at: str = "", education: str = "", look: Look = unseen) -> None:
    """Fill in 开始随访, which is open: condition, medication, education, the next call, a reminder."""
    robot.opened_dialog("随访")
    robot.widget(RecordFollowUpDialog)
    if done_at:
        robot.fill("done_at", done_at)
    robot.fill_in(
        {
            "duration_minutes": "12",
            "condition_text": "就诊后症状平稳，未再胸闷；医生建议一个月后复查",
            "medication_text": "阿司匹林肠溶片 100 mg，每日一次，按医嘱服用",
        }
    )
    if education:
        robot.pick("education_topic", education)
    look("follow-up")
    robot.submit()


def follow_up_from_request(robot: Robot, *, education: str = "", look: Look = unseen) -> None:
    """记录随访 from the card of the request."""
    do(robot, "记录随访")
    record_follow_up(robot, education=education, look=look)


def see_emergency_script(robot: Robot, *, look: Look = unseen) -> None:
    """Words of an emergency in a follow-up: the band appears, the script is read out and noted (R74)."""
    robot.fill("condition_text", "刚才突发胸痛，出冷汗")
    look("follow-up-emergency-hint")
    robot.press("急救提示 120")
    look("emergency-script")
    robot.press("已宣读，记入档案")


def lift_emergency(robot: Robot, *, look: Look = unseen) -> None:
    """解除 on the band of the file's page: what became of it; the routine goes on (R74)."""
    look("emergency-band")
    robot.press("解除", robot.window)
    robot.opened_dialog("解除急救暂停")
    robot.fill("outcome", "家属陪同到医院急诊，已无危险")
    look("emergency-lift")
    robot.submit()


def record_education(robot: Robot, topic: str, *, look: Look = unseen) -> None:
    """记录宣教 on the tab 随访 of a file."""
    robot.tab("随访")
    robot.press("记录宣教", robot.window)
    robot.opened_dialog("记录宣教")
    robot.pick("education_topic", topic)
    look("education")
    robot.submit()


def plan_follow_up(robot: Robot, day: str, *, look: Look = unseen) -> None:
    """安排随访 on the tab 随访 of a file."""
    robot.tab("随访")
    robot.press("安排随访", robot.window)
    robot.opened_dialog("安排随访")
    robot.fill("due_on", day)
    look("plan-follow-up")
    robot.submit()


def plan_reminder(robot: Robot, moment: str, text: str, *, look: Look = unseen) -> None:
    """安排提醒 on the tab 随访 of a file."""
    robot.tab("随访")
    robot.press("安排提醒", robot.window)
    robot.opened_dialog("安排提醒")
    robot.fill("reminder_due_at", moment)
    robot.fill("reminder_text", text)
    look("plan-reminder")
    robot.submit()


def send_reminder(robot: Robot, *, look: Look = unseen) -> None:
    """记为已发送: the first open reminder of the file in front."""
    robot.press("记为已发送", robot.window)
    robot.opened_dialog("已发送")
    look("send-reminder")
    robot.submit()


def finish_plan(robot: Robot, request_id: int) -> None:
    """Record every follow-up of a request that is still planned, one after the other."""
    desk = robot.window.context.desk
    while (view := load_request_view(desk, request_id)) is not None and view.open_follow_up_id is not None:
        follow_up_from_request(robot)


def archive(robot: Robot, *, look: Look = unseen) -> None:
    """归档: the update of the file."""
    do(robot, "归档")
    robot.opened_dialog("归档")
    robot.fill("update_text", "就诊完成，随访与宣教已记录，一个月后复查")
    look("archive")
    robot.submit()
