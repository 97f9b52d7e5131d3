"""The same texts drawn without us: a bare canvas of the PDF library, and another library. Imports nothing of ours.

Each floor runs in a process of its own, so that no cure of ours makes it faster or slower.
"""

import importlib
import time
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

REGULAR = "BenchSC"
BOLD = "BenchSC-Bold"


class Text(NamedTuple):
    """One piece of a line; ``y`` from the foot of the page, in points."""

    x: float
    y: float
    text: str
    size: float
    bold: bool


Pages = tuple[tuple[Text, ...], ...]


def bare_canvas(records: Sequence[Pages], fonts: tuple[str, str], size: tuple[float, float]) -> list[float]:
    """Draw every record on a canvas of its own; return CPU seconds of each."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - this process pays for it alone
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    for name, path in zip((REGULAR, BOLD), fonts, strict=True):
        pdfmetrics.registerFont(TTFont(name, path))

    def draw(pages: Pages) -> None:
        target = BytesIO()
        canvas = Canvas(target, pagesize=size, invariant=1, pageCompression=1)
        for page in pages:
            for piece in page:
                canvas.setFont(BOLD if piece.bold else REGULAR, piece.size)
                canvas.drawString(piece.x, piece.y, piece.text)
            canvas.showPage()
        canvas.save()

    draw(records[0])
    return [_cpu_seconds(draw, pages) for pages in records]


def other_library(records: Sequence[Pages], fonts: tuple[str, str], size: tuple[float, float]) -> list[float]:
    """Draw every record with fpdf2, where it is installed; return CPU seconds of each, nothing without it."""
    try:
        fpdf = importlib.import_module("fpdf")
    except ImportError:
        return []

    def draw(pages: Pages) -> None:
        document = fpdf.FPDF(unit="pt", format=size)
        for name, path in zip((REGULAR, BOLD), fonts, strict=True):
            document.add_font(name, fname=path)
        for page in pages:
            document.add_page()
            for piece in page:
                document.set_font(BOLD if piece.bold else REGULAR, size=piece.size)
                document.text(piece.x, size[1] - piece.y, piece.text)
        document.output()

    draw(records[0])
    return [_cpu_seconds(draw, pages) for pages in records]


def _cpu_seconds(draw: object, pages: Pages) -> float:
    begun = time.process_time()
    draw(pages)  # type: ignore[operator]
    return time.process_time() - begun
