"""Search over many recognised pages: the whole way from the question to masked excerpts, beside the bare index."""

import shutil
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, text

from lian_desk.adapters.database.database import UPGRADE_PRAGMAS, make_engine
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.machine.sqlcipher import DriverConnection
from lian_desk.benchmarks.figures import Figure, figure, times_of
from lian_desk.models.tables.materials.full_text import PAGE_ORIGIN, FullTextEntry
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.vocabulary import TextOrigin
from lian_desk.services.demo.generator import DemoOptions, make_demo
from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text.words import expression, indexed_form, phrases_of
from lian_desk.services.search.text_search import BATCH, find_texts
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace, workspace_exists

if TYPE_CHECKING:
    from lian_desk.benchmarks.materials.materials_suite import MaterialsBench

AIM_MS: Final = 50.0
#: One character, two, a long phrase, figures, letters, both; frequent and rare; two words; words that never meet.
QUESTIONS: Final = (
    "患",
    "患者",
    "肌钙蛋白",
    "入院后完善相关检查",
    "CA125",
    "mri",
    "血压142/88",
    "乳腺 淋巴结",
    "患院",
    "丁七丁七",
    "王建国",
)
_FILES: Final = 60
_CHUNK: Final = 5_000
_SENTENCES_A_PAGE: Final = 14
_RARE_A_PAGE: Final = 40
_RARE_FROM: Final = 0x4E00
_RARE_KINDS: Final = 3_000
_BULK: Final = (*UPGRADE_PRAGMAS, "synchronous = OFF", "cache_size = -262144", "wal_autocheckpoint = 20000")
_RAW: Final = "SELECT rowid FROM full_text_fts WHERE full_text_fts MATCH ? ORDER BY rowid DESC LIMIT ?"


def measure_search(bench: "MaterialsBench") -> list[Figure]:
    """Return how long the slowest question takes, warm and on a fresh connection."""
    folder = bench.room("full_text") / f"pages-{bench.pages}"
    opened_at = SystemClock().now()
    if not _holds(folder, bench.pages):
        bench.say(f"writing {bench.pages:,} pages of text in {folder}")
        # what lies there is a run that was cut off, or one of other pages
        shutil.rmtree(folder, ignore_errors=True)
        create_workspace(folder, NewWorkspace("测量", "01", None, is_demo=True), opened_at)
        _fill(folder, bench)
    desk = Desk(open_workspace(folder, by_throw_away_key(), opened_at), SystemClock())
    try:
        return _measure(desk, bench)
    finally:
        desk.close()


