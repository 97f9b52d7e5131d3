"""Whether a few characters may be the name of a person: by surname, length, and the words that are no names."""

import re
from typing import Final

from lian_desk.services.recognition.folding import squeezed
from lian_desk.services.surnames import COMPOUND_SURNAMES, is_surname

HAN: Final = r"[\u3400-\u9fff\U00020000-\U000323af]"
_WHOLE: Final = re.compile(rf"{HAN}{{2,4}}")
_NO_PART: Final = frozenset("科院室病医号检查验报告单日岁龄床诊断部位像血尿描述结性别姓您")
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
