"""The house style of every document: A4, quiet, one accent. All lengths are points (1/72 inch), y grows downwards."""

from __future__ import annotations

from typing import Final, NamedTuple

PAGE_WIDTH: Final = 595.2756
PAGE_HEIGHT: Final = 841.8898

MARGIN: Final = 45.0
CONTENT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
HEADER_TOP: Final = 40.0
BODY_TOP: Final = 66.0
FOOTER_TOP: Final = 774.0
BODY_BOTTOM: Final = FOOTER_TOP - 10.0

TEXT: Final = "#1B2430"
SECONDARY: Final = "#5B6775"
ACCENT: Final = "#0E7C86"
KEPT: Final = "#2E8B57"
BROKEN: Final = "#C8372D"
GRID: Final = "#C3CCD5"
LABEL_FILL: Final = "#EDF2F5"
HAIRLINE: Final = 0.6

CELL_PAD_X: Final = 6.0
CELL_PAD_Y: Final = 4.0

#: A row up to this many lines moves to the next page whole; a longer one is split.
LINES_KEPT_TOGETHER: Final = 8
#: A split never leaves fewer lines than this on either page.
LEAST_LINES: Final = 2

TITLE_SPACING: Final = 6.0


class Type(NamedTuple):
    """A size of type with its line pitch, both in points."""

    size: float
    pitch: float
    bold: bool = False


BODY: Final = Type(9.0, 15.0)
BODY_BOLD: Final = Type(9.0, 15.0, bold=True)
SMALL: Final = Type(7.8, 12.4)
SMALL_BOLD: Final = Type(7.8, 12.4, bold=True)
TITLE: Final = Type(16.0, 24.0, bold=True)
SUBTITLE: Final = Type(9.0, 15.0)
SECTION: Final = Type(10.2, 16.5, bold=True)
#: Running text of a leaflet, for a reader at home.
READING: Final = Type(11.0, 20.0)
OPENING: Final = Type(14.0, 26.0, bold=True)
MARGINAL: Final = Type(7.4, 11.8)
