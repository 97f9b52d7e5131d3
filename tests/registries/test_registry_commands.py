"""Every command has a handler, roles, a phrase in the log and a door to its words; layers load without Qt."""

import dataclasses
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import lian_desk.services
from lian_desk.models.vocabulary import Role
from lian_desk.services.commands.commands import Command, all_commands
from lian_desk.services.desk.audit_wording import audit_phrase, worded_kinds

ROOT = Path(__file__).resolve().parents[2]


def _load_services() -> None:
    for module in pkgutil.walk_packages(lian_desk.services.__path__, "lian_desk.services."):
        importlib.import_module(module.name)


def _subclasses(kind: type[Command]) -> set[type[Command]]:
    found = set(kind.__subclasses__())
    return found | {deeper for child in found for deeper in _subclasses(child)}


_load_services()
# commands that another test made for itself in the same process are none of the program
COMMANDS = sorted(
    (kind for kind in all_commands() if kind.__module__.startswith("lian_desk.")), key=lambda kind: kind.__name__
)


def test_every_command_of_the_program_has_a_handler() -> None:
    own = {kind for kind in _subclasses(Command) if kind.__module__.startswith("lian_desk.")}
    assert own == set(COMMANDS)
    assert len(COMMANDS) > 50


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_a_command_is_frozen_documented_and_worded(kind: type[Command]) -> None:
    entry = all_commands()[kind]
    assert entry.roles
    assert entry.roles <= frozenset(Role)
    assert dataclasses.fields(kind)[0].name == "command_id"
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert all(field.kw_only for field in dataclasses.fields(kind))
    assert inspect.getdoc(kind) != inspect.getdoc(Command)
    assert inspect.getdoc(entry.handler)
    assert kind.__name__ in worded_kinds()
    assert audit_phrase(kind.__name__) != kind.__name__


def test_the_log_has_no_phrase_for_what_nobody_seals() -> None:
    """Besides commands the log holds what the program itself notes; each such kind stands where it is sealed."""
    noted = worded_kinds() - {kind.__name__ for kind in COMMANDS}
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "lian_desk" / "services").rglob("*.py")
        if path.name != "audit_wording.py"
    )
    assert [kind for kind in noted if f'"{kind}"' not in sources] == []


def test_phrases_of_commands_differ() -> None:
    words = [audit_phrase(kind.__name__) for kind in COMMANDS]
    assert sorted(words) == sorted(set(words))


def test_models_and_services_load_without_qt_and_without_the_window() -> None:
    code = """
import importlib, pkgutil, sys
import lian_desk.models, lian_desk.services, lian_desk.cli
for package in (lian_desk.models, lian_desk.services, lian_desk.cli):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "lian_desk.ui"))))
"""
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert found.stderr == ""
