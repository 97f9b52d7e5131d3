"""What a material says in a list, as data."""

from datetime import datetime
from typing import Final

from lian_desk.models.vocabulary import MaterialState, NameAnswer
from lian_desk.services.listings.materials import MaterialRow
from lian_desk.services.words.flaw_words import flaw_words
from lian_desk.services.words.format_words import format_name, is_kept_only
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.formats import iso_moment, local, size
from lian_desk.ui.common.look.theme import Tone

STATE_TONES: Final = {
    MaterialState.RECEIVED: Tone.RISK,
    MaterialState.CONFIRMED: Tone.KEPT,
    MaterialState.DEFICIENT: Tone.BROKEN,
    MaterialState.QUARANTINED: Tone.BROKEN,
}


ANSWER_TONES: Final = {
    NameAnswer.INSURED: Tone.KEPT,
    NameAnswer.OTHER: Tone.BROKEN,
    NameAnswer.UNSEEN: Tone.RISK,
}
_SHORT_ANSWERS: Final = {NameAnswer.UNSEEN: "未见姓名"}
"""Where there is no room for the whole answer; the tip says all of it."""


def answer_chip(answer: NameAnswer, *, is_short: bool = False) -> ChipText:
    """Return the badge that says whose name stands on a material (R1)."""
    words = _SHORT_ANSWERS.get(answer, phrase(answer)) if is_short else phrase(answer)
    return ChipText(words, ANSWER_TONES[answer])


def state_chip(state: MaterialState) -> ChipText:
    """Return the badge of a state."""
    return ChipText(phrase(state), STATE_TONES[state])


def type_name(media_type: str) -> str:
    """Return PDF, JPG, Word 文档 … or an empty text for an unknown type."""
    return format_name(media_type)


def day_words(moment: datetime) -> str:
    """Return 9月28日."""
    there = local(moment)
    return f"{there.month}月{there.day}日"


def pages_words(media_type: str, page_count: int | None) -> str:
    """Return 4 页, or what the file is that has no pages: Word 文档, AMR 录音; 不能显示 where neither is known."""
    if page_count is not None:
        return f"{page_count} 页"
    return format_name(media_type) if is_kept_only(media_type) else "不能显示"


def facts(row: MaterialRow) -> str:
    """Return the quiet line of a tile: what is missing, pages and day, such as 文件结尾不完整 · 4 页 · 9月28日."""
    pages = pages_words(row.media_type, row.page_count)
    dated = row.document_on
    day = day_words(row.received_at) if dated is None else f"{dated.month}月{dated.day}日"
    flaw = "" if row.flaw is None else phrase(row.flaw.kind)
    # what is missing goes first: a narrow tile cuts the end
    return " · ".join(filter(None, (flaw, pages, day)))


def whose(row: MaterialRow) -> str:
    """Return whose material it is, masked, with the number of the file."""
    return f"{row.insured_name} · {row.file_number}"


def tip(row: MaterialRow) -> str:
    """Return what the pointer explains."""
    kind = type_name(row.media_type)
    lines = (
        row.shown_name,
        f"{kind} {size(row.byte_size)} · 收到于 {iso_moment(row.received_at)}",
        f"{whose(row)} · 材料上的姓名：{phrase(row.name_answer)}",
    )
    flaw = "" if row.flaw is None else flaw_words(row.flaw, row.page_count)
    return "\n".join(filter(None, (*lines, flaw)))


COLUMNS: Final = (
    Column(
        "材料",
        text=lambda row: phrase(row.kind),
        kind=ColumnKind.TWO_LINES,
        secondary=facts,
        chips=lambda row: (state_chip(row.state), *(() if row.is_erased else (answer_chip(row.name_answer),))),
        tooltip=tip,
        width=240,
    ),
)
