"""Small pictures of stored files, made on demand by the render child and kept in memory only."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.adapters.storage.sealed_reader import SealedReader
from lian_desk.adapters.storage.vault import Writable

MOST_BYTES: Final = 48 * 1024 * 1024
SENT_WHOLE: Final = 2 * 1024 * 1024
"""Bytes up to which a document is decrypted whole for the child."""


@dataclass(frozen=True)
class StoredSource:
    """A stored file as the renderer wants it: decrypted straight into the child's pipe; ``size`` in bytes."""

    store: MaterialStore
    id: str
    size: int

    def write_to(self, target: Writable) -> None:
        """Stream the original bytes into ``target``.

        Raises:
            EnvironmentProblem: the stored file is missing, damaged or swapped.
        """
        self.store.fetch_into(self.id, target)

    def open_parts(self) -> SealedReader | None:
        """Return the file for reading in parts; None for a small one, which is sent whole and checked against its name.

        Raises:
            EnvironmentProblem: the stored file is missing or damaged.
        """
        return None if self.size <= SENT_WHOLE else self.store.open_parts(self.id)


class Thumbnails:
    """A bounded memory of small pictures; the ones not asked for longest go first."""

    def __init__(self, store: MaterialStore, renderer: Renderer) -> None:
        self._store = store
        self._renderer = renderer
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int, int], PageImage] = OrderedDict()
        self._bytes = 0

    def of(self, sha256: str, size: int, edge: int, rotation: int = 0, page: int = 0) -> PageImage:
        """Return a page of a stored file, the first by default, its longer side at most ``edge`` pixels.

        Raises:
            RuleViolation: the file cannot be shown.
            EnvironmentProblem: it is missing, damaged, or not safe to show.
        """
        key = (sha256, edge, rotation, page)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        image = self._renderer.thumbnail(StoredSource(self._store, sha256, size), page, edge, rotation)
        with self._lock:
            self._kept[key] = image
            self._bytes = sum(len(kept.pixels) for kept in self._kept.values())
            while self._bytes > MOST_BYTES and len(self._kept) > 1:
                _oldest, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.pixels)
        return image

    def forget(self, sha256: str | None = None) -> None:
        """Drop every picture, for the lock screen; or those of one file, when it was erased."""
        with self._lock:
            for key in [key for key in self._kept if sha256 in {None, key[0]}]:
                del self._kept[key]
            self._bytes = sum(len(kept.pixels) for kept in self._kept.values())
