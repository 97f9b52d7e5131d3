"""The audit log speaks Chinese: every command has its phrase, and no phrase is left over."""

import importlib
import pkgutil

import lian_desk.services
from lian_desk.services.audit_wording import audit_phrase, worded_kinds
from lian_desk.services.commands import all_commands

NOT_COMMANDS = {"MakeDemo", "clock_suspicious"}


def every_command() -> set[str]:
    for module in pkgutil.walk_packages(lian_desk.services.__path__, "lian_desk.services."):
        if not module.name.startswith("lian_desk.services.rendering."):
            importlib.import_module(module.name)
    return {kind.__name__ for kind in all_commands()}


def test_every_command_has_a_phrase_and_every_phrase_a_command() -> None:
    assert worded_kinds() - NOT_COMMANDS == every_command()


def test_phrases_tell_commands_apart() -> None:
    phrases = [audit_phrase(kind) for kind in worded_kinds()]
    assert len(set(phrases)) == len(phrases)
    assert all(not phrase.isascii() for phrase in phrases)


def test_a_refused_command_says_so() -> None:
    assert audit_phrase("refused:AddNote") == "未通过：写入档案记录"


def test_a_newer_command_shows_its_own_name() -> None:
    assert audit_phrase("FoldLetter") == "FoldLetter"
