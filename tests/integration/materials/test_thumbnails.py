"""Small pictures: made once, kept in bounded memory, forgotten on demand."""

import pytest

from lian_desk.adapters.storage import thumbnails
from lian_desk.adapters.storage.thumbnails import Thumbnails
from lian_desk.models.errors import DeskError
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.services.materials.views import load_material_view
from tests import material_corpus as corpus


@pytest.fixture
def files(desk: Desk, intake: MaterialIntake) -> list[tuple[str, int]]:
    found = []
    for pages in (1, 2, 3):
        key = intake.take_in(IntakeItem(f"{pages}.pdf", corpus.pdf(pages))).material_id
        assert key is not None
        view = load_material_view(desk, key)
        found.append((view.sha256, view.byte_size))
    return found


def test_a_picture_is_made_once(desk: Desk, files: list[tuple[str, int]]) -> None:
    small = Thumbnails(desk.materials, desk.renderer)
    first = small.of(*files[0], 120)
    assert max(first.width, first.height) <= 121
    desk.materials.path_of(files[0][0]).unlink()
    assert small.of(*files[0], 120) is first
    turned = small.of(*files[1], 120, 90)
    assert turned.width > turned.height
    small.forget()
    desk.renderer.close()
    with pytest.raises(DeskError):
        small.of(*files[0], 120)


def test_memory_is_bounded(desk: Desk, files: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST_BYTES", 60_000)
    small = Thumbnails(desk.materials, desk.renderer)
    for file in files:
        small.of(*file, 120)
    assert small._bytes <= 60_000
    assert len(small._kept) < 3
