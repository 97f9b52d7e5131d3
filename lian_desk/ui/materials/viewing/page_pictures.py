"""The drawn pages a viewer holds: asked of the queue, kept within a bound, found again sharp or nearly so."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from lian_desk.adapters.rendering.renderer import Renderer, RenderSource
from lian_desk.models.errors import DeskError
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.materials.viewing.render_queue import RenderQueue

KEPT_BYTES: Final = 96 * 1024 * 1024


class Shape(NamedTuple):
    """Page of the original, width in device pixels and rotation of a drawn picture."""

    page: int
    width: int
    rotation: int


class PagePictures:
    """Pictures of one document at a time; ``arrived`` is called on the UI thread for each that comes."""

    def __init__(self, renderer: Renderer, queue: RenderQueue, owner: QObject, arrived: Callable[[], object]) -> None:
        self._renderer = renderer
        self._queue = queue
        self._owner = owner
        self._arrived = arrived
        self._source: RenderSource | None = None
        self.kept: OrderedDict[Shape, QImage] = OrderedDict()
        self.kept_bytes = 0
        self.faults: dict[Shape, str] = {}

    @property
    def source(self) -> RenderSource | None:
        """The document whose pictures are held."""
        return self._source

    def begin(self, source: RenderSource | None) -> None:
        """Forget everything and go on with another document, or with none."""
        self._queue.forget(self._owner)
        self._source = source
        self.kept.clear()
        self.kept_bytes = 0
        self.faults.clear()

    def has(self, shape: Shape) -> bool:
        """Tell whether there is nothing more to wait for."""
        return shape in self.kept or shape in self.faults

    def ask(self, shape: Shape, scale: float, *, urgent: bool) -> None:
        """Ask for a picture at ``scale`` device pixels per point, unless it is there."""
        source = self._source
        if source is None or self.has(shape):
            return
        draw = partial(self._renderer.render_page, source, shape.page, scale, shape.rotation)
        keep, miss = partial(self._keep, source, shape), partial(self._miss, source, shape)
        self._queue.ask((source.id, shape), self._owner, draw, keep, miss, urgent=urgent)

    def forget_wishes(self) -> None:
        """Drop what was asked for and has not come: the reader has scrolled on."""
        self._queue.forget(self._owner)

    def find(self, shape: Shape) -> QImage | None:
        """Return the picture, else one of the same page at another width, to be stretched meanwhile."""
        found = self.kept.get(shape)
        if found is not None:
            self.kept.move_to_end(shape)
            return found
        return next(
            (
                image
                for kept, image in reversed(self.kept.items())
                if (kept.page, kept.rotation) == (shape.page, shape.rotation)
            ),
            None,
        )

    def _keep(self, source: RenderSource, shape: Shape, image: QImage) -> None:
        if source is not self._source:
            return
        if shape not in self.kept:
            self.kept_bytes += image.sizeInBytes()
        self.kept[shape] = image
        self.kept.move_to_end(shape)
        while self.kept_bytes > KEPT_BYTES and len(self.kept) > 1:
            _oldest, dropped = self.kept.popitem(last=False)
            self.kept_bytes -= dropped.sizeInBytes()
        self._arrived()

    def _miss(self, source: RenderSource, shape: Shape, error: BaseException) -> None:
        """Keep why a picture did not come, for this size alone: at another it may."""
        if source is self._source and isinstance(error, DeskError):
            self.faults[shape] = sentence(error)
            self._arrived()
