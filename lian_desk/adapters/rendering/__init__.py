"""Shows files from outside without trusting them: every decoder runs in a child process with limits.

A hostile PDF of 2 KiB that inflates to 1 GB aborts the process it is opened in; here that is the child, which is simply
started again. ``renderer`` is what the program uses; ``child`` is the other end of the pipe.
"""

from typing import Final

CHILD_SWITCH: Final = "--render-child"
"""First argument by which a frozen program, which has no interpreter to call, becomes its own child."""

__all__ = ["CHILD_SWITCH", "child", "child_process", "renderer"]
