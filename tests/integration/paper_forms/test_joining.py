"""Papers bound into one file: every page and heading of each, in order, read by both readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lian_desk.adapters.drawing.delivery import deliver_by_writing
from lian_desk.adapters.drawing.joining import PaperJoiner
from lian_desk.adapters.paper_forms.drawing import draw
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from tests.integration.paper_forms import paper_samples as samples
from tests.integration.paper_forms.reading import poppler_text, read_back

if TYPE_CHECKING:
    from pathlib import Path


def test_every_page_comes_along_and_the_outline_is_headed_by_the_numbers(tmp_path: Path) -> None:
    drawn = [draw(make()) for make in samples.EVERY_PAPER.values()]
    with (tmp_path / "all.pdf").open("wb") as target:
        joiner = PaperJoiner(target)
        for number, (content, _facts) in enumerate(drawn, start=1):
            joiner.add(content, f"编号 {number}")
        joiner.finish()
    assert joiner.count == len(drawn)
    got = read_back(tmp_path / "all.pdf")
    assert len(got.pages) == sum(facts.page_count for _content, facts in drawn)
    alone = []
    for content, _facts in drawn:
        (tmp_path / "one.pdf").write_bytes(content)
        alone += read_back(tmp_path / "one.pdf").pages
    assert list(got.pages) == alone
    assert [title for title in got.outline if title.startswith("编号")] == [f"编号 {n}" for n in range(1, 9)]
    other = poppler_text(tmp_path / "all.pdf")
    assert other is None or sorted(other) == sorted(got.run)


def test_what_is_no_paper_of_ours_is_a_bug(tmp_path: Path) -> None:
    with (tmp_path / "all.pdf").open("wb") as target, pytest.raises(ValueError, match="no plain table"):
        PaperJoiner(target).add(b"%PDF-1.4\nnothing\n%%EOF", "x")


def test_a_binding_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "all.pdf"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), deliver_by_writing(target) as stream:  # noqa: PT012 - the block breaks off
        stream.write(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["all.pdf"]
    with pytest.raises(EnvironmentProblem) as refused, deliver_by_writing(tmp_path / "gone" / "all.pdf"):
        pass
    assert refused.value.code is ErrorCode.TARGET_FOLDER_MISSING
