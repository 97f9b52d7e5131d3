"""The hospital list: what ships, what a list adds, and how a campus is found."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import delete

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_list import (
    HospitalInput,
    TakeInHospitalList,
    TakeInShippedList,
    hospital_values,
    seed_hospitals,
)
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.hospitals import HospitalSource
from lian_desk.services.names.name_order import place_syllables
from tests.desk_facts import carry_out, count, refusal
from tests.desk_world import World

CAMPUS = HospitalInput(
    code="TEST-01",
    name="试验市第一人民医院",
    campus="东院",
    province="江苏",
    city="南京",
    level=HospitalLevel.CLASS_A_TERTIARY,
    specialty=HospitalSpecialty.GENERAL,
    aliases="试验一院、南京东院",
    on_list_from=date(2024, 11, 1),
    on_list_to=None,
    source="2026-09",
)


def names(desk: Desk, text: str, **filters: str) -> list[str]:
    query = ListQuery().with_text(text)
    for name, value in filters.items():
        query = query.with_filter(name, value)
    source = HospitalSource(desk)
    keys = source.keys(query)
    rows = source.rows(keys)
    return [rows[key].name for key in keys]


def test_the_shipped_list_has_no_campus_twice_and_says_what_it_is() -> None:
    seeds = seed_hospitals()
    assert len(seeds) > 200
    assert len({(seed.code, seed.on_list_from) for seed in seeds}) == len(seeds)
    assert all(seed.source for seed in seeds)


def test_a_lead_takes_in_a_list_and_knows_what_was_new(world: World) -> None:
    before = count(world.desk, Hospital)
    known = dataclasses.replace(seed_hospitals()[0], name="改了名的医院")
    order = {"hospitals": (CAMPUS, CAMPUS, known)}
    assert refusal(world, TakeInHospitalList, **order).code is ErrorCode.NOT_ALLOWED
    outcome = carry_out(world, TakeInHospitalList, by=world.lead, **order)
    assert outcome.key is None
    assert {table: len(keys) for table, keys in outcome.changes.created.items()} == {"hospital": 1, "hospital_list": 1}
    assert count(world.desk, Hospital) == before + 1
    again = carry_out(world, TakeInHospitalList, by=world.lead, **order)
    assert again.changes.count() == 0


def test_set_up_fills_an_empty_directory_whoever_works_there(world: World) -> None:
    assert carry_out(world, TakeInShippedList).changes.count() == 0
    with world.desk.opened.database.write_session() as session:
        session.execute(delete(Hospital))
        session.commit()
    assert carry_out(world, TakeInShippedList).changes.count() == len(seed_hospitals())
    assert count(world.desk, Hospital) == len(seed_hospitals())


def test_a_later_membership_is_a_row_of_its_own(world: World) -> None:
    later = dataclasses.replace(CAMPUS, on_list_from=date(2026, 11, 1))
    outcome = carry_out(world, TakeInHospitalList, by=world.lead, hospitals=(CAMPUS, later))
    assert len(outcome.changes.created["hospital"]) == 2
    assert names(world.desk, "试验市", scope="listed") == [CAMPUS.name]


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("重庆医科大学附属第一医院", "chongqing"),
        ("成都市第三人民医院", "chengdu"),
        ("首都医科大学附属北京朝阳医院", "shoudu"),
        ("首都医科大学附属北京朝阳医院", "chaoyang"),
        ("漯河市中心医院", "luohe"),
        ("六安市人民医院", "luan"),
        ("长沙市中心医院", "changsha"),
        ("郑州大学第一附属医院", "zhengzhou"),
    ],
)
def test_a_hospital_is_found_as_its_city_is_spoken(desk: Desk, name: str, spoken: str) -> None:
    assert spoken in "".join(place_syllables(name))
    assert name in names(desk, spoken)


@pytest.mark.parametrize("text", ["试验一院", "东院", "syyy", "nanjing 试验", "ＳＹＹＹ", "试验市第一"])
def test_a_campus_is_found_by_alias_campus_initials_and_city(world: World, text: str) -> None:
    carry_out(world, TakeInHospitalList, by=world.lead, hospitals=(CAMPUS,))
    assert CAMPUS.name in names(world.desk, text)


def test_a_search_takes_signs_for_signs(desk: Desk) -> None:
    assert names(desk, "100%_") == []


def test_every_seed_has_something_to_sort_and_search_by() -> None:
    for seed in seed_hospitals():
        values = hospital_values(seed)
        assert values["sort_name"]
        assert seed.city in str(values["search_text"])
