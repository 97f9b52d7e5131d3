"""What the file of a paper says about itself to a program that opens it."""

from typing import NamedTuple


class PaperIdentity(NamedTuple):
    """Title, author and number of a paper; no person's name. `number` may be empty."""

    title: str
    author: str
    number: str
