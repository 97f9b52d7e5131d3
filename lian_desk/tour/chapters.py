"""The steps of the tour as data, in the order of the main path."""

from typing import Final

from lian_desk.tour.scenes import around, care, first_day, main_path, other_services, pages, rules
from lian_desk.tour.story import Step

STEPS: Final = (
    Step("worklist", "工作台", pages.worklist, "worklist"),
    Step("files", "档案列表", pages.files, "files"),
    Step("file-search", "按姓名、拼音首字母查找档案", pages.search_files, "files"),
    Step("bookings", "预约跟踪：看板、列表、日历", pages.bookings, "bookings"),
    Step("follow-ups", "随访列表", pages.follow_ups, "follow-ups"),
    Step("care-plans", "随访计划模板与常用语", care.templates, "care-plans"),
    Step("phrases", "两个字母选择常用语", care.phrases, "phrases"),
    Step("materials", "全部材料", pages.materials, "materials"),
    Step("hospitals", "医院名录", pages.hospitals, "hospitals"),
    Step("handbook", "手册与规则：版本、通知名单、不可抗力", rules.handbook, "handbook"),
    Step("request-dialogs", "暂停、补件、撤回、未约成、冲正与更正", rules.request_dialogs, "request-dialogs"),
    Step("other-pages", "其余页面", pages.every_other_page, "other-pages"),
    Step("palette", "搜索与命令、按键一览、锁定", pages.overlays, "overlays"),
    Step("record-application", "录入申请，首次响应开始计时", main_path.record_application, "main"),
    Step("respond", "首次响应", main_path.respond, "main"),
    Step("open-file", "建立电子就医协助服务档案", main_path.open_file, "main"),
    Step("take-in", "收取材料：拖入、粘贴、逐页查看", main_path.take_in, "main"),
    Step("refused-files", "坏文件说明原因", main_path.refuse_bad_files, "main"),
    Step("request", "发起门诊协调", main_path.start_request, "main"),
    Step("review", "服务审核", main_path.review, "main"),
    Step("requirement", "确认需求，48 小时与预约时限开始计时", main_path.confirm_requirement, "main"),
    Step("feedback", "告知预约协调情况", main_path.give_feedback, "main"),
    Step("start", "确认开启服务，扣除 1 次", main_path.confirm_start, "main"),
    Step("booking", "预约成功，告知注意事项", main_path.book, "main"),
    Step("file-tabs", "档案的其余页签", around.file_tabs, "file-tabs"),
    Step("file-dialogs", "档案的小对话框", around.file_dialogs, "file-dialogs"),
    Step("inpatient", "住院协调：预约、医院停诊改期、再约", other_services.inpatient, "inpatient"),
    Step("surgery", "手术协调：预约成功", other_services.surgery, "surgery"),
    Step("examination", "检查加急：开启后客户取消", other_services.examination, "examination"),
    Step("case", "专案管家：计划与跟进", other_services.case_management, "case"),
    Step("minor", "未成年人由监护人代为启用", around.minor, "minor"),
    Step("long-name", "很长的姓名与生僻字", around.long_name, "long-name"),
    Step("attendance", "到院、服务完成", main_path.attend, "main"),
    Step("no-show", "手术协调：未按时就约", other_services.no_show, "surgery"),
    Step("follow-up", "随访、宣教、提醒", main_path.follow_up, "main"),
    Step("papers", "导出随访记录与个案摘要", main_path.export, "main"),
    Step("archive", "归档", main_path.archive, "main"),
    Step("fine-screen", "高分屏", pages.fine_screen, "fine-screen"),
)

#: On a workspace that nobody has worked in yet.
FIRST_DAY: Final = (
    Step("sign-in", "首次使用与解锁", first_day.sign_in, "sign-in"),
    Step("empty", "空的工作区：每页说明下一步", first_day.empty_pages, "empty"),
)
