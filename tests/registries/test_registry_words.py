"""Every word of a vocabulary, every error and every command has its phrase, once, and the phrases are whole."""

import ast
import inspect
import re
import string
from enum import StrEnum
from pathlib import Path

import pytest

from lian_desk.models import vocabulary
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.desk.audit_wording import audit_phrase, worded_kinds
from lian_desk.services.words.error_sentences import SENTENCES
from lian_desk.services.words.wording import phrase, phrases, sentence, worded_vocabularies

PACKAGE = Path(__file__).resolve().parents[2] / "lian_desk"
VOCABULARIES = [
    kind
    for _, kind in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(kind, StrEnum) and kind is not StrEnum
]
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("kind", VOCABULARIES)
def test_every_member_has_a_phrase_of_its_own(kind: type[StrEnum]) -> None:
    words = [phrase(member) for member in kind]
    assert all(words)
    assert len(set(words)) == len(words)
    assert [member for member, _ in phrases(kind)] == list(kind)
    assert all(HAN.search(word) for word in words)


def test_no_phrase_stands_for_a_member_that_is_gone() -> None:
    from lian_desk.services.words.wording import _PHRASES

    assert worded_vocabularies() == frozenset(VOCABULARIES)
    assert {kind: set(words) for kind, words in _PHRASES.items()} == {
        kind: {member.value for member in kind} for kind in VOCABULARIES
    }


def test_values_of_a_vocabulary_fit_their_column_and_are_plain() -> None:
    values = {member.value for kind in VOCABULARIES for member in kind}
    assert all(re.fullmatch(r"[a-z0-9_]{1,48}", value) for value in values)


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_has_a_whole_sentence(code: ErrorCode) -> None:
    text = SENTENCES[code]
    assert HAN.search(text)
    assert text.endswith("。")
    for _, name, format_spec, conversion in string.Formatter().parse(text):
        assert name is None or name.isidentifier()
        assert not format_spec
        assert conversion is None
    assert "{" not in sentence(RuleViolation(code))
    assert set(SENTENCES) == set(ErrorCode)


def test_every_code_is_raised_somewhere() -> None:
    """A sentence that nobody can ever read is a promise without a keeper."""
    used: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name in {"errors.py", "error_wording.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.isupper():
                used.add(node.attr)
    assert {code.name for code in ErrorCode} - used == set()


def test_a_sentence_takes_words_for_vocabulary_and_nothing_for_what_is_missing() -> None:
    violation = RuleViolation(ErrorCode.WRONG_STATUS, status=vocabulary.RequestStatus.BOOKED)
    assert "“预约成功”" in sentence(violation)
    assert "“”" in sentence(RuleViolation(ErrorCode.WRONG_STATUS))
    assert "{x}" in sentence(RuleViolation(ErrorCode.PERSON_EXISTS, twin="{x}"))


def test_phrases_of_the_log_have_commands_and_refusals_say_so() -> None:
    assert audit_phrase("refused:AddNote") == f"未通过：{audit_phrase('AddNote')}"
    assert audit_phrase("SomethingNewer") == "SomethingNewer"
    assert worded_kinds()
