"""Values as they are pasted out of chats, contacts and forms: with their label in front and a courtesy or a stop behind.

Only what says nothing beside the field itself is dropped: 「手机：」 of a phone, 「（女）」 and 「女士」 behind a name, a full
stop. What names somebody else (家属电话), gives a second value or cannot be told apart stays, and is refused as it stands.
"""

import re
from typing import Final

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.plain_text import plain
from lian_desk.services.names.surnames import COMPOUND_SURNAMES

_STOPS: Final = " \t\u3000。.,，、;；:：!！?？"
_NAME_STOPS: Final = _STOPS.replace(":", "").replace("：", "")
"""A word before a colon is a label, and no name."""
_OWNER: Final = "(?:联系人|本人|客户|患者|病人)?(?:的)?"
_LABEL_END: Final = r"\s*(?:\((?:微信同号|同微信|手机|必填|本人)\))?\s*(?:[:=#.是为]\s*)*"
_LATIN_END: Final = r"\s*(?:no|number)?\s*[:=#.\s]\s*[:=#.\s/]*"
_NUMBERED: Final = "(?:号码|编号|证号|号)?"

_PHONE_LABEL: Final = re.compile(
    rf"(?:{_OWNER}(?:联系)?(?:手机号码|手机号|手机|移动电话|电话号码|电话|号码)|联系方式){_LABEL_END}"
    rf"|(?:tel|telephone|mobile|mobile\s*phone|mob|phone|cell|cellphone|cell\s*phone|m|t|p)(?:;[a-z=;,-]+)?{_LATIN_END}",
    re.IGNORECASE,
)
_PHONE_TAIL: Final = re.compile(r"\s*(?:\(\s*(?:微信同号|同微信|手机|mobile)\s*\)|微信同号|同微信)$", re.IGNORECASE)
_CARDS: Final = "居民身份证|公民身份|身份证件|身份证|身份号码|外国人永久居留身份证|永久居留身份证|永居证|证件"
_CARD_LABEL: Final = re.compile(
    rf"(?:{_OWNER}(?:{_CARDS}){_NUMBERED}|号码){_LABEL_END}|(?:id|id\s*card|identity\s*card){_LATIN_END}", re.IGNORECASE
)
_PAPERS: Final = (
    "护照|港澳居民来往内地通行证|港澳居民居住证|台湾居民来往大陆通行证|台湾居民居住证|港澳通行证|往来港澳通行证|通行证|回乡证"
    "|台胞证|居住证|军官证|士兵证|户口簿|户口本|出生医学证明|出生证明?|外国人永久居留身份证|永久居留身份证|永居证|证件"
)
_PAPER_LABEL: Final = re.compile(
    rf"(?:{_OWNER}(?:{_PAPERS}){_NUMBERED}|号码){_LABEL_END}|(?:passport|document){_LATIN_END}", re.IGNORECASE
)
_POLICY_LABEL: Final = re.compile(
    rf"{_OWNER}(?:保险单|保单|保险合同|合同){_NUMBERED}{_LABEL_END}|policy{_LATIN_END}", re.IGNORECASE
)
_DAY_LABEL: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}(?:日期|时间|生日|出生年月日|出生年月)|出生|生)(?:[于在是为]|\s*[:=])*\s*"
    r"|(?:date|time|dob|birthday|date\s*of\s*birth)\s*[:=\s]\s*",
    re.IGNORECASE,
)
_DAY_TAIL: Final = re.compile(r"(?<=[日号\d])\s*(?:出生|生)$")

_PARTY: Final = "患者|病人|客户|被保险人|投保人|监护人|联系人|受益人|本人"
_COLON: Final = r"\s*[:：=]\s*"
_NAME_LABEL: Final = re.compile(
    rf"(?:{_PARTY})?(?:的)?(?:姓\s*名|名字|全名)(?:\s*/?\s*(?:full\s*)?name)?(?:{_COLON}|\s+|[是为]|(?=[\u3400-\u9fff]))"
    rf"|(?:{_PARTY}){_COLON}|(?:patient(?:'s)?\s*)?(?:full\s*)?name{_COLON}",
    re.IGNORECASE,
)
_AGE: Final = r"\d{1,3}\s*(?:周岁|岁)"
_SEX: Final = "(?:男性?|女性?)"
_TITLE: Final = "(?:先生|女士|小姐|太太|夫人|男士|同志|老师|阿姨|叔叔)"
_NAME_TAIL: Final = re.compile(
    rf"\s*[（(\[【]\s*(?:(?:{_SEX}|{_TITLE})(?:[，,、\s]*{_AGE})?|{_AGE})\s*[)）\]】]$"
    rf"|\s*{_TITLE}$"
    rf"|\s*[，,、]\s*{_SEX}(?:[，,、\s]*{_AGE})?$|\s+{_SEX}[，,、\s]*{_AGE}$"
)
_LATIN_TITLE: Final = re.compile(r"(?:mr|mrs|ms|miss)\.?\s+(?=\S+\s+\S)", re.IGNORECASE)
_HAN_END: Final = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]$")

