"""From the first message to the assistance file: record an application, answer it, open the file (二·1·5)."""

from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.people import Customer
from lian_desk.tour.robot import Robot, RobotStuck
from lian_desk.ui.assistance_files.page import FilePage
from lian_desk.ui.common.lists.list_page import ListPage
from lian_desk.ui.worklist.page import WorklistPage

NEED = "希望国庆后在上海看心内科专家门诊，最好是上午"
DISEASE = "较重急性心肌梗死"


def record_application(robot: Robot, customer: Customer, *, service: str = "门诊协调", look: Look = unseen) -> None:
    """录入申请: a message came by WeCom; the response clock runs from its time."""
    robot.press("录入申请")
    robot.opened_dialog("录入申请")
    robot.fill_in({"channel": "企业微信", "contact_name": customer.name, "contact_handle": f"wx_{customer.phone[-6:]}"})
    robot.choose("service_kind", service)
    robot.fill("need_text", NEED)
    look("record-application")
    robot.submit()


def respond(robot: Robot, customer: Customer, *, look: Look = unseen) -> None:
    """首次响应: answer from the worklist, within the response time."""
    robot.go_to("工作台")
    page = worklist(robot)
    robot.press_in_row(page.list.table, "新申请", customer.masked, "响应")
    robot.opened_dialog("首次响应")
    robot.fill("note", "已加企业微信，请客户提交病历与诊断证明")
    look("first-response")
    robot.submit()


def begin_file(robot: Robot, customer: Customer) -> None:
    """建档: start the file from the application in the worklist."""
    robot.go_to("工作台")
    robot.press_in_row(worklist(robot).list.table, "新申请", customer.masked, "建档")
    robot.opened_dialog("新建档案")


def fill_in_file(robot: Robot, customer: Customer, *, look: Look = unseen) -> None:
    """Fill in the dialog 新建档案 that is open: person, guardian of a minor, policy, disease, history, authorization."""
    robot.fill_in(
        {
            "name": customer.name,
            "identity_document": "居民身份证",
            "identity_number": customer.identity_number,
            "phone": customer.phone,
            "identity_method": "核对证件影像",
        }
    )
    if customer.guardian:
        relation = "父亲"
        robot.fill_in(
            {
                "relation": relation,
                "guardian_name": customer.guardian,
                "guardian_phone": customer.phone,
                "guardian_identity_number": customer.guardian_number,
                "guardian_proof": "户口簿已核对",
            }
        )
    look("open-file-person")
    robot.fill_in(
        {
            "policy_number": customer.policy_number,
            "effective_on": customer.effective_on,
            "policyholder_name": customer.guardian or customer.name,
        }
    )
    robot.pick("disease_code", DISEASE)
    robot.fill_in(
        {"certainty": "确诊", "noted_on": "2026-09-20", "disease_evidence": "2026-09-20 门诊病历与诊断证明书"}
    )
    look("open-file-disease")
    _fill_in_history(robot)
    signer = "监护人" if customer.guardian else "被保险人"
    robot.fill_in(
        {
            "signer_kind": signer,
            "signer_name": customer.guardian or customer.name,
            "signed_at": "2026-09-30 10:30",
            "evidence_form": "消息截图",
            "authorization_evidence": "企业微信授权页截图",
            "truth_declared": True,
            "is_verified": True,
        }
    )
    look("open-file-authorization")


def _fill_in_history(robot: Robot) -> None:
    robot.choose("known_condition", "有")
    robot.fill("history_condition", "高血压 | | 8 年\n高脂血症 | | 3 年")
    robot.choose("known_medication", "有")
    robot.fill("history_medication", "阿司匹林肠溶片 | 100 mg，每日一次 | 2025-10")
    robot.choose("known_allergy", "有")
    robot.fill("history_allergy", "青霉素")
    robot.choose("known_operation", "无")


def open_file(robot: Robot, customer: Customer, *, look: Look = unseen) -> int:
    """Open a file without an application (Ctrl+N) and return its key; its page is in front."""
    robot.keys("Ctrl+N")
    robot.opened_dialog("新建档案")
    fill_in_file(robot, customer, look=look)
    robot.submit()
    return shown_file(robot)


def find_file(robot: Robot, customer: Customer) -> int:
    """Find a file in the list by the initials of the name, open it with Enter, and return its key."""
    robot.go_to("档案")
    page = robot.window.current_page
    if not isinstance(page, ListPage):
        raise RobotStuck("档案列表不在眼前")
    robot.click(page.list.search_box)
    robot.keys("Ctrl+A")
    robot.type_text(customer.search)
    robot.settle()
    robot.open_row(page.list.table, customer.masked)
    return shown_file(robot)


def shown_file(robot: Robot) -> int:
    """Return the key of the file whose page is in front."""
    robot.settle()
    page = robot.window.current_page
    if not isinstance(page, FilePage) or page.view is None:
        raise RobotStuck("没有打开档案页面")
    return page.view.file_id


def worklist(robot: Robot) -> WorklistPage:
    """Return the worklist, which must be in front."""
    page = robot.window.current_page
    if not isinstance(page, WorklistPage):
        raise RobotStuck("工作台不在眼前")
    return page
