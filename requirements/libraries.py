"""The system libraries that Qt needs: looked for by loading Qt, installed where Debian and Ubuntu allow it."""

from __future__ import annotations

import os
import shutil
import sys

from requirements.ground import NO_LIBRARIES, Checkout, SetupProblem, say

# Debian and Ubuntu names. The first list is enough to draw off screen, the second is for a window on X11.
OFFSCREEN_LIBRARIES = ("libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libxkbcommon0", "libdbus-1-3")
WINDOW_LIBRARIES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
SECOND_READER = ("pdftotext", "poppler-utils")
"""The program that is looked for, and the package that brings it."""
IMPORT_PROBE = """
import PySide6.QtWidgets, PySide6.QtSvg, PySide6.QtPrintSupport
PySide6.QtWidgets.QApplication([])
"""
XCB_PROBE = """
import ctypes, pathlib, PySide6
ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"))
"""
DISPLAY_PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def privileged(checkout: Checkout) -> list[str] | None:
    """How to call a program as root without being asked: nothing before it, ``sudo -n``, or None when impossible."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and checkout.ask([sudo, "-n", "true"])[0] == 0:
        return [sudo, "-n"]
    return None


def install_with_apt(checkout: Checkout, packages: tuple[str, ...], reason: str) -> None:
    """Install Debian packages where we may; else say the one command to type."""
    apt = shutil.which("apt-get")
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if apt is None:
        raise SetupProblem(
            NO_LIBRARIES, f"{reason} Install what Debian calls {' '.join(packages)} with your system's package tool."
        )
    prefix = privileged(checkout)
    if prefix is None:
        raise SetupProblem(NO_LIBRARIES, f"{reason} Type this, then start again:\n\n    sudo {line}\n")
    say(f"{reason} Installing: {' '.join(packages)}")
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-q"]
    if checkout.call([*quiet, "update"]) != 0:
        say("The package lists could not be refreshed; trying with the old ones.")
    if checkout.call([*quiet, "install", "-y", "--no-install-recommends", *packages]) != 0:
        raise SetupProblem(NO_LIBRARIES, f"{reason} apt-get could not install them. Type this:\n\n    sudo {line}\n")


def missing_library(checkout: Checkout, probe: str) -> str | None:
    """Run ``probe`` with the environment's Python off screen; return the line that names what is missing, or None."""
    code, answer = checkout.ask([str(checkout.python), "-c", probe], QT_QPA_PLATFORM="offscreen")
    if code == 0:
        return None
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    named = [line for line in lines if ".so" in line and "cannot open" in line]
    return (named or lines or [f"exit code {code}"])[-1]


def ensure_system_libraries(checkout: Checkout, *, window: bool) -> None:
    """See that Qt loads, off screen and (``window``) on X11; install what Debian and Ubuntu lack."""
    probes = [(IMPORT_PROBE, OFFSCREEN_LIBRARIES)]
    if window and sys.platform == "linux" and os.environ.get("DISPLAY"):
        probes.append((XCB_PROBE, WINDOW_LIBRARIES))
    for probe, packages in probes:
        missing = missing_library(checkout, probe)
        if missing is None:
            continue
        if sys.platform != "linux":
            raise SetupProblem(NO_LIBRARIES, f"Qt does not load: {missing}")
        install_with_apt(checkout, packages, f"Qt lacks system libraries ({missing}).")
        still = missing_library(checkout, probe)
        if still is not None:
            raise SetupProblem(NO_LIBRARIES, f"Qt still does not load: {still}")


def ensure_second_reader(checkout: Checkout) -> None:
    """See that poppler is there, with which tests read papers back beside PDFium; say so where it cannot be had."""
    if sys.platform != "linux" or shutil.which(SECOND_READER[0]) is not None:
        return
    try:
        install_with_apt(checkout, SECOND_READER[1:], "Tests read PDFs back with poppler too, which is missing.")
    except SetupProblem as problem:
        say(f"{problem}\nThe tests go on with PDFium alone.")


def has_display(checkout: Checkout) -> bool:
    """Whether a window can really be opened here; a display that is named but dead does not count."""
    if sys.platform == "linux":
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return False
        if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal", "vnc")):
            return False
    return checkout.ask([str(checkout.python), "-c", DISPLAY_PROBE])[0] == 0
