from datetime import date
from random import Random

import pytest

from lian_desk.models.rules.identity_number import parse_identity_number
from lian_desk.models.vocabulary import Sex
from lian_desk.services.demo.names import LONG_NAMES, PHONE_PREFIXES, PeopleMaker, expert_name

TODAY = date(2026, 11, 20)


def _age(born_on: date) -> int:
    return TODAY.year - born_on.year - ((TODAY.month, TODAY.day) < (born_on.month, born_on.day))


def test_the_same_seed_invents_the_same_people():
    first = [PeopleMaker(Random(3), TODAY).person() for _ in range(1)]
    again = [PeopleMaker(Random(3), TODAY).person() for _ in range(1)]
    assert first == again


def test_identity_numbers_are_valid_unique_and_agree_with_sex_and_birth_date():
    maker = PeopleMaker(Random(5), TODAY, expected=30_000)
    people = [maker.person() for _ in range(30_000)]
    assert len({person.identity_number for person in people}) == len(people)
    assert len({person.phone for person in people}) == len(people)
    for person in people[::37]:
        parsed = parse_identity_number(person.identity_number, TODAY)
        assert (parsed.sex, parsed.born_on) == (person.sex, person.born_on)
        assert person.phone[:3] in PHONE_PREFIXES
        assert len(person.phone) == 11


@pytest.mark.parametrize("age", [0, 1, 13, 14, 17, 18, 45, 80, 97])
def test_an_asked_age_is_kept(age):
    maker = PeopleMaker(Random(age), TODAY, expected=300_000)
    for _ in range(400):
        person = maker.person(age=age, sex=Sex.FEMALE)
        assert _age(person.born_on) == age
        assert person.born_on <= TODAY


def test_all_ages_and_hard_names_come_up():
    maker = PeopleMaker(Random(11), TODAY)
    people = [maker.person() for _ in range(6000)]
    ages = [_age(person.born_on) for person in people]
    assert min(ages) == 0
    assert max(ages) > 90
    assert 14 in ages
    assert 18 in ages
    names = "".join(person.name for person in people)
    assert "𬭎" in names
    assert "㛃" in names
    assert any(person.name in LONG_NAMES for person in people)
    assert any(person.name.startswith("欧阳") for person in people)


def test_experts_carry_names_of_the_sixty_year_cycle():
    name = expert_name(Random(1))
    assert name[-2] in "甲乙丙丁戊己庚辛壬癸"
    assert name[-1] in "子丑寅卯辰巳午未申酉戌亥"
