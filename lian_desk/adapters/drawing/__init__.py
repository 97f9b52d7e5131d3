"""Paper: PDF documents drawn from frozen views. Nothing here reads the database or the clock."""

from typing import Final

#: Stands before the number of a paper in the keywords of its file, so that a changed copy still says what it was.
NUMBER_MARK: Final = "lian_desk:"

__all__ = [
    "NUMBER_MARK",
    "cjk_patches",
    "delivery",
    "imprint",
    "joining",
    "layout",
    "paper_signature",
    "printing",
    "seal",
    "style",
    "views",
]
