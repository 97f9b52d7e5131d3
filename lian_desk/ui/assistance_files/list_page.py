"""档案: every assistance file, found by name, pinyin, policy number or the tail of a phone number."""

from PySide6.QtWidgets import QWidget

from lian_desk.services.listings.assistance_files import AssistanceFileRow, AssistanceFileSource
from lian_desk.services.listings.base import ListQuery
from lian_desk.ui.assistance_files.columns import file_columns
from lian_desk.ui.common.lists.list_page import EmptyWords, ListPage, ListSpec
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.running.context import UiContext

_STATES = (
    FilterChoice(None, "全部"),
    FilterChoice("serving", "服务中"),
    FilterChoice("mine", "我的"),
    FilterChoice("closed", "已终止"),
)


class FileListPage(ListPage):
    """The list of all assistance files."""

    page_id = "assistance_files"
    title = "档案"

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        spec = ListSpec(
            source=AssistanceFileSource(context.desk),
            columns=file_columns(),
            spoken="档案",
            empty=EmptyWords("还没有档案", "收到申请并确认身份后建立电子就医协助服务档案。", "新建档案"),
            placeholder="姓名 / 拼音 / 保单号 / 手机尾号 / 档案号",
            query=ListQuery(sort="recent", descending=True),
            filters=(("state", _STATES),),
        )
        super().__init__(context, spec, parent)
        self.list.row_activated.connect(self._open)
        self.list.next_step_requested.connect(self._new_file)

    def _new_file(self) -> None:
        self.context.navigator.start("new_file")

    def _open(self, row: AssistanceFileRow) -> None:
        self.context.navigator.open_file(row.key)
