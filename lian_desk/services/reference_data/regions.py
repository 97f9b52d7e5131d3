"""Places of ``resources/regions/regions.toml`` by any usual spelling (R29, A17); geography, no rule."""

import tomllib
from collections.abc import Iterator
from functools import cache

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.plain_text import plain
from lian_desk.models.rules.catalogue import City, CityStanding

_ETHNIC_GROUPS = ("土家族", "苗族", "藏族", "羌族", "彝族")
_BRACKETS = str.maketrans("", "", "()[]【】〔〕·.,，、/-")
_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
_NO_CITIES = frozenset(
    {
        "市辖区",
        "市辖县",
        "市区",
        "县",
        "郊县",
        "省直辖",
        "省直管",
        "直辖县级",
        "省直辖县级",
        "省直辖县级市",
        "省直管县级市",
        "省直辖县级行政区划",
        "省直辖县级行政单位",
        "省直辖行政单位",
        "省直辖县",
        "自治区直辖县级",
        "自治区直辖县级行政区划",
        "自治区直辖县级行政单位",
        "直辖市",
    }
)
"""What the register of places puts where a city would stand; none of them is one."""
_OF_NO_CITY = frozenset({"雄安新区", "河北雄安新区"})
"""Ends in 区 and is no district of the city that some write before it."""


@cache
def known_cities() -> dict[str, City]:
    """Return every known place by each spelling: 苏州市, 苏州, 阿坝州, 昆山."""
    document = tomllib.loads(resource_path("regions", "regions.toml").read_text(encoding="utf-8"))
    places: dict[str, City] = {}
    county_level: list[City] = []
    for row in document["city"]:
        standing = CityStanding(row["kind"])
        city = City(row["name"], row["province"], standing, row["name"])
        places |= dict.fromkeys(_spellings(city), city)
        county_level += [
            City(name, city.province, CityStanding.COUNTY_LEVEL_CITY, city.name)
            for name in row.get("county_level_cities", ())
        ]
    for city in county_level:
        for spelling in _spellings(city):
            places.setdefault(spelling, city)
    return places


def _spellings(city: City) -> Iterator[str]:
    yield city.name
    if city.standing is CityStanding.AUTONOMOUS_PREFECTURE:
        short = city.name.removesuffix("自治州")
        for group in _ETHNIC_GROUPS:
            short = short.replace(group, "")
        yield from (short, f"{short}州", f"{short}自治州")
    else:
        yield city.name.removesuffix("市")


def find_city(text: str) -> City | None:
    """Return the place that ``text`` names, with or without 市, its province or the city it belongs to.

    A district is its city (苏州市吴中区), a county counts like a county-level city of it (A17). None if unknown.
    """
    name = _plain_place(text)
    places = known_cities()
    if name in places:
        return places[name]
    for province in {city.province for city in places.values()}:
        for prefix in (province, province.rstrip("省市")):
            if name.startswith(prefix):
                rest = name.removeprefix(prefix)
                found = places.get(rest) or _inside_a_city(rest, places)
                if found is not None and found.province == province:
                    return found
    return _inside_a_city(name, places)


def find_municipality(text: str) -> str | None:
    """Return the one of the four municipalities that ``text`` names (北京, 重庆市), else None."""
    name = _plain_place(text)
    return next((known for known in _MUNICIPALITIES if name in {known, known.removesuffix("市")}), None)


def is_no_city(text: str) -> bool:
    """Tell what stands in the column of cities and is none: 市辖区, 县, 省直辖县级行政区划."""
    return _plain_place(text) in _NO_CITIES


def _plain_place(text: str) -> str:
    return "".join(plain(text).split()).translate(_BRACKETS)


def _inside_a_city(name: str, places: dict[str, City]) -> City | None:
    """Return the city of a district, or the county-level place, that ``name`` puts behind its city."""
    for end in range(len(name) - 1, 1, -1):
        city, rest = places.get(name[:end]), name[end:]
        if city is None or city.standing is CityStanding.COUNTY_LEVEL_CITY:
            continue
        inner = places.get(rest)
        if inner is not None and inner.standing is CityStanding.COUNTY_LEVEL_CITY and inner.belongs_to == city.name:
            return inner
        if rest in _OF_NO_CITY:
            return None
        if rest.endswith("区") and len(rest) > 1:
            return city
        if rest.endswith("县") and len(rest) > 1:
            return City(rest, city.province, CityStanding.COUNTY_LEVEL_CITY, city.name)
    return None
