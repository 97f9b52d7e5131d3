"""Hints on the words of a note come from the rule pack."""

from __future__ import annotations

from lian_desk.services.follow_ups.note_wording import HintKind, hints_for
from lian_desk.services.rules.rule_packs import load_current_pack


def test_an_emergency_comes_first() -> None:
    hints = hints_for("自述胸痛，问能否理赔，医生建议停药", load_current_pack())
    assert [hint.kind for hint in hints] == [HintKind.EMERGENCY, HintKind.CLAIM, HintKind.MEDICAL_ADVICE]
    assert [hint.clause for hint in hints] == ["R74", "R73", "R76"]
    assert "胸痛" in hints[0].sentence


def test_a_quiet_note_has_no_hint() -> None:
    assert hints_for("症状平稳，睡眠好", load_current_pack()) == ()
