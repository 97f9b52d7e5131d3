"""The fence around a child: what is left to it of files, network, other programs and the rights of the administrator.

Limits of memory and time stand in ``confinement.py``. Both are put up before the first byte of a document is read, and
for good. What a system does not offer is left out and told: the child says with its first word which fence stands.
"""

import ctypes
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from lian_desk.adapters.diagnostics.core_dumps import forbid_core_dumps
from lian_desk.adapters.fences.confinement import MOST_MEMORY, confine_myself


@dataclass(frozen=True)
class Fence:
    """What holds a child.

    Attributes:
        files: version of the kernel's rules for paths, 0 where it has none: then a child may read what its user may.
        calls: True when network, writing and other processes are refused by the kernel.
        alone: True when it can start no other process.
        rights: True when nothing is left of the rights of its user beyond reading: no administrator, low integrity.
        view: True when it cannot even see that a file of its user is there, nor its size and times.
    """

    files: int = 0
    calls: bool = False
    alone: bool = False
    rights: bool = False
    view: bool = False

    def as_facts(self) -> dict[str, int | bool]:
        """Return the fence as plain values."""
        return asdict(self)


def fence_of(facts: Mapping[str, object]) -> Fence:
    """Return the fence that a child told of; what it did not tell of does not stand."""
    return Fence(
        files=int(str(facts.get("files", 0))),
        calls=facts.get("calls") is True,
        alone=facts.get("alone") is True,
        rights=facts.get("rights") is True,
        view=facts.get("view") is True,
    )


def fence_words(fence: Fence) -> str:
    """Return what a person should know of the fence, in one sentence."""
    held = [
        ("不能读取用户的文件", fence.files > 0 or fence.view),
        ("不能联网和写入", fence.calls),
        ("不能启动其他程序", fence.alone),
        ("没有管理权限", fence.rights),
    ]
    missing = [words for words, stands in held if not stands]
    if not missing:
        return "材料由隔离的进程打开：不能读取用户的文件，不能联网和写入，不能启动其他程序。"
    return f"这个系统不提供完整的隔离，打开材料的进程没有做到：{'、'.join(missing)}；请只打开来源可靠的文件。"


def enclose(memory: int = MOST_MEMORY) -> Fence:
    """Limit this process to ``memory`` bytes and put the fence around it; whatever it opened before stays open."""
    view = look_away()
    # whoever collects crashes must not get a picture of a paper
    forbid_core_dumps()
    confine_myself(memory)
    return replace(shut_in(), view=view)


if sys.platform == "linux":
    from lian_desk.adapters.fences.path_fence import child_needs, fence_in
    from lian_desk.adapters.fences.path_view import hide_the_rest
    from lian_desk.adapters.fences.syscall_filter import MACHINES, filter_calls

    _PR_DROP_BOUNDING: Final = 24
    _PR_AMBIENT: Final = 47
    _AMBIENT_CLEAR_ALL: Final = 4
    _CAPABILITY_VERSION: Final = 0x20080522
    _MOST_CAPABILITIES: Final = 64

    def look_away() -> bool:
        """Leave this process no sight of anything but what it needs; False where the system has no room for that."""
        return hide_the_rest(child_needs())

    def shut_in() -> Fence:
        """Put the fence around this process."""
        library = ctypes.CDLL(None, use_errno=True)
        rights = _give_up_rights(library)
        files = fence_in(child_needs())
        machine = MACHINES.get(platform.machine())
        calls = machine is not None and filter_calls(machine)
        return Fence(files, calls, alone=calls, rights=rights)

    def _give_up_rights(library: ctypes.CDLL) -> bool:
        library.prctl(_PR_AMBIENT, _AMBIENT_CLEAR_ALL, 0, 0, 0)
        for capability in range(_MOST_CAPABILITIES):
            library.prctl(_PR_DROP_BOUNDING, capability, 0, 0, 0)
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        nothing = (ctypes.c_uint32 * 6)()
        return int(library.capset(ctypes.byref(header), ctypes.byref(nothing))) == 0

elif sys.platform == "win32":
    from lian_desk.adapters.fences.windows_fence import stay_alone, step_down

    def look_away() -> bool:
        """Nothing is known here: names and sizes of files may be asked for."""
        return False

    def shut_in() -> Fence:
        """Put the fence around this process: no second process, and low integrity, to which nothing is writable."""
        return Fence(alone=stay_alone(), rights=step_down())

else:

    def look_away() -> bool:
        """Nothing is known here."""
        return False

    def shut_in() -> Fence:
        """Nothing is known here."""
        return Fence()
