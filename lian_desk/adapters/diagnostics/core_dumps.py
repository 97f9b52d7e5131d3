"""No picture of the memory on the disk: a crash must not write names and passwords into a core dump.

Called first thing by the program and by each of its children. A limit is inherited by what a process starts, but on
Linux a program called anew may be dumped again, and a dump that goes to a handler ignores the limit.
"""

import sys

if sys.platform == "win32":
    import ctypes

    _FAIL_CRITICAL_ERRORS = 0x0001
    _NO_FAULT_BOX = 0x0002
    _WITHOUT_HEAP = 0x0001

    def forbid_core_dumps() -> None:
        """Let Windows end a crashed process without asking its error reporting, which would keep a dump."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.SetErrorMode(kernel.GetErrorMode() | _FAIL_CRITICAL_ERRORS | _NO_FAULT_BOX)
        # should the reporting be asked all the same, it leaves out the heap
        kernel.WerSetFlags(_WITHOUT_HEAP)

else:
    import ctypes
    import resource
    from typing import Final

    _PR_SET_DUMPABLE: Final = 4

    def forbid_core_dumps() -> None:
        """Take the right to dump core from this process and from what it starts; on Linux also by a handler or debugger.

        Raises:
            OSError: Linux refused.
        """
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            library = ctypes.CDLL(None, use_errno=True)
            if library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")
