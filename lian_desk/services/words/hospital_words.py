"""Level, specialty and place of a hospital as offices write them (R29, R30); what is not wholly understood is no answer.

三级甲等综合医院, Ⅲ级甲等 and 三甲 are one level; 三级（参照三甲管理）is none: every character must be accounted for, because
the level decides whether somebody may be helped.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lian_desk.models.plain_text import plain
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.reference_data.place_names import is_province, usual_place, whole_province
from lian_desk.services.reference_data.regions import find_city, find_municipality, is_no_city
from lian_desk.services.words.wording import phrase

L, S = HospitalLevel, HospitalSpecialty
_BETWEEN: Final = re.compile(r"[\s()\[\]【】〔〕·.,，、;；:：/|+&_-]+")
_TIERS: Final = {"三": 3, "3": 3, "iii": 3, "二": 2, "2": 2, "ii": 2, "一": 1, "1": 1, "i": 1}
_LEVEL: Final = re.compile(
    r"(三|3|iii|二|2|ii|一|1|i)(?:级|等|(?=[甲乙丙特]))(甲|乙|丙|特|未定|未评|不分|无)?(?:等|级)?(?:次)?"
)
_GRADE: Final = re.compile(r"(甲|乙|丙|特|未定|未评|不分|无)(?:等|级)?(?:次)?|(合格)")
_NO_LEVEL: Final = "其他 其它 未定级 未评级 未定等级 未评定 无 无等级 无级别 民营".split()
_FIXED: Final = dict.fromkeys(_NO_LEVEL, L.OTHER) | dict.fromkeys(("其他三级", "三级其他"), L.OTHER_TERTIARY)
_SPECIALTIES: Final = {
    S.GENERAL: "综合",
    S.CANCER: "肿瘤|癌症",
    S.TRADITIONAL_CHINESE_MEDICINE: "中西医结合|中西医|中医药|中医|民族医|蒙医|藏医|回医",
    S.CHILDREN: "儿童|儿科|少儿",
    S.OTHER: "妇幼|妇女儿童|妇儿|妇产|产科|妇科|眼耳鼻喉|眼科|眼|口腔|牙科|耳鼻咽喉|耳鼻喉|胸科|肺科|心血管|心脑血管|心脏|骨科|骨伤|"
    "传染|感染|精神卫生|精神|心理|皮肤|康复|职业病|结核|脑科|神经|肛肠|肾病|肝病|肝胆|胃肠|消化|呼吸|整形|美容|血液|糖尿病|内分泌|"
    "老年|烧伤|急救|护理|麻风|计划生育|生殖|风湿|疼痛|泌尿|外科|内科|其他专科|其它专科|其他|其它",
}
_FILLING: Final = "专科|医院|保健院|保健|防治院|防治|研究所|研究院|中心|医疗|性|类型|类|型|病|科|院|和|与|及|兼|等|含"
_OWNERS: Final = re.compile(
    r"(?:公立|民营|私立|国有|公办|民办|非营利|营利|政府办|部队|军队|企业|高校|社会办医|股份制|合资|性|医院)+"
)
_NAMED: Final = re.compile(r".{1,8}(?:专科医院|专科|科|病|医院)")
_COUNTY_ENDINGS: Final = ("区", "县", "旗")
_PREFECTURE_ENDINGS: Final = ("地区", "林区", "特别行政区", "特区", "雄安新区")


class NotUnderstood(ValueError):
    """A word of a list cannot be read; ``str()`` is what is wrong, without the name of the column."""


@dataclass(frozen=True, slots=True)
class LevelRead:
    """A level and the specialty that its words name beside it (三级甲等肿瘤专科医院), if they do."""

    level: HospitalLevel
    specialty: HospitalSpecialty | None = None


@dataclass(frozen=True, slots=True)
class SpecialtyRead:
    """A specialty, with a word for the eye where the text says something else."""

    specialty: HospitalSpecialty
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """City and province of a campus, with a word for the eye."""

    city: str
    province: str
    note: str = ""


def read_level(text: str, grade: str = "") -> LevelRead:
    """Return the level that ``text`` names; ``grade``: what a column of its own says of the grade (甲等).

    Raises:
        NotUnderstood: a word is left over, or tier and grade contradict each other.
    """
    words = _joined(text)
    fixed = next((member for member in L if plain(text).casefold() == member.value), _FIXED.get(words))
    if fixed is not None:
        return LevelRead(fixed)
    found = _LEVEL.match(words)
    if found is None:
        raise NotUnderstood(f"“{text}”看不懂，应为 {_examples(L)}")
    rest = words[found.end() :]
    own = _joined(grade)
    if own:
        told = _GRADE.fullmatch(own)
        if told is None or (found[2] is not None and told[1] != found[2]):
            raise NotUnderstood(f"“{text}”与等次“{grade}”对不上")
    else:
        told = _GRADE.match(rest) if found[2] is None else None
        rest = rest[told.end() :] if told is not None else rest
    specialty = None
    if rest:
        specialty = _of_words(rest)
        if specialty is None:
            if re.fullmatch(f"(?:{_FILLING})*", rest) is None:
                raise NotUnderstood(f"“{text}”看不懂，应为 {_examples(L)}")
            specialty = S.OTHER if "专科" in rest else None
    return LevelRead(_level_of(_TIERS[found[1]], found[2] or (told[1] if told is not None else None)), specialty)


def _level_of(tier: int, grade: str | None) -> HospitalLevel:
    if tier == max(_TIERS.values()):
        return L.CLASS_A_TERTIARY if grade == "甲" else L.OTHER_TERTIARY
    return L.SECONDARY if tier == min(_TIERS.values()) + 1 else L.OTHER


def read_specialty(text: str) -> SpecialtyRead:
    """Return the specialty that ``text`` names; an empty one is a general hospital.

    Raises:
        NotUnderstood: nothing known, or cancer beside something else.
    """
    words = _joined(text)
    member = next((one for one in S if plain(text).casefold() == one.value or words == phrase(one)), None)
    if member is not None or not words:
        return SpecialtyRead(member or S.GENERAL)
    found = _of_words(words)
    if found is not None:
        return SpecialtyRead(found)
    if re.fullmatch(f"(?:{_FILLING})+", words):
        return SpecialtyRead(S.OTHER)
    if _OWNERS.fullmatch(words):
        return SpecialtyRead(S.GENERAL, f"“{text}”不是专科，按综合登记")
    if _NAMED.fullmatch(words) and not re.search("肿瘤|癌|非|不", words):
        return SpecialtyRead(S.OTHER, f"“{text}”按其他专科登记")
    raise NotUnderstood(f"“{text}”看不懂，应为 {_examples(S)}")


def _of_words(words: str) -> HospitalSpecialty | None:
    """Return the one specialty whose words make up the whole text; a general hospital says so first."""
    every = "|".join(_SPECIALTIES.values())
    if re.fullmatch(f"(?:{every}|{_FILLING})+", words) is None:
        return None
    if words.startswith("综合"):
        return S.GENERAL
    found = [member for member, spellings in _SPECIALTIES.items() if re.search(spellings, words)]
    if S.OTHER in found and len(found) > 1 and S.CANCER not in found:
        # 妇女儿童 and 其他中医 name the wider one; none of them widens the scope
        return found[0] if found[0] is not S.CHILDREN else S.OTHER
    return found[0] if len(found) == 1 else None


def read_place(city: str, province: str = "", county: str = "") -> PlaceRead:
    """Return city and province as the program spells them; a city that is not known is believed beside its province.

    市辖区 is never a city: in a municipality it is the municipality, elsewhere the city must be named.

    Raises:
        NotUnderstood: no city, a district or county without its city, or a city of another province.
    """
    if is_no_city(province):
        province = ""
    whole = find_municipality(province)
    if whole is not None:
        return _in_municipality(whole, city, province)
    if is_no_city(city):
        inner = find_city(county)
        if inner is None and not (county and county.endswith("市") and province):
            raise NotUnderstood(f"“{city}”不是城市，请写明是哪个市")
        city = county
    if not city.strip():
        city = county if find_city(county) is not None else ""
    if not city.strip():
        raise NotUnderstood("")
    found = find_city(city)
    if found is not None:
        if _short(province) and not _short(province).startswith(_short(found.province)):
            raise NotUnderstood(f"{found.name}属于{found.province}，与所填省份“{province}”不符")
        return PlaceRead(found.name, found.province)
    return _unknown(city, province)


def _in_municipality(whole: str, city: str, province: str) -> PlaceRead:
    known = find_city(city) if city.strip() else None
    named = find_municipality(city)
    if (known is not None and known.name != whole) or (named is not None and named != whole):
        raise NotUnderstood(f"“{city}”与所填省份“{province}”不符")
    words = _joined(city)
    is_inside = not words or is_no_city(city) or words.startswith(whole.removesuffix("市"))
    if not is_inside and not words.endswith(("区", "县")):
        raise NotUnderstood(f"“{city}”与所填省份“{province}”不符")
    outside = find_city(whole) is None
    return PlaceRead(whole, whole, "城市不在服务地区之内，以名录为准" if outside else "")


def _unknown(city: str, province: str) -> PlaceRead:
    alone = find_municipality(city)
    if alone is None and is_province(city):
        raise NotUnderstood(f"“{city}”是省份，请写明是哪个市")
    place = usual_place(city, province)
    if alone is None and not place.province:
        raise NotUnderstood(f"“{city}”不在服务地区之内，请补充省份")
    if alone is None and place.province != whole_province(province) and province.strip():
        raise NotUnderstood(f"{place.city}属于{place.province}，与所填省份“{province}”不符")
    if city.endswith(_COUNTY_ENDINGS) and not city.endswith(_PREFECTURE_ENDINGS) and "自治" not in city:
        kind = "县" if city.endswith("县") else city[-1]
        if city.find("市") < 1 and city.find("州") < 1:
            raise NotUnderstood(f"“{city}”是{kind}，请写明所属的市，例如 苏州市姑苏区")
    return PlaceRead(alone or place.city, alone or place.province, "城市不在服务地区之内，以名录为准")


def _short(province: str) -> str:
    name = "".join(plain(province).split())
    return re.sub("省$|市$|(?:壮族|回族|维吾尔)?自治区$", "", name)


def _joined(text: str) -> str:
    return _BETWEEN.sub("", plain(text).casefold())


def _examples(vocabulary: type[StrEnum]) -> str:
    return "、".join(phrase(member) for member in vocabulary)
