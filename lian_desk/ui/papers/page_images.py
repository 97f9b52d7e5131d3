"""Pages of a paper as pictures, rendered in the child process, for the preview and for the printer."""

from dataclasses import dataclass

from PySide6.QtGui import QImage

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer


@dataclass(frozen=True)
class PaperPages:
    """A paper held in memory, and the renderer that shows it. Every method takes its time: call it off the UI thread."""

    renderer: Renderer
    source: BytesSource

    def count(self) -> int:
        """Return how many pages there are."""
        return self.renderer.page_count(self.source)

    def close(self) -> None:
        """Let the child forget the paper."""
        self.renderer.forget(self.source)

    def image(self, page: int, scale: float) -> QImage:
        """Return a page at ``scale`` pixels per point."""
        return to_image(self.renderer.render_page(self.source, page, scale))


def to_image(page: PageImage) -> QImage:
    """Return the pixels as an image of its own."""
    return QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB888).copy()
