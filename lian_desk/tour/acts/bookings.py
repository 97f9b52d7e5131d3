"""From the start to the end of a service: attempt, booking, instructions, arrival, completion, and the exits."""

from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.acts.services import CALL, do
from lian_desk.tour.robot import Robot

REFERENCE = "YY-20260930-17"
INSTRUCTIONS = "携带身份证、医保卡与既往病历；提前 30 分钟到门诊楼 3 楼取号"


def record_attempt(robot: Robot, *, look: Look = unseen) -> None:
    """记录联系医院: what the hospital answered."""
    do(robot, "记录联系医院")
    robot.opened_dialog("记录联系医院")
    robot.fill("note", "医院答复：10月13日上午有号，等待确认")
    look("booking-attempt")
    robot.submit()


def record_booking(robot: Robot, visit_at: str, *, look: Look = unseen) -> None:
    """记录预约成功: the hospital's date; the booking clock stops, time and place are locked."""
    do(robot, "记录预约成功")
    robot.opened_dialog("记录预约成功")
    robot.fill_in({"visit_at": visit_at, "place": "门诊楼 3 楼心内科", "hospital_reference": REFERENCE})
    robot.fill("instructions", INSTRUCTIONS)
    look("booking")
    robot.submit()


def send_instructions(robot: Robot, *, look: Look = unseen) -> None:
    """告知结果与注意事项: the text is prepared, the contact is logged."""
    do(robot, "告知结果与注意事项")
    robot.opened_dialog("告知预约结果与注意事项")
    look("instructions")
    robot.submit()


def record_attendance(robot: Robot, words: str = "记录到院", *, look: Look = unseen) -> None:
    """记录到院 (记录入院, 记录手术登记, 记录接受检查)."""
    do(robot, words)
    look("attendance")
    robot.submit()


def complete(robot: Robot, *, look: Look = unseen) -> None:
    """服务完成: the follow-up plan opens."""
    do(robot, "服务完成")
    robot.opened_dialog("服务完成")
    robot.fill("note", "已按预约时间就诊，医生安排复查")
    look("completed")
    robot.submit()


def reschedule_by_hospital(robot: Robot, *, look: Look = unseen) -> None:
    """医院停诊改期: the same request waits for another date; no use moves."""
    do(robot, "医院停诊改期")
    robot.opened_dialog("医院停诊改期")
    robot.fill_in({"note": "医院通知：专家停诊", "offered_on": "2026-10-19", "evidence_note": CALL})
    look("hospital-stop")
    robot.submit()


def record_no_show(robot: Robot, *, look: Look = unseen) -> None:
    """未按时就约: counts as used."""
    do(robot, "未按时就约")
    robot.opened_dialog("未按时就约")
    robot.fill("note", "客户未到院，电话称忘记时间")
    look("no-show")
    robot.press_primary()


def cancel_by_insured(robot: Robot, *, look: Look = unseen) -> None:
    """客户取消: counts as used, which is said before."""
    do(robot, "客户取消")
    robot.opened_dialog("客户取消")
    robot.tick("warning_acknowledged")
    robot.fill_in({"reason": "客户改在外地就医", "evidence_note": CALL})
    look("cancelled-by-insured")
    robot.press_primary()


def withdraw(robot: Robot, *, look: Look = unseen) -> None:
    """客户撤回 before the start: nothing is deducted."""
    do(robot, "客户撤回")
    robot.opened_dialog("客户撤回")
    robot.fill_in({"reason": "客户决定先观察", "evidence_note": CALL})
    look("withdrawn")
    robot.submit()
