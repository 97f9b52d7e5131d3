"""Every fixed word of the documents can be drawn with the fonts of the program."""

from __future__ import annotations

import ast
from pathlib import Path

from lian_desk.adapters import drawing as documents
from lian_desk.adapters.drawing import press
from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.services.rules.rule_packs import load_current_pack


def _texts() -> set[str]:
    found: set[str] = set()
    for path in sorted(Path(documents.__file__).parent.glob("*.py")):
        if path.name in {"line_breaking.py", "legible_text.py"}:  # lists of characters, not words
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_no_fixed_word_needs_a_missing_glyph() -> None:
    fonts = press.fonts()
    imprint = imprint_of(load_current_pack())
    texts = _texts() | {imprint.footer_notice, imprint.told_by_insured, imprint.provider_name, imprint.insurer_name}
    texts |= {notice.text for notice in imprint.notices} | {notice.title for notice in imprint.notices}
    missing = {
        character for text in texts for character in text if character != "\n" and not fonts.has_glyph(ord(character))
    }
    assert missing == set()


def test_drawing_is_not_imported_by_the_views() -> None:
    source = Path(documents.__file__).with_name("printing.py").read_text(encoding="utf-8")
    tops = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("reportlab" in ast.unparse(node) or node_is_press(node) for node in tops)


def node_is_press(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and any(name.name == "press" for name in node.names)
