"""Chinese surnames: compound ones, and the readings that differ from the common reading of the character."""

COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
    "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 "
    "拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣 第五 纳兰 完颜 叶赫 那拉 爱新 "
    "歐陽 司馬 東方 獨孤 南宮 聞人 諸葛 尉遲 長孫 鮮于".split()
)
"""Two-character surnames; a name of at least three characters that begins with one is split after two."""

SURNAME_READINGS: dict[str, tuple[str, ...]] = {
    "单": ("shan",),
    "單": ("shan",),
    "仇": ("qiu",),
    "曾": ("zeng",),
    "查": ("zha",),
    "解": ("xie",),
    "区": ("ou",),
    "區": ("ou",),
    "盖": ("ge", "gai"),
    "蓋": ("ge", "gai"),
    "朴": ("piao",),
    "乐": ("yue", "le"),
    "樂": ("yue", "le"),
    "任": ("ren",),
    "华": ("hua",),
    "華": ("hua",),
    "缪": ("miao",),
    "繆": ("miao",),
    "宓": ("mi", "fu"),
    "尹": ("yin",),
    "葛": ("ge",),
    "翟": ("zhai", "di"),
    "逄": ("pang",),
    "员": ("yun",),
    "員": ("yun",),
    "贠": ("yun",),
    "覃": ("qin", "tan"),
    "柏": ("bai", "bo"),
    "薄": ("bo",),
    "卜": ("bu",),
    "晁": ("chao",),
    "种": ("chong",),
    "褚": ("chu",),
    "都": ("du",),
    "洗": ("xian",),
    "冼": ("xian",),
    "纪": ("ji",),
    "紀": ("ji",),
    "句": ("gou",),
    "隗": ("wei", "kui"),
    "牟": ("mu", "mou"),
    "那": ("na",),
    "能": ("nai",),
    "粘": ("nian",),
    "秘": ("bi",),
    "钭": ("tou",),
    "繁": ("po",),
    "召": ("shao",),
    "折": ("she",),
    "佘": ("she",),
    "谌": ("chen", "shen"),
    "諶": ("chen", "shen"),
    "乜": ("nie",),
    "郇": ("xun", "huan"),
    "幺": ("yao",),
    "么": ("yao",),
    "应": ("ying",),
    "應": ("ying",),
    "於": ("yu",),
    "郁": ("yu",),
    "宁": ("ning",),
    "祭": ("zhai",),
    "占": ("zhan",),
    "訾": ("zi",),
    "祝": ("zhu",),
    "黑": ("he",),
    "沈": ("shen",),
    "冯": ("feng",),
    "馮": ("feng",),
    "吕": ("lv", "lyu", "lu"),
    "呂": ("lv", "lyu", "lu"),
    "万俟": ("moqi",),
    "尉迟": ("yuchi",),
    "尉遲": ("yuchi",),
    "长孙": ("zhangsun",),
    "長孫": ("zhangsun",),
    "令狐": ("linghu",),
    "澹台": ("tantai",),
    "乐正": ("yuezheng",),
    "子车": ("ziju",),
    "亓官": ("qiguan",),
    "鲜于": ("xianyu",),
    "鮮于": ("xianyu",),
    "单于": ("chanyu",),
}
"""Readings of a surname, to be offered beside the common readings of its characters."""

_SHORTEST_COMPOUND_NAME = 3
_DOT = "·"


def split_name(name: str) -> tuple[str, str]:
    """Return surname and given name; a name with a dot (阿依古丽·买买提) begins with its first character.

    A single character counts as a given name, so that masking hides it.
    """
    if len(name) == 1:
        return "", name
    if _DOT not in name and len(name) >= _SHORTEST_COMPOUND_NAME and name[:2] in COMPOUND_SURNAMES:
        return name[:2], name[2:]
    return name[:1], name[1:]
