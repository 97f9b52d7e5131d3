"""What is said about files that are kept sealed and cannot be shown: what they are, and how to get a readable copy."""

from typing import Final

from lian_desk.services.rendering.sniffing import MediaType

_AS_PDF: Final = "请用 Word、Excel、PowerPoint 或 WPS 打开，另存为 PDF 后再收一次；这种文件不能当作可读的凭证。"
_UNPACK: Final = "请客户解开后直接发送里面的文件，或改用 ZIP 压缩后再发。"
_LISTEN: Final = "可以作为沟通凭证；需要听或看时，用“导出后用系统播放器打开”，每次都会留痕。"
_NAMES: Final = {
    MediaType.OFD: "OFD 版式文件",
    MediaType.WORD: "Word 文档",
    MediaType.EXCEL: "Excel 表格",
    MediaType.POWERPOINT: "PowerPoint 演示文稿",
    MediaType.OFFICE: "Office 文档",
    MediaType.LOCKED_OFFICE: "设有密码的 Office 文档",
    MediaType.OLD_WORD: "旧格式 Word 或 WPS 文字文档",
    MediaType.OLD_EXCEL: "旧格式 Excel 或 WPS 表格",
    MediaType.OLD_POWERPOINT: "旧格式 PowerPoint 或 WPS 演示文稿",
    MediaType.OUTLOOK: "Outlook 邮件",
    MediaType.OPEN_DOCUMENT: "OpenDocument 文档",
    MediaType.IWORK: "苹果 iWork 文稿（Pages、Numbers 或 Keynote）",
    MediaType.EPUB: "EPUB 电子书",
    MediaType.RTF: "RTF 文档",
    MediaType.RAR: "RAR 压缩包",
    MediaType.SEVEN_ZIP: "7z 压缩包",
    MediaType.GZIP: "GZIP 压缩包",
    MediaType.TAR: "TAR 打包文件",
    MediaType.AMR: "AMR 录音",
    MediaType.SILK: "微信语音（SILK 录音）",
    MediaType.MP3: "MP3 录音",
    MediaType.AAC: "AAC 录音",
    MediaType.M4A: "M4A 录音",
    MediaType.WAV: "WAV 录音",
    MediaType.OGG: "OGG 录音",
    MediaType.FLAC: "FLAC 录音",
    MediaType.CAF: "CAF 录音",
    MediaType.MP4: "MP4 视频或录音",
    MediaType.QUICKTIME: "MOV 视频",
    MediaType.THREE_GP: "3GP 视频或录音",
    MediaType.AVI: "AVI 视频",
    MediaType.MATROSKA: "MKV 或 WebM 视频",
    MediaType.WINDOWS_MEDIA: "WMV 视频或录音",
    MediaType.MPEG: "MPEG 视频",
    MediaType.FLASH_VIDEO: "FLV 视频",
}
_ADVICE: Final = {
    MediaType.OFD: "请用 OFD 阅读器打开，打印或另存为 PDF 后再收一次。",
    MediaType.LOCKED_OFFICE: "请客户去掉密码，另存为 PDF 后再发；这种文件不能当作可读的凭证。",
    MediaType.OUTLOOK: "请用 Outlook 打开，把邮件打印为 PDF，附件单独收取。",
    MediaType.IWORK: "请客户在苹果设备上导出为 PDF 后再发；这种文件不能当作可读的凭证。",
    MediaType.EPUB: "请客户另存为 PDF 后再发。",
    MediaType.RAR: _UNPACK,
    MediaType.SEVEN_ZIP: _UNPACK,
    MediaType.GZIP: _UNPACK,
    MediaType.TAR: _UNPACK,
}


def format_name(media_type: str) -> str:
    """Return what people call a kind of file: PDF, JPG, Word 文档; empty for an unknown one."""
    if media_type not in set(MediaType):
        return ""
    kind = MediaType(media_type)
    return _NAMES.get(kind, kind.short_name)


def is_kept_only(media_type: str) -> bool:
    """Tell whether a file of this kind is kept and named but has no pages that could be shown."""
    return media_type in set(MediaType) and not MediaType(media_type).is_shown


def is_recording(media_type: str) -> bool:
    """Tell whether a file of this kind is sound or video."""
    return media_type in set(MediaType) and MediaType(media_type).is_recording


def advice(media_type: str) -> str:
    """Return how to come by something that can be read; empty for a kind that can be shown."""
    if not is_kept_only(media_type):
        return ""
    return _LISTEN if is_recording(media_type) else _ADVICE.get(MediaType(media_type), _AS_PDF)


def kept_note(media_type: str) -> str:
    """Return what is said when such a file comes in: kept, not shown, and what to do."""
    return f"{format_name(media_type)}，已加密保存，本程序不能显示；{advice(media_type)}"
