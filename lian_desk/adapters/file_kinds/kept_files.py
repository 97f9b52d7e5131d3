"""Files that are named and kept, never opened: recordings, archives of other kinds, documents of office programs."""

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.exchange.page_images import PageImage, PageSize, WordRun
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.models.errors import ErrorCode


class Kept:
    """A file without pages. Nothing of it is read beyond what told its kind, so nothing is known to be missing."""

    page_count = 0
    working_bytes = 0
    flaw: Flaw | None = None

    def probe(self) -> bool:
        """Programs that it may hold are never run: the file is not opened here."""
        return False

    def page_sizes(self) -> list[PageSize]:
        """It has no pages."""
        return []

    def page_size(self, page: int) -> PageSize:
        """It has no pages.

        Raises:
            Refusal: always.
        """
        raise Refusal(ErrorCode.MATERIAL_NOT_PREVIEWABLE)

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """It has no pages.

        Raises:
            Refusal: always.
        """
        raise Refusal(ErrorCode.MATERIAL_NOT_PREVIEWABLE)

    def text(self, page: int) -> str:
        """It has no pages."""
        return ""

    def lines(self, page: int) -> list[WordRun]:
        """It has no pages."""
        return []

    def close(self) -> None:
        """Nothing is held."""
