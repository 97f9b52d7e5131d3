"""One name for a place of the country outside the regions of the service: 浙江 温州 is 浙江省 温州市 (R29, R31).

``regions.py`` knows the places that the handbook names; here is only how any other one is written. Geography, no rule.
"""

import re
import tomllib
from functools import cache
from typing import Final, NamedTuple

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.plain_text import plain

_KIND_OF_PROVINCE: Final = re.compile("(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)$")
_KIND_OF_PLACE: Final = re.compile("(?:自治州|地区|盟|州|新区|林区|特别行政区)$")
_PEOPLES: Final = re.compile(
    "(?:朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|柯尔克孜|哈萨克)+$"
)
_ENDINGS: Final = ("市", "自治州", "盟", "区", "县", "旗")
_CITY_LIKE_ITS_PROVINCE: Final = "吉林"
_BARE_NAME: Final = re.compile("[\u3400-\u9fff]{2,6}")
_SHORTEST: Final = 2


class Place(NamedTuple):
    """A city with its province, as far as either is known."""

    city: str
    province: str


@cache
def _provinces() -> dict[str, str]:
    """Return whole names by whole and short ones: 浙江 and 浙江省."""
    names = [str(row["name"]) for row in _rows()]
    return {name: name for name in names} | {_KIND_OF_PROVINCE.sub("", name): name for name in names}


@cache
def _places() -> dict[str, list[Place]]:
    """Return the places that are no 市 by every way to write them: 延边, 延边州, 延边朝鲜族自治州."""
    found: dict[str, list[Place]] = {}
    for row in _rows():
        for name in row.get("places", ()):
            kind = _KIND_OF_PLACE.search(name)
            stem = _PEOPLES.sub("", name[: kind.start()] if kind is not None else name)
            further = {f"{stem}州", f"{stem}自治州"} if name.endswith("自治州") else set()
            for spelling in {name, stem, *further}:
                found.setdefault(spelling, []).append(Place(name, row["name"]))
    return found


@cache
def _whole_names() -> tuple[Place, ...]:
    return tuple(Place(name, row["name"]) for row in _rows() for name in row.get("places", ()))


@cache
def _rows() -> list[dict[str, str]]:
    document = tomllib.loads(resource_path("regions", "provinces.toml").read_text(encoding="utf-8"))
    rows: list[dict[str, str]] = document["province"]
    return rows


def whole_province(text: str) -> str:
    """Return a province by its whole name; what is none is returned as it stands."""
    return _provinces().get("".join(plain(text).split()), text)


def is_province(text: str) -> bool:
    """Tell a word for a province that names no city of the same name."""
    name = "".join(plain(text).split())
    return (
        name in _provinces() and name != _CITY_LIKE_ITS_PROVINCE and not name.endswith(("特别行政区", "香港", "澳门"))
    )


def usual_place(city: str, province: str) -> Place:
    """Return city and province as they are usually written; a province before the city's name counts where none is told."""
    whole, name = whole_province(province), "".join(plain(city).split())
    known = _known(name, whole)
    if known is not None:
        return known
    for short, full in sorted(_provinces().items(), key=lambda pair: -len(pair[0])):
        rest = name.removeprefix(short)
        if rest != name and len(rest) >= _SHORTEST and (not whole or full == whole):
            return _known(rest, full) or Place(_with_ending(rest), full)
    return Place(_with_ending(name), whole)


def _known(name: str, province: str) -> Place | None:
    for whole in _whole_names():
        # 雄安新区 belongs to no city, whatever stands before it
        if name.endswith(whole.city):
            return whole
    found = [place for place in _places().get(name, []) if province in {"", place.province}]
    return found[0] if len(found) == 1 else None


def _with_ending(name: str) -> str:
    district = re.match(r"(.{2,}?市)(?=.+区$)", name)
    if district is not None:
        return district[1]
    return name if name.endswith(_ENDINGS) or _BARE_NAME.fullmatch(name) is None else f"{name}市"
