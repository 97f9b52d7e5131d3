"""The recogniser's process: reads however a page lies, offline and silent, and its end harms nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.recognition import reader as reader_module
from lian_desk.services.recognition.reader import TextReader, child_arguments

LINES = ("门诊病历", "姓名：王淑兰", "就诊日期：2026年09月03日", "主诉：发现左乳肿物两月余")


def _picture(lines: tuple[str, ...] = LINES, height: int = 420) -> Image.Image:
    image = Image.new("RGB", (760, height), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(resource_path("fonts", "NotoSansSC-Regular.ttf")), 34)
    step = height // len(lines)
    for place, words in enumerate(lines):
        pen.text((60, 30 + place * step), words, font=font, fill=(20, 20, 20))
    return image


def _as_page(image: Image.Image) -> PageImage:
    return PageImage(image.width, image.height, image.width * 3, image.tobytes())


def test_it_reads_a_page_however_it_lies_and_says_how() -> None:
    turns = {0: None, 90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    with TextReader() as reader:
        for turned, transpose in turns.items():
            upright = _picture()
            words = reader.read(_as_page(upright if transpose is None else upright.transpose(transpose)))
            assert words.turned == turned
            assert words.text.splitlines() == list(LINES)
        if sys.platform != "win32":
            assert reader.process_id is not None
            assert os.getpriority(os.PRIO_PROCESS, reader.process_id) > os.getpriority(os.PRIO_PROCESS, 0)


def test_a_long_screenshot_is_read_in_pieces_and_no_line_twice() -> None:
    lines = tuple(f"第{number}行文字" for number in range(10, 50))
    with TextReader() as reader:
        words = reader.read(_as_page(_picture(lines, height=2600)))
    assert words.text.splitlines() == list(lines)


def test_its_death_is_one_refusal_and_the_next_picture_is_read() -> None:
    with TextReader() as reader:
        reader.read(_as_page(_picture()))
        assert reader._child is not None
        reader._child._process.kill()
        reader._child._process.wait()
        assert reader.read(_as_page(_picture())).text.splitlines() == list(LINES)
        reader._request_seconds = 0.05
        with pytest.raises(EnvironmentProblem) as slow:
            reader.read(_as_page(_picture()))
        assert slow.value.code is ErrorCode.RECOGNITION_FAILED
        assert reader.process_id is None


def test_it_goes_when_nobody_has_used_it_for_a_while() -> None:
    with TextReader(idle_seconds=0.0) as reader:
        reader.read(_as_page(_picture(("一行文字",), 120)))
        assert reader.process_id is not None
        reader.rest()
        assert reader.process_id is None


def test_without_the_optional_parts_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without = (
        "import lian_desk.services.recognition.engine as engine;"
        "engine.find_spec = lambda name: None;"
        "from lian_desk.services.recognition.child import main; main()"
    )
    monkeypatch.setattr(reader_module, "child_arguments", lambda: [sys.executable, "-c", without])
    with TextReader() as reader, pytest.raises(EnvironmentProblem) as missing:
        reader.read(_as_page(_picture()))
    assert missing.value.code is ErrorCode.RECOGNITION_MISSING


def test_it_reads_with_the_network_cut_and_writes_no_word_anywhere(tmp_path: Path) -> None:
    picture = tmp_path / "picture.rgb"
    page = _as_page(_picture())
    picture.write_bytes(page.pixels)
    script = f"""
import socket
def cut(*arguments, **more):
    raise OSError("the network is cut")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = cut
from lian_desk.services.recognition.engine import Engine
content = bytearray(open({str(picture)!r}, "rb").read())
turned, lines = Engine().read(content, {page.width}, {page.height}, {page.stride})
assert [line[0] for line in lines] == {list(LINES)!r}, len(lines)
"""
    folder = tmp_path / "work"
    folder.mkdir()
    home = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script],
        capture_output=True,
        env={**os.environ, **home},
        cwd=folder,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for words in LINES:
        assert words.encode() not in done.stdout + done.stderr
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in left if "王淑兰".encode() in path.read_bytes()]


def test_the_child_is_this_interpreter_or_the_frozen_program_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_arguments()[-1] == "lian_desk.services.recognition.child"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_arguments() == [sys.executable, "--recognition-child"]
