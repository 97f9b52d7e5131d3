"""Pictures asked of the render child, one at a time, the newest wish first; stale wishes are dropped.

The child answers one request at a time anyway. With one errand under way the two reading threads stay free for lists.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from shiboken6 import isValid

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.models.errors import EnvironmentProblem, RuleViolation
from lian_desk.ui.common.running.task_runner import TaskRunner

MOST_WAITING: Final = 64

Draw = Callable[[], PageImage]


@dataclass(frozen=True)
class _Wish:
    owner: QObject
    draw: Draw
    done: Callable[[QImage], object]
    failed: Callable[[BaseException], object]


class RenderQueue(QObject):
    """Serves one window part; wishes are named by a key, so that nothing is asked twice."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._urgent: OrderedDict[Hashable, _Wish] = OrderedDict()
        self._quiet: OrderedDict[Hashable, _Wish] = OrderedDict()
        self._under_way: Hashable | None = None

    def ask(
        self,
        key: Hashable,
        owner: QObject,
        draw: Draw,
        done: Callable[[QImage], object],
        failed: Callable[[BaseException], object],
        *,
        urgent: bool = True,
    ) -> None:
        """Ask for a picture; ``done`` gets it as an image of the screen's format, on the UI thread.

        ``urgent`` is for pages somebody looks at; thumbnails wait behind them.
        """
        if key == self._under_way:
            return
        lane = self._urgent if urgent else self._quiet
        lane[key] = _Wish(owner, draw, done, failed)
        lane.move_to_end(key)
        while len(lane) > MOST_WAITING:
            lane.popitem(last=False)
        self._next()

    def forget(self, owner: QObject) -> None:
        """Drop every waiting wish of ``owner``."""
        for lane in (self._urgent, self._quiet):
            for key in [key for key, wish in lane.items() if wish.owner is owner]:
                del lane[key]

    def _next(self) -> None:
        if self._under_way is not None:
            return
        lane = self._urgent or self._quiet
        if not lane:
            return
        key, wish = lane.popitem(last=True)
        if not isValid(wish.owner):
            self._next()
            return
        self._under_way = key
        self._runner.read(self, partial(_drawn, wish.draw), partial(self._arrived, wish), self._stopped)

    def _arrived(self, wish: _Wish, answer: QImage | BaseException) -> None:
        self._under_way = None
        if isValid(wish.owner):
            if isinstance(answer, QImage):
                wish.done(answer)
            else:
                wish.failed(answer)
        self._next()

    def _stopped(self, _error: BaseException) -> None:
        """A bug in drawing went to the exception hook; the others still get their pictures."""
        self._under_way = None
        self._next()


def _drawn(draw: Draw) -> QImage | BaseException:
    """Off the UI thread: draw and turn into the screen's own format, so that painting copies nothing."""
    try:
        return as_qimage(draw())
    except (RuleViolation, EnvironmentProblem) as error:
        return error


def as_qimage(image: PageImage) -> QImage:
    """Return an image that owns its pixels, in the format the screen paints fastest."""
    wrapped = QImage(image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)
