"""The search of the upper edge: by name, spoken name, initials, numbers and hospitals; masked."""

import pytest

from lian_desk.services.assistance_files.assistance_files import OpenAssistanceFile
from lian_desk.services.listings.assistance_files import AssistanceFileSource
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.search.global_search import find
from tests.desk_facts import opening, person
from tests.desk_world import World


@pytest.mark.parametrize(
    "text",
    [
        "王淑兰",
        "淑兰",
        "兰",
        "wangshulan",
        "WangShuLan",
        "shulan",
        "wsl",
        "WSL",
        "sl",
        "wangsl",
        "JLB202403000001",
        "jlb2024",
        "000001",
        "0001",
        "6620",
        "13812346620",
        "１３８１２３４６６２０"[-4:],
        "A-26-01-00001",
        "A2601",
        "王 6620",
        "wsl 00001",
        "1458",
    ],
)
def test_a_file_is_found(world: World, text: str) -> None:
    file_id = world.run(OpenAssistanceFile, **opening(world))
    number = person().identity_number
    found = find(world.desk, number[-4:] if text == "1458" else text)
    assert [hit.file_id for hit in found if hit.file_id] == [file_id]
    assert list(
        AssistanceFileSource(world.desk).keys(ListQuery().with_text(text if text != "1458" else number[-4:]))
    ) == [file_id]


@pytest.mark.parametrize("text", ["", "  ", "，。", "%", "_", "'", "🌸", "\u202e"])
def test_nothing_to_look_for_finds_nothing(world: World, text: str) -> None:
    world.run(OpenAssistanceFile, **opening(world))
    assert find(world.desk, text) == ()


@pytest.mark.parametrize("text", ["李淑兰", "王 9999", "tshulan", "6621", "' or 1=1 --", "兰淑"])
def test_another_person_is_not_found(world: World, text: str) -> None:
    world.run(OpenAssistanceFile, **opening(world))
    assert [hit for hit in find(world.desk, text) if hit.file_id] == []


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("单雄", ("shanxiong", "sx", "danxiong")),
        ("曾朝阳", ("zengzhaoyang", "zcy", "zzy")),
        ("仇和", ("qiuhe", "qh")),
        ("吕布", ("lvbu", "lyubu", "lubu")),
        ("欧阳娜娜", ("ouyangnana", "oynn", "nana")),
        ("王𬭎", ("王𬭎", "𬭎")),
        ("阿依古丽·买买提", ("买买提", "阿依古丽买买提")),
        ("Maria Chen", ("maria", "chen", "MARIACHEN")),
    ],
)
def test_names_are_found_as_they_are_spoken(world: World, name: str, texts: tuple[str, ...]) -> None:
    file_id = world.run(OpenAssistanceFile, **opening(world, person=person(name=name)))
    for text in texts:
        assert [hit.file_id for hit in find(world.desk, text) if hit.file_id] == [file_id], text


def test_what_is_found_is_masked(world: World) -> None:
    world.run(OpenAssistanceFile, **opening(world))
    (hit,) = find(world.desk, "wsl")
    shown = f"{hit.title} {hit.detail}"
    assert "王*兰" in shown
    assert "138****6620" in shown
    assert "淑" not in shown


def test_files_come_before_hospitals(world: World) -> None:
    world.run(OpenAssistanceFile, **opening(world, person=person(name="中山")))
    found = find(world.desk, "中山")
    assert found[0].file_id is not None
    assert "复旦大学附属中山医院" in {hit.hospital_name for hit in found[1:]}
    assert len(found) <= 12
