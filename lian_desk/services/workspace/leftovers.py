"""What a killed program leaves behind in a workspace: half-written files, moved into quarantine at the next start.

Nothing is deleted that might hold data: a half-written backup or material goes aside with everything else. Whoever
holds the lock of the workspace is the only one that writes there, so at the start every unfinished file is a leftover.
The log and journal of the database itself are SQLite's own and stay.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lian_desk.adapters.disk.durable_files import make_folder, move_durably
from lian_desk.services.workspace.layout import WorkspaceLayout

_UNFINISHED: Final = (".part", ".new")
_OF_SQLITE: Final = ("", "-journal", "-wal", "-shm")
_BESIDE_BACKUPS: Final = (".envelope.json", ".manifest.json")
_BACKUP: Final = ".sqlite3"


def set_leftovers_aside(layout: WorkspaceLayout) -> int:
    """Move what was left half-written into quarantine; returns how many files and folders.

    Raises:
        OSError: disk full, read-only or gone.
    """
    # a filling without content, begun anew by the next start
    layout.reserve.with_name(layout.reserve.name + ".new").unlink(missing_ok=True)
    return set_aside([*_interrupted_creation(layout), *_unfinished(layout), *_lonely(layout)], layout.quarantine)


def set_aside(paths: list[Path], quarantine: Path) -> int:
    """Move files and folders into ``quarantine`` under their own names; returns how many.

    Raises:
        OSError: disk full, read-only or gone.
    """
    for path in paths:
        make_folder(quarantine)
        target = quarantine / f"{int(path.stat().st_mtime)}-{path.name}"
        if target.exists():
            # what was set aside before stays too
            target = quarantine / f"{secrets.token_hex(4)}-{target.name}"
        move_durably(path, target)
    return len(paths)


def _interrupted_creation(layout: WorkspaceLayout) -> list[Path]:
    """The folder of a creation that was complete but for its removal; empty it goes without a word."""
    if not layout.creating.is_dir():
        return []
    if any(layout.creating.iterdir()):
        return [layout.creating]
    layout.creating.rmdir()
    return []


def _unfinished(layout: WorkspaceLayout) -> list[Path]:
    found = [path for path in _files(layout.folder) if path.name.endswith(_UNFINISHED)]
    for folder in (layout.backups, layout.upgrade_backups):
        endings = tuple(f"{_BACKUP}.part{ending}" for ending in _OF_SQLITE) + _UNFINISHED
        found += [path for path in _files(folder) if path.name.endswith(endings) or _is_stale_log(path)]
    found += [path for path in sorted(layout.materials.rglob("*.part")) if path.is_file()]
    return found


def _is_stale_log(path: Path) -> bool:
    """True for a log or journal beside a finished backup, which is one file of its own."""
    return path.name.endswith(tuple(f"{_BACKUP}{ending}" for ending in _OF_SQLITE if ending))


def _lonely(layout: WorkspaceLayout) -> Iterator[Path]:
    """Yield manifests and envelopes of backups that never got their database."""
    for folder in (layout.backups, layout.upgrade_backups):
        for path in _files(folder):
            ending = next((ending for ending in _BESIDE_BACKUPS if path.name.endswith(ending)), None)
            if ending and not path.with_name(path.name.removesuffix(ending) + _BACKUP).exists():
                yield path


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
