"""全文检索: the page over all files."""

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.search.panel import SearchPanel


class SearchPage(Page):
    """The panel in a card; ``open_subject`` takes the question."""

    page_id = "search"
    title = "全文检索"
    tables = frozenset({"full_text_entry"})

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.panel = SearchPanel(context)
        card = Card()
        card.add(self.panel, 1)
        self.body.addWidget(label(self.title, "title"))
        self.body.addWidget(card, 1)

    def open_subject(self, subject: object, part: str | None) -> None:
        """Override: search for the question that was typed elsewhere."""
        if isinstance(subject, str):
            self.panel.ask(subject)

    def reload(self) -> None:
        """Override: search again; an empty line stays as it is."""
        self.panel.search()

    def primary_focus(self) -> QWidget | None:
        """Override: start in the line."""
        return self.panel.line


def search_texts(context: UiContext, parent: QWidget, subject: str) -> None:
    """Bring 全文检索 to the front with a question that was typed elsewhere."""
    context.navigator.open_page(SearchPage.page_id)
    page = parent.findChild(SearchPage)
    if page is not None:
        page.open_subject(subject, None)
