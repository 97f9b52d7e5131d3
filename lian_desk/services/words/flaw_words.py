"""What is said about a material of which a part was lost before it came: in lists, beside its pages, on lists that leave."""

from typing import Final, Protocol

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.models.vocabulary import MaterialFlaw
from lian_desk.services.words.wording import phrase

ADVICE: Final = "已照原样收取；请看清还能用的部分，需要完整内容时请客户重新发送原文件。"
_PLACES: Final = {
    MaterialFlaw.BOTTOM_LOST: "图片自第 {line} 行以下损坏（共 {lines} 行）",
    MaterialFlaw.TOP_LOST: "图片自第 {line} 行以上损坏（共 {lines} 行）",
    MaterialFlaw.LEFT_LOST: "图片自第 {line} 列以左损坏（共 {lines} 列）",
    MaterialFlaw.RIGHT_LOST: "图片自第 {line} 列以右损坏（共 {lines} 列）",
    MaterialFlaw.BAND_DAMAGED: "图片中段自第 {line} 行起有损坏（共 {lines} 行）",
    MaterialFlaw.PAGES_LOST: "文件在第 {page} 页处中断，后面的页缺失",
    MaterialFlaw.DETAIL_LOST: "图片数据不完整，细节比原来模糊",
    MaterialFlaw.PART_DAMAGED: "图片有一部分损坏",
}
_NAME_THEIR_PAGE: Final = frozenset({MaterialFlaw.END_INCOMPLETE, MaterialFlaw.PAGES_LOST})


class FlawedRow(Protocol):
    """A row of a material, or what was read from it."""

    flaw: MaterialFlaw | None
    flaw_page: int
    flaw_line: int
    flaw_lines: int


def flaw_of(row: FlawedRow) -> Flaw | None:
    """Return the flaw that a row keeps."""
    return None if row.flaw is None else Flaw(MaterialFlaw(row.flaw), row.flaw_page, row.flaw_line, row.flaw_lines)


def flaw_words(flaw: Flaw, page_count: int | None) -> str:
    """Return what is missing and where: 图片自第 961 行以下损坏（共 1900 行）; with the page where there are several."""
    pattern = _PLACES.get(flaw.kind, phrase(flaw.kind))
    words = pattern.format(page=flaw.page, line=flaw.line, lines=flaw.lines)
    is_one_of_many = (page_count or 0) > 1 and flaw.kind not in _NAME_THEIR_PAGE
    return f"第 {flaw.page} 页{words}" if is_one_of_many else words
