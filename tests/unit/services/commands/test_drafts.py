"""Drafts: typed text survives a crash, encrypted, one set per form and operator."""

from datetime import timedelta

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_world import World


def test_a_draft_is_kept_replaced_and_dropped(desk: Desk) -> None:
    assert desk.drafts.load("open_file") is None
    desk.drafts.save("open_file", {"name": "王淑兰", "phone": "", "age": 3, "on": None})
    desk.drafts.save("open_file", {"name": "王淑兰🌸", "nested": {"a": [1]}})
    assert desk.drafts.load("open_file") == {"name": "王淑兰🌸", "nested": {"a": [1]}}
    desk.drafts.drop("open_file")
    desk.drafts.drop("open_file")
    assert desk.drafts.load("open_file") is None


def test_the_newest_draft_comes_first(world: World) -> None:
    for form in ("a", "b", "c"):
        world.desk.drafts.save(form, {})
        world.clock.moment += timedelta(seconds=1)
    world.desk.drafts.save("a", {"x": 1})
    assert world.desk.drafts.keys() == ["a", "c", "b"]


def test_drafts_of_colleagues_are_their_own(world: World) -> None:
    world.desk.drafts.save("note", {"text": "甲"})
    world.lead.drafts.save("note", {"text": "乙"})
    world.lead.drafts.drop("other")
    assert world.desk.drafts.load("note") == {"text": "甲"}
    world.lead.drafts.drop("note")
    assert world.desk.drafts.keys() == ["note"]


def test_a_draft_survives_an_end_without_a_close(world: World) -> None:
    """The process dies: nothing is folded in, the lock is all that is given back."""
    world.desk.drafts.save("open_file", {"name": "王淑兰"})
    opened = world.desk.opened
    opened.database.dispose()
    opened._lock.release()
    again = open_workspace(opened.folder, by_throw_away_key(), world.clock.moment)
    try:
        assert Desk(again, world.clock).drafts.load("open_file") == {"name": "王淑兰"}
    finally:
        again.close()
        opened._closed = True
