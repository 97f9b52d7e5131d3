"""The reasons behind an answer: words and place of the clause, the edition, the facts used."""

from lian_desk.services.desk.explanations import explain
from tests.desk_world import World


def test_each_clause_once_with_words_place_and_edition(world: World) -> None:
    found = explain(world.desk, ["R46", "R47", "R46"], ["余 0 次", "", "余 0 次"])
    assert [clause.id for clause in found.clauses] == ["R46", "R47"]
    assert found.clauses[0].text == world.desk.pack.clause("R46").text
    assert found.clauses[0].place == world.desk.pack.clause("R46").place
    assert found.facts == ("余 0 次",)
    assert found.edition == "2024年11月版"


def test_a_clause_of_another_edition_is_left_out(world: World) -> None:
    assert explain(world.desk, ["R999"]).is_empty
