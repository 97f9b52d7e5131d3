"""Chinese surnames: compound ones, and the readings that differ from the common reading of the character."""

from typing import Final

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "南荣",
        "第五",
        "纳兰",
        "完颜",
        "叶赫",
        "那拉",
        "爱新",
        "歐陽",
        "司馬",
        "東方",
        "獨孤",
        "南宮",
        "聞人",
        "諸葛",
        "尉遲",
        "長孫",
        "鮮于",
    ]
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


_SINGLE: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷"
    "罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦"
    "巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬"
    "申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍"
    "聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖付代"
    "尧苟闰区覃苑铁仝粟郇亓禚逄冼撒幺邝卯展揣臧战郄蔄迟鹿敬来丛原尉门呼延么肇贠员揭麦朴宾占候盘危由禤种衣矫楼隋初修藏官闭危保苻兰海祭塔英计鄞青党才折回庹"
    "趙錢孫鄭馮陳衛蔣韓楊許張嚴華謝鄒竇蘇魯韋馬鳳費湯羅畢鄔樂時齊顧蕭紀項祝龐閔賈婁顏鍾駱萬盧單諸龔陸榮儲烏車侯寧劉葉龍黎賴蘭譚貢閻"
)
"""Surnames of one character that are met, simplified and traditional; a rare one may be missing."""


def is_surname(char: str) -> bool:
    """Tell whether ``char`` is a known surname of one character."""
    return char in _SINGLE
