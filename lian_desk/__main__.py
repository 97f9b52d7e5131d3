"""``python -m lian_desk`` and the script ``lian-desk``."""

import sys
from types import TracebackType

from lian_desk.adapters.diagnostics.core_dumps import forbid_core_dumps
from lian_desk.adapters.rendering import CHILD_SWITCH
from lian_desk.services.recognition import RECOGNITION_SWITCH


def main() -> int:
    """Run the command line, or a child when a frozen program calls itself for one."""
    forbid_core_dumps()
    if getattr(sys, "frozen", False):
        # the processes that draw papers in a batch are this very program, called anew
        from multiprocessing import freeze_support

        freeze_support()
    if sys.argv[1:2] == [CHILD_SWITCH]:
        from lian_desk.adapters.rendering.child import main as render_child

        return render_child()
    if sys.argv[1:2] == [RECOGNITION_SWITCH]:
        from lian_desk.services.recognition.child import main as recognition_child

        return recognition_child()
    from lian_desk.cli.main import main as command_line

    sys.excepthook = tell_plainly
    return command_line()


def tell_plainly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of an exception that nobody caught by its kind and its places: its text may quote what was read or typed."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    from lian_desk.adapters.diagnostics.crash_records import report

    words = "lian-desk: 程序遇到了没有预料到的情况，这一步没有完成。请把下面的报告交给管理员，报告只含程序位置。"
    sys.stderr.write(f"{words}\n{report(kind, trace)}\n")


if __name__ == "__main__":
    sys.exit(main())
