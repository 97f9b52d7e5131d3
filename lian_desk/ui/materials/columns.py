"""What a material says in a list, as data."""

from datetime import datetime
from typing import Final

from lian_desk.models.vocabulary import MaterialState, NameAnswer
from lian_desk.services.listings.materials import MaterialRow
from lian_desk.services.rendering.sniffing import MediaType
from lian_desk.services.wording import phrase
from lian_desk.ui.common.chips import ChipText
from lian_desk.ui.common.columns import Column, ColumnKind
from lian_desk.ui.common.formats import iso_moment, local, size
from lian_desk.ui.common.theme import Tone

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
    """Return PDF, JPG … or an empty text for a type that cannot be shown."""
    return MediaType(media_type).short_name if media_type in set(MediaType) else ""


def day_words(moment: datetime) -> str:
    """Return 9月28日."""
    there = local(moment)
    return f"{there.month}月{there.day}日"


def facts(row: MaterialRow) -> str:
    """Return the quiet line of a tile: pages and day, such as 4 页 · 9月28日."""
    pages = "不能显示" if row.page_count is None else f"{row.page_count} 页"
    dated = row.document_on
    day = day_words(row.received_at) if dated is None else f"{dated.month}月{dated.day}日"
    return f"{pages} · {day}"


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
    return "\n".join(lines)


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
