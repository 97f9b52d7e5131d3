"""Rows of a list that are no entries: totals, notes at the end, numbers of pages, names of sections."""

import re
from collections.abc import Mapping
from typing import Final

from lian_desk.adapters.tables.cells import SheetRow
from lian_desk.adapters.tables.schema import TableSchema

_TOTAL: Final = re.compile(r"(?:合|总|小|共|累)计(?:[:：].*|\(.*\)|（.*）|[\d,.]+.*)?")
_NOTE: Final = re.compile(
    r"(?:备?注|说明|附注|附|填表说明|备注说明|制表(?:人|时间|日期|单位)?|填表(?:人|时间|日期)?|填报(?:人|时间|日期|单位)?|审核人?|复核人?"
    r"|经办人?|负责人|打印(?:时间|日期)|导出(?:时间|日期)|数据来源|来源|联系人)[:：].*|注\d*[、.．].+|以上(?:名单|医院|安排|数据|信息).*"
)
_PAGE: Final = re.compile(r"[-—]?第?\d+[-—/]?(?:页.*)?[-—]|第\d+页.*|第\d+/\d+页|共\d+页.*|\d+/\d+")
_SECTION: Final = re.compile(
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}部分)[^，。；]{1,20}"
)


def is_remark(row: SheetRow, schema: TableSchema, columns: Mapping[str, int]) -> bool:
    """Tell whether a row is no entry; one that fills every required column always is an entry."""
    filled = {name for name, place in columns.items() if not row.cell(place).is_blank}
    if not columns or not schema.missing(filled):
        return False
    texts = ["".join(cell.text.split()) for cell in row.cells if not cell.is_blank]
    first = texts[0] if texts else ""
    if _TOTAL.fullmatch(first) or _NOTE.fullmatch(first):
        return True
    return len(set(texts)) == 1 and (_PAGE.fullmatch(first) or _SECTION.fullmatch(first)) is not None
