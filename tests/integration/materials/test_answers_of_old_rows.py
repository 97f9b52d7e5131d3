"""What the upgrade says of materials that were there before the door had three answers (R1)."""

from importlib import import_module

import pytest
from sqlalchemy import text

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import NameAnswer
from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.desk_world import World

REVISION = import_module("lian_desk.models.migrations.versions.0015_name_answers")


@pytest.mark.parametrize(
    ("state", "matches", "finding", "answer"),
    [
        ("quarantined", None, None, NameAnswer.OTHER),
        ("received", 0, ("name", "same", "proposed", 0.9), NameAnswer.OTHER),
        ("received", None, ("name", "other", "proposed", 0.9), NameAnswer.OTHER),
        ("received", None, ("identity_number", "other", "proposed", 0.9), NameAnswer.OTHER),
        ("received", None, ("name", "same", "proposed", 0.9), NameAnswer.INSURED),
        ("received", 1, ("name", "needs_look", "confirmed", 0.9), NameAnswer.INSURED),
        ("received", None, ("name", "needs_look", "proposed", 0.9), NameAnswer.OTHER),
        ("received", None, ("name", "needs_look", "proposed", 0.4), NameAnswer.UNSEEN),
        ("confirmed", 1, None, NameAnswer.INSURED),
        ("received", 1, None, NameAnswer.UNSEEN),
        ("received", None, None, NameAnswer.UNSEEN),
    ],
)
def test_r1_a_row_of_before_gets_the_answer_that_was_known(
    world: World,  # noqa: F811
    state: str,
    matches: int | None,
    finding: tuple[str, str, str, float] | None,
    answer: NameAnswer,
) -> None:
    key = world.material(world.open_file())
    with world.desk.database.write_session() as session:
        session.execute(
            text("update material set state = :s, name_matches = :m, name_answer = 'unseen' where id = :k"),
            {"s": state, "m": matches, "k": key},
        )
        if finding is not None:
            session.execute(
                text(
                    "insert into material_finding (id, version, material_id, field, value, seen_text, page, left, top,"
                    " width, height, confidence, match, state, decided_value, found_at)"
                    " values (1, 1, :k, :f, 'x', 'x', 0, 0, 0, 0, 0, :c, :m, :s, '', 0)"
                ),
                dict(zip("fmsc", finding, strict=True)) | {"k": key},
            )
        session.execute(text(REVISION.ANSWERED))
        session.commit()
    with world.desk.read() as session:
        assert session.get_one(Material, key).name_answer is answer
