"""A workspace of before knows after its upgrade whether a real hospital list was ever taken in (R31)."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from lian_desk.adapters.database import schema
from lian_desk.adapters.database.database import Database, create_empty
from lian_desk.adapters.machine.sqlcipher import DatabaseKey
from lian_desk.services.hospitals.hospital_lists import holds_sample, sample_version

KEY = DatabaseKey(bytes(range(32)))
RECORDED = 1_790_000_000_000_000
"""Microseconds: 2026-09-21."""


def before(tmp_path: Path) -> Path:
    """Return a database as it was before the lists were put on record."""
    scripts = tmp_path / "scripts"
    shutil.copytree(schema.shipped_scripts(), scripts)
    versions = sorted((scripts / "versions").glob("[0-9]*.py"))
    first = next(path for path in versions if path.stem.endswith("_table_imports"))
    for path in versions[versions.index(first) :]:
        path.unlink()
    path = tmp_path / "desk.sqlite3"
    create_empty(path, KEY)
    schema.upgrade_database(path, KEY, scripts)
    return path


def add_hospital(path: Path, key: int, source: str, starts: str | None) -> None:
    database = Database.open(path, KEY)
    with database.write_session() as session:
        session.execute(
            text(
                "INSERT INTO hospital (id, version, code, name, campus, province, city, level, specialty, aliases, "
                "sort_name, search_text, on_list_from, source, recorded_at) VALUES (:key, 1, :code, '医院', '', '江苏省', "
                "'南京市', 'class_a_tertiary', 'general', '', 'y', '', :starts, :source, :recorded)"
            ),
            {"key": key, "code": str(key), "starts": starts, "source": source, "recorded": RECORDED},
        )
        session.commit()
    database.close()


def lists_after(path: Path) -> tuple[list[tuple[object, ...]], bool]:
    schema.upgrade_database(path, KEY)
    database = Database.open(path, KEY)
    with database.read_session() as session:
        rows = session.execute(
            text("SELECT source, effective_on, taken_in_at, taken_in_by FROM hospital_list ORDER BY source")
        ).all()
        is_sample = holds_sample(session)
    database.close()
    return [tuple(row) for row in rows], is_sample


def test_a_list_that_was_taken_in_before_is_put_on_record(tmp_path: Path) -> None:
    path = before(tmp_path)
    add_hospital(path, 1, sample_version(), "2024-11-01")
    add_hospital(path, 2, "利安人寿APP 2026-10", "2026-10-01")
    add_hospital(path, 3, "利安人寿APP 2026-10", None)
    add_hospital(path, 4, "省公司补充", None)
    assert lists_after(path) == (
        [("利安人寿APP 2026-10", "2026-10-01", RECORDED, None), ("省公司补充", "2026-09-21", RECORDED, None)],
        False,
    )


@pytest.mark.parametrize("source", [sample_version(), ""])
def test_a_workspace_with_the_sample_alone_still_has_the_sample(tmp_path: Path, source: str) -> None:
    path = before(tmp_path)
    add_hospital(path, 1, sample_version(), "2024-11-01")
    add_hospital(path, 2, source, "2024-11-01")
    assert lists_after(path) == ([], True)
