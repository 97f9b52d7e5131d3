"""Who may be named on a paper beside its patient: relatives, payers, agents, donors, doctors and staff."""

import re
from typing import Final

_COMPANION: Final = re.compile(
    "父|母|爸|妈|爷|奶|夫|妻|配偶|儿子|女儿|子女|兄|弟|姐|妹|亲|家属|家长|家人|监护|联系|陪|投保|受益|代|委托|受托|被授权|"
    "经办|承办|担保|户主|供|捐|献|付款|付费|收款|收费|开票|医|护|技|检验|检测|检查|化验|审|复核|核对|校|操作|采|记录|录入|登记|报告|报案|"
    "送检|诊断|摄片|阅片|鉴定|药|推荐|业务|介绍|签发|领|制单|制表|打印|见证|翻译|证明人|法定|负责|主管|值班|调查|查勘|客服|顾问|经理|"
    "专员|教授|主任|院长|会计|出纳|保险人|销售|户名|公证|通知"
)
_KIN: Final = (
    r"(?:之|的)\s*[长次大小双幼独养]?(?:子|女|儿|婴|孙|妻|夫|父|母|妈|爸|弟|妹|兄|姐|宝|双|家)|[大小]双|[男女]婴|新生儿|婴儿|"
    r"宝宝|毛毛|双胎|儿子|女儿|家属|亲属|家长|配偶|丈夫|妻子|爱人|父亲|母亲|妈妈|爸爸|代[签办理笔]|BB|(?i:baby)"
)
_HAN: Final = r"[\u3400-\u9fff\U00020000-\U000323af]"
_OF_ANOTHER: Final = re.compile(
    rf"^(?:{_HAN}(?:\s?{_HAN}){{1,3}}?|{_HAN}+(?:·{_HAN}+)+?)"
    rf"(?:[\s(\[【\-—]*(?:{_KIN}|[A-D](?=\s*(?:$|[)\]】]))|I{{1,2}}(?=\s*(?:$|[)\]】]))))+"
)
_BEGINS_WITH_KIN: Final = re.compile(rf"^[(（\[【\s]*(?:{_KIN}|[A-D]$)")
_THEMSELVES: Final = frozenset({"本人", "自己", "患者本人", "被保险人本人"})


def is_companions(words: str) -> bool:
    """Tell whether the words in front of a name say that it is not the patient's: 陪护人, 母亲, 检验员."""
    return _COMPANION.search(words) is not None


def named_by_another(text: str) -> str:
    """Return the words that name somebody by another (王淑兰之女, 王淑兰（大双）); empty where a name stands for itself."""
    found = _OF_ANOTHER.match(text)
    return "" if found is None else found[0]


def begins_with_kin(text: str) -> bool:
    """Tell whether words go on from a name to somebody who is named by it: 之女, (大双)."""
    return _BEGINS_WITH_KIN.match(text) is not None


def is_themselves(text: str) -> bool:
    """Tell whether a relation (关系：本人) says that the person is the patient himself."""
    return text.strip("（）()[] \u3000") in _THEMSELVES
