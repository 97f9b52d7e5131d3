"""医院名录: campuses with city, level and list membership."""

from PySide6.QtWidgets import QWidget

from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.hospitals import HospitalSource
from lian_desk.ui.common.chips import FilterChoice
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.list_page import EmptyWords, ListPage, ListSpec
from lian_desk.ui.providers.columns import hospital_columns

_LISTED = (
    FilterChoice(None, "全部"),
    FilterChoice("listed", "清单内"),
    FilterChoice("cancer", "肿瘤专科"),
)


class HospitalPage(ListPage):
    """The hospital list."""

    page_id = "hospitals"
    title = "医院名录"

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        spec = ListSpec(
            source=HospitalSource(context.desk),
            columns=hospital_columns(),
            empty=EmptyWords("医院清单为空", "由主管导入医院清单后，这里会列出医院、城市与等级。"),
            placeholder="医院名称 / 拼音 / 城市 / 别名",
            query=ListQuery(sort="city"),
            filters=(("scope", _LISTED),),
        )
        super().__init__(context, spec, parent)
