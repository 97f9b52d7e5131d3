"""Phrases (常用语) of the follow-up form: shipped, the team's and one's own, found by the first letters of their pinyin.

Phrases say what is usually told and asked; none names a diagnosis, a dose or a treatment (R76). The shipped ones are
data of the program, so that an update never touches what a team wrote.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from sqlalchemy import or_, select

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.requests.care_plan import Phrase
from lian_desk.models.vocabulary import PhraseField
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.search_terms import initials_of

_TEXT_LIMIT = 400
_INITIALS_LIMIT = 40


@dataclass(frozen=True, kw_only=True)
class SavePhrase(Command):
    """Write a phrase, or (``replaces``) the next wording of one. ``is_shared``: for the whole team, by a lead."""

    field: PhraseField
    text: str
    is_shared: bool = False
    replaces: int | None = None


@dataclass(frozen=True, kw_only=True)
class RetirePhrase(Command):
    """Take a phrase out of the list; records written with it stay as they are."""

    phrase_id: int


@dataclass(frozen=True, slots=True)
class PhraseLine:
    """One phrase to offer. ``key`` None: shipped with the program."""

    key: int | None
    field: PhraseField
    text: str
    initials: str
    is_shared: bool


@handles(SavePhrase)
def save_phrase(command: SavePhrase, context: CommandContext) -> int:
    """Store a phrase; a replaced one is retired in the same transaction.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` when a case manager writes for the team or touches a colleague's phrase.
    """
    if command.is_shared:
        context.require_lead()
    if command.replaces is not None:
        _retire(context, command.replaces)
    text = input_checks.required(command.text, field="phrase", limit=_TEXT_LIMIT)
    row = Phrase(
        id=context.new_id(),
        field=command.field,
        text=text,
        initials=initials_of(text)[:_INITIALS_LIMIT],
        owner_id=None if command.is_shared else context.operator.id,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    return row.id


@handles(RetirePhrase)
def retire_phrase(command: RetirePhrase, context: CommandContext) -> int:
    """Retire a phrase of one's own, or as a lead one of the team."""
    return _retire(context, command.phrase_id)


def _retire(context: CommandContext, key: int) -> int:
    row = context.get(Phrase, key)
    if row.retired_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    is_own = row.owner_id == context.operator.id
    is_the_teams = row.owner_id is None and context.operator.role in LEADS
    if not (is_own or is_the_teams):
        raise RuleViolation(ErrorCode.NOT_ALLOWED)
    row.retired_at = context.now
    return row.id


@cache
def shipped_phrases() -> tuple[PhraseLine, ...]:
    """Return the phrases shipped with the program; their letters stand in the file, so that no pinyin is needed."""
    content = tomllib.loads(resource_path("phrases.toml").read_text(encoding="utf-8"))
    return tuple(
        PhraseLine(None, PhraseField(entry["field"]), entry["text"], entry["initials"], is_shared=True)
        for entry in content["phrase"]
    )


def load_phrases(desk: Desk) -> tuple[PhraseLine, ...]:
    """Return what may be offered to the operator: own phrases, the team's, the shipped ones."""
    statement = (
        select(Phrase.id, Phrase.field, Phrase.text, Phrase.initials, Phrase.owner_id)
        .where(Phrase.retired_at.is_(None), or_(Phrase.owner_id == desk.operator.id, Phrase.owner_id.is_(None)))
        .order_by(Phrase.initials, Phrase.id)
    )
    with desk.read() as session:
        rows = session.execute(statement).all()
    lines = [PhraseLine(row.id, row.field, row.text, row.initials, is_shared=row.owner_id is None) for row in rows]
    return (*sorted(lines, key=lambda line: line.is_shared), *shipped_phrases())


def matching(phrases: tuple[PhraseLine, ...], letters: str, field: PhraseField) -> tuple[PhraseLine, ...]:
    """Return the phrases for ``field`` whose letters begin with ``letters``; own ones first, then the team's."""
    wanted = letters.strip().lower()
    return tuple(line for line in phrases if line.field is field and wanted and line.initials.startswith(wanted))
