"""What a child can see of the file system: its own packages, fonts and the machine, and no name of anything else.

The rules for paths (``path_fence.py``) keep a file from being read; that it is there, its size and its times they tell
to whoever asks. So the child moves into a room of its own: a user and mount namespace whose root holds what it needs and
nothing besides. Where the system gives no such room (containers, AppArmor, an old kernel) everything stays as it was.
"""

import ctypes
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_NEW_USER: Final = 0x10000000
_NEW_MOUNTS: Final = 0x00020000
_READ_ONLY: Final = 1
_NO_RIGHTS: Final = 2 | 4
"""No file there raises rights, none is a device."""
_REMOUNT: Final = 32
_BIND: Final = 4096
_MOVE: Final = 8192
_ALL_BELOW: Final = 16384
_PRIVATE: Final = 1 << 18
_DETACH: Final = 2
_O_PATH: Final = 0o10000000
_MOST_LINKS: Final = 40
_ROOM: Final = b"/tmp"
"""A place to mount on in a namespace of its own; nothing is written there."""
_SIZE: Final = b"size=1m,mode=755"

#: What links of the system lead through on their way to files that may be read (libblas.so.3 → /etc/alternatives/…).
_WAYS: Final = (Path("/etc/alternatives"),)

_Sources = dict[Path, int]
"""What is shown, by its place: an open handle on what stands there."""


def hide_the_rest(visible: Sequence[Path]) -> bool:
    """Leave this process a file system of ``visible`` and what lies below; False where the system does not let it.

    It must have one thread, and may still be looked into by itself (``PR_SET_DUMPABLE``): the room's owner is noted in
    ``/proc/self``.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if not _step_aside(library):
        return False
    links, places = _planned([*visible, *_WAYS])
    sources = _opened(places)
    try:
        return _furnish(library, links, sources)
    finally:
        for handle in sources.values():
            os.close(handle)


def _step_aside(library: ctypes.CDLL) -> bool:
    """Enter a namespace in which this process may mount; True when it is there."""
    user, group = os.geteuid(), os.getegid()
    if library.unshare(_NEW_USER | _NEW_MOUNTS) == 0:
        # without a right over the namespace these are refused, and so is what comes behind
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    elif library.unshare(_NEW_MOUNTS) != 0:
        return False
    return bool(library.mount(None, b"/", None, ctypes.c_ulong(_ALL_BELOW | _PRIVATE), None) == 0)


def _furnish(library: ctypes.CDLL, links: Iterable[tuple[Path, str]], sources: _Sources) -> bool:
    """Build the room and move in; what was begun is taken down again where a step is refused."""
    flags = ctypes.c_ulong(_NO_RIGHTS)
    if library.mount(b"tmpfs", _ROOM, b"tmpfs", flags, _SIZE) != 0:
        return False
    try:
        stands = _filled(library, links, sources) and _moved_in(library)
    except OSError:
        stands = False
    if not stands:
        library.umount2(_ROOM, _DETACH)
    return stands


def _filled(library: ctypes.CDLL, links: Iterable[tuple[Path, str]], sources: _Sources) -> bool:
    for place, handle in sources.items():
        target = _in_room(place)
        source = f"/proc/self/fd/{handle}"
        if Path(source).is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        if library.mount(source.encode(), os.fsencode(target), None, ctypes.c_ulong(_BIND | _ALL_BELOW), None) != 0:
            return False
    for place, leads_to in links:
        link = _in_room(place)
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(leads_to)
    return True


def _moved_in(library: ctypes.CDLL) -> bool:
    """Make the room the root and let go of the old one; where the root of the machine cannot be left, cover it."""
    library.mount(None, _ROOM, None, ctypes.c_ulong(_REMOUNT | _BIND | _READ_ONLY | _NO_RIGHTS), None)
    back = Path.cwd()
    os.chdir(_ROOM)
    if library.pivot_root(b".", b".") == 0:
        left = library.umount2(b".", _DETACH) == 0
    else:
        left = library.mount(b".", b"/", None, ctypes.c_ulong(_MOVE), None) == 0 and library.chroot(b".") == 0
    os.chdir(Path("/") if left else back)
    return bool(left)


def _in_room(place: Path) -> Path:
    return Path(os.fsdecode(_ROOM)) / place.relative_to(place.anchor)


def _planned(visible: Iterable[Path]) -> tuple[list[tuple[Path, str]], list[Path]]:
    """Return the links on the way to each path with what they say, and the places that they end at."""
    links: dict[Path, str] = {}
    ends: dict[Path, None] = {}
    for path in visible:
        with suppress(OSError):
            on_the_way, end = _walked(path)
            links |= on_the_way
            ends[end] = None
    places = [end for end in ends if not _lies_below(end, ends)]
    return [(link, to) for link, to in links.items() if not _lies_below(link, ends)], places


def _lies_below(path: Path, ends: dict[Path, None]) -> bool:
    return any(parent in ends for parent in path.parents)


def _walked(path: Path) -> tuple[dict[Path, str], Path]:
    """Follow a path link by link.

    Raises:
        OSError: nothing stands there, or its links go in a circle.
    """
    at, rest = Path(path.anchor), deque(path.parts[1:])
    links: dict[Path, str] = {}
    followed = 0
    while rest:
        part = rest.popleft()
        step = at.parent if part == ".." else at / part
        if not step.is_symlink():
            at = step
            continue
        followed += 1
        if followed > _MOST_LINKS:
            raise OSError
        leads_to = links[step] = str(step.readlink())
        ways = Path(leads_to).parts
        if Path(leads_to).is_absolute():
            at, ways = Path(path.anchor), ways[1:]
        rest.extendleft(reversed(ways))
    at.stat()
    return links, at


def _opened(places: Iterable[Path]) -> _Sources:
    return dict(_handles(places))


def _handles(places: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for place in places:
        with suppress(OSError):
            yield place, os.open(place, _O_PATH)
