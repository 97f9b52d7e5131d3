"""The path of one service up to its start: request, review, requirement, feedback, start (服务流程, 二·2 to 二·5)."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QPushButton

from lian_desk.models.vocabulary import MaterialKind, ServiceKind
from lian_desk.services.request_views.views import RequestView
from lian_desk.services.words.wording import phrase
from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.acts.papers_on_disk import DEPARTMENT, DOCTOR, HOSPITAL
from lian_desk.tour.robot import Robot, RobotStuck
from lian_desk.ui.bookings.file_panel import FileBookingsPanel
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.service_requests.request_panel import RequestPanel

_NEEDS: Final = {
    ServiceKind.CASE_MANAGEMENT: "希望有人全程协助，先整理病历，再安排检查",
    ServiceKind.OUTPATIENT_COORDINATION: "希望国庆后在上海看心内科专家门诊，最好是上午",
    ServiceKind.INPATIENT_COORDINATION: "已开入院通知单，希望尽快住院",
    ServiceKind.SURGERY_COORDINATION: "已开手术通知单，希望由原手术医生主刀",
    ServiceKind.EXPEDITED_EXAMINATION: "已开冠脉增强 CT 检查单，希望尽早检查",
}
NOTICE_OF: Final = {
    ServiceKind.INPATIENT_COORDINATION: MaterialKind.ADMISSION_NOTICE,
    ServiceKind.SURGERY_COORDINATION: MaterialKind.SURGERY_NOTICE,
    ServiceKind.EXPEDITED_EXAMINATION: MaterialKind.EXAMINATION_NOTICE,
}
CALL: Final = "10:40 电话确认，录音编号 20260930-07，客户答复“同意”"


@dataclass(frozen=True)
class Wish:
    """What is wanted of a booking: how the expert is titled, and since when."""

    title: str = "主任医师"
    honour: str = "博士生导师"
    from_on: str = "2026-10-12"
    to_on: str = "2026-10-20"


def panel(robot: Robot) -> RequestPanel:
    """Return the card of the request in front."""
    robot.tab("就医全程")
    return robot.widget(RequestPanel, robot.window)


def shown(robot: Robot) -> RequestView:
    """Return the request that the card shows."""
    robot.settle()
    view = panel(robot).view
    if view is None:
        raise RobotStuck("档案页上没有服务申请")
    return view


def do(robot: Robot, words: str) -> None:
    """Press a step of the card in front, behind 更多 where it stands there."""
    card = panel(robot)
    robot.settle()
    if robot.has_button(words, card):
        robot.press(words, card)
        return
    more = robot.button("更多", card)
    menu = more.menu() if isinstance(more, QPushButton) else None
    if menu is None or words not in [action.text() for action in menu.actions()]:
        raise RobotStuck(f"申请卡片上没有“{words}”这一步（{phrase(shown(robot).status)}）")
    robot.click(more)
    robot.choose_in_menu(words)


def start_request(robot: Robot, kind: ServiceKind, *, look: Look = unseen) -> int:
    """发起服务: open and submit a request; returns its key."""
    robot.press("发起服务", robot.window)
    robot.opened_dialog("发起服务")
    robot.press_starting_with(f"{phrase(kind)} · ", robot.field("kind"))
    robot.fill("need_text", _NEEDS[kind])
    look("new-request")
    robot.submit()
    view = shown(robot)
    if view.kind is not kind:
        raise RobotStuck(f"申请卡片显示的不是{phrase(kind)}")
    return view.request_id


def review(robot: Robot, *, look: Look = unseen) -> None:
    """服务审核: three checks, each passed."""
    do(robot, "服务审核")
    robot.opened_dialog("服务审核")
    for name in ("identity", "entitlement", "material"):
        robot.choose(f"{name}_result", "通过")
    look("review")
    robot.submit()


def confirm_requirement(robot: Robot, kind: ServiceKind, wish: Wish | None = None, *, look: Look = unseen) -> None:
    """确认需求: hospital, department, expert or examination, notice, time; 48 hours and the booking limit begin."""
    wanted = wish or Wish()
    do(robot, "确认需求")
    robot.opened_dialog("确认需求")
    if kind is ServiceKind.CASE_MANAGEMENT:
        robot.fill("preference", "诊前整理病历与用药清单；诊中陪同沟通；诊后第 1、7、30 天随访")
    else:
        _fill_in_place(robot, kind, wanted)
    look("requirement-place")
    if kind in NOTICE_OF:
        _fill_in_notice(robot, NOTICE_OF[kind])
    robot.fill("evidence_note", CALL)
    robot.tick("fee_notice_shown")
    look("requirement")
    robot.submit()


def confirm_without_notice(robot: Robot, kind: ServiceKind) -> None:
    """Try 确认需求 without the notice that the service asks for; the dialog stays open."""
    do(robot, "确认需求")
    robot.opened_dialog("确认需求")
    _fill_in_place(robot, kind, Wish())
    robot.fill("evidence_note", CALL)
    robot.tick("fee_notice_shown")
    robot.submit()


def _fill_in_place(robot: Robot, kind: ServiceKind, wanted: Wish) -> None:
    robot.pick("hospital_id", "中山医院 上海", HOSPITAL)
    if kind is ServiceKind.EXPEDITED_EXAMINATION:
        robot.fill("examination_text", "增强 CT")
        robot.choose("from_outpatient_visit", "门诊就诊")
    else:
        robot.pick("department_text", DEPARTMENT)
        robot.choose("expert_title", wanted.title)
        robot.fill("expert_name", DOCTOR)
        if wanted.honour:
            robot.press(wanted.honour, robot.field("expert_honours"))
    robot.fill_in({"preferred_from_on": wanted.from_on, "preferred_to_on": wanted.to_on})


def _fill_in_notice(robot: Robot, kind: MaterialKind) -> None:
    robot.pick("notice_material_id", phrase(kind))
    robot.pick("notice_hospital_id", "中山医院 上海", HOSPITAL)
    robot.fill_in({"notice_doctor_name": DOCTOR, "notice_on": "2026-09-20"})


def give_feedback(robot: Robot, *, look: Look = unseen) -> None:
    """记录反馈: tell within 48 hours how coordination stands; the clock of R57 stops."""
    do(robot, "记录反馈")
    robot.opened_dialog("记录反馈")
    robot.choose("result", "已告知本人")
    robot.fill("content", "中山医院心血管内科 10月13日上午可约，等待客户确认")
    look("feedback")
    robot.submit()


def confirm_start(robot: Robot, *, look: Look = unseen) -> None:
    """确认开启服务: the warning in full, the evidence, and one use is deducted."""
    view = shown(robot)
    offered = next((offer.words for offer in view.offers if offer.action.value == "confirm_start"), "")
    if not offered:
        raise RobotStuck("申请卡片上没有“确认开启服务”这一步")
    do(robot, offered)
    robot.opened_dialog("开启服务")
    look("confirm-start")
    robot.fill("evidence_note", CALL)
    robot.tick_everything()
    look("confirm-start-read")
    robot.press_primary()


def show_request(robot: Robot, request_id: int, kind: ServiceKind) -> None:
    """Bring a request of the file in front to the card, through the tab 预约 that holds all of them."""
    robot.tab("就医全程")
    if shown(robot).request_id == request_id:
        return
    robot.tab("预约")
    for place, card in enumerate(_cards(robot)):
        if card.title.text() != phrase(kind):
            continue
        robot.press("查看", _cards(robot)[place])
        if shown(robot).request_id == request_id:
            return
        robot.tab("预约")
    raise RobotStuck(f"档案页上找不到这一次{phrase(kind)}")


def _cards(robot: Robot) -> list[Card]:
    robot.settle()
    requests = robot.widget(FileBookingsPanel, robot.window)
    return [card for card in requests.findChildren(Card) if card.isVisible()]
