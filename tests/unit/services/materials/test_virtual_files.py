"""Attachments of a mail as Windows describes them: names and sizes believed only as far as they can be."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.errors import ErrorCode
from lian_desk.services.materials.virtual_files import (
    MOST_FILES,
    UNNAMED,
    VirtualFile,
    described_files,
    virtual_items,
)
from lian_desk.services.words.wording import sentence
from tests.virtual_drops import FOLDER_ATTRIBUTE, description, narrow_description, record

NAMES = ["出院小结.pdf", "检查 报告（2）.jpg", "a.b.c.PDF", "𬭎𠮷.pdf", "长" * 255 + ".pdf"]


def test_every_attachment_has_its_number_its_name_and_its_size() -> None:
    found = described_files(description(*((name, 1000 + place) for place, name in enumerate(NAMES))))
    assert [(one.number, one.name, one.size) for one in found] == [
        (place, name, 1000 + place) for place, name in enumerate(NAMES)
    ]


def test_a_name_fills_its_field_and_a_size_its_two_halves() -> None:
    (found,) = described_files(description(("字" * 260, 5 * 1024**3)))
    assert (found.name, found.size) == ("字" * 260, 5 * 1024**3)
    (unknown,) = described_files(description(("a.pdf", None)))
    assert unknown.size is None


def test_folders_are_left_out_and_their_files_keep_their_numbers() -> None:
    raw = struct.pack("<I", 3) + record("病历", None, FOLDER_ATTRIBUTE) + record("病历\\1.pdf", 7) + record("2.pdf", 8)
    assert [(one.number, one.size) for one in described_files(raw)] == [(1, 7), (2, 8)]


def test_the_narrow_form_is_read_in_the_code_page_of_chinese_windows() -> None:
    (found,) = described_files(narrow_description("诊断证明.pdf"), is_wide=False)
    assert found.name == "诊断证明.pdf"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("..\\..\\windows\\system32\\a.pdf", "a.pdf"),
        ("C:\\Users\\x\\病历.pdf", "病历.pdf"),
        ("/etc/passwd", "passwd"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\nb.pdf", "a b.pdf"),
        ("病历\ud800.pdf", "病历\ufffd.pdf"),
        ("", UNNAMED),
    ],
)
def test_a_hostile_name_becomes_a_word(name: str, shown: str) -> None:
    files = described_files(description((name, 3)))
    (item,) = virtual_items(files, lambda _number: b"%PDF-1.7", size_limit_megabytes=1)
    assert item.shown_name == shown
    assert item.path is None


@given(st.binary(max_size=1500), st.booleans())
def test_whatever_is_handed_over_nothing_breaks(raw: bytes, is_wide: bool) -> None:
    for found in described_files(raw, is_wide=is_wide):
        assert found.name
        assert found.number < 3


def test_a_count_that_lies_gives_what_is_whole() -> None:
    good = description(("a.pdf", 1), ("b.pdf", 2))
    assert len(described_files(struct.pack("<I", 0xFFFFFFFF) + good[4:])) == 2
    assert len(described_files(good[:-1])) == 1
    assert described_files(struct.pack("<I", 0) + good[4:]) == []
    assert described_files(b"") == described_files(b"\x01") == []


def test_what_cannot_be_taken_in_says_why_and_the_rest_goes_in() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.pdf", b"%PDF-1.7")
    contents = [b"%PDF-1.7", b"", packed.getvalue(), b"not asked", b""]
    asked: list[int] = []

    def read(number: int) -> bytes:
        asked.append(number)
        return contents[number]

    sizes = [8, 9, len(contents[2]), 3_000_000, 0]
    files = [
        VirtualFile(number, "病历.ZIP" if number == 2 else f"{number}.pdf", size) for number, size in enumerate(sizes)
    ]
    items = virtual_items(files, read, size_limit_megabytes=2)
    assert [item.refusal.code if item.refusal else None for item in items] == [
        None,
        ErrorCode.ATTACHMENT_NOT_GIVEN,
        None,
        ErrorCode.MATERIAL_TOO_LARGE,
        None,
    ]
    assert [items[0].content, items[2].content] == [contents[0], contents[2]]
    assert asked == [0, 1, 2, 4], "what is too large is not even asked for"
    assert all(sentence(item.refusal).endswith("。") for item in items if item.refusal)


def test_too_many_are_said() -> None:
    files = [VirtualFile(number, "a.pdf", 8) for number in range(MOST_FILES + 1)]
    items = virtual_items(files, lambda _number: b"%PDF-1.7", size_limit_megabytes=1)
    assert len(items) == MOST_FILES + 1
    assert items[-1].refusal is not None
    assert items[-1].refusal.code is ErrorCode.FOLDER_TOO_MANY