def _measure(desk: Desk, bench: "MaterialsBench") -> list[Figure]:
    warm = {question: times_of(partial(find_texts, desk, question), bench.runs) for question in QUESTIONS}
    connection = desk.database.driver_connection(reading=True)
    wanted = {question: expression(phrases_of(question)) for question in QUESTIONS}
    floors = {question: times_of(partial(_raw, connection, wanted[question]), bench.runs) for question in QUESTIONS}
    connection.close()
    slowest = max(QUESTIONS, key=lambda question: sorted(warm[question])[bench.runs // 2])

    def fresh() -> None:
        desk.database.read_engine.dispose()
        find_texts(desk, slowest)

    def fresh_raw() -> None:
        made = desk.database.driver_connection(reading=True)
        _raw(made, wanted[slowest])
        made.close()

    usual = [time for question in QUESTIONS for time in warm[question]]
    usual_floor = [time for question in QUESTIONS for time in floors[question]]
    pages = f"{bench.pages:,} pages"
    return [
        figure(f"search {pages}, {len(QUESTIONS)} questions", usual, "the index alone", usual_floor, aim_ms=AIM_MS),
        figure(f"search {pages}, slowest question", warm[slowest], "the index alone", floors[slowest], aim_ms=AIM_MS),
        figure(
            f"search {pages}, slowest, new connection",
            times_of(fresh, bench.runs),
            "the index alone, new connection",
            times_of(fresh_raw, bench.runs),
        ),
    ]


def _raw(connection: DriverConnection, question: str) -> object:
    return connection.execute(_RAW, (question, BATCH)).fetchall()


def _holds(folder: Path, pages: int) -> bool:
    if not workspace_exists(folder):
        return False
    opened = open_workspace(folder, by_throw_away_key(), SystemClock().now())
    try:
        with opened.database.read_session() as session:
            held = session.scalar(select(func.count()).where(FullTextEntry.origin == PAGE_ORIGIN))
        return held == pages
    finally:
        opened.close()


def _fill(folder: Path, bench: "MaterialsBench") -> None:
    """Write pages, entries and index in bulk, as recognition would have page by page."""
    now = SystemClock().now()
    opened = open_workspace(folder, by_throw_away_key(), now)
    engine = make_engine(opened.layout.database, opened.keys.database, _BULK, begin="BEGIN IMMEDIATE", pool_size=0)
    make_demo(opened, DemoOptions(files=_FILES, own_papers=0), now)
    rng = Random(bench.pages)  # noqa: S311 - invented pages
    sentences = _sentences()
    try:
        with engine.connect() as connection:
            papers = connection.execute(select(Material.id, Material.assistance_file_id)).all()
            connection.execute(text("DELETE FROM full_text_backlog"))
            first = connection.scalar(select(func.max(FullTextEntry.id))) or 0
            for start in range(0, bench.pages, _CHUNK):
                numbers = range(start, min(start + _CHUNK, bench.pages))
                rows = [_row(rng, sentences, papers[number % len(papers)], number // len(papers)) for number in numbers]
                _write(connection, rows, first + start + 1, now)
                connection.commit()
                bench.say(f"{numbers.stop:,} of {bench.pages:,} pages")
    finally:
        engine.dispose()
        opened.close()


def _row(rng: Random, sentences: list[str], paper: Any, page: int) -> tuple[int, int, int, str]:
    """Return material, file, page and text of one page: usual sentences, and a line of rarer characters."""
    usual = "。".join(rng.choices(sentences, k=_SENTENCES_A_PAGE))
    rare = "".join(chr(_RARE_FROM + int(_RARE_KINDS * rng.random() ** 3)) for _ in range(_RARE_A_PAGE))
    return paper.id, paper.assistance_file_id, page, f"{usual}\n{rare}{rng.randrange(10**6)}"


def _write(connection: Any, rows: list[tuple[int, int, int, str]], first_id: int, now: Any) -> None:
    connection.execute(
        insert(MaterialPageText),
        [
            {
                "id": first_id + place,
                "material_id": material_id,
                "page": page,
                "origin": TextOrigin.RECOGNISED,
                "turned": 0,
                "text": words,
                "lines": "[]",
                "read_at": now,
            }
            for place, (material_id, _file_id, page, words) in enumerate(rows)
        ],
    )
    connection.execute(
        insert(FullTextEntry),
        [
            {
                "id": first_id + place,
                "assistance_file_id": file_id,
                "origin": PAGE_ORIGIN,
                "source_id": material_id,
                "page": page,
            }
            for place, (material_id, file_id, page, _words) in enumerate(rows)
        ],
    )
    connection.exec_driver_sql(
        "INSERT INTO full_text_fts(rowid, pairs, characters, scope) VALUES (?, ?, ?, ?)",
        [
            (first_id + place, *indexed_form(words), f"f{file_id}")
            for place, (_material_id, file_id, _page, words) in enumerate(rows)
        ],
    )


def _sentences() -> list[str]:
    """Return the sentences of the invented papers."""
    content = tomllib.loads(resource_path("demo", "papers.toml").read_text(encoding="utf-8"))
    return sorted(set(_texts(content)))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for held in content.values():
            yield from _texts(held)
    elif isinstance(content, list):
        for held in content:
            yield from _texts(held)
