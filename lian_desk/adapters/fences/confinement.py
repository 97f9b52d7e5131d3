"""Limits of the child process: memory and processor time, no core dump, no file written.

On POSIX the child limits itself before it reads its first byte. Windows has no such call; there the parent puts the
child into a job object with a memory limit that ends with its parent. The clock on the wall is the parent's everywhere.

Memory means memory that can be written (``RLIMIT_DATA``). The address space is no measure of it: every thread of a
decoder reserves 64 MB there for its allocations and touches a few, so a bound on it fails photos on machines with many
cores. It is bounded all the same, far above, because shared mappings count nowhere else.
"""

import sys
from typing import Final

MEGABYTE: Final = 1024 * 1024
WORKING_MEMORY: Final = 512 * MEGABYTE
"""Memory of the child besides the documents it holds, in bytes."""
MOST_MEMORY: Final = 1280 * MEGABYTE
"""Memory that it never exceeds, in bytes."""
RESERVED_SPACE: Final = 4096 * MEGABYTE
"""Address space beyond the memory that may be reserved and not used, in bytes."""
CPU_SECONDS: Final = 8
"""Processor time for one request."""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("per_process_user_time_limit", ctypes.c_int64),
            ("per_job_user_time_limit", ctypes.c_int64),
            ("limit_flags", wintypes.DWORD),
            ("minimum_working_set_size", ctypes.c_size_t),
            ("maximum_working_set_size", ctypes.c_size_t),
            ("active_process_limit", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority_class", wintypes.DWORD),
            ("scheduling_class", wintypes.DWORD),
        )

    class ExtendedLimits(ctypes.Structure):
        """What a job object holds its processes to."""

        _fields_ = (
            ("basic", _BasicLimits),
            ("io_counters", ctypes.c_uint64 * 6),
            ("process_memory_limit", ctypes.c_size_t),
            ("job_memory_limit", ctypes.c_size_t),
            ("peak_process_memory_used", ctypes.c_size_t),
            ("peak_job_memory_used", ctypes.c_size_t),
        )

    _EXTENDED_LIMIT_INFORMATION: Final = 9
    _LIMIT_PROCESS_MEMORY: Final = 0x100
    _LIMIT_KILL_ON_CLOSE: Final = 0x2000

    def confine_myself(memory: int = MOST_MEMORY) -> None:
        """Nothing to do: the parent's job object holds the limits."""

    def allow_request(held_bytes: int, working_bytes: int = 0) -> None:
        """Nothing to do: see :func:`confine_myself`."""

    def confine_child(process_handle: int, memory: int | None = None) -> object:
        """Put a fresh child into a job object; keep the returned handle as long as the child shall live.

        ``memory`` in bytes; ``MOST_MEMORY`` when None.

        Raises:
            OSError: the system refused.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        job = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
        limits = ExtendedLimits()
        limits.basic.limit_flags = _LIMIT_PROCESS_MEMORY | _LIMIT_KILL_ON_CLOSE
        limits.process_memory_limit = MOST_MEMORY if memory is None else memory
        done = kernel.SetInformationJobObject(
            job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        ) and kernel.AssignProcessToJobObject(job, wintypes.HANDLE(process_handle))
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
        return job

else:
    import resource

    def confine_myself(memory: int = MOST_MEMORY) -> None:
        """Limit this process for good: no core dump (it would hold plaintext), no file, bounded memory."""
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_FSIZE, 0)
        _lower(resource.RLIMIT_DATA, memory)
        _lower(resource.RLIMIT_AS, memory + RESERVED_SPACE)

    def allow_request(held_bytes: int, working_bytes: int = 0) -> None:
        """Give the coming request its share: memory beside ``held_bytes`` of documents, and processor time.

        ``working_bytes`` is what a picture of known size needs besides.
        """
        _set_soft(resource.RLIMIT_DATA, min(MOST_MEMORY, WORKING_MEMORY + 2 * held_bytes + working_bytes))
        used = resource.getrusage(resource.RUSAGE_SELF)
        _set_soft(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS)

    def confine_child(process_handle: int, memory: int | None = None) -> object:  # noqa: ARG001 - as on Windows
        """Nothing to do: the child limits itself."""
        return process_handle

    def _lower(what: int, limit: int) -> None:
        _soft, hard = resource.getrlimit(what)
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(what, (bound, bound))
        except (ValueError, OSError):
            # macOS refuses some limits on memory; the parent's clock still ends the child
            return

    def _set_soft(what: int, limit: int) -> None:
        _soft, hard = resource.getrlimit(what)
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(what, (bound, hard))
        except (ValueError, OSError):
            return
