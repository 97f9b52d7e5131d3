"""What a child may ask of the kernel: a seccomp filter, built here from numbers, for x86_64 and aarch64.

The filter refuses whole families with ``EPERM``: network, new programs and processes, writing and changing files, what
is noted beside files, watching them, memory, queues and semaphores shared with others, other processes and their share
of the machine, the machine itself. A decoder needs none of them, and whoever takes it over shall not have them. Signals to its
own threads and its own limits are left to it.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1

_LOAD_WORD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_JUMP_AT_LEAST: Final = 0x35
_JUMP_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_KILL: Final = 0x80000000
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_ARGUMENTS: Final = 16
_ARGUMENT_SIZE: Final = 8

_THREAD: Final = 0x00010000
"""Flag of ``clone`` without which it makes a process."""
_FOREIGN_NUMBERS: Final = 0x40000000
"""From here on x86_64 counts the calls of another convention, which would go round the list."""


class Machine(NamedTuple):
    """The numbers of a kind of processor.

    ``opens`` gives the call and the place of its flags; ``unknown`` are calls that the C library does without; ``own``
    are those whose first argument must be this process (or 0, which means it).
    """

    audit: int
    seccomp: int
    refused: Mapping[str, int]
    opens: Mapping[str, tuple[int, int]]
    clone: int
    unknown: Mapping[str, int]
    own: Mapping[str, int]


#: Calls that came late enough to have one number everywhere.
_EVERYWHERE: Final = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "process_mrelease": 448,
    "fchmodat2": 452,
    "statmount": 457,
    "listmount": 458,
    "setxattrat": 463,
    "getxattrat": 464,
    "listxattrat": 465,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_getattr": 468,
    "file_setattr": 469,
}
_UNKNOWN: Final = MappingProxyType({"clone3": 435, "openat2": 437})

_ON_X86_64: Final = (
    "shmget 29; shmat 30; shmctl 31; socket 41; connect 42; accept 43; sendto 44; sendmsg 46; bind 49; listen 50;"
    "socketpair 53; fork 57; vfork 58; execve 59; kill 62; semget 64; semop 65; semctl 66; shmdt 67; msgget 68;"
    "msgsnd 69; msgrcv 70; msgctl 71; truncate 76; ftruncate 77; chdir 80; fchdir 81; rename 82; mkdir 83; rmdir 84;"
    "creat 85; link 86; unlink 87; symlink 88; chmod 90; fchmod 91; chown 92; fchown 93; lchown 94; ptrace 101;"
    "syslog 103; rt_sigqueueinfo 129; utime 132; mknod 133; personality 135; setpriority 141; sched_setparam 142;"
    "sched_setscheduler 144; pivot_root 155; adjtimex 159; chroot 161; acct 163; settimeofday 164; mount 165;"
    "umount2 166; swapon 167; swapoff 168; reboot 169; sethostname 170; setdomainname 171; iopl 172; ioperm 173;"
    "init_module 175; delete_module 176; quotactl 179; setxattr 188; lsetxattr 189; fsetxattr 190; getxattr 191;"
    "lgetxattr 192; fgetxattr 193; listxattr 194; llistxattr 195; flistxattr 196; removexattr 197; lremovexattr 198;"
    "fremovexattr 199; tkill 200; semtimedop 220; clock_settime 227; utimes 235; mq_open 240; mq_unlink 241;"
    "mq_timedsend 242; mq_timedreceive 243; mq_notify 244; mq_getsetattr 245; kexec_load 246; add_key 248;"
    "request_key 249; keyctl 250; ioprio_set 251; inotify_init 253; inotify_add_watch 254; migrate_pages 256;"
    "mkdirat 258; mknodat 259; fchownat 260; futimesat 261; unlinkat 263; renameat 264; linkat 265; symlinkat 266;"
    "fchmodat 268; unshare 272; move_pages 279; utimensat 280; fallocate 285; accept4 288; inotify_init1 294;"
    "rt_tgsigqueueinfo 297; perf_event_open 298; fanotify_init 300; name_to_handle_at 303; open_by_handle_at 304;"
    "clock_adjtime 305; sendmmsg 307; setns 308; process_vm_readv 310; process_vm_writev 311; kcmp 312;"
    "finit_module 313; sched_setattr 314; renameat2 316; memfd_create 319; kexec_file_load 320; bpf 321;"
    "execveat 322; userfaultfd 323"
)
_ON_AARCH64: Final = (
    "setxattr 5; lsetxattr 6; fsetxattr 7; getxattr 8; lgetxattr 9; fgetxattr 10; listxattr 11; llistxattr 12;"
    "flistxattr 13; removexattr 14; lremovexattr 15; fremovexattr 16; inotify_init1 26; inotify_add_watch 27;"
    "ioprio_set 30; mknodat 33; mkdirat 34; unlinkat 35; symlinkat 36; linkat 37; renameat 38; umount2 39; mount 40;"
    "pivot_root 41; truncate 45; ftruncate 46; fallocate 47; chdir 49; fchdir 50; chroot 51; fchmod 52; fchmodat 53;"
    "fchownat 54; fchown 55; quotactl 60; utimensat 88; acct 89; personality 92; unshare 97; kexec_load 104;"
    "init_module 105; delete_module 106; clock_settime 112; syslog 116; ptrace 117; sched_setparam 118;"
    "sched_setscheduler 119; kill 129; tkill 130; rt_sigqueueinfo 138; setpriority 140; reboot 142; sethostname 161;"
    "setdomainname 162; settimeofday 170; adjtimex 171; mq_open 180; mq_unlink 181; mq_timedsend 182;"
    "mq_timedreceive 183; mq_notify 184; mq_getsetattr 185; msgget 186; msgctl 187; msgrcv 188; msgsnd 189;"
    "semget 190; semctl 191; semtimedop 192; semop 193; shmget 194; shmctl 195; shmat 196; shmdt 197; socket 198;"
    "socketpair 199; bind 200; listen 201; accept 202; connect 203; sendto 206; sendmsg 211; add_key 217;"
    "request_key 218; keyctl 219; execve 221; swapon 224; swapoff 225; migrate_pages 238; move_pages 239;"
    "rt_tgsigqueueinfo 240; perf_event_open 241; accept4 242; fanotify_init 262; name_to_handle_at 264;"
    "open_by_handle_at 265; clock_adjtime 266; setns 268; sendmmsg 269; process_vm_readv 270; process_vm_writev 271;"
    "kcmp 272; finit_module 273; sched_setattr 274; renameat2 276; memfd_create 279; bpf 280; execveat 281;"
    "userfaultfd 282; kexec_file_load 294"
)


def _numbers(words: str) -> Mapping[str, int]:
    pairs = (entry.split() for entry in words.split(";"))
    return MappingProxyType({name: int(number) for name, number in pairs} | _EVERYWHERE)


MACHINES: Final[Mapping[str, Machine]] = MappingProxyType(
    {
        "x86_64": Machine(
            audit=0xC000003E,
            seccomp=317,
            refused=_numbers(_ON_X86_64),
            opens=MappingProxyType({"open": (2, 1), "openat": (257, 2)}),
            clone=56,
            unknown=_UNKNOWN,
            own=MappingProxyType({"tgkill": 234, "prlimit64": 302}),
        ),
        "aarch64": Machine(
            audit=0xC00000B7,
            seccomp=277,
            refused=_numbers(_ON_AARCH64),
            opens=MappingProxyType({"openat": (56, 2)}),
            clone=220,
            unknown=_UNKNOWN,
            own=MappingProxyType({"tgkill": 131, "prlimit64": 261}),
        ),
    }
)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_calls(machine: Machine) -> bool:
    """Put the filter on every thread of this process for good; False where the kernel has none."""
    program = filter_program(machine, os.getpid())
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = _Program(len(program) // 8, program)
    arguments = (ctypes.c_long(machine.seccomp), ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(_ALL_THREADS))
    return int(library.syscall(*arguments, ctypes.byref(held))) == 0


def filter_program(machine: Machine, process: int) -> bytes:
    """Return the filter for one process as instructions of the kernel's small machine, 8 bytes each."""
    refuse, unknown = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    parts = [
        _step(_LOAD_WORD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, machine.audit, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD_WORD, _NUMBER),
        _step(_JUMP_AT_LEAST, _FOREIGN_NUMBERS, 0, 1),
        _step(_RETURN, refuse),
    ]
    for number in machine.refused.values():
        parts += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, refuse)]
    for number in machine.unknown.values():
        parts += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, unknown)]
    for number in machine.own.values():
        parts += [
            _step(_JUMP_EQUAL, number, 0, 5),
            _step(_LOAD_WORD, _ARGUMENTS),
            _step(_JUMP_EQUAL, process, 2, 0),
            _step(_JUMP_EQUAL, 0, 1, 0),
            _step(_RETURN, refuse),
            _step(_RETURN, _ALLOW),
        ]
    for number, place in machine.opens.values():
        # only for reading
        parts += [
            _step(_JUMP_EQUAL, number, 0, 4),
            _step(_LOAD_WORD, _ARGUMENTS + place * _ARGUMENT_SIZE),
            _step(_JUMP_ANY_BIT, _WRITES, 0, 1),
            _step(_RETURN, refuse),
            _step(_RETURN, _ALLOW),
        ]
    parts += [
        # threads, no processes
        _step(_JUMP_EQUAL, machine.clone, 0, 4),
        _step(_LOAD_WORD, _ARGUMENTS),
        _step(_JUMP_ANY_BIT, _THREAD, 1, 0),
        _step(_RETURN, refuse),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(parts)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_so, if_not, value)


_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
