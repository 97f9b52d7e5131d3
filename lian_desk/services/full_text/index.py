"""Full-text index of everything readable in a file: recognised pages, notes, names of materials.

The index lies inside the encrypted database and keeps no text of its own (``models.full_text``). Rows written through
a session of the desk are indexed by themselves (:func:`follow`); recognised pages are handed over by
:func:`index_page`; rows that were written in bulk wait in the backlog (:func:`catch_up`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import (
    Select,
    Table,
    TableClause,
    column,
    delete,
    event,
    func,
    insert,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from lian_desk.models.tables.materials.full_text import PAGE_ORIGIN, FullTextBacklog, FullTextEntry, FullTextForm
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.services.full_text.sources import BY_ORIGIN, TextSource
from lian_desk.services.full_text.words import FORM, expression, indexed_form, may_go_on, phrases_of

_INDEX: Final[TableClause] = table(
    "full_text_fts", column("rowid"), column("pairs"), column("characters"), column("scope")
)
_ENTRY: Final = cast("Table", FullTextEntry.__table__)
_MATERIAL: Final = Material.__tablename__
#: Rows of the backlog that are indexed in one transaction; it holds the write lane for some tens of milliseconds.
SLICE: Final = 400
#: Up to this many entries the index is written anew at once after a removal; it takes a second or two.
MERGED_AT_ONCE: Final = 20_000
#: Entries that are written anew in one transaction, pages among them.
_REWRITTEN: Final = 100
#: Name of the order in the backlog; sorts before the names of tables.
_MERGE: Final = "#merge"
#: Pages of the index that one slice merges, and the fewest changes a slice with work makes (as SQLite tells).
_MERGED_PAGES: Final = 400
_LEAST_CHANGES: Final = 2


@dataclass(frozen=True)
class TextPlace:
    """Where something was found. ``material_id`` is None for the words of a row; ``page`` then is 0."""

    entry_id: int
    assistance_file_id: int
    origin: str
    source_id: int
    page: int

    @property
    def material_id(self) -> int | None:
        """The material that the page or name belongs to."""
        return self.source_id if self.origin in {PAGE_ORIGIN, _MATERIAL} else None


@dataclass(frozen=True)
class FoundPlaces:
    """One batch, newest first. ``after`` continues it, None when there is no more."""

    phrases: tuple[tuple[str, ...], ...]
    places: tuple[TextPlace, ...]
    after: int | None


# -- writing ----------------------------------------------------------------------------------------------------------


def index_page(session: Session, material_id: int, page: int, words: str) -> None:
    """Index the recognised ``words`` of a page of the original (from 0) in place of what was known; none: forget it."""
    file_id = session.scalar(select(Material.assistance_file_id).where(Material.id == material_id))
    if file_id is None:
        return
    _replace(session, PAGE_ORIGIN, material_id, page, file_id, words)


def index_note(session: Session, row: Any) -> None:
    """Index the words of a mapped row whose table is a text source, in place of what was known of it."""
    source = BY_ORIGIN[row.__tablename__]
    file_id = source.file_of(session, row)
    _replace(session, source.origin, row.id, 0, file_id, source.indexed_words(row))


def remove_material(session: Session, material_id: int) -> None:
    """Forget the pages and the name of a material, down to the last trace in the files of the index."""
    _remove(session, FullTextEntry.origin.in_((PAGE_ORIGIN, _MATERIAL)), FullTextEntry.source_id == material_id)
    merge(session)


def remove_pages(session: Session, material_id: int) -> None:
    """Forget the pages of a material, as before it is read anew."""
    _remove(session, FullTextEntry.origin == PAGE_ORIGIN, FullTextEntry.source_id == material_id)


def remove_file(session: Session, file_id: int) -> None:
    """Forget every word of an assistance file, down to the last trace in the files of the index."""
    _remove(session, FullTextEntry.assistance_file_id == file_id)
    merge(session)


def merge(session: Session) -> None:
    """Write the index anew without what was removed; a removed entry is only struck out until then.

    A large index would hold the write lane for minutes: there the order goes into the backlog and is carried out slice
    by slice (:func:`catch_up`).
    """
    if (session.scalar(select(func.max(FullTextEntry.id))) or 0) <= MERGED_AT_ONCE:
        session.execute(text("INSERT INTO full_text_fts(full_text_fts) VALUES ('optimize')"))
        return
    waiting = session.get(FullTextBacklog, _MERGE)
    if waiting is None:
        session.add(FullTextBacklog(origin=_MERGE, reached=0))
    else:
        waiting.reached = 0


def _replace(session: Session, origin: str, source_id: int, page: int, file_id: int | None, words: str) -> None:
    known = (FullTextEntry.origin == origin, FullTextEntry.source_id == source_id, FullTextEntry.page == page)
    _remove(session, *known)
    form = indexed_form(words)
    if file_id is None or not form.pairs:
        return
    entry_id = session.execute(
        insert(_ENTRY)
        .values(assistance_file_id=file_id, origin=origin, source_id=source_id, page=page)
        .returning(_ENTRY.c.id)
    ).scalar_one()
    session.execute(
        insert(_INDEX).values(rowid=entry_id, pairs=form.pairs, characters=form.characters, scope=_scope(file_id))
    )


def _remove(session: Session, *where: Any) -> None:
    entries = session.scalars(select(FullTextEntry.id).where(*where)).all()
    if entries:
        for entry_id in entries:
            session.execute(delete(_INDEX).where(_INDEX.c.rowid == entry_id))
        session.execute(delete(_ENTRY).where(_ENTRY.c.id.in_(entries)))


def _scope(file_id: int) -> str:
    return f"f{file_id}"


def follow(sessions: "sessionmaker[Session]") -> None:
    """Index from now on whatever the sessions of this maker write, so that no command has to think of it."""
    event.listen(sessions, "after_flush", _index_flushed)


def _index_flushed(session: Session, _context: UOWTransaction) -> None:
    fresh: dict[str, list[Any]] = {}
    for row in session.new:
        if row.__tablename__ in BY_ORIGIN:
            fresh.setdefault(row.__tablename__, []).append(row)
    _index_rows(session, [(BY_ORIGIN[origin], rows) for origin, rows in fresh.items()])
    for row in session.dirty:
        source = BY_ORIGIN.get(row.__tablename__)
        if source is not None and _has_other_words(source, row):
            index_note(session, row)
    for row in session.deleted:
        if row.__tablename__ in BY_ORIGIN:
            _remove(session, FullTextEntry.origin == row.__tablename__, FullTextEntry.source_id == row.id)


def _has_other_words(source: TextSource, row: Any) -> bool:
    """Tell whether this flush changed anything of ``row`` that its entry is made of; most changes are of other columns."""
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in source.watched)


# -- the backlog ------------------------------------------------------------------------------------------------------


def catch_up(session: Session, limit: int = SLICE) -> bool:
    """Do one slice of what waits; True while there is more. The caller commits.

    First come entries whose words lie in an older form, then up to ``limit`` rows that were written in bulk.
    """
    form = session.get(FullTextForm, 1)
    if form is not None and form.form < FORM:
        return _rewrite_slice(session, form, min(limit, _REWRITTEN))
    waiting = session.scalars(select(FullTextBacklog).order_by(FullTextBacklog.origin).limit(1)).first()
    if waiting is None:
        return False
    if waiting.origin == _MERGE:
        return _merge_slice(session, waiting)
    source = BY_ORIGIN[waiting.origin]
    key: Any = source.kind.__table__.c.id
    rows: Sequence[Any] = session.scalars(
        select(source.kind).where(key > waiting.reached).order_by(key).limit(limit)
    ).all()
    known = _known_of(session, source, rows)
    _index_rows(session, [(source, [row for row in rows if row.id not in known])])
    if len(rows) < limit:
        session.delete(waiting)
    else:
        waiting.reached = rows[-1].id
    session.flush()
    for row in rows:
        session.expunge(row)
    return True


def _rewrite_slice(session: Session, form: FullTextForm, limit: int) -> bool:
    """Write some entries anew under their own keys, so that what was found newest first stays so."""
    after = FullTextEntry.id > form.reached
    entries = session.scalars(select(FullTextEntry).where(after).order_by(FullTextEntry.id).limit(limit)).all()
    for entry in entries:
        session.execute(delete(_INDEX).where(_INDEX.c.rowid == entry.id))
        words = indexed_form(_words_behind(session, entry))
        if words.pairs:
            scope = _scope(entry.assistance_file_id)
            session.execute(insert(_INDEX).values(rowid=entry.id, **words._asdict(), scope=scope))
        else:
            session.delete(entry)
        form.reached = entry.id
    if len(entries) < limit:
        form.form, form.reached = FORM, 0
        merge(session)
    session.flush()
    return True


def _words_behind(session: Session, entry: FullTextEntry) -> str:
    """Return the text that an entry was made of; empty when it is gone."""
    if entry.origin == PAGE_ORIGIN:
        page = (MaterialPageText.material_id == entry.source_id, MaterialPageText.page == entry.page)
        return session.scalar(select(MaterialPageText.text).where(*page)) or ""
    source = BY_ORIGIN.get(entry.origin)
    row = None if source is None else session.get(source.kind, entry.source_id)
    return "" if source is None or row is None else source.indexed_words(row)


def _merge_slice(session: Session, waiting: FullTextBacklog) -> bool:
    """Merge some pages of the index; the first slice gathers all of its parts, a slice without work ends it."""
    before = session.scalar(text("SELECT total_changes()"))
    pages = _MERGED_PAGES if waiting.reached else -_MERGED_PAGES
    session.execute(text("INSERT INTO full_text_fts(full_text_fts, rank) VALUES ('merge', :pages)"), {"pages": pages})
    done = (session.scalar(text("SELECT total_changes()")) or 0) - (before or 0)
    if done < _LEAST_CHANGES:
        session.delete(waiting)
    else:
        waiting.reached += 1
    session.flush()
    return True


def _known_of(session: Session, source: TextSource, rows: Sequence[Any]) -> set[int]:
    """Return the keys of those ``rows`` that have an entry already."""
    entry = FullTextEntry
    keys = [row.id for row in rows]
    return set(
        session.scalars(
            select(entry.source_id).where(entry.origin == source.origin, entry.source_id.in_(keys), entry.page == 0)
        )
    )


def _index_rows(session: Session, found: Sequence[tuple[TextSource, Sequence[Any]]]) -> None:
    """Index rows that have no entry yet, of however many sources, all in two statements; none for no words."""
    wanted = [
        (source, row, form)
        for source, rows in found
        for row in rows
        if (form := indexed_form(source.indexed_words(row))).pairs
    ]
    entries: list[dict[str, Any]] = []
    forms: dict[tuple[str, int], dict[str, Any]] = {}
    for source, row, form in wanted:
        file_id = source.file_of(session, row)
        if file_id is None:
            continue
        entries.append({"assistance_file_id": file_id, "origin": source.origin, "source_id": row.id, "page": 0})
        forms[source.origin, row.id] = {**form._asdict(), "scope": _scope(file_id)}
    if entries:
        made = session.execute(insert(_ENTRY).returning(_ENTRY.c.id, _ENTRY.c.origin, _ENTRY.c.source_id), entries)
        session.execute(insert(_INDEX), [{"rowid": key, **forms[origin, source]} for key, origin, source in made])


def begin(session: Session) -> None:
    """Say of an index without entries that it has today's form: nothing in it has to be written anew."""
    session.merge(FullTextForm(id=1, form=FORM, reached=0))


