"""What of a document was lost before it came: found once, when it is taken in, and kept with it."""

from typing import Final, NamedTuple

from lian_desk.models.vocabulary import MaterialFlaw

_LYING: Final = frozenset({5, 6, 7, 8})


class Flaw(NamedTuple):
    """A flaw and where: page from 1, first line that is lost, counted from 1 in the upright picture, and all its lines.

    Where the left or right side is lost, columns are meant instead of lines. 0 where it is not known.
    """

    kind: MaterialFlaw
    page: int = 1
    line: int = 0
    lines: int = 0


_SIDES: Final = {
    1: MaterialFlaw.BOTTOM_LOST,
    2: MaterialFlaw.BOTTOM_LOST,
    3: MaterialFlaw.TOP_LOST,
    4: MaterialFlaw.TOP_LOST,
    5: MaterialFlaw.RIGHT_LOST,
    6: MaterialFlaw.LEFT_LOST,
    7: MaterialFlaw.LEFT_LOST,
    8: MaterialFlaw.RIGHT_LOST,
}
_FROM_THE_FAR_END: Final = frozenset({MaterialFlaw.TOP_LOST, MaterialFlaw.LEFT_LOST})


def lost_from(row: int, rows: int, orientation: int, page: int = 1) -> Flaw:
    """Return the flaw of a picture whose stored rows from ``row`` (from 0) on are lost, as it is seen upright."""
    side = _SIDES.get(orientation, MaterialFlaw.BOTTOM_LOST)
    return Flaw(side, page, rows - row if side in _FROM_THE_FAR_END else row + 1, rows)
