"""The fence of a child on Windows: a job object of its own that holds no second process, and low integrity.

The parent's job object (``confinement.py``) bounds the memory and ends the child with its parent. Windows has no simple
rules for paths and network that a plain process can put on itself; what is missing is told (``fence.fence_words``).
"""

import ctypes
import sys
from typing import Final

if sys.platform == "win32":
    from ctypes import wintypes

    from lian_desk.adapters.fences.confinement import ExtendedLimits

    _EXTENDED_LIMIT_INFORMATION: Final = 9
    _LIMIT_ACTIVE_PROCESS: Final = 0x8
    _LIMIT_DIE_ON_EXCEPTION: Final = 0x400
    _TOKEN_ADJUST_DEFAULT: Final = 0x80
    _TOKEN_QUERY: Final = 0x8
    _TOKEN_INTEGRITY_LEVEL: Final = 25
    _INTEGRITY: Final = 0x20
    _LOW: Final = "S-1-16-4096"

    class _Label(ctypes.Structure):
        _fields_ = (("sid", ctypes.c_void_p), ("attributes", wintypes.DWORD))

    def stay_alone() -> bool:
        """Put this process into a job that holds no other one, and in which a crash writes no report."""
        kernel = _kernel()
        job = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
        limits = ExtendedLimits()
        limits.basic.limit_flags = _LIMIT_ACTIVE_PROCESS | _LIMIT_DIE_ON_EXCEPTION
        limits.basic.active_process_limit = 1
        done = kernel.SetInformationJobObject(
            job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        ) and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        # the job lasts as long as its process; without a handle nobody changes its limits
        kernel.CloseHandle(job)
        return bool(done)

    def step_down() -> bool:
        """Give this process low integrity for good: what its user owns is not writable to it."""
        kernel = _kernel()
        security = ctypes.WinDLL("advapi32", use_last_error=True)
        security.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
        security.ConvertStringSidToSidW.argtypes = (wintypes.LPCWSTR, ctypes.POINTER(ctypes.c_void_p))
        security.GetLengthSid.argtypes = (ctypes.c_void_p,)
        security.SetTokenInformation.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        token, sid = wintypes.HANDLE(), ctypes.c_void_p()
        wanted = _TOKEN_ADJUST_DEFAULT | _TOKEN_QUERY
        if not security.OpenProcessToken(kernel.GetCurrentProcess(), wanted, ctypes.byref(token)):
            return False
        try:
            if not security.ConvertStringSidToSidW(_LOW, ctypes.byref(sid)):
                return False
            label = _Label(sid, _INTEGRITY)
            size = ctypes.sizeof(label) + security.GetLengthSid(sid)
            done = security.SetTokenInformation(token, _TOKEN_INTEGRITY_LEVEL, ctypes.byref(label), size)
            kernel.LocalFree(sid)
            return bool(done)
        finally:
            kernel.CloseHandle(token)

    def _kernel() -> ctypes.WinDLL:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        kernel.LocalFree.argtypes = (ctypes.c_void_p,)
        return kernel
