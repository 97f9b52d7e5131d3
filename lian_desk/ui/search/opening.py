"""The way from a hit to its place: the page of a material with its marks, or a tab of the file."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from lian_desk.services.search.text_search import MarkedBox, TextHit, marks_on_material
from lian_desk.ui.common.look.page_mark import MaterialPlace, PageMark
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import FoundPlace


def open_hit(
    context: UiContext, owner: QObject, hit: TextHit, question: str, failed: Callable[[BaseException], object]
) -> None:
    """Bring the place of a hit to the front; the marks of a page are read first."""
    if hit.material_id is None:
        context.navigator.open_file(hit.assistance_file_id, hit.tab)
        return
    work = partial(marks_on_material, context.desk, hit.material_id, question)
    context.runner.read(owner, work, partial(_show_place, context, hit), failed)


def open_found_text(context: UiContext, parent: QWidget, subject: FoundPlace) -> None:
    """Show the place that was found."""
    hit, question = subject
    open_hit(context, parent, hit, question, lambda _error: context.navigator.open_page("search"))


def _show_place(context: UiContext, hit: TextHit, boxes: tuple[MarkedBox, ...]) -> None:
    assert hit.material_id is not None
    marks = [PageMark(box.page, box.left, box.top, box.width, box.height, Tone.RISK.value, box.words) for box in boxes]
    context.navigator.start("show_material", MaterialPlace(hit.material_id, hit.page, marks))
