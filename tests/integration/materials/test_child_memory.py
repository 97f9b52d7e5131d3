"""What the render child may take: memory that is written, not space that is reserved; and it fails for itself alone."""

import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lian_desk.adapters.exchange.frames import Header
from lian_desk.adapters.rendering import renderer as renderer_module
from lian_desk.adapters.rendering.child_process import ChildProcess, PipeClosed, TimeIsUp
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from tests import material_corpus as corpus

PHOTO = Path(__file__).parents[2] / "cases" / "images" / "phone_photo_12_megapixels.heic"
LINUX_ONLY = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limits of Linux")


def source(content: bytes, name: str = "") -> BytesSource:
    return BytesSource(hashlib.sha256(content + name.encode()).hexdigest(), content)


def limited(lines: str) -> list[str]:
    """Run lines in a process that has limited itself; return what it printed."""
    head = "import mmap\nfrom lian_desk.adapters.fences.confinement import *\nM = MEGABYTE\n"
    done = subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(lines)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.split()


@LINUX_ONLY
def test_memory_that_is_written_is_bounded_and_reserved_space_is_not() -> None:
    said = limited(
        """
        confine_myself(256 * M)
        reserved = mmap.mmap(-1, 2048 * M, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
        print("reserved")
        try:
            bytearray(300 * M)
            print("written")
        except MemoryError:
            print("refused")
        """
    )
    assert said == ["reserved", "refused"]


@LINUX_ONLY
def test_space_that_is_shared_is_bounded_too() -> None:
    said = limited(
        """
        confine_myself(256 * M)
        try:
            mmap.mmap(-1, 5 * 1024 * M)
            print("shared")
        except OSError:
            print("refused")
        """
    )
    assert said == ["refused"]


@LINUX_ONLY
def test_a_request_has_its_own_share_of_memory() -> None:
    said = limited(
        """
        confine_myself()
        for held, working, wanted in ((0, 0, 700), (0, 300 * M, 700), (300 * M, 0, 700), (2048 * M, 0, 1300)):
            allow_request(held, working)
            try:
                bytearray(wanted * M)
                print("given")
            except MemoryError:
                print("refused")
        """
    )
    assert said == ["refused", "given", "given", "refused"]


@LINUX_ONLY
def test_sixteen_threads_of_a_decoder_fit_into_the_share_of_a_photo() -> None:
    """As on a machine with sixteen cores: each thread reserves 64 MB of address space."""
    said = limited(
        f"""
        import pi_heif
        from PIL import Image
        pi_heif.register_heif_opener(decode_threads=16)
        confine_myself()
        allow_request(1 * M, 4 * 4096 * 3072)
        for _turn in range(3):
            with Image.open({str(PHOTO)!r}) as photo:
                photo.load()
                print(photo.width)
        """
    )
    assert said == ["4096"] * 3


def test_the_limit_for_good_cannot_be_raised_again() -> None:
    if sys.platform == "win32":
        return
    said = limited(
        """
        import resource
        confine_myself(256 * M)
        for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_DATA, resource.RLIMIT_AS):
            print(resource.getrlimit(what)[1] // M)
        """
    )
    assert said == ["0", "0", "256", "4352"] or sys.platform == "darwin"


@pytest.mark.parametrize("cores", [1, 2])
def test_photos_of_a_phone_are_shown_at_every_size_and_fail_no_neighbour(renderer: Renderer, cores: int) -> None:
    """A HEIC in 48 tiles at 100 %, several one after the other, small files between them (on as many cores as asked)."""
    before = os.sched_getaffinity(0) if sys.platform.startswith("linux") else set()
    if before:
        os.sched_setaffinity(0, set(sorted(before)[:cores]))
    try:
        content = PHOTO.read_bytes()
        for turn in range(4):
            photo = source(content, f"photo {turn}")
            for scale, width in ((0.1, 307), (4 / 3, 4096)):
                image = renderer.render_page(photo, 0, scale)
                assert image.width == width
            assert renderer.render_page(source(corpus.picture("JPEG"), f"small {turn}"), 0, 1.0).width == 300
    finally:
        if before:
            os.sched_setaffinity(0, before)


def test_a_child_worn_out_by_others_does_not_fail_a_document(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a child that has worked for others dies or has no memory left, a fresh one is asked."""
    first, second = source(corpus.pdf(1)), source(corpus.pdf(2))
    plain = ChildProcess.exchange
    for trouble in ("dies", "is full"):
        assert renderer.probe(first).page_count == 1
        worn = renderer._child

        def worn_out(child: ChildProcess, header: Header, *rest: object) -> tuple[Header, bytearray]:
            if child is not worn:  # noqa: B023 - used within the turn of the loop
                return plain(child, header, *rest)  # type: ignore[arg-type]
            if trouble == "dies":  # noqa: B023 - as above
                raise PipeClosed
            return {"error": "no_memory", "size": 0}, bytearray()

        with monkeypatch.context() as patch:
            patch.setattr(ChildProcess, "exchange", worn_out)
            assert renderer.probe(second).page_count == 2
        assert renderer._child is not worn
        assert renderer._deaths.total() == 0


def test_a_file_that_ended_the_child_is_tried_again_when_a_person_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not condemn a file for good."""
    document = source(corpus.pdf(3))
    with Renderer() as made:
        asked = []

        def too_slow(_child: ChildProcess, header: Header, *_rest: object) -> tuple[Header, bytearray]:
            asked.append(header["do"])
            raise TimeIsUp

        with monkeypatch.context() as patch:
            patch.setattr(renderer_module.ChildProcess, "exchange", too_slow)
            for _attempt in range(5):
                with pytest.raises(EnvironmentProblem) as problem:
                    made.probe(document)
                assert problem.value.code is ErrorCode.MATERIAL_NOT_PREVIEWABLE
            assert len(asked) == 2
        with pytest.raises(EnvironmentProblem):
            made.probe(document)
        made.forgive(document)
        assert made.probe(document).page_count == 3


def test_time_that_is_up_is_told_from_a_death(renderer: Renderer) -> None:
    renderer.probe(source(corpus.pdf()))
    child = renderer._child
    assert child is not None
    slow = source(corpus.pdf(400))
    opening = {"do": "open", "id": slow.id, "size": slow.size, "parted": False}
    with pytest.raises(TimeIsUp):
        child.exchange(opening, None, 0.05)
    assert child._process.wait(10) != 0
