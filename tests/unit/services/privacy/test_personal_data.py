"""Every column that says who somebody is is named once; erasure takes it away, and no masked text shows a name (R90)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import String, Text, select, update

from lian_desk.models.tables.schema import metadata
from lian_desk.models.vocabulary import ErasureGround, Sex, SignerKind
from lian_desk.services.assistance_files.assistance_files import OpenAssistanceFile
from lian_desk.services.assistance_files.former_names import ChangeFormerNames
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.names.masking import GONE
from lian_desk.services.privacy import erasure_plan, personal_data
from lian_desk.services.privacy.file_erasure import EraseAssistanceFile
from lian_desk.services.privacy.personal_data import COLUMNS, PERSONAL, Holding
from tests.desk_facts import authorization, guardian, opening, person
from tests.desk_world import World, identity_number

MARK = "麒麟绢"
LOGS = frozenset(
    {
        "audit_entry",
        "command_log",
        "entitlement_entry",
        "entitlement_slot",
        "file_erasure",
        "file_handover",
        "full_text_entry",
        "legal_hold",
        "material",
        "material_removal",
    }
)
"""Kept rows that account for the work; materials are erased by a module of their own and its own tests."""
NAMES = [
    (table, column) for table, columns in COLUMNS.items() for column, held in columns.items() if held is Holding.NAME
]
TEXTS = [
    (table, column)
    for table, columns in COLUMNS.items()
    for column, held in columns.items()
    if held in PERSONAL and type(metadata.tables[table].columns[column].type) in {String, Text}
]


@pytest.mark.parametrize("table", COLUMNS)
def test_r90_a_column_that_nobody_classified_fails(table: str) -> None:
    assert set(COLUMNS[table]) == set(metadata.tables[table].columns.keys())


def test_r90_every_table_that_the_erasure_passes_over_is_named_column_by_column() -> None:
    assert set(personal_data.BY_HAND) == erasure_plan.UNTOUCHED - LOGS
    assert set(personal_data.BY_HAND) <= set(COLUMNS)


def test_r90_every_personal_column_of_a_row_that_stays_says_what_is_left_in_it() -> None:
    wanted = {(table, column) for table in personal_data.BY_HAND for column in personal_data.personal_columns(table)}
    assert set(personal_data.LEFT) == wanted


@pytest.mark.parametrize("table", sorted(set(COLUMNS) - set(personal_data.BY_HAND)))
def test_r90_every_other_personal_column_is_emptied_or_its_row_removed(table: str) -> None:
    if table in erasure_plan.REMOVED:
        return
    emptied = {column.name for column in erasure_plan.erased_columns(metadata.tables[table])}
    assert set(personal_data.personal_columns(table)) <= emptied


def whole(world: World) -> int:
    """A file of a child, so that guardian, former name, holder and signer stand in it."""
    child = opening(
        world,
        person=person(name="王小满", identity_number=identity_number(date(2015, 7, 9), 637)),
        guardian=guardian(),
        authorization=authorization(world, signer_kind=SignerKind.GUARDIAN, signer_name="王建国"),
    )
    file_id = world.run(OpenAssistanceFile, **child)
    world.run(ChangeFormerNames, assistance_file_id=file_id, former_names=("王招娣",), basis="户口簿")
    return file_id


def marked(world: World, table: str, column: str) -> str:
    """Write the mark into one column of every row, as a maker's new column would hold it."""
    target = metadata.tables[table]
    value = f"{MARK}{column}"
    with world.desk.opened.database.write_session() as session:
        assert session.execute(select(target.c.id)).first() is not None
        session.execute(update(target).values({column: value}))
        session.commit()
    return value


def everywhere(world: World) -> Iterator[tuple[str, str, Any]]:
    with world.desk.read() as session:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, String)]
            for row in session.execute(select(*columns)) if columns else ():
                yield from ((table.name, c.name, v) for c, v in zip(columns, row, strict=True) if isinstance(v, str))


@pytest.mark.parametrize(("table", "column"), NAMES, ids=["-".join(one) for one in NAMES])
def test_r90_every_column_of_a_name_is_among_the_names_to_hide(world: World, table: str, column: str) -> None:
    file_id = whole(world)
    value = marked(world, table, column)
    with world.desk.read() as session:
        assert value in names_of_file(session, file_id).every


@pytest.mark.parametrize(("table", "column"), TEXTS, ids=["-".join(one) for one in TEXTS])
def test_r90_every_personal_text_is_gone_after_an_erasure(world: World, table: str, column: str) -> None:
    file_id = whole(world)
    marked(world, table, column)
    assert any(MARK in value for _, _, value in everywhere(world))
    erase(world, file_id)
    assert [(where, what) for where, what, value in everywhere(world) if MARK in value] == []


def test_r90_what_is_left_of_the_person_is_not_the_person(world: World) -> None:
    file_id = whole(world)
    erase(world, file_id)
    view = load_file_view(world.desk, file_id, revealed=True)
    assert view is not None
    assert (view.insured_name, view.sex, view.born_on, view.phone, view.former_names) == (
        GONE,
        Sex.ERASED,
        personal_data.UNKNOWN_DAY,
        "",
        (),
    )
    assert view.identity_number.startswith("erased-")


def erase(world: World, file_id: int) -> None:
    view = load_file_view(world.desk, file_id)
    assert view is not None
    world.run(
        EraseAssistanceFile,
        by=world.lead,
        assistance_file_id=file_id,
        ground=ErasureGround.INSURED_REQUEST,
        reason="本人书面要求删除",
        file_number=view.number,
    )
