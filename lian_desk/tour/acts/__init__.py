"""What the robot does at the window, act by act; the tour and the end-to-end tests share them.

What is looked at afterwards is in ``scenes``.
"""

from collections.abc import Callable

#: Called where there is something to see; gets a short name for a picture.
Look = Callable[[str], None]


def unseen(_name: str) -> None:
    """Take no picture."""
