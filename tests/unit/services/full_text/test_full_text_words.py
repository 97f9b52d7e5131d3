"""Words of a text as they are indexed and found again in it."""

import pytest

from lian_desk.models.radicals import IDEOGRAPH_OF_RADICAL
from lian_desk.services.full_text.words import phrases_of, spans_in, words_of


def test_every_radical_of_both_blocks_is_an_ideograph() -> None:
    blocks = {*range(0x2E80, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)}
    # the dot of U+2E80 looks like no ideograph; U+2E9A is no character
    assert set(IDEOGRAPH_OF_RADICAL) == blocks - {0x2E80}
    assert words_of("⻔⻓⻅⻛⽇⾼⻢⻘⻁") == list("门长见风日高马青虎")


@pytest.mark.parametrize(
    ("text", "question", "shown"),
    [
        ("取药 ⻔诊病历", "门诊", "⻔诊"),
        ("㎎\u200b在⻔诊", "门诊", "⻔诊"),
        ("一\u200b二㎎门诊", "门诊", "门诊"),
        ("急\u2060诊", "急诊", "急\u2060诊"),
        ("ＭＲＩ检查", "mri检", "ＭＲＩ检"),
    ],
)
def test_what_was_found_is_marked_where_it_stands(text: str, question: str, shown: str) -> None:
    (span,) = spans_in(text, phrases_of(question))
    assert text[span[0] : span[1]] == shown
