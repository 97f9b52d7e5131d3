import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.plain_text import fold
from lian_desk.services.names.search_terms import (
    name_syllables,
    name_terms,
    prefix_range,
    query_terms,
    query_words,
    terms_for,
)


def finds(query: str, terms: set[str]) -> bool:
    """What the SQL does: every word has a prefix that some term begins with."""
    words = query_words(query)
    return bool(words) and all(
        any(low <= term < high for prefix in prefixes for low, high in [prefix_range(prefix)] for term in terms)
        for prefixes in words
    )


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("单雄信", ["dxx", "sxx", "shanxiongxin", "danxiong", "单雄信", "雄信", "信", "shanxx"]),
        ("曾子墨", ["zzm", "czm", "zengzimo", "cengzi"]),
        ("仇英", ["qy", "cy", "qiuying"]),
        ("解缙", ["xj", "jj", "xiejin"]),
        ("查良镛", ["zly", "cly", "zhaliangyong"]),
        ("区寄", ["oj", "qj", "ouji"]),
        ("盖叫天", ["gjt", "gejiao", "gaijiao"]),
        ("朴树", ["ps", "piaoshu"]),
        ("吕布", ["lb", "lvbu", "lubu", "lyubu"]),
        ("尉迟恭", ["ycg", "wcg", "yuchigong"]),
        ("万俟卨", ["mqx", "moqi"]),
        ("欧阳娜娜", ["oynn", "欧阳", "娜娜", "ouyangnana", "nana"]),
        ("李雷", ["ll", "lilei", "李", "雷", "李雷"]),
        ("阿依古丽·买买提", ["aygl", "阿依古丽", "买买提", "阿依古丽·买买提", "ayiguli"]),
        ("李Mary", ["李mary", "MARY", "limary", "lmary"]),
        ("Maria Chen", ["maria", "chen", "Maria Chen", "mariachen"]),
        ("王𬭎", ["𬭎", "wh", "wanghong"]),
        ("女娲", ["nw", "nvwa", "nuwa"]),
    ],
)
def test_a_person_is_found_by(name: str, queries: list[str]) -> None:
    terms = name_terms(name)
    for query in queries:
        assert finds(query, terms), query
    assert not finds("赵钱孙", terms)


FILE = terms_for(
    names=["王淑兰", "李雷"],
    policy_number="P2024-1120-0001",
    phones=["13812346620", "02586785555"],
    identity_number="320102197401014528",
    file_number="A-26-00312",
)


@pytest.mark.parametrize(
    "query",
    "王淑兰 wsl 李雷 P20241120 p2024-1120-0001 0001 6620 13812346620 5555 4528 014528 320102197401014528 A-26-00312 a26 312 00312".split(),
)
def test_a_file_is_found_by_name_policy_and_the_tails_of_numbers(query: str) -> None:
    assert finds(query, FILE)


@pytest.mark.parametrize("query", ["王 6620", "wsl 312", "６６２０　兰", "淑兰 4528"])
def test_every_word_must_match(query: str) -> None:
    assert finds(query, FILE)


@pytest.mark.parametrize("query", ["", "   ", "王 9999", "8123", "1381", "张", "··"])
def test_what_does_not_match(query: str) -> None:
    assert not finds(query, FILE)


def test_a_digit_never_meets_a_name() -> None:
    assert query_terms("3") == ["#3", "@3"]
    assert query_terms("") == []
    assert all(term[0] in "#$~^@" for term in query_terms("312"))
    assert terms_for(names=["李雷"]) == name_terms("李雷")


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6))
def test_every_name_is_found_by_itself_and_its_parts(name: str) -> None:
    terms = name_terms(name)
    assert len(terms) <= 160
    for start in range(len(name)):
        assert finds(name[start:], terms)
    for syllables in name_syllables(name):
        assert finds("".join(syllable[0] for syllable in syllables), terms)


@given(st.text(min_size=1, max_size=5).filter(lambda text: not any(0xD800 <= ord(char) <= 0xDFFF for char in text)))
def test_a_prefix_range_holds_exactly_its_prefix(prefix: str) -> None:
    if prefix[-1] == "\U0010ffff":
        return
    low, high = prefix_range(prefix)
    assert low <= prefix < high
    assert low <= prefix + "\U0010ffff" < high
    assert not high.startswith(prefix)


def test_the_gap_of_surrogates_is_no_character() -> None:
    assert prefix_range("\ud7ff"[0]) == ("\ud7ff", "\ue000")


def test_fold() -> None:
    assert fold(" Ａ-26·王 ") == "a26王"
    assert name_terms("") == set()
