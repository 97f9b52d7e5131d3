"""全文检索 in the real window: typed, grouped, continued, opened; names masked."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.vocabulary import TextOrigin
from lian_desk.services.full_text import index as full_text
from lian_desk.services.recognition.page_words import PageWords, WordLine
from lian_desk.services.search.text_search import TextHit, find_texts, marks_on_material
from lian_desk.ui.common.look.page_mark import MaterialPlace
from lian_desk.ui.search.hit_model import FileHeading
from tests.desk_world import World
from tests.ui_fixture import type_chinese
from tests.window_fixture import Hands

LINES = (
    WordLine("上海市第一医院 出院小结", 0.2, 0.05, 0.6, 0.03, 0.99),
    WordLine("患者王淑兰，手机 13812346620", 0.1, 0.12, 0.5, 0.02, 0.97),
    WordLine("CT示左肺上叶结节", 0.1, 0.2, 0.4, 0.02, 0.95),
)


def read_page(world: World, material_id: int, page: int = 0) -> None:
    """Store and index a page as the recognition does."""
    words = PageWords(TextOrigin.RECOGNISED, 0, LINES)
    with world.desk.database.write_session() as session:
        session.add(
            MaterialPageText(
                id=world.desk.new_id(),
                material_id=material_id,
                page=page,
                origin=words.origin,
                turned=0,
                text=words.text,
                lines=words.as_json(),
                read_at=world.clock.moment,
            )
        )
        full_text.index_page(session, material_id, page, words.text)
        session.commit()


@pytest.fixture
def paper(world: World) -> int:
    """Return a material whose second page has been read."""
    material_id = world.material(world.open_file())
    read_page(world, material_id, 1)
    return material_id


def page_hit(world: World, question: str) -> TextHit:
    """Return the hit on a page."""
    return next(hit for hit in find_texts(world.desk, question).hits if "页" in hit.place)


def test_a_hit_shows_its_place_and_the_words_and_masks_name_and_number(world: World, paper: int) -> None:
    hit = page_hit(world, "肺上叶")
    assert hit.material_id == paper
    assert hit.page == 1
    assert hit.place == "门诊病历 · 第 2 页"
    assert [hit.excerpt[first:last] for first, last in hit.spans] == ["肺上叶"]
    assert hit.insured_name == "王*兰"
    assert "淑兰" not in hit.excerpt
    assert "13812346620" not in hit.excerpt


@pytest.mark.parametrize("question", ["王淑兰", "淑兰", "13812346620", "兰"])
def test_what_is_masked_is_found_but_not_shown(world: World, paper: int, question: str) -> None:
    hit = page_hit(world, question)
    assert "王淑兰" not in hit.excerpt
    assert "13812346620" not in hit.excerpt
    assert "患者王*兰" in hit.excerpt


def test_marks_lie_on_the_words_of_the_line(world: World, paper: int) -> None:
    (mark,) = marks_on_material(world.desk, paper, "结节")
    assert mark.page == 1
    assert mark.words == "结节"
    assert mark.left == pytest.approx(0.1 + 0.4 * 12 / 16, abs=1e-4)
    assert mark.left + mark.width == pytest.approx(0.5, abs=1e-4)
    assert mark.top == pytest.approx(0.2)
    assert marks_on_material(world.desk, paper, "右肺") == ()


def test_typed_found_grouped_and_opened_by_the_keyboard(hands: Hands, world: World, paper: int) -> None:
    other = world.material(world.open_file())
    read_page(world, other)
    window = hands.shown.window
    page: Any = window.show_page("search")
    assert page.panel.line.hasFocus() or page.primary_focus() is page.panel.line
    page.panel.line.setFocus()
    type_chinese(page.panel.line, "左肺")
    hands.bot.waitUntil(lambda: page.panel.hits.hit_count == 2)
    rows = [page.panel.hits.row_at(row) for row in range(page.panel.hits.rowCount())]
    assert [type(row) for row in rows] == [FileHeading, TextHit, FileHeading, TextHit]
    assert rows[1].material_id == other
    asked: list[tuple[str, Any]] = []
    hands.shown.context.navigator.action_requested.disconnect()
    hands.shown.context.navigator.action_requested.connect(lambda action, subject: asked.append((action, subject)))
    hands.bot.keyClick(page.panel.line, Qt.Key.Key_Down)
    hands.bot.keyClick(page.panel.view, Qt.Key.Key_Down)
    hands.bot.keyClick(page.panel.view, Qt.Key.Key_Down)
    hands.bot.keyClick(page.panel.view, Qt.Key.Key_Return)
    hands.settle()
    ((action, place),) = asked
    assert action == "show_material"
    assert isinstance(place, MaterialPlace)
    assert (place.material_id, place.page) == (paper, 1)
    assert [mark.words for mark in place.marks] == ["左肺"]


def test_the_list_continues_when_its_end_comes_into_sight(hands: Hands, world: World) -> None:
    file_id = world.open_file()
    material_id = world.material(file_id)
    for number in range(130):
        read_page(world, material_id, number)
    page: Any = hands.shown.window.show_page("search")
    page.panel.ask("结节")
    hands.settle()
    first = page.panel.hits.hit_count
    assert 40 <= first < 130
    while page.panel.hits.hit_count < 130:
        page.panel.view.scrollToBottom()
        hands.settle()
    (heading,) = [row for row in map(page.panel.hits.row_at, range(131)) if isinstance(row, FileHeading)]
    assert heading.count == 130
    keys = [row.key for row in map(page.panel.hits.row_at, range(131)) if isinstance(row, TextHit)]
    assert len(set(keys)) == 130
    assert keys == sorted(keys, reverse=True)


def test_nothing_found_and_an_empty_line_say_what_to_do(hands: Hands, world: World, paper: int) -> None:
    page: Any = hands.shown.window.show_page("search")
    page.panel.ask("没有这样的词")
    hands.settle()
    assert page.panel.state.title == "没有找到"
    page.panel.ask(" ")
    hands.settle()
    assert page.panel.state.title == "全文检索"


def test_the_tab_of_a_file_searches_that_file_alone(hands: Hands, world: World, paper: int) -> None:
    file_id = world.open_file()
    other = world.material(file_id)
    read_page(world, other)
    window = hands.shown.window
    window.show_subject(file_id, "search")
    hands.settle()
    page: Any = window.page("assistance_file")
    panel = page.foreign["search"]
    panel.ask("结节")
    hands.settle()
    rows = [panel.hits.row_at(row) for row in range(panel.hits.rowCount())]
    assert [row.material_id for row in rows] == [other]


def test_the_palette_offers_texts_and_the_page_with_all_of_them(hands: Hands, world: World, paper: int) -> None:
    window = hands.shown.window
    window.palette_overlay.open_at_top()
    type_chinese(window.palette_overlay.line, "左肺上叶")
    hands.bot.waitUntil(lambda: "在全文中查找" in _titles(window))
    titles = _titles(window)
    assert "王*兰 · 门诊病历 · 第 2 页" in titles
    hits = window.palette_overlay.hits
    last = next(row for row in range(hits.rowCount()) if "在全文中查找" in str(hits.index(row, 0).data()))
    window.palette_overlay.view.clicked.emit(hits.index(last, 0))
    hands.settle()
    page: Any = window.current_page
    assert page.page_id == "search"
    assert page.panel.hits.hit_count == 1


def _titles(window: Any) -> str:
    hits = window.palette_overlay.hits
    return "\n".join(str(hits.index(row, 0).data()) for row in range(hits.rowCount()))
