"""The sentence a user reads for an error; the words themselves stand in ``services/words/wording.py``."""

from lian_desk.models.errors import DeskError
from lian_desk.services.words import wording

UNEXPECTED = "程序出现意外错误，这一步没有完成，已输入的内容仍在。可以重试；若再次出现，请复制错误报告交给管理员。"


def sentence(error: BaseException) -> str:
    """Return what happened and what to do, in Chinese, without personal data."""
    if isinstance(error, DeskError):
        return wording.sentence(error)
    return UNEXPECTED
