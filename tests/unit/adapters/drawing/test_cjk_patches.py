"""The cures for reportlab, and that they are still needed and in place."""

from __future__ import annotations

from reportlab.pdfbase import ttfonts

from lian_desk.adapters.drawing import cjk_patches, press


def test_rare_characters_are_written_as_surrogates() -> None:
    lines = cjk_patches.to_unicode_map("F", [0x41, 0x2CB4E]).split("\n")
    assert "<00> <0041>" in lines
    assert "<01> <D872DF4E>" in lines


def test_no_block_holds_more_than_a_hundred_pairs() -> None:
    text = cjk_patches.to_unicode_map("F", list(range(0x4E00, 0x4E00 + 256)))
    counts = [int(line.split()[0]) for line in text.split("\n") if line.endswith("beginbfchar")]
    assert counts == [100, 100, 56]
    assert "<00> <FF>" in text


def test_the_library_draws_with_the_cure() -> None:
    press.fonts()
    assert ttfonts.makeToUnicodeCMap is cjk_patches.to_unicode_map
