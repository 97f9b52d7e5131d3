"""The filter of calls, run by a small interpreter of the kernel's machine: for both kinds of processor, call by call."""

import errno
import os
import struct
import sys

import pytest

from lian_desk.adapters.fences.syscall_filter import MACHINES, Machine, filter_program

ALLOWED = "allowed"
REFUSED = f"errno {errno.EPERM}"
UNKNOWN = f"errno {errno.ENOSYS}"
ENDED = "ended"
READ = {"x86_64": 0, "aarch64": 63}
THREAD, PROCESS = 0x003D0F00, 0x01200011
OWN, OTHER = 4711, 4712


def verdict(machine: Machine, number: int, *arguments: int, audit: int | None = None) -> str:
    """Return what the filter answers to a call."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, machine.audit if audit is None else audit, 0, *padded)
    program = list(struct.iter_unpack("<HBBI", filter_program(machine, OWN)))
    place, held = 0, 0
    while True:
        code, if_so, if_not, value = program[place]
        place += 1
        if code == 0x20:
            (held,) = struct.unpack_from("<I", data, value)
        elif code == 0x06:
            return {0x7FFF0000: ALLOWED, 0x80000000: ENDED}.get(value, f"errno {value & 0xFFFF}")
        else:
            holds = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            place += if_so if holds else if_not


@pytest.fixture(params=sorted(MACHINES))
def machine(request: pytest.FixtureRequest) -> Machine:
    return MACHINES[request.param]


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_what_a_decoder_needs_is_allowed(name: str) -> None:
    machine = MACHINES[name]
    assert verdict(machine, READ[name]) == ALLOWED
    for number, place in machine.opens.values():
        flags = [0] * 6
        for wanted in (os.O_RDONLY, os.O_RDONLY | 0o2000000, os.O_RDONLY | 0o200000):
            flags[place] = wanted
            assert verdict(machine, number, *flags) == ALLOWED
    assert verdict(machine, machine.clone, THREAD) == ALLOWED


def test_every_call_of_the_list_is_refused(machine: Machine) -> None:
    for name, number in machine.refused.items():
        assert verdict(machine, number) == REFUSED, name
    for name, number in machine.unknown.items():
        assert verdict(machine, number) == UNKNOWN, name


@pytest.mark.parametrize("flag", [os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_APPEND])
def test_opening_is_for_reading_only(machine: Machine, flag: int) -> None:
    for number, place in machine.opens.values():
        arguments = [0] * 6
        arguments[place] = flag
        assert verdict(machine, number, *arguments) == REFUSED


def test_a_clone_makes_a_thread_or_nothing(machine: Machine) -> None:
    assert verdict(machine, machine.clone, PROCESS) == REFUSED
    assert verdict(machine, machine.clone, 0) == REFUSED


def test_signals_and_limits_are_for_the_process_itself(machine: Machine) -> None:
    """An aborted decoder signals its own thread; the desk that started it can be neither ended nor limited by it."""
    assert set(machine.own) == {"tgkill", "prlimit64"}
    for name, number in machine.own.items():
        assert verdict(machine, number, OWN, 6) == ALLOWED, name
        assert verdict(machine, number, OTHER, 9) == REFUSED, name
    assert verdict(machine, machine.own["prlimit64"], 0, 7) == ALLOWED


def test_calls_by_other_conventions_go_round_nothing(machine: Machine) -> None:
    assert verdict(machine, 1, audit=0x40000003) == ENDED
    assert verdict(machine, 0x40000000) == REFUSED
    assert verdict(machine, 0x40000029) == REFUSED


FAMILIES = {
    "network": {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg"},
    "programs": {"execve", "execveat", "ptrace", "kill", "process_vm_readv", "process_vm_writev", "pidfd_open"},
    "writing": {"unlinkat", "mkdirat", "renameat2", "linkat", "symlinkat", "truncate", "fchmodat", "memfd_create"},
    "shared with others": {"shmget", "shmat", "semget", "semctl", "semop", "semtimedop", "msgget", "msgsnd", "msgrcv"},
    "queues": {"msgctl", "shmctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify"},
    "beside files": {"getxattr", "lgetxattr", "listxattr", "setxattr", "setxattrat", "getxattrat", "file_getattr"},
    "watching": {"inotify_init1", "inotify_add_watch", "fanotify_init"},
    "the share of others": {"setpriority", "ioprio_set", "sched_setscheduler", "sched_setattr", "move_pages"},
    "ways round": {"io_uring_setup", "bpf", "unshare", "setns", "mount", "open_by_handle_at", "userfaultfd", "keyctl"},
}


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_no_family_has_a_gap(machine: Machine, family: str) -> None:
    assert FAMILIES[family] <= set(machine.refused)
    assert {"clone3", "openat2"} == set(machine.unknown)


def test_no_number_stands_for_two_calls(machine: Machine) -> None:
    numbers = [*machine.refused.values(), *machine.unknown.values(), machine.clone]
    numbers += [number for number, _place in machine.opens.values()] + list(machine.own.values())
    assert len(numbers) == len(set(numbers))
    assert machine.seccomp not in numbers
    assert READ["x86_64" if "open" in machine.opens else "aarch64"] not in numbers


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the calls of Linux")
def test_the_older_machine_refuses_its_older_calls() -> None:
    old = {"fork", "vfork", "unlink", "mkdir", "rename", "link", "symlink", "chmod", "chown", "creat", "utimes"}
    assert old <= set(MACHINES["x86_64"].refused)
