"""What a child may read: Landlock rules that leave it its own packages, fonts and what the kernel tells of the machine.

Nothing is writable, nothing may be executed, no port of the network may be bound or reached, no signal leaves. A kernel
before 5.13, or one without Landlock, has no such rules; then only the filter of calls holds (``syscall_filter.py``).
"""

import ctypes
import os
import site
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from lian_desk.adapters.machine.resources import resource_path

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_BENEATH: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_O_PATH: Final = 0o10000000

_READ_FILE: Final = 1 << 2
_READ_FOLDER: Final = 1 << 3
_ALL_OF_FILES: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
"""Every right over files that a version of Landlock knows, and so refuses when no rule gives it."""
_ALL_OF_FILES_LATER: Final = (1 << 16) - 1
_ALL_OF_NETWORK: Final = 0b11
_NETWORK_SINCE: Final = 4
_ALL_OF_SCOPES: Final = 0b11
_SCOPES_SINCE: Final = 6

#: Shared libraries, fonts that a paper without its own asks for, the zone of the clock, and what libraries for numbers
#: ask of the machine. Nothing of a person stands there.
_OF_THE_SYSTEM: Final = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/os-release",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/usr/share/X11/fonts",
    "/usr/local/share/fonts",
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/self",
    "/dev/null",
    "/dev/urandom",
)


def landlock_version() -> int:
    """Return the version of Landlock in this kernel, 0 where there is none."""
    return max(0, _call(_CREATE_RULESET, None, 0, _ASK_VERSION))


def fence_in(readable: Sequence[Path]) -> int:
    """Leave this process the right to read below ``readable`` and no other; return the version, 0 without a fence."""
    version = landlock_version()
    if not version:
        return 0
    files = _ALL_OF_FILES.get(version, _ALL_OF_FILES_LATER)
    network = _ALL_OF_NETWORK if version >= _NETWORK_SINCE else 0
    scopes = _ALL_OF_SCOPES if version >= _SCOPES_SINCE else 0
    attributes = struct.pack("=QQQ", files, network, scopes)
    # an older kernel knows a shorter form
    length = 24 if scopes else 16 if network else 8
    rules = _call(_CREATE_RULESET, attributes[:length], length, 0)
    if rules < 0:
        return 0
    try:
        for path in readable:
            _allow(rules, path)
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return version if _call(_RESTRICT_SELF, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def child_needs() -> list[Path]:
    """Return what a child reads: the interpreter, installed packages, this package and its resources, and the system's."""
    return list(dict.fromkeys(path for path in _wanted() if path != Path(path.anchor)))


def _wanted() -> Iterator[Path]:
    for path in _installed():
        # as it is named, links on the way and all, and where it really lies
        yield path
        yield path.resolve()
    yield from map(Path, _OF_THE_SYSTEM)


def _installed() -> Iterator[Path]:
    yield Path(__file__).absolute().parents[2]
    yield resource_path().absolute()
    for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix):
        yield Path(prefix).absolute() / "lib"
        yield Path(prefix).resolve() / "lib"
    places = [*site.getsitepackages(), site.getusersitepackages()]
    yield from (Path(place).absolute() for place in places if place in sys.path)
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        yield Path(bundle).absolute()


def _allow(rules: int, path: Path) -> None:
    with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
        place = os.open(path, _O_PATH)
        try:
            rights = _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
            _call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)


def _call(number: int, *arguments: int | bytes | None) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    plain = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return int(library.syscall(ctypes.c_long(number), *plain))
