"""Looks at the words of a note while it is written: an emergency, a claims decision, medical advice (R73, R74, R76).

The words are data of the rule pack. Nothing is refused: what the insured person said must be written down as said;
the screen shows the clause and, for an emergency, the script to read out.
"""

from dataclasses import dataclass
from enum import StrEnum

from lian_desk.models.rules.catalogue import RulePack


class HintKind(StrEnum):
    """What a word in a note suggests."""

    EMERGENCY = "emergency"
    CLAIM = "claim"
    MEDICAL_ADVICE = "medical_advice"


@dataclass(frozen=True, slots=True)
class NoteHint:
    """One warning about a note: the words that caused it, the clause and a sentence for the screen."""

    kind: HintKind
    words: tuple[str, ...]
    clause: str
    sentence: str


def hints_for(text: str, pack: RulePack) -> tuple[NoteHint, ...]:
    """Return the warnings for ``text``, the emergency first; empty when nothing stands out."""
    texts = pack.texts
    found: list[NoteHint] = []
    for kind, words, clause, sentence in (
        (HintKind.EMERGENCY, texts.red_flag_words, "R74", "疑似紧急情况，请先宣读急救提示，再继续记录"),
        (HintKind.CLAIM, texts.claim_words, "R73", "不要写成理赔结论或承诺，理赔以利安人寿审核结果为准"),
        (HintKind.MEDICAL_ADVICE, texts.diagnosis_words, "R76", "只记录被保险人自述，不写诊断、用药建议或治疗方案"),
    ):
        present = tuple(word for word in words if word in text)
        if present:
            quoted = "、".join(present)
            found.append(NoteHint(kind, present, clause, f"“{quoted}”：{sentence}。"))
    return tuple(found)
