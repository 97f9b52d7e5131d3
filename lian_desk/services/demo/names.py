"""Invented people, repeatable by a seeded random generator.

Nobody real can be met by chance: identity numbers carry the area code of a whole city, which no district hands out,
and phone numbers begin with prefixes that are not assigned. Experts bear names from the sixty-year cycle
(甲子, 乙丑 …), so that everybody sees that they are invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from lian_desk.models.vocabulary import Sex

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊"
    "白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤单仇解区盖查"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "令狐", "慕容", "东方", "长孙")
_MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林海建国志文博睿晨轩泽嘉毅诚"
_FEMALE = "芳娜敏静丽艳娟霞秀英华慧巧美珍莉桂兰玉萍红玲芬燕彩春菊香洁梅琳素云莲雪荣爱妹佳嘉琼勤欣怡婷雯倩"
RARE_GIVEN = ("𬭎", "㛃", "喆", "镕", "犇", "赟", "昉", "彧", "珺", "翀", "堃", "淼")
LONG_NAMES = ("阿不都热合曼·买买提吐尔逊·艾尔肯江", "迪丽努尔·阿不力克木·吐尔地", "买买提·艾合买提")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
#: Whole cities of the scope: a person's own number carries a district, never these.
AREA_CODES = (
    "110100", "120100", "310100", "320100", "320500", "340100", "370100", "370200", "410100", "430100", "440100",
    "440300", "510100", "130100", "320300", "340300", "410300", "430200", "510700", "371300",
)  # fmt: skip
#: Prefixes that no operator has handed out.
PHONE_PREFIXES = ("142", "143", "160", "164")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DAYS_PER_YEAR = 365.2425
_SERIALS = 500
_SHARE_OF_WOMEN = 0.52
_SHARE_LONG_NAME = 0.004
_SHARE_COMPOUND = 0.03
_SHARE_RARE = 0.015
_SHARE_TWO_GIVEN = 0.72
_LATEST_BIRTHDAY = 350

#: Share and bounds of ages in years: infants, children, around 14, grown-ups, old and very old people.
_AGES = (
    (2, 0, 3),
    (6, 4, 13),
    (3, 14, 14),
    (4, 15, 17),
    (1, 18, 18),
    (30, 19, 45),
    (34, 46, 65),
    (14, 66, 79),
    (6, 80, 97),
)
_AGE_WEIGHTS = tuple(share for share, _, _ in _AGES)


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody who does not exist."""

    name: str
    sex: Sex
    born_on: date
    identity_number: str
    phone: str


def identity_number(area: str, born_on: date, sex: Sex, serial: int) -> str:
    """Return a valid 18-digit number; ``serial`` 0 to 499 tells people of one day, sex and area apart."""
    order = serial % 500 * 2 + (1 if sex is Sex.MALE else 0)
    body = f"{area}{born_on:%Y%m%d}{order:03d}"
    return body + _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


class PeopleMaker:
    """Makes people one after the other; identity numbers and phones never repeat within one maker."""

    def __init__(self, rng: Random, today: date, expected: int = 10_000) -> None:
        """Draw from ``rng``; ages are counted on ``today``; at most ``expected`` people will be asked for."""
        self._rng = rng
        self._today = today
        self._count = 0
        # people who share area and serial are kept apart by the remainder of their birth date
        self._blocks = expected // (_SERIALS * len(AREA_CODES)) + 1

    def person(self, *, age: int | None = None, sex: Sex | None = None) -> InventedPerson:
        """Return a new person, of ``age`` in years and ``sex`` where given."""
        count = self._count
        self._count += 1
        chosen_sex = sex or (Sex.FEMALE if self._rng.random() < _SHARE_OF_WOMEN else Sex.MALE)
        bucket, serial = divmod(count, _SERIALS)
        block, area = divmod(bucket, len(AREA_CODES))
        born_on = self._birth_date(self._age() if age is None else age, block)
        phone = f"{PHONE_PREFIXES[count // 100_000_000 % 4]}{(count * 48_271 + 19_937) % 100_000_000:08d}"
        number = identity_number(AREA_CODES[area], born_on, chosen_sex, serial)
        return InventedPerson(self.name(chosen_sex), chosen_sex, born_on, number, phone)

    def name(self, sex: Sex) -> str:
        """Return a name of two to four characters, now and then a rare or a long one."""
        rng = self._rng
        draw = rng.random()
        if draw < _SHARE_LONG_NAME:
            return rng.choice(LONG_NAMES)
        surname = rng.choice(COMPOUND_SURNAMES) if draw < _SHARE_COMPOUND else rng.choice(SURNAMES)
        pool: Sequence[str] = _MALE if sex is Sex.MALE else _FEMALE
        if draw > 1 - _SHARE_RARE:
            return surname + rng.choice(RARE_GIVEN)
        given = rng.choice(pool)
        return surname + given + (rng.choice(pool) if rng.random() < _SHARE_TWO_GIVEN else "")

    def _age(self) -> int:
        _, youngest, oldest = self._rng.choices(_AGES, _AGE_WEIGHTS)[0]
        return self._rng.randint(youngest, oldest)

    def _birth_date(self, age: int, block: int) -> date:
        """A day on which somebody of ``age`` full years today was born, of the remainder that ``block`` asks for."""
        since = self._rng.randint(8, _LATEST_BIRTHDAY)
        ordinal = self._today.toordinal() - int(age * _DAYS_PER_YEAR) - 1 - since
        over = (ordinal - block) % self._blocks
        later = since + over > _LATEST_BIRTHDAY
        return date.fromordinal(ordinal - over + (self._blocks if later and over else 0))


def expert_name(rng: Random) -> str:
    """Return a name that everybody sees is invented, such as 郑甲子."""
    turn = rng.randrange(60)
    return rng.choice(SURNAMES) + _STEMS[turn % 10] + _BRANCHES[turn % 12]
