"""Cures for what reportlab 5.1 gets wrong with Chinese text. `apply()` is called once, before the first font is made.

Lines are broken, tables drawn and texts set by our own code (`line_breaking`, `layout`, `ink`), so the library's own
faults in those places never run, nor its shaping, which a foreign package would switch on. A test reads back a document
for each cure below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab import rl_config
from reportlab.pdfbase import ttfonts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.pdfbase.ttfonts import TTFont

#: The PDF standard allows at most this many pairs between `beginbfchar` and `endbfchar`.
_PAIRS_PER_BLOCK = 100


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """Return the CMap that leads from the codes of a font subset back to Unicode.

    The values have to be UTF-16: a code point above U+FFFF is two surrogates. Written with five hexadecimal digits, as
    the library does, a rare name prints right but is copied and searched as another character.
    """
    pairs = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    blocks = [pairs[start : start + _PAIRS_PER_BLOCK] for start in range(0, len(pairs), _PAIRS_PER_BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()


def apply() -> None:
    """Put the cures in place; doing it twice changes nothing."""
    ttfonts.makeToUnicodeCMap = to_unicode_map
    # pages would else be written as text, a quarter larger and slower
    rl_config.useA85 = 0


def keep_tables(font: TTFont) -> None:
    """Let the face of `font` cut each of its tables once: every document would copy 10 MB of outlines anew."""
    cut = font.face.get_table
    kept: dict[str, bytes] = {}

    def get_table(tag: str) -> bytes:
        if tag not in kept:
            kept[tag] = cut(tag)
        return kept[tag]

    font.face.get_table = get_table
