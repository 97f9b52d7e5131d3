"""Reading a page leaves nothing: no number of a device, no figures of use, no file in the home, the cache or elsewhere."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.services.recognition.reader import TextReader

WORDS = "北京协和医院诊断证明书"


def page() -> PageImage:
    picture = Image.new("RGB", (800, 200), "white")
    font = ImageFont.truetype(str(resource_path("fonts", "NotoSansSC-Regular.ttf")), 44)
    ImageDraw.Draw(picture).text((40, 60), WORDS, fill="black", font=font)
    return PageImage(800, 200, 2400, picture.tobytes())


def test_reading_leaves_nothing_in_home_cache_and_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "TMPDIR", "TEMP", "TMP"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(folder))
    with TextReader() as reader:
        read = reader.read(page())
    assert "".join(line.text for line in read.lines) == WORDS
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert sorted(path.name for path in tmp_path.glob("*/*")) == []
