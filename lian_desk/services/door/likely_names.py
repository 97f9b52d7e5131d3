"""Whether a few characters may be the name of a person: by surname, length, and the words that are no names."""

import re
from typing import Final

from lian_desk.services.names.surnames import COMPOUND_SURNAMES, is_surname
from lian_desk.services.recognition.folding import squeezed

HAN: Final = r"[\u3400-\u9fff\U00020000-\U000323af]"
_WHOLE: Final = re.compile(rf"{HAN}{{2,4}}")
_NO_PART: Final = frozenset("科院室病医号检查验报告单日岁龄床诊断部位像血尿描述结性别姓您")
_NEXT_LABEL: Final = re.compile(
    r"(?<=[\u3400-\u9fff]{2})(?:姓名|性别|年龄|电话|手机|联系|科室|科别|住院|门诊|病历|病案|床号|床位|出生|民族|身份|证件|"
    r"职业|住址|地址|单位|费别|医保|就诊|登记|临床|诊断|标本|样本|送检|申请|检查|报告|婚姻|籍贯|病区|卡号|编号|病人|患者).*$"
)
"""The next label of a form whose blanks were lost, glued to the name."""
_LONG: Final = 4
_WORDS: Final = frozenset(
    {
        "高血压",
        "糖尿",
        "白细胞",
        "红细胞",
        "单核",
        "平扫",
        "增强",
        "常规",
        "全身",
        "胸部",
        "安静",
        "平静",
        "明显",
        "本人",
        "全自费",
        "全公费",
        "成人",
        "高中",
        "江苏",
        "安徽",
        "居民",
        "尿酸",
        "甘油",
        "常州",
        "左侧",
        "左肺",
        "平均",
        "工资",
        "合计",
        "家属",
        "党员",
    }
)


def looks_like_name(text: str) -> bool:
    """Tell whether ``text`` may be the whole of a Chinese name: a surname and one or two characters more, no word.

    Four characters only with a surname of two. Rare surnames may be missed: such a name needs a label.
    """
    name = squeezed(text)
    if not _WHOLE.fullmatch(name) or has_no_name_part(name[1:]) or name in _WORDS:
        return False
    if name[:2] in COMPOUND_SURNAMES:
        return True
    return len(name) < _LONG and is_surname(name[0])


def has_no_name_part(text: str) -> bool:
    """Tell whether a character stands in ``text`` that a form uses in its words and no name bears."""
    return bool(_NO_PART & set(squeezed(text)))


def without_next_label(text: str) -> str:
    """Return a value without the label that is glued to its end (王淑兰电话…)."""
    return _NEXT_LABEL.sub("", text)
