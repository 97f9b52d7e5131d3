"""The list of materials: of all files or of one, newest first, by kind or state, searched by name of person or of file."""

from array import array
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, func, or_, select

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.vocabulary import MaterialKind, MaterialState, NameAnswer
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys, matching_files
from lian_desk.services.materials.page_plans import PlannedPage, read_plan
from lian_desk.services.names.known_names import names_of_files
from lian_desk.services.names.masking import mask_name, scrub_text
from lian_desk.services.words.flaw_words import flaw_of

_ESCAPE = "\\"


class MaterialRow(NamedTuple):
    """One material in a list; the insured's name is masked, also inside the name of the file."""

    key: int
    assistance_file_id: int
    file_number: str
    insured_name: str
    kind: MaterialKind
    state: MaterialState
    name_answer: NameAnswer
    shown_name: str
    media_type: str
    byte_size: int
    page_count: int | None
    document_on: date | None
    received_at: datetime
    rotation: int
    sha256: str
    #: The page shown first, with its own turning; the small picture shows it.
    first: PlannedPage
    trashed_at: datetime | None
    is_erased: bool
    #: What of the file was lost before it came, None where nothing is known to be.
    flaw: Flaw | None = None


class MaterialCounts(NamedTuple):
    """How many materials stand in each state, and how many lie in the trash."""

    by_state: dict[MaterialState, int]
    trashed: int

    @property
    def kept(self) -> int:
        """Materials that do not lie in the trash."""
        return sum(self.by_state.values())


class MaterialSource:
    """Row source of materials, newest first.

    Filters: ``file`` (key of an assistance file), ``kind``, ``state``, ``trash`` (then the trash alone is listed, else
    never). The text finds a part of the file's name, or the insured by name, pinyin, initials and numbers as everywhere.
    """

    tables = frozenset({"material", "assistance_file", "insured_person"})

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys of the materials that match ``query``."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> Select[int]:
        """Return the statement behind ``keys``: for the tests that read its plan."""
        is_trash = bool(query.filter("trash"))
        statement = select(Material.id).where(Material.trashed_at.is_not(None) if is_trash else is_kept())
        for name, column in (
            ("file", Material.assistance_file_id),
            ("kind", Material.kind),
            ("state", Material.state),
        ):
            value = query.filter(name)
            if value is not None:
                statement = statement.where(column == value)
        if query.text.strip():
            pattern = f"%{_escaped(query.text.strip())}%"
            persons = matching_files(select(AssistanceFile.id), query.text, AssistanceFile.id)
            by_name = Material.original_name.like(pattern, escape=_ESCAPE)
            statement = statement.where(or_(by_name, Material.assistance_file_id.in_(persons)))
        newest = Material.trashed_at.desc() if is_trash else Material.received_at.desc()
        return statement.order_by(newest, Material.id.desc()).limit(limit)

    def rows(self, keys: Sequence[int]) -> dict[int, MaterialRow]:
        """Return the rows of one page in one statement, and the names to hide in their files' names in another."""
        with self._desk.read() as session:
            found = session.execute(_row_statement().where(Material.id.in_(list(keys)))).all()
            names = names_of_files(session, {row.assistance_file_id for row in found})
        return {row.id: _row(row, names[row.assistance_file_id].every) for row in found}

    def counts(self, query: ListQuery) -> MaterialCounts:
        """Return how many materials stand in each state and in the trash; for the filter chips.

        Both counts come from indexes alone: all rows by state, less the few that lie in the trash.
        """
        rows = select(Material.state, func.count()).group_by(Material.state)
        file_id = query.filter("file")
        if file_id is not None:
            rows = rows.where(Material.assistance_file_id == file_id)
        with self._desk.read() as session:
            found = dict.fromkeys(MaterialState, 0) | {MaterialState(state): n for state, n in session.execute(rows)}
            trashed = session.execute(rows.where(Material.trashed_at.is_not(None))).all()
        for state, count in trashed:
            found[MaterialState(state)] -= count
        return MaterialCounts(found, sum(count for _state, count in trashed))


def _escaped(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")


def _row_statement() -> Select[Any]:
    statement = (
        select(
            Material.id,
            Material.assistance_file_id,
            Material.kind,
            Material.state,
            Material.name_answer,
            Material.original_name,
            Material.media_type,
            Material.byte_size,
            Material.page_count,
            Material.document_on,
            Material.received_at,
            Material.rotation,
            Material.sha256,
            Material.page_plan,
            Material.trashed_at,
            Material.erased_at,
            Material.flaw,
            Material.flaw_page,
            Material.flaw_line,
            Material.flaw_lines,
            AssistanceFile.number,
            InsuredPerson.name,
        )
        .join(AssistanceFile, AssistanceFile.id == Material.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
    )
    return cast("Select[Any]", statement)


def _row(row: Any, names: tuple[str, ...]) -> MaterialRow:
    return MaterialRow(
        key=row.id,
        assistance_file_id=row.assistance_file_id,
        file_number=row.number,
        insured_name=mask_name(row.name),
        kind=MaterialKind(row.kind),
        state=MaterialState(row.state),
        name_answer=NameAnswer(row.name_answer),
        shown_name=scrub_text(row.original_name, names=names),
        media_type=row.media_type,
        byte_size=row.byte_size,
        page_count=row.page_count,
        document_on=row.document_on,
        received_at=row.received_at,
        rotation=row.rotation,
        sha256=row.sha256,
        first=next(iter(read_plan(row.page_plan or "0", 1).shown), PlannedPage(0)),
        trashed_at=row.trashed_at,
        is_erased=row.erased_at is not None,
        flaw=flaw_of(row),
    )
