"""The configuration of the checks keeps up with the folders of the program."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED_UI_FOLDERS = {"common"}


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _contract(kind: str) -> list[dict[str, Any]]:
    return [one for one in _pyproject()["tool"]["importlinter"]["contracts"] if one["type"] == kind]


def test_every_feature_folder_of_the_user_interface_is_in_the_independence_contract() -> None:
    folders = {
        f"lian_desk.ui.{path.name}"
        for path in (ROOT / "lian_desk" / "ui").iterdir()
        if (path / "__init__.py").is_file() and path.name not in SHARED_UI_FOLDERS
    }
    (independence,) = _contract("independence")
    assert folders, "no feature folder found: the test looks in the wrong place"
    assert set(independence["modules"]) == folders


def test_every_top_module_of_the_program_is_a_layer() -> None:
    found = {
        f"lian_desk.{path.stem}"
        for path in (ROOT / "lian_desk").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }
    (layers,) = [one for one in _contract("layers") if "containers" not in one]
    assert set(layers["layers"]) == found


def test_every_folder_of_the_program_is_a_package() -> None:
    homeless = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "lian_desk").rglob("*.py")
        if not (path.parent / "__init__.py").is_file() and "versions" not in path.parts
    ]
    assert homeless == []


def test_every_ignored_ruff_rule_has_a_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("ignore = [") + 1
    stop = lines.index("]", start)
    assert stop > start
    assert [line for line in lines[start:stop] if "#" not in line] == []


def test_warnings_fail_the_tests() -> None:
    options = _pyproject()["tool"]["pytest"]["ini_options"]
    assert options["filterwarnings"][0] == "error"
    assert options["qt_log_level_fail"] == "WARNING"
    assert options["xfail_strict"] is True
