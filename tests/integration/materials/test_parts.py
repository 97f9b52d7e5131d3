"""Large documents are read in parts: the same pixels, little memory, damage noticed where it is read."""

import hashlib
import io
import os
import random
import sys
import threading
from pathlib import Path

import pyrage
import pytest
from PIL import Image

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.exchange.frames import read_header, write_header
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.adapters.storage.sealed_reader import PIECE, SealedReader
from lian_desk.adapters.storage.thumbnails import StoredSource
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import MaterialFlaw
from tests import material_corpus as corpus


@pytest.fixture
def store(tmp_path: Path) -> MaterialStore:
    return MaterialStore(tmp_path / "m", str(pyrage.x25519.Identity.generate()))


def stored(store: MaterialStore, content: bytes) -> StoredSource:
    kept = store.keep(content)
    return StoredSource(store, kept.sha256, kept.size)


def in_memory(content: bytes) -> BytesSource:
    return BytesSource(hashlib.sha256(content).hexdigest(), content)


@pytest.mark.parametrize("size", [1, 100, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 500_001])
def test_any_part_of_a_sealed_file(size: int) -> None:
    content = random.Random(size).randbytes(size)
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = pyrage.encrypt(content, [other.to_public(), own.to_public()])
    reader = SealedReader(io.BytesIO(sealed), str(own))
    assert reader.size == size
    assert reader.read_at(0, size + 9) == content
    dice = random.Random(1)
    for _ in range(40):
        place, length = dice.randrange(size), dice.randrange(1, size + 2)
        assert reader.read_at(place, length) == content[place : place + length]
    assert reader.read_at(size, 5) == b""
    reader.close()


def test_damage_of_a_sealed_file_is_noticed_where_it_is_read() -> None:
    own = pyrage.x25519.Identity.generate()
    content = os.urandom(4 * PIECE + 100)
    sealed = pyrage.encrypt(content, [own.to_public()])
    start = len(sealed) - len(content) - 5 * 16
    flipped = bytearray(sealed)
    flipped[start + PIECE + 16 + 50] ^= 1
    reader = SealedReader(io.BytesIO(bytes(flipped)), str(own))
    assert reader.read_at(0, PIECE) == content[:PIECE]
    with pytest.raises(EnvironmentProblem) as problem:
        reader.read_at(PIECE, 10)
    assert problem.value.code is ErrorCode.MATERIAL_DAMAGED
    # two pieces exchanged, the end cut at a piece, another key, no such file at all
    piece = PIECE + 16
    swapped = (
        sealed[:start]
        + sealed[start + piece : start + 2 * piece]
        + sealed[start : start + piece]
        + sealed[start + 2 * piece :]
    )
    with pytest.raises(EnvironmentProblem):
        SealedReader(io.BytesIO(swapped), str(own)).read_at(0, 10)
    stranger = str(pyrage.x25519.Identity.generate())
    for damaged, identity in ((sealed[: start + 2 * piece], str(own)), (sealed, stranger), (b"", str(own))):
        with pytest.raises(EnvironmentProblem):
            SealedReader(io.BytesIO(damaged), identity)
    for place in range(0, start, 7):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(EnvironmentProblem):
            SealedReader(io.BytesIO(bytes(broken)), str(own)).read_at(0, 10)


@pytest.mark.parametrize("size", [10, 16 * 1024, 3_000_000])
def test_the_child_reads_a_parted_file_like_any_other(size: int) -> None:
    content = random.Random(size).randbytes(size)
    down, up = os.pipe(), os.pipe()
    requests, answers = os.fdopen(down[0], "rb", buffering=0), os.fdopen(up[1], "wb", buffering=0)
    to_child, from_child = os.fdopen(down[1], "wb"), os.fdopen(up[0], "rb", buffering=0)
    most = 0

    def serve() -> None:
        nonlocal most
        while True:
            place, length = read_header(from_child)["want"]
            if place < 0:
                return
            most = max(most, length)
            part = content[place : place + length]
            write_header(to_child, {"size": len(part)})
            to_child.write(part)
            to_child.flush()

    parent = threading.Thread(target=serve)
    parent.start()
    parted = PartsFile(size, requests, answers)
    assert parted.read() == content
    dice = random.Random(2)
    for _ in range(60):
        place, length = dice.randrange(size + 5), dice.choice([1, 300, 20_000, 900_000, 2_500_000])
        parted.seek(place)
        assert parted.read(length) == content[place : place + length]
        assert parted.tell() == min(place + length, max(size, place))
    assert most <= 1024 * 1024
    write_header(answers, {"want": [-1, 0]})
    parent.join()
    for pipe in (requests, answers, to_child, from_child):
        pipe.close()


