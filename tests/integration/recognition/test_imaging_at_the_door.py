"""Imaging examinations at the door: the head of the files says whose they are (R1)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText
from lian_desk.models.vocabulary import FindingField, FindingMatch, MaterialSource, MaterialState, NameAnswer
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.services.reading_queue.runner import ReadingQueue
from tests import dicom_files as files

CASES = Path(__file__).resolve().parents[2] / "cases" / "dicom"
Taken = Callable[[Path], int]


@pytest.fixture
def read_in(desk: Desk, file_id: int) -> Iterator[Taken]:
    """Take the first of what lies under a path in, read everything that waits, and return its key."""
    intake = MaterialIntake(desk, file_id, MaterialSource.DROP)
    queue = ReadingQueue(desk)

    def take(path: Path) -> int:
        result = intake.take_in(items_from([path])[0])
        assert result.material_id is not None, result.sentence
        desk.execute(queue.queue_unread())
        while (step := queue.step()) is not None:
            for command in step.commands:
                desk.execute(command)
        return result.material_id

    yield take
    queue.close()
    intake.close()


def material(desk: Desk, key: int) -> Material:
    with desk.read() as session:
        return session.get_one(Material, key)


def name_found(desk: Desk, key: int) -> tuple[str, FindingMatch | None]:
    with desk.read() as session:
        row = session.scalars(
            select(MaterialFinding).where(
                MaterialFinding.material_id == key, MaterialFinding.field == FindingField.NAME
            )
        ).one()
        return row.value, row.match


@pytest.mark.parametrize(
    "name", ["ct_slice_of_another_person.dcm", "structured_report_without_picture.dcm", "pdf_inside_dicom.dcm"]
)
def test_a_dicom_file_of_another_person_is_stopped(desk: Desk, read_in: Taken, name: str) -> None:
    key = read_in(CASES / name)
    assert name_found(desk, key) == ("李建国", FindingMatch.OTHER)
    assert material(desk, key).state is MaterialState.QUARANTINED


def test_a_disc_of_the_insured_comes_in_and_only_its_words_are_read(desk: Desk, read_in: Taken, tmp_path: Path) -> None:
    files.disc(tmp_path / "CD")
    key = read_in(tmp_path / "CD")
    assert name_found(desk, key) == ("王淑兰", FindingMatch.SAME)
    assert material(desk, key).state is MaterialState.RECEIVED
    with desk.read() as session:
        pages = session.scalars(select(MaterialPageText.page).where(MaterialPageText.material_id == key)).all()
    assert sorted(pages) == [0, 6]


def test_a_disc_of_another_person_is_stopped(desk: Desk, read_in: Taken, tmp_path: Path) -> None:
    for number in (1, 2):
        content = files.image(files.slice_pixels(900), files.head(number=number, PatientName="李^建国"))
        path = tmp_path / "CD" / f"{number}.dcm"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    key = read_in(tmp_path / "CD")
    assert name_found(desk, key) == ("李建国", FindingMatch.OTHER)
    assert material(desk, key).state is MaterialState.QUARANTINED


@pytest.mark.parametrize(
    ("written", "match", "state"),
    [
        ("WANG^SHULAN", FindingMatch.NEEDS_LOOK, MaterialState.RECEIVED),
        ("SHU LAN^WANG", FindingMatch.NEEDS_LOOK, MaterialState.RECEIVED),
        ("LI^JIANGUO", FindingMatch.OTHER, MaterialState.QUARANTINED),
    ],
)
def test_a_name_in_latin_letters_is_compared_by_its_reading_and_proves_nothing(
    desk: Desk, read_in: Taken, tmp_path: Path, written: str, match: FindingMatch, state: MaterialState
) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(files.image(files.slice_pixels(900), files.head(PatientName=written)))
    key = read_in(path)
    assert (name_found(desk, key)[1], material(desk, key).state) == (match, state)
    assert material(desk, key).name_answer is not NameAnswer.INSURED
