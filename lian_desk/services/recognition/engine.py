"""The recogniser itself (rapidocr on onnxruntime), in the child process only: pixels in, lines of words out."""

from importlib.util import find_spec
from typing import Any, Final

_TEXT_SCORE: Final = 0.4
"""Confidence below which a line is dropped."""
_TALL: Final = 1.5
"""Height by width of a box above which the recogniser reads it as lying on its side."""
_UPSIDE_DOWN: Final = "180"
_QUARTER_TURN: Final = 90

Line = tuple[str, float, float, float, float, float, float]
"""Words; left, top, width, height as fractions of the picture; confidence; slope (see ``WordLine``)."""


def is_installed() -> bool:
    """Tell whether the optional parts are there, without loading them."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


class Engine:
    """The loaded models; the first picture loads them, about a second."""

    def __init__(self) -> None:
        """Load the recogniser, quiet and on one thread; its models lie in the installed package, nothing is fetched."""
        from rapidocr import RapidOCR  # noqa: PLC0415 - optional, and heavy

        class Watched(RapidOCR):
            """Keeps what the recogniser found out about each line lying upside down."""

            labels: tuple[Any, ...] = ()

            def cls_and_rotate(self, img: Any) -> Any:
                """Remember the labels on the way."""
                images, result = super().cls_and_rotate(img)
                self.labels = tuple(result.cls_res or ())
                return images, result

        self._recogniser = Watched(
            params={
                "Global.log_level": "critical",
                "Global.text_score": _TEXT_SCORE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, pixels: bytearray, width: int, height: int, stride: int) -> tuple[int, list[Line]]:
        """Return how the writing lies (degrees clockwise) and the lines with boxes as fractions of the picture."""
        import numpy as np  # noqa: PLC0415 - comes with the recogniser

        rows = np.frombuffer(pixels, dtype=np.uint8).reshape(height, stride)
        # red first comes through the pipe, the recogniser wants blue first
        picture = np.ascontiguousarray(rows[:, : width * 3].reshape(height, width, 3)[:, :, ::-1])
        self._recogniser.labels = ()
        # which of its results it returns depends on how it is asked; asked for everything it is the full one
        result: Any = self._recogniser(picture)
        if result.txts is None or result.boxes is None:
            return 0, []
        boxes = [(*box.min(axis=0), *box.max(axis=0)) for box in result.boxes]
        lines = [
            _plain(text, box, score, _slope(corners), (width, height))
            for text, score, box, corners in zip(result.txts, result.scores, boxes, result.boxes, strict=True)
        ]
        return self._turn(boxes), lines

    def _turn(self, boxes: list[Any]) -> int:
        """Most long lines decide how the page lies."""
        long = [
            (right - left, bottom - top)
            for left, top, right, bottom in boxes
            if not _is_square(left, top, right, bottom)
        ]
        standing = sum(1 for width, height in long if height > _TALL * width)
        is_on_side = standing * 2 > len(long)
        votes = [(str(label), float(score)) for label, score in self._recogniser.labels]
        down = sum(score for label, score in votes if label == _UPSIDE_DOWN)
        is_down = down * 2 > sum(score for _label, score in votes)
        return (_QUARTER_TURN if is_on_side else 0) + (2 * _QUARTER_TURN if is_down else 0)


def _is_square(left: float, top: float, right: float, bottom: float) -> bool:
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    return max(width, height) < 2 * min(width, height)


def _slope(corners: Any) -> float:
    """How much a line falls for each step along the writing, in pixels; measured on its upper and lower edge."""
    across = (corners[1] - corners[0]) + (corners[2] - corners[3])
    down = (corners[3] - corners[0]) + (corners[2] - corners[1])
    if abs(across[0]) >= abs(down[1]):
        return float(across[1] / across[0]) if across[0] else 0.0
    return float(-down[0] / down[1]) if down[1] else 0.0


def _plain(text: str, box: Any, score: float, slope: float, size: tuple[int, int]) -> Line:
    width, height = size
    left, top, right, bottom = (float(number) for number in box)
    is_upright = right - left >= bottom - top
    ratio = width / height if is_upright else height / width
    return (
        str(text),
        left / width,
        top / height,
        (right - left) / width,
        (bottom - top) / height,
        float(score),
        slope * ratio,
    )
