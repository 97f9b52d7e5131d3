"""How a window starts: what it needs at once is loaded before Qt, and garbage is left alone until it stands.

Once PySide6 is loaded, its import hook looks at every further import: SQLAlchemy and the mapped classes then take
half as long again. So whoever is about to open a window calls :func:`begin_start` first, and :func:`end_start` when
the window is shown: nearly everything made in between stays for good, and looking through it for garbage costs a tenth
of the start and, later, pauses while somebody scrolls.
"""

import gc
from importlib import import_module
from typing import Final

_FIRST: Final = (
    "lian_desk.services.desk.desk",
    "lian_desk.services.assistance_files.views",
    "lian_desk.services.search.global_search",
    "lian_desk.services.listings.worklist",
    "lian_desk.services.worklist.worklist",
)


def begin_start() -> None:
    """Import the modules that the first page reads with; garbage collection rests until :func:`end_start`."""
    gc.disable()
    for name in _FIRST:
        import_module(name)


def end_start() -> None:
    """Set aside what the start made, and collect garbage again; without :func:`begin_start` nothing happens."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
