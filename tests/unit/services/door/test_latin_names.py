"""Chinese names in Latin letters beside the name in characters."""

import pytest

from lian_desk.services.door.latin_names import is_latin, reads_as


@pytest.mark.parametrize(
    ("latin", "name", "reads"),
    [
        ("WANG SHULAN", "王淑兰", True),
        ("Wang Shu-Lan", "王淑兰", True),
        ("Shulan Wang", "王淑兰", True),
        ("LYU FANG", "吕芳", True),
        ("LV FANG", "吕芳", True),
        ("Lü Fang", "吕芳", True),
        ("SHAN XIONGXIN", "单雄信", True),
        ("OUYANG FENG", "欧阳锋", True),
        ("FENG OUYANG", "欧阳锋", True),
        ("LI JIANGUO", "王淑兰", False),
        ("WANG SHUFANG", "王淑兰", False),
        ("", "王淑兰", False),
    ],
)
def test_letters_are_compared_with_every_reading(latin: str, name: str, *, reads: bool) -> None:
    assert reads_as(latin, name) is reads


def test_what_is_latin() -> None:
    assert [is_latin(name) for name in ("WANG SHULAN", "Müller", "王淑兰", "王 SHULAN", "123", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
