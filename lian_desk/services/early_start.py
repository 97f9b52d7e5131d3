"""What a window needs at once, loaded before Qt.

Once PySide6 is loaded, its import hook looks at every further import: SQLAlchemy and the mapped classes then take
half as long again. So whoever is about to open a window calls :func:`load_services` first.
"""

from importlib import import_module
from typing import Final

_FIRST: Final = (
    "lian_desk.services.desk",
    "lian_desk.services.file_views",
    "lian_desk.services.global_search",
    "lian_desk.services.listings.worklist",
    "lian_desk.services.worklist",
)


def load_services() -> None:
    """Import the modules that the first page reads with; harmless when done twice."""
    for name in _FIRST:
        import_module(name)
