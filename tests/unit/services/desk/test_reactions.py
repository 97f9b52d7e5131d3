"""What follows a commit is a table: each row answers to its own tables and to nothing else."""

import pytest

from lian_desk.models.tables.schema import metadata
from lian_desk.services.commands.changes import Changes
from lian_desk.services.desk.reactions import REACTIONS, Reaction


def touched(kind: str, table: str) -> Changes:
    return Changes(**{kind: {table: frozenset({1})}})


@pytest.mark.parametrize("reaction", REACTIONS, ids=lambda reaction: reaction.table)
def test_a_reaction_answers_to_its_table_only(reaction: Reaction) -> None:
    assert reaction.table in metadata.tables
    for table in metadata.tables:
        assert reaction.answers(touched("created", table)) is (table == reaction.table)
        for kind in ("updated", "deleted"):
            assert reaction.answers(touched(kind, table)) is (table == reaction.table and not reaction.only_new)
    assert not reaction.answers(Changes())


def test_what_the_desk_keeps_in_memory_has_its_reaction() -> None:
    assert {reaction.table for reaction in REACTIONS} == {
        "calendar_year",
        "workspace_setting",
        "handbook_edition",
        "stored_file_discard",
    }
