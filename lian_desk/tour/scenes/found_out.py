"""Found, complete, out: words found on a page, the message that asks for papers, the pack for a hospital, a whole file."""

from sqlalchemy import select

from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import RequestStatus
from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.story import Tour
from lian_desk.ui.papers.pack_dialog import PackDialog
from lian_desk.ui.search.index_keeper import index_slice
from lian_desk.ui.search.page import SearchPage


def found(tour: Tour) -> None:
    """全文检索: two characters, hits under their files, and the page a hit leads to with its words marked."""
    robot = tour.robot
    while index_slice(robot.context.desk):
        pass
    robot.go_to("全文检索")
    tour.camera.take("search-empty")
    page = robot.window.current_page
    if not isinstance(page, SearchPage):
        raise RobotStuck("全文检索没有打开")
    robot.click(page.panel.line)
    robot.type_text("医院")
    robot.wait_for(lambda: page.panel.hits.hit_count > 0, "检索结果")
    tour.camera.take("search")
    tour.camera.take_small("search")
    robot.keys("Ctrl+A")
    robot.type_text("主诉")
    robot.wait_for(lambda: page.panel.line.text() == "主诉" and page.panel.hits.hit_count > 0, "检索结果")
    robot.keys("Return")
    robot.settle()
    tour.camera.take("search-opened")
    robot.keys("Ctrl+K")
    robot.type_text("结节")
    robot.settle()
    tour.camera.take("palette-texts")
    robot.keys("Esc")


def asked(tour: Tour) -> None:
    """请客户补材料: what is missing, and the message, names masked in the preview."""
    robot = tour.robot
    with robot.context.desk.read() as session:
        request = session.scalars(
            select(ServiceRequest)
            .where(ServiceRequest.status == RequestStatus.AWAITING_MATERIAL)
            .order_by(ServiceRequest.id)
            .limit(1)
        ).first()
    if request is None:
        raise RobotStuck("演示数据里没有待补件的申请")
    robot.context.navigator.open_file(request.assistance_file_id, f"request:{request.id}")
    robot.settle()
    tour.camera.take("checklist")
    robot.press("请客户补材料…", robot.window)
    robot.opened_dialog("请客户补材料")
    tour.camera.take("ask-for-material")
    robot.cancel()


def out(tour: Tour) -> None:
    """就诊资料包 and 导出整份档案: pages picked, the pack as it will leave, the form that asks for the identity check."""
    robot = tour.robot
    robot.tab("授权与留痕")
    robot.press("就诊资料包…", robot.window)
    dialog = robot.opened_dialog("就诊资料包")
    if not isinstance(dialog, PackDialog):
        raise RobotStuck("就诊资料包没有打开")
    robot.click(dialog.form.fields["recipient"].input)
    robot.type_text("复旦大学附属中山医院 呼吸科")
    robot.click(dialog.form.fields["purpose"].input)
    robot.type_text("预约专家门诊")
    dialog.picker.pages.toggle(0)
    robot.settle()
    tour.camera.take("disclosure-pack")
    robot.tab("预览")
    robot.wait_for(lambda: dialog.preview.rendered_count > 0, "资料包预览")
    tour.camera.take("disclosure-pack-preview")
    robot.cancel()
    robot.press("应被保险人要求导出整份档案…", robot.window)
    robot.opened_dialog("导出整份档案")
    tour.camera.take("export-whole-file")
    robot.cancel()
