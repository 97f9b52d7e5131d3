"""What stands in place of pages that cannot be shown: what the file is, and what may be done."""

from typing import Final

from lian_desk.services.words.format_words import advice, format_name, is_kept_only

TRY_AGAIN: Final = "再试一次"


def unshown_words(media_type: str) -> tuple[str, str, str]:
    """Return title, sentence and action of the empty place; no action where looking again would help nobody."""
    if is_kept_only(media_type):
        return format_name(media_type), f"原文件已加密保存，本程序不能显示。{advice(media_type)}", ""
    return "不能显示", "原文件已加密保存；可以再试一次，或另存后用其他程序查看。", TRY_AGAIN