def test_a_large_document_looks_the_same_in_parts(renderer: Renderer, store: MaterialStore) -> None:
    paper = corpus.long_pdf(40, 120_000)
    photo = corpus.picture("BMP", (1_600, 1_200))
    scan = corpus.dicom(3, side=900)
    assert min(len(paper), len(photo), len(scan)) > 2 * 1024 * 1024
    for content, page in ((paper, 39), (photo, 0), (scan, 2)):
        parted, whole = stored(store, content), in_memory(content + b"")
        expected = Renderer()
        assert renderer.probe(parted) == expected.probe(whole)
        assert renderer.page_sizes(parted) == expected.page_sizes(whole)
        assert renderer.render_page(parted, page, 0.4) == expected.render_page(whole, page, 0.4)
        expected.close()


def test_a_cut_large_document_is_refused(renderer: Renderer, store: MaterialStore) -> None:
    for content in (corpus.long_pdf(40, 120_000), corpus.dicom(1, side=1_500)):
        with pytest.raises(DeskError) as refusal:
            renderer.probe(stored(store, corpus.cut(content, 0.8)))
        assert refusal.value.code in {ErrorCode.MATERIAL_TRUNCATED, ErrorCode.MATERIAL_UNREADABLE}
        assert renderer._child is not None


def test_a_cut_large_picture_is_taken_in_with_what_is_lost(renderer: Renderer, store: MaterialStore) -> None:
    probe = renderer.probe(stored(store, corpus.cut(corpus.picture("BMP", (1_600, 1_200)), 0.8)))
    assert probe.flaw == Flaw(MaterialFlaw.TOP_LOST, page=1, line=241, lines=1_200)


def test_a_stored_file_that_is_damaged_in_the_middle_is_told(renderer: Renderer, store: MaterialStore) -> None:
    source = stored(store, corpus.long_pdf(40, 120_000))
    path = store.path_of(source.id)
    sealed = bytearray(path.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    path.write_bytes(sealed)
    renderer.render_page(source, 0, 0.2)

    def look_through() -> None:
        for page in range(40):
            renderer.render_page(source, page, 0.2)

    with pytest.raises(EnvironmentProblem) as problem:
        look_through()
    assert problem.value.code is ErrorCode.MATERIAL_DAMAGED
    # the child waited for bytes that did not come; another one goes on
    assert renderer.probe(in_memory(corpus.pdf(3))).page_count == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory of the child from /proc")
def test_the_child_keeps_little_of_a_large_document(renderer: Renderer, store: MaterialStore) -> None:
    source = stored(store, corpus.long_pdf(300, 400_000))
    assert source.size > 100_000_000
    for page in range(0, 300, 10):
        renderer.render_page(source, page, 0.3)
    assert renderer._child is not None
    told = Path(f"/proc/{renderer._child.process_id}/status").read_text(encoding="ascii")
    assert int(told.split("VmHWM:")[1].split()[0]) < 150 * 1024
    renderer.forget(source)
    assert renderer.render_page(source, 299, 0.3).width > 0


def test_an_animated_picture_is_one_page(renderer: Renderer) -> None:
    frames = [Image.new("P", (40, 30), shade) for shade in (0, 90, 200)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    assert renderer.probe(in_memory(target.getvalue())).page_count == 1
