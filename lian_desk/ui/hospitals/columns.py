"""The columns of the hospital list as data."""

from collections.abc import Mapping
from typing import Final

from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.hospitals.list_import import ListChange
from lian_desk.services.listings.hospitals import HospitalRow
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone

CHANGE_WORDS: Final[Mapping[ListChange, ChipText]] = {
    ListChange.NEW: ChipText("新增", Tone.KEPT),
    ListChange.CHANGED: ChipText("变更", Tone.INFO),
    ListChange.TAKEN_OFF: ChipText("移出", Tone.RISK),
    ListChange.UNCHANGED: ChipText("未变", Tone.NEUTRAL),
    ListChange.FAULTY: ChipText("有误", Tone.BROKEN),
}


def hospital_columns() -> tuple[Column, ...]:
    """Return the columns of the hospital list."""
    return (
        Column(
            "医院",
            text=lambda row: row.name,
            secondary=lambda row: row.campus,
            sort="name",
            width=340,
            kind=ColumnKind.NAME,
            stretch=True,
        ),
        Column("省份", text=lambda row: row.province, sort="city", width=96),
        Column("城市", text=lambda row: row.city, width=96),
        Column("等级与专科", chips=_level, width=190, kind=ColumnKind.CHIP),
        Column("名录", chips=_listed, width=132, kind=ColumnKind.CHIP),
        Column("列入期间", text=_period, width=180, kind=ColumnKind.SECONDARY),
        Column("别名", text=lambda row: row.aliases, width=240, kind=ColumnKind.SECONDARY, yields=True),
    )


def _period(row: HospitalRow) -> str:
    starts = formats.iso_day(row.on_list_from)
    return starts if row.on_list_to is None else f"{starts} 至 {formats.iso_day(row.on_list_to)}"


def _level(row: HospitalRow) -> tuple[ChipText, ...]:
    tone = Tone.ACCENT if row.level is HospitalLevel.CLASS_A_TERTIARY else Tone.NEUTRAL
    chips = [ChipText(phrase(row.level), tone)]
    if row.specialty is not HospitalSpecialty.GENERAL:
        chips.append(ChipText(phrase(row.specialty), Tone.INFO))
    return tuple(chips)


def _listed(row: HospitalRow) -> tuple[ChipText, ...]:
    if not row.is_on_list:
        return (ChipText("不在名录", Tone.RISK),)
    return (ChipText("名录内（样例）", Tone.RISK) if row.is_sample else ChipText("名录内", Tone.KEPT),)
