"""医院名录: campuses with city, level and list membership."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import Role
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.hospitals import HospitalRow, HospitalSource
from lian_desk.ui.common.imports.imports import TakesOneFile
from lian_desk.ui.common.lists.list_page import EmptyWords, ListPage, ListSpec
from lian_desk.ui.common.look.buttons import PrimaryButton
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.hospitals.columns import hospital_columns
from lian_desk.ui.hospitals.detail_dialog import HospitalDetailDialog
from lian_desk.ui.hospitals.import_dialog import HospitalImportDialog

FILTERS: Final = "医院名录 (*.xlsx *.xls *.csv *.txt *.json);;所有文件 (*)"
_LEADS: Final = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
_LISTED = (
    FilterChoice(None, "全部"),
    FilterChoice("listed", "名录内"),
    FilterChoice("cancer", "肿瘤专科"),
)


class HospitalPage(TakesOneFile, ListPage):
    """The hospital list; Enter shows one campus with its history, a lead takes in a new list by button or by drop."""

    page_id = "hospitals"
    has_accent = True
    title = "医院名录"
    file_title = "选择医院名录"
    file_filters = FILTERS

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        spec = ListSpec(
            source=HospitalSource(context.desk),
            columns=hospital_columns(),
            spoken="医院名录",
            empty=EmptyWords("医院名录为空", "由主管导入医院名录后，这里会列出医院、城市与等级。"),
            placeholder="医院名称 / 拼音 / 城市 / 别名",
            query=ListQuery(sort="city"),
            filters=(("scope", _LISTED),),
        )
        super().__init__(context, spec, parent)
        may_import = context.desk.operator.role in _LEADS
        self.import_button = PrimaryButton("导入名录…", self.choose_file)
        self.import_button.setEnabled(may_import)
        self.import_button.setToolTip("" if may_import else "由主管导入医院名录。")
        self.setAcceptDrops(may_import)
        self.head.addWidget(self.import_button)
        self.list.row_activated.connect(self.show_detail)
        self.list.next_step_requested.connect(self.choose_file)

    def offer(self, path: Path) -> HospitalImportDialog:
        """Open the preview of a list."""
        dialog = HospitalImportDialog(self.context, path, self)
        dialog.open()
        return dialog

    def show_detail(self, row: HospitalRow) -> HospitalDetailDialog:
        """Show one campus with its history."""
        dialog = HospitalDetailDialog(self.context, row.key, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog
