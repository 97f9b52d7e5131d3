"""An argument parser that refuses in one sentence."""

import argparse
import re
from typing import NoReturn

from lian_desk.cli.exit_codes import BAD_INPUT

_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from .+\)", r"参数 \1 不能取 \2"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"参数 \1 后面要有一个值"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument (\S+?): invalid (?:\w+) value: (.+)", r"参数 \1 不能取 \2"),
    (r"argument (\S+?): (.+)", r"参数 \1：\2"),
)
_LONGEST = 300


class SentenceParser(argparse.ArgumentParser):
    """A parser whose refusal is one Chinese sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Print one sentence for ``message`` and leave with code 2."""
        for pattern, sentence in _MESSAGES:
            worded, count = re.subn(f"^{pattern}$", sentence, message, flags=re.DOTALL)
            if count:
                message = worded
                break
        said = " ".join(message.split())
        said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
        self.exit(BAD_INPUT, f"{said}；用 {self.prog} --help 查看用法。\n")