_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?86)?1[3-9]\d{9}(?!\d)")
_CARD: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_SETS_APART: Final = re.compile(r"(?<=\d)[\s\-·_]+(?=[\dXx])")


def bare_phone(text: str) -> str:
    """Return what is typed for a phone without its label (tel:, 手机：, 联系电话) and what may stand behind.

    Raises:
        RuleViolation: ``NUMBER_NOT_SINGLE`` where two numbers stand.
    """
    bare = _peeled(plain(text), _PHONE_LABEL, _PHONE_TAIL)
    _refuse_two(bare, _MOBILE)
    return bare


def bare_card(text: str) -> str:
    """Return what is typed for the number of an identity card or foreigner's card without its label and stops.

    Raises:
        RuleViolation: ``NUMBER_NOT_SINGLE`` where two numbers stand.
    """
    bare = card_words(text)
    _refuse_two(bare, _CARD)
    return bare


def card_words(text: str) -> str:
    """Return what :func:`bare_card` does, while it is still being typed: nothing is refused."""
    return _peeled(plain(text), _CARD_LABEL)


def bare_paper(text: str) -> str:
    """Return what is typed for the number of a passport or another paper without its label and stops."""
    return _peeled(plain(text), _PAPER_LABEL)


def bare_policy(text: str) -> str:
    """Return what is typed for the number of a policy without its label and stops."""
    return _peeled(plain(text), _POLICY_LABEL)


def bare_day(text: str) -> str:
    """Return what is typed for a day or a moment without its label (就诊日期：, 出生于) and stops."""
    return _peeled(plain(text), _DAY_LABEL, _DAY_TAIL)


def bare_name(text: str) -> str:
    """Return what is typed for a person's name without its label, courtesy titles, sex or age behind it, and stops.

    王先生 and 欧阳女士 stay as they are: a surname alone is no name.
    """
    name = _without_stops(text, _NAME_STOPS)
    label = _NAME_LABEL.match(name)
    if label is not None and label.end() < len(name):
        name = _without_stops(name[label.end() :])
    name = _LATIN_TITLE.sub("", name, count=1) if _LATIN_TITLE.match(name) else name
    while (tail := _NAME_TAIL.search(name)) is not None:
        rest = name[: tail.start()].strip()
        if not _has_given_name(rest):
            break
        name = _without_stops(rest)
    return name


def bare_query(text: str) -> str:
    """Return what is typed into a search without the label in front; a whole number stands together, a country code goes."""
    told = plain(text)
    for label in (_PHONE_LABEL, _CARD_LABEL, _PAPER_LABEL, _POLICY_LABEL):
        told = _peeled(told, label, _PHONE_TAIL)
    solid = _SETS_APART.sub("", told)
    mobile, card = _MOBILE.fullmatch(solid), _CARD.fullmatch(solid)
    if mobile is not None:
        return solid[-11:]
    return solid if card is not None else bare_name(told)


def _peeled(text: str, label: re.Pattern[str], tail: re.Pattern[str] | None = None) -> str:
    """Take a label and a tail off; a label with nothing behind it stays, so that it is refused and not taken for nothing."""
    bare = _without_stops(text)
    found = label.match(bare)
    if found is not None and _without_stops(bare[found.end() :]):
        bare = _without_stops(bare[found.end() :])
    return _without_stops(tail.sub("", bare)) if tail is not None else bare


def _without_stops(text: str, stops: str = _STOPS) -> str:
    """Take stops and blanks off both ends; the point of an abbreviation in Latin letters is none."""
    bare = text.strip().lstrip(_STOPS)
    while bare and bare[-1] in stops and (bare[-1] != "." or not bare[-2:-1].isalpha() or _HAN_END.search(bare[:-1])):
        bare = bare[:-1]
    return bare


def _has_given_name(name: str) -> bool:
    letters = "".join(name.split())
    return len(letters) > 1 and letters not in COMPOUND_SURNAMES


def _refuse_two(text: str, number: re.Pattern[str]) -> None:
    if len(set(number.findall(_SETS_APART.sub("", text)))) > 1 or len(set(number.findall(text))) > 1:
        raise RuleViolation(ErrorCode.NUMBER_NOT_SINGLE)
