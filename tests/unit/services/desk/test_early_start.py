"""The start rests from collecting garbage and takes it up again."""

import gc
from collections.abc import Iterator

import pytest

from lian_desk.services.desk.early_start import begin_start, end_start


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    assert gc.isenabled()
    yield
    gc.enable()
    gc.unfreeze()


def test_garbage_is_left_alone_until_the_window_stands() -> None:
    begin_start()
    assert not gc.isenabled()
    end_start()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_without_a_beginning_the_end_changes_nothing() -> None:
    before = gc.get_freeze_count()
    end_start()
    assert gc.isenabled()
    assert gc.get_freeze_count() == before
