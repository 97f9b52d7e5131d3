"""The hospital list in the window: by city, by level, found by what people type."""

from PySide6.QtTest import QAbstractItemModelTester

from lian_desk.services.listings.hospitals import HospitalRow
from lian_desk.ui.hospitals.columns import hospital_columns
from lian_desk.ui.hospitals.page import HospitalPage
from tests.window_fixture import Hands


def opened(hands: Hands) -> HospitalPage:
    hands.shown.context.navigator.open_page("hospitals")
    hands.settle()
    page = hands.shown.window.current_page
    assert isinstance(page, HospitalPage)
    return page


def rows(hands: Hands, page: HospitalPage) -> list[HospitalRow]:
    """Return the first rows, once their pages are there."""
    model = page.list.table.model()
    wanted = range(min(model.rowCount(), 100))
    for place in wanted:
        model.row_data(place)
    hands.bot.waitUntil(lambda: all(model.row_data(place) is not None for place in wanted))
    return [model.row_data(place) for place in wanted]


def test_the_list_is_shown_by_province_and_city(hands: Hands) -> None:
    page = opened(hands)
    QAbstractItemModelTester(page.list.table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    found = rows(hands, page)
    assert len(found) >= 20
    places = [(row.province, row.city) for row in found]
    assert places == sorted(places)


def test_a_search_and_a_filter_narrow_it(hands: Hands) -> None:
    page = opened(hands)
    page.list.search("chengdu")
    hands.settle()
    assert rows(hands, page)
    assert {row.city for row in rows(hands, page)} == {"成都市"}
    page.list.search("")
    page.list.set_filter("scope", "cancer")
    hands.settle()
    assert {row.specialty.value for row in rows(hands, page)} == {"cancer"}
    page.list.search("没有这家医院")
    hands.settle()
    assert page.list.table.model().rowCount() == 0


def test_every_column_has_words_or_chips(hands: Hands) -> None:
    (row, *_) = rows(hands, opened(hands))
    for column in hospital_columns():
        shown = [part(row) for part in (column.text, column.secondary) if part is not None]
        chips = column.chips(row) if column.chips is not None else ()
        assert shown or chips
        assert all(isinstance(words, str) for words in shown)
