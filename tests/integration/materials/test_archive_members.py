"""What is wrong with one member of an archive is said of that one; the others come in, whatever its name or its bytes."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from lian_desk.adapters.storage.archives import ArchiveShelf, files_in_archive
from lian_desk.adapters.storage.memberwise_zip import open_zip
from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from tests import material_corpus as corpus

CASES = Path(__file__).parents[2] / "cases" / "archives"
PAGES = {"一.pdf": corpus.pdf(1), "二.pdf": corpus.pdf(2), "三.pdf": corpus.pdf(3)}
VERSION, FLAGS, METHOD, EXTRA_LENGTH = 6, 8, 10, 30


def entry_places(content: bytes) -> list[int]:
    places, place = [], content.find(b"PK\x01\x02")
    while place >= 0:
        places.append(place)
        place = content.find(b"PK\x01\x02", place + 4)
    return places


def changed(content: bytes, number: int, at: int, value: int) -> bytes:
    """Return an archive with one number of 16 bits of one directory entry changed."""
    spoilt = bytearray(content)
    struct.pack_into("<H", spoilt, entry_places(content)[number] + at, value)
    return bytes(spoilt)


def lay(folder: Path, content: bytes) -> Path:
    path = folder / "材料.zip"
    path.write_bytes(content)
    return path


def take_all(intake: MaterialIntake, path: Path) -> list[IntakeOutcome]:
    return [intake.take_in(item).outcome for item in items_from([path])]


@pytest.mark.parametrize("version", [64, 80, 255, 0x0350, 65535])
def test_a_member_of_a_later_version_is_one_refused_row(intake: MaterialIntake, tmp_path: Path, version: int) -> None:
    path = lay(tmp_path, changed(corpus.archive(PAGES), 1, VERSION, version))
    assert take_all(intake, path) == [IntakeOutcome.ADDED, IntakeOutcome.REFUSED, IntakeOutcome.ADDED]
    refused = items_from([path])[1]
    assert refused.name == "二.pdf"
    assert refused.refusal is not None
    assert refused.refusal.code is ErrorCode.ARCHIVE_UNREADABLE


@pytest.mark.parametrize(
    "name",
    [b"", b"\x00", b"\x00\x00.pdf", b"/", b"//", b"\\", b".", b"..", b"\xff\xfe", b" ", b"\xe2\x80\xae", b"a" * 60_000],
)
@pytest.mark.parametrize("flags", [0, 0x800])
def test_no_name_ends_an_intake(intake: MaterialIntake, tmp_path: Path, name: bytes, flags: int) -> None:
    members = {b"first.pdf": PAGES["一.pdf"], name: PAGES["二.pdf"], b"last.pdf": PAGES["三.pdf"]}
    path = lay(tmp_path, corpus.raw_named_archive(members, flags=flags))
    outcomes = take_all(intake, path)
    assert (outcomes[0], outcomes[-1]) == (IntakeOutcome.ADDED, IntakeOutcome.ADDED)


def test_a_broken_extra_field_spoils_only_its_member(intake: MaterialIntake, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for number, (name, content) in enumerate(PAGES.items()):
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HHQ", 0x9901, 8, 0) if number == 1 else b""
            packed.writestr(info, content)
    content = bytearray(target.getvalue())
    place = content.rindex(struct.pack("<HH", 0x9901, 8))
    # says that it holds sizes of 64 bits, and is too short for them
    struct.pack_into("<HH", content, place, 1, 2)
    struct.pack_into("<I", content, entry_places(bytes(content))[1] + 24, 0xFFFFFFFF)
    path = lay(tmp_path, bytes(content))
    assert take_all(intake, path) == [IntakeOutcome.ADDED, IntakeOutcome.REFUSED, IntakeOutcome.ADDED]


@pytest.mark.parametrize(
    ("method", "words"), [(9, "Deflate64"), (14, "LZMA"), (93, "Zstandard"), (98, "PPMd"), (6, "6")]
)
def test_a_way_of_packing_that_is_not_known_is_named(
    intake: MaterialIntake, tmp_path: Path, method: int, words: str
) -> None:
    path = lay(tmp_path, changed(corpus.archive(PAGES), 1, METHOD, method))
    items = items_from([path])
    result = intake.take_in(items[1])
    assert result.outcome is IntakeOutcome.REFUSED
    assert words in result.sentence
    assert "损坏" not in result.sentence
    assert [intake.take_in(item).outcome for item in (items[0], items[2])] == [IntakeOutcome.ADDED] * 2


def test_the_archive_of_windows_says_how_it_is_packed(intake: MaterialIntake) -> None:
    (item,) = items_from([CASES / "deflate64.zip"])
    result = intake.take_in(item)
    assert (result.outcome, "Deflate64" in result.sentence) == (IntakeOutcome.REFUSED, True)


@pytest.mark.parametrize("number", [1, 2])
def test_a_member_whose_local_head_is_broken_is_one_refused_row(
    intake: MaterialIntake, tmp_path: Path, number: int
) -> None:
    content = bytearray(corpus.archive(PAGES))
    place = struct.unpack_from("<I", content, entry_places(bytes(content))[number] + 42)[0]
    content[place : place + 4] = b"XXXX"
    wanted = [IntakeOutcome.ADDED] * 3
    wanted[number] = IntakeOutcome.REFUSED
    assert take_all(intake, lay(tmp_path, bytes(content))) == wanted


def test_an_inner_archive_that_is_broken_is_one_refused_row(intake: MaterialIntake, tmp_path: Path) -> None:
    inner = changed(corpus.archive(PAGES), 0, VERSION, 80)
    whole = corpus.archive({"内.zip": inner, "坏.zip": corpus.cut(inner), "外.pdf": corpus.pdf(4)})
    outcomes = take_all(intake, lay(tmp_path, whole))
    assert outcomes == [
        IntakeOutcome.REFUSED, IntakeOutcome.ADDED, IntakeOutcome.ADDED, IntakeOutcome.REFUSED, IntakeOutcome.ADDED,
    ]  # fmt: skip


def test_a_directory_that_needs_no_taming_is_read_from_the_file_itself() -> None:
    stream = io.BytesIO(corpus.archive(PAGES))
    with open_zip(stream) as packed:
        assert packed.unreadable == frozenset()
        assert packed.fp is stream
        assert [packed.read(info) for info in packed.infolist()] == list(PAGES.values())


def spoilt_archive(rng: random.Random) -> bytes:
    """Return an archive with a few bytes of its directory, its heads or its contents changed."""
    members = {f"{number}.pdf": corpus.pdf(1 + number) for number in range(4)}
    if rng.random() < 0.3:
        members["内.zip"] = corpus.archive(
            {"a.pdf": corpus.pdf(1), "b.docx": corpus.archive({"word/document.xml": b""})}
        )
    content = bytearray(corpus.archive(members, method=rng.choice((0, 8, 12))))
    for _change in range(rng.randrange(1, 5)):
        entry = rng.choice(entry_places(bytes(content)) or [0])
        place = rng.choice((entry + rng.randrange(4, 60), rng.randrange(len(content))))
        if place < len(content):
            content[place] = rng.choice((0, 1, 0x50, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(content)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_an_archive_holds_there_is_a_row_or_a_sentence(tmp_path: Path, seed: int) -> None:
    """50 spoilt archives for each seed: listing and reading raise nothing but sentences."""
    rng = random.Random(seed)
    for number in range(50):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(spoilt_archive(rng))
        items = items_from([path])
        assert items
        shelf = ArchiveShelf()
        for item in items:
            assert isinstance(item, IntakeItem)
            assert item.shown_name
            if item.refusal is not None or isinstance(item.content, (Path, bytes)):
                continue
            try:
                with shelf.open(item.content) as stream:
                    stream.read()
            except (DeskError, OSError):
                continue
        shelf.close()


def test_names_of_any_bytes_raise_nothing(tmp_path: Path) -> None:
    rng = random.Random(20261201)
    for number in range(400):
        name = rng.randbytes(rng.choice((0, 1, 2, 5, 30)))
        if rng.random() < 0.4:
            name = rng.choice((b"\x00", b"/", b"\\", b"\xe5", b"\xff")) + name + rng.choice((b"", b"/", b"\x00"))
        path = tmp_path / f"{number}.zip"
        content = corpus.raw_named_archive({b"first.pdf": b"%PDF-1.4", name: b"%PDF-1.4"}, flags=rng.choice((0, 0x800)))
        path.write_bytes(content)
        names = [found.name for found in files_in_archive(path)]
        assert names[0] == "first.pdf"


def test_a_member_that_cannot_be_unpacked_says_so_when_it_is_read(tmp_path: Path) -> None:
    """Packed by a known way, spoilt inside: the row is there, reading it is refused with a sentence."""
    whole = bytearray(corpus.archive({"a.pdf": corpus.pdf(9)}, method=zipfile.ZIP_BZIP2))
    whole[60:90] = bytes(30)
    path = lay(tmp_path, bytes(whole))
    (found,) = files_in_archive(path)
    shelf = ArchiveShelf()
    with pytest.raises((DeskError, OSError)), shelf.open(found.member) as stream:
        stream.read()
    shelf.close()
