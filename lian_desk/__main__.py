"""``python -m lian_desk`` and the script ``lian-desk``."""

import sys

from lian_desk.services.recognition import RECOGNITION_SWITCH
from lian_desk.services.rendering import CHILD_SWITCH


def main() -> int:
    """Run the command line, or a child when a frozen program calls itself for one."""
    if getattr(sys, "frozen", False):
        # the processes that draw papers in a batch are this very program, called anew
        from multiprocessing import freeze_support

        freeze_support()
    if sys.argv[1:2] == [CHILD_SWITCH]:
        from lian_desk.services.rendering.child import main as render_child

        return render_child()
    if sys.argv[1:2] == [RECOGNITION_SWITCH]:
        from lian_desk.services.recognition.child import main as recognition_child

        return recognition_child()
    from lian_desk.cli.main import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
