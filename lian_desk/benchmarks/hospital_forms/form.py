"""One layout: which kinds it is used for, what writes its head, what writes its foot."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from lian_desk.benchmarks.hospital_forms.sheet import RIGHT, FormFacts, Sheet
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.page_layout import MARGIN

Writer = Callable[[Sheet, FormFacts, Random], None]


@dataclass(frozen=True, slots=True)
class Form:
    """A layout of one hospital; ``head`` and ``foot`` write on the sheet and note which facts they printed."""

    name: str
    kinds: tuple[MaterialKind, ...]
    head: Writer
    foot: Writer


def heads(*writers: Writer) -> Writer:
    """Return the writers as one, in their order."""

    def write(sheet: Sheet, facts: FormFacts, rng: Random) -> None:
        for writer in writers:
            writer(sheet, facts, rng)

    return write


def foot(label: str, date_label: str, show: Callable[[date], str], *, signer: str = "", printed: str = "") -> Writer:
    """Return what writes who signed (by the name of the fact) and the day, and beside it when it was printed.

    Without a ``signer`` the label tells: whoever tests signs as technician, whoever reviews as checker.
    """
    who = signer or ("technician" if "检验" in label else "checker")

    def write(sheet: Sheet, facts: FormFacts, _rng: Random) -> None:
        sheet.y = min(max(sheet.y + 34, 480.0), 740.0)
        if label:
            sheet.put(MARGIN + 230, f"{label}{getattr(facts, who)}", 11)
            sheet.say(who)
            sheet.down(20)
        sheet.put(MARGIN + 230, f"{date_label}{show(facts.dated_on)}", 11)
        sheet.say("dated_on")
        if printed:
            sheet.down(30)
            sheet.put(MARGIN, f"{printed}{facts.printed_at:%Y-%m-%d %H:%M}", 8.5, faint=True)
            sheet.put_right(RIGHT, "本报告仅对所检标本负责", 8.5)

    return write
