"""What lies where in the folder of a workspace, and the small files that are not the database."""

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lian_desk.adapters.disk.durable_files import make_folder, write_durably, written_durably
from lian_desk.adapters.keys.envelope import envelope_path

PRIVATE_FOLDER: Final = 0o700
RESERVE_BYTES: Final = 16 * 1024 * 1024
LOW_SPACE_BYTES: Final = 500 * 1024 * 1024
_RESERVE_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True)
class WorkspaceLayout:
    """The paths of one workspace."""

    folder: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.folder / "desk.sqlite3"

    @property
    def envelope(self) -> Path:
        """Identity and wrapped keys."""
        return envelope_path(self.folder)

    @property
    def materials(self) -> Path:
        """The encrypted file store."""
        return self.folder / "materials"

    @property
    def backups(self) -> Path:
        """Backups made on a schedule or by hand."""
        return self.folder / "backups"

    @property
    def upgrade_backups(self) -> Path:
        """Backups made before the schema changed."""
        return self.backups / "before-upgrade"

    @property
    def logs(self) -> Path:
        """The program's log, free of personal data."""
        return self.folder / "logs"

    @property
    def crashes(self) -> Path:
        """Records of what went wrong, without personal data."""
        return self.logs / "crashes"

    @property
    def quarantine(self) -> Path:
        """Leftovers moved out of the way, never deleted by the program."""
        return self.folder / "quarantine"

    @property
    def creating(self) -> Path:
        """Exists only while a workspace is being made, and after that was interrupted."""
        return self.folder / "creating"

    @property
    def clean_mark(self) -> Path:
        """There when the last session ended in order."""
        return self.folder / "closed-cleanly"

    @property
    def reserve(self) -> Path:
        """Space that can be given back when the disk is full."""
        return self.folder / "reserve.bin"

    def make_folders(self) -> None:
        """Make what is missing, readable by this user only.

        Raises:
            OSError: disk full, read-only or gone.
        """
        make_folder(self.folder)
        make_private(self.folder)
        for folder in (self.materials, self.backups, self.logs):
            make_folder(folder)

    def last_end_was_clean(self) -> bool:
        """False after a crash: the mark is missing or the log of the database still holds something."""
        log = self.database.with_name(self.database.name + "-wal")
        return self.clean_mark.is_file() and not (log.is_file() and log.stat().st_size > 0)

    def mark_clean(self) -> None:
        """Note that the session ended in order."""
        write_durably(self.clean_mark, b"closed cleanly\n")

    def has_little_space(self) -> bool:
        """True below 500 MB of free space, when a warning is due."""
        return shutil.disk_usage(self.folder).free < LOW_SPACE_BYTES

    def fill_reserve(self) -> None:
        """Lay the reserve aside if it is not whole; left out when the disk has little space already."""
        if self.has_little_space() or (self.reserve.is_file() and self.reserve.stat().st_size == RESERVE_BYTES):
            return
        with written_durably(self.reserve) as stream:
            for _ in range(RESERVE_BYTES // _RESERVE_BLOCK):
                # random, so that no file system compresses it away
                stream.write(os.urandom(_RESERVE_BLOCK))

    def release_reserve(self) -> bool:
        """Give the reserve back to the disk; True when there was one."""
        there = self.reserve.is_file()
        self.reserve.unlink(missing_ok=True)
        return there


def make_private(folder: Path) -> None:
    """Take the rights of group and others away; on Windows the user's profile has its own list of rights."""
    if sys.platform != "win32":
        # a folder of somebody else, shared on purpose, stays as it is
        with suppress(PermissionError):
            folder.chmod(PRIVATE_FOLDER)