def expect_everything(session: Session) -> None:
    """Put every text source into the backlog: after rows were written in bulk."""
    known = set(session.scalars(select(FullTextBacklog.origin)))
    session.add_all(FullTextBacklog(origin=origin, reached=0) for origin in BY_ORIGIN if origin not in known)


# -- finding ----------------------------------------------------------------------------------------------------------


def find(
    session: Session,
    question: str,
    limit: int,
    after: int | None = None,
    *,
    file_id: int | None = None,
    with_trash: bool = False,
) -> FoundPlaces:
    """Return up to ``limit`` places where every phrase of ``question`` stands, newest first.

    ``after`` continues an earlier batch; ``file_id`` keeps to one assistance file. Materials in the trash are left out
    unless ``with_trash``. Operators, quotes and brackets in
    the question are text like any other, that is, nothing to look for. Where nothing is found for a word of letters
    that may be unfinished, words that begin with it are taken.
    """
    phrases = phrases_of(question)
    if not phrases:
        return FoundPlaces((), (), None)

    def ask(*, is_begun: bool) -> tuple[TextPlace, ...]:
        wanted = expression(phrases, is_begun=is_begun)
        if file_id is not None:
            wanted = f'scope : "{_scope(file_id)}" AND {wanted}'
        rows = session.execute(place_statement(wanted, limit, after, with_trash=with_trash))
        return tuple(TextPlace(*row) for row in rows)

    found = ask(is_begun=False)
    more = found[-1].entry_id if len(found) == limit else None
    if not found and after is None and may_go_on(phrases):
        # a begun word gathers every word that begins so before the first hit; hence one full batch and no second
        found, more = ask(is_begun=True), None
    return FoundPlaces(tuple(map(tuple, phrases)), found, more)


def place_statement(question: str, limit: int, after: int | None = None, *, with_trash: bool = False) -> Select[Any]:
    """Return the statement behind :func:`find`: the index is walked from its newest entry and left after ``limit``."""
    entry = FullTextEntry
    columns: tuple[Any, ...] = (entry.id, entry.assistance_file_id, entry.origin, entry.source_id, entry.page)
    statement: Select[Any] = (
        select(*columns)
        .select_from(_INDEX)
        .join(entry, entry.id == _INDEX.c.rowid)
        .where(literal_column("full_text_fts").op("MATCH")(question))
        .order_by(_INDEX.c.rowid.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(_INDEX.c.rowid < after)
    if not with_trash:
        in_trash = select(Material.id).where(Material.trashed_at.is_not(None))
        is_material = entry.origin.in_((PAGE_ORIGIN, _MATERIAL))
        statement = statement.where(~(is_material & entry.source_id.in_(in_trash)))
    return statement
