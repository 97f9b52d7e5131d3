"""What every document says about the service, taken from the rule pack: provider, hotlines, edition, notices R73-R79."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing.views import Imprint, Notice

if TYPE_CHECKING:
    from lian_desk.models.rules.catalogue import RulePack

TOLD_BY_INSURED = "病情与用药均为被保险人自述，未经医学判断。"

#: Headings of the notices; a clause without one is headed by its place in the handbook.
_HEADINGS = {
    "R73": "保险理赔",
    "R74": "紧急情况",
    "R75": "就医参考信息",
    "R76": "非医疗行为",
    "R77": "医疗费用",
    "R78": "医疗纠纷",
    "R79": "停诊与延期",
}


def imprint_of(pack: RulePack) -> Imprint:
    """Return the imprint of the edition that governs a document."""
    return Imprint(
        edition=pack.edition,
        edition_name=pack.label,
        handbook_title=pack.title,
        insurer_name=pack.insurer.name,
        insurer_hotline=pack.insurer.hotline,
        provider_name=pack.provider.name,
        provider_hotline=pack.provider.hotline,
        footer_notice=pack.texts.record_footer,
        told_by_insured=TOLD_BY_INSURED,
        notices=tuple(
            Notice(clause=clause.id, title=_HEADINGS.get(clause.id, clause.place), place=clause.place, text=clause.text)
            for clause in pack.notices
        ),
    )
