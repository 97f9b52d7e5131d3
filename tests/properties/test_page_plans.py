"""Whatever is done to the pages of a document, none is lost, none stands twice, and the plan is read as written."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.services.materials.page_plans import PagePlan, PlannedPage, plain_plan, read_plan, write_plan

TURNS: Final = st.sampled_from([0, 90, 180, 270])


@st.composite
def plans(draw: st.DrawFn) -> PagePlan:
    pages = draw(st.lists(st.integers(0, 60), unique=True, max_size=40))
    entries = [PlannedPage(page, draw(TURNS)) for page in pages]
    cut = draw(st.integers(0, len(entries)))
    return PagePlan(tuple(entries[:cut]), tuple(entries[cut:]))


@given(plans())
def test_a_plan_is_read_as_it_was_written(plan: PagePlan) -> None:
    text = write_plan(plan)
    assert read_plan(text, 61) == (plan if text else plain_plan(61))


@given(plans(), st.sets(st.integers(0, 45)), st.integers(0, 45), TURNS)
def test_no_page_is_lost(plan: PagePlan, places: set[int], target: int, degrees: int) -> None:
    chosen = [place for place in places if place < len(plan.shown)]
    for changed in (
        plan.moved(chosen, target),
        plan.turned(chosen, degrees),
        plan.without(chosen),
        plan.without(chosen).restored(),
    ):
        assert changed.pages == plan.pages
        assert len(changed.shown) + len(changed.hidden) == len(plan.pages)
    stays, goes = plan.split(chosen)
    assert stays.pages | goes.pages == plan.pages
    assert not stays.pages & goes.pages


@given(plans(), st.integers(0, 45), st.integers(0, 45))
def test_a_moved_page_stands_before_its_target(plan: PagePlan, place: int, target: int) -> None:
    if place < len(plan.shown) and target < len(plan.shown) and place != target:
        page, before = plan.shown[place].page, plan.shown[target].page
        moved = plan.moved([place], target)
        assert moved.place_of(before) == (moved.place_of(page) or 0) + 1


def test_a_long_plain_document_needs_few_letters() -> None:
    assert write_plan(plain_plan(10_000)) == "0-9999"
    assert write_plan(plain_plan(5).turned([2], 90).without([4])) == "0-1 2@90 3 ~4"
    assert plain_plan(5).is_plain
    assert not plain_plan(5).without([0]).is_plain


def test_a_page_that_stands_twice_is_a_bug() -> None:
    with pytest.raises(ValueError, match="once"):
        write_plan(PagePlan((PlannedPage(1), PlannedPage(1))))
    with pytest.raises(ValueError, match="quarters"):
        write_plan(PagePlan((PlannedPage(1, 45),)))
