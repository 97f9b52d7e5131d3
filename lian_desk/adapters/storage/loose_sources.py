"""A file of somebody else as the renderer wants it; nothing is kept of it."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lian_desk.adapters.storage.checksums import BLOCK
from lian_desk.adapters.storage.source_files import SourceState, opened_source
from lian_desk.adapters.storage.thumbnails import SENT_WHOLE
from lian_desk.adapters.storage.vault import Writable


@dataclass(frozen=True)
class LooseSource:
    """A file on whatever disk, in the state it was seen in."""

    path: Path
    state: SourceState

    @property
    def id(self) -> str:
        """Name of the content as it is now."""
        told = f"{self.path}|{self.state.size}|{self.state.modified_at.isoformat()}"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return self.state.size

    def write_to(self, target: Writable) -> None:
        """Stream the content into ``target``.

        Raises:
            RuleViolation: it cannot be read any more.
        """
        with opened_source(self.path) as (stream, _state):
            while content := stream.read(BLOCK):
                target.write(content)

    def open_parts(self) -> "_LooseParts | None":
        """Return a large file for reading in parts.

        Raises:
            RuleViolation: it cannot be read any more.
        """
        return None if self.size <= SENT_WHOLE else _LooseParts(self.path)


class _LooseParts:
    def __init__(self, path: Path) -> None:
        self._held = ExitStack()
        self._stream, _state = self._held.enter_context(opened_source(path))

    def read_at(self, place: int, size: int) -> bytes:
        self._stream.seek(place)
        return self._stream.read(size)

    def close(self) -> None:
        self._held.close()
