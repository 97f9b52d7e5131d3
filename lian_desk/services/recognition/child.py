"""The recognition child: reads pixels from its standard input, answers with words, keeps and writes nothing.

It runs at a low priority, so that the window stays quick, and ends when its parent is gone.
"""

import json
import os
import sys
from typing import BinaryIO, Final

from lian_desk.adapters.exchange.frames import Header, PipeClosed, read_exactly, read_header, write_header
from lian_desk.adapters.fences.confinement import MEGABYTE
from lian_desk.adapters.fences.fence import Fence, enclose
from lian_desk.services.recognition.engine import Engine, is_installed

MOST_MEMORY: Final = 3072 * MEGABYTE
"""Address space of the child in bytes; the models and the recogniser's code take half of it."""
MOST_PIXELS_BYTES: Final = 64 * MEGABYTE
NOT_INSTALLED: Final = "not_installed"
NOT_READ: Final = "not_read"
NICENESS: Final = 10

if sys.platform == "win32":
    import ctypes

    _BELOW_NORMAL: Final = 0x4000

    def _step_back() -> None:
        """Let every other program go first."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)

else:

    def _step_back() -> None:
        """Let every other program go first."""
        os.nice(NICENESS)


def serve(requests: BinaryIO, answers: BinaryIO, fence: Fence) -> None:
    """Answer requests until the parent is gone; the first word tells it which ``fence`` stands."""
    write_header(answers, {"ready": True, "size": 0, "fence": fence.as_facts()})
    engine: Engine | None = None
    while True:
        try:
            request = read_header(requests)
            pixels = read_exactly(requests, min(int(request["size"]), MOST_PIXELS_BYTES))
        except PipeClosed:
            return
        if engine is None and is_installed():
            engine = Engine()
        header, payload = ({"error": NOT_INSTALLED}, b"") if engine is None else _read(engine, request, pixels)
        write_header(answers, {**header, "size": len(payload)})
        answers.write(payload)
        answers.flush()


def _read(engine: Engine, request: Header, pixels: bytearray) -> tuple[Header, bytes]:
    try:
        turned, lines = engine.read(pixels, int(request["width"]), int(request["height"]), int(request["stride"]))
    except (MemoryError, ValueError, RuntimeError):
        return {"error": NOT_READ}, b""
    return {"turned": turned}, json.dumps(lines, ensure_ascii=False).encode()


def main() -> int:
    """Run as the recognition child of a desk."""
    _step_back()
    # a library that prints must not spoil the answers, nor may words of a page reach any log
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    os.close(silent)
    fence = enclose(MOST_MEMORY)
    with answers, open(0, "rb", buffering=0, closefd=False) as requests:
        serve(requests, answers, fence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
