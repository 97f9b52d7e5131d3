"""Many papers at once: every one numbered and frozen, over several processes, bound into one, called off, refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.papers.batch_files import batch_files, holders
from lian_desk.services.papers.batches import BatchOrder, issue_batch
from lian_desk.services.papers.register import Verdict, check_paper
from tests.desk_world import World
from tests.integration.paper_forms.reading import assert_sound, read_back


@pytest.fixture
def files(world: World) -> tuple[int, ...]:
    return tuple(world.open_file(date(1970 + number, 3, 4)) for number in range(5))


def sealed_count(world: World) -> int:
    with world.desk.read() as session:
        return session.scalar(select(func.count()).where(IssuedDocument.content_sha256 != "")) or 0


def test_a_paper_for_every_file_each_its_own(world: World, files: tuple[int, ...], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    seen: list[tuple[int, int, str]] = []
    order = BatchOrder(kind=DocumentKind.FOLLOW_UP_RECORD, file_ids=files, folder=out, purpose="月度归档")
    result = issue_batch(world.desk, order, report=lambda *told: seen.append(told))
    assert (result.issued, result.faults, result.is_cancelled) == (5, [], False)
    assert [told[:2] for told in seen] == [(number, 5) for number in range(1, 6)]
    written = sorted(out.iterdir())
    assert len(written) == 5 == sealed_count(world)
    for path in written:
        assert check_paper(world.desk, path).verdict is Verdict.UNCHANGED
        assert_sound(path, len(read_back(path).pages))
    assert result.pages == sum(len(read_back(path).pages) for path in written)


def test_bound_into_one_with_a_heading_for_each(world: World, files: tuple[int, ...], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    order = BatchOrder(
        kind=DocumentKind.ENTITLEMENT_STATEMENT,
        file_ids=files,
        folder=out,
        masking=MaskingLevel.INSURED,
        as_one=True,
    )
    result = issue_batch(world.desk, order)
    assert result.joined is not None
    assert [path.name for path in out.iterdir()] == [result.joined.name]
    got = read_back(result.joined)
    assert len(got.pages) == result.pages
    headed = [title for title in got.outline if title.startswith("ES-26-01-")]
    assert headed == [f"ES-26-01-{number:05d} A-26-01-{number:05d}" for number in range(1, 6)]
    # each of them is frozen on its own as well
    assert sealed_count(world) == 5


def test_called_off_in_the_middle_leaves_whole_papers_only(
    world: World, files: tuple[int, ...], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    order = BatchOrder(kind=DocumentKind.FILE_SUMMARY, file_ids=files, folder=out)
    result = issue_batch(world.desk, order, cancelled=cancelled)
    assert (result.issued, result.is_cancelled) == (2, True)
    assert len(list(out.iterdir())) == 2 == sealed_count(world)


def test_a_file_that_refuses_is_named_and_the_others_go_on(
    world: World, files: tuple[int, ...], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    order = BatchOrder(kind=DocumentKind.FILE_SUMMARY, file_ids=(files[0], 1, files[1]), folder=out)
    result = issue_batch(world.desk, order)
    assert result.issued == 2
    assert len(result.faults) == 1


@pytest.mark.parametrize("as_one", [False, True])
def test_a_folder_that_is_gone_stops_the_batch_with_a_sentence(
    world: World, files: tuple[int, ...], tmp_path: Path, as_one: bool
) -> None:
    order = BatchOrder(kind=DocumentKind.FILE_SUMMARY, file_ids=files, folder=tmp_path / "gone", as_one=as_one)
    with pytest.raises(EnvironmentProblem) as refused:
        issue_batch(world.desk, order)
    assert refused.value.code is ErrorCode.TARGET_FOLDER_MISSING
    assert sealed_count(world) == 0


def test_which_files_a_batch_means(world: World, files: tuple[int, ...]) -> None:
    (holder,) = holders(world.desk)
    assert (holder.key, holder.file_count) == (world.desk.operator.id, 5)
    assert batch_files(world.desk, None, None) == files
    assert batch_files(world.desk, holder.key, None) == files
    assert batch_files(world.desk, world.lead.operator.id, None) == ()
    assert batch_files(world.desk, None, (date(2026, 9, 1), date(2026, 9, 30))) == ()
