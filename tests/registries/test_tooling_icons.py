"""Every icon that the window names is shipped."""

import ast
from pathlib import Path

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.ui.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[2]
DRAWING_FUNCTIONS = {"icon", "pixmap"}


def _named_icons(tree: ast.AST) -> set[str]:
    """Literal names in ``icon("…")``, ``pixmap("…")`` and in any argument called ``icon``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        candidates = [keyword.value for keyword in node.keywords if keyword.arg in {"icon", "icon_name"}]
        if function in DRAWING_FUNCTIONS:
            candidates += node.args[:1]
        found |= {one.value for one in candidates if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found - {""}


def test_every_icon_named_in_the_user_interface_is_there() -> None:
    used = {
        (name, path.relative_to(ROOT).as_posix())
        for path in (ROOT / "lian_desk" / "ui").rglob("*.py")
        for name in _named_icons(ast.parse(path.read_text(encoding="utf-8")))
    } | {(action.icon, "actions") for action in ACTIONS}
    shipped = {path.stem for path in resource_path("icons").glob("*.svg")}
    assert used
    assert {(name, place) for name, place in used if name not in shipped} == set()
