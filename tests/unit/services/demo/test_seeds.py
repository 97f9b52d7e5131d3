import csv
import tomllib
from collections import Counter
from datetime import date

import pytest

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import ExaminationCode, HospitalLevel, HospitalSpecialty, Severity
from lian_desk.services.demo.pages.papers import clinical_words

IN_SCOPE_KINDS = {"municipality", "city", "capital"}


def _toml(*parts: str) -> dict:
    return tomllib.loads(resource_path(*parts).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hospitals() -> list[dict[str, str]]:
    lines = resource_path("hospitals", "hospitals-2024-11.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#")
    assert "不是" in lines[0]
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def cities() -> dict[str, dict]:
    return {row["name"]: row for row in _toml("regions", "regions.toml")["city"]}


def test_every_hospital_speaks_the_vocabularies(hospitals):
    assert len(hospitals) > 150
    for row in hospitals:
        HospitalLevel(row["level"])
        HospitalSpecialty(row["specialty"])
        if row["on_list_from"]:
            date.fromisoformat(row["on_list_from"])
        if row["on_list_to"]:
            assert date.fromisoformat(row["on_list_to"]) > date.fromisoformat(row["on_list_from"])


def test_codes_and_campuses_are_unique(hospitals):
    assert max(Counter(row["code"] for row in hospitals).values()) == 1
    assert max(Counter((row["name"], row["campus"]) for row in hospitals).values()) == 1


def test_columns_are_those_the_list_names(hospitals):
    assert list(hospitals[0]) == _toml("hospitals", "list.toml")["columns"]


def test_each_hospital_lies_in_a_known_city_and_its_code_says_which(hospitals, cities):
    for row in hospitals:
        city = cities[row["city"]]
        assert city["province"] == row["province"]
        assert row["code"].startswith(city["code"] + "-")


def test_every_hospital_on_the_list_is_in_scope_by_level(hospitals, cities):
    for row in hospitals:
        if row["on_list_from"]:
            assert row["level"] == HospitalLevel.CLASS_A_TERTIARY or row["specialty"] == HospitalSpecialty.CANCER
            assert row["province"] not in {"重庆市", "浙江省", "湖北省", "陕西省", "辽宁省"}
            assert cities[row["city"]]["kind"] in IN_SCOPE_KINDS


def test_some_are_known_but_not_on_the_list(hospitals):
    outside = [row for row in hospitals if not row["on_list_from"]]
    assert {"重庆市", "杭州市", "武汉市", "佛山市"} <= {row["city"] for row in outside}
    assert any(row["level"] == HospitalLevel.SECONDARY and row["city"] == "北京市" for row in outside)


def test_all_cities_of_the_seven_provinces_are_there(cities):
    counted = Counter(row["province"] for row in cities.values() if row["kind"] in {"city", "capital"})
    expected = {"江苏省": 13, "安徽省": 16, "河南省": 17, "四川省": 18, "山东省": 16, "河北省": 11, "湖南省": 13}
    assert {province: counted[province] for province in expected} == expected
    assert max(Counter(row["code"] for row in cities.values()).values()) == 1


def test_the_disease_list_is_marked_as_a_sample_and_complete():
    content = _toml("diseases", "2024-11.toml")
    assert content["is_official"] is False
    codes = [row["code"] for row in content["disease"]]
    assert len(set(codes)) == len(codes)
    by_severity = Counter(row["severity"] for row in content["disease"])
    assert set(by_severity) == {str(member) for member in Severity}
    assert by_severity["severe"] == 28
    assert {row["group"] for row in content["disease"]} <= set(content["groups"])
    assert set(content["groups"]) == set(clinical_words()["group"])


def test_no_department_word_means_two_departments():
    content = _toml("departments.toml")
    words = [word for row in content["department"] for word in (row["name"], *row["synonyms"])]
    assert max(Counter(words).values()) == 1
    families = {row.get("excluded_family") for row in content["department"]} - {None}
    assert families == {"emergency", "reproductive_centre", "obstetric_registration", "stomatology"}


def test_the_five_examinations_are_named_once():
    content = _toml("departments.toml")
    assert {row["code"] for row in content["examination"]} == {str(member) for member in ExaminationCode}
    words = [word for row in content["examination"] for word in (row["name"], *row["synonyms"])]
    assert max(Counter(words).values()) == 1
    assert not set(words) & set(content["examination_not_covered"][0]["names"])
