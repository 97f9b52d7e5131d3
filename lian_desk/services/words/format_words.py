"""What is said about files that are kept sealed and cannot be shown: what they are, and how to get a readable copy."""

from typing import Final

from lian_desk.adapters.file_kinds.sniffing import MediaType

_AS_PDF: Final = "请用 Word、Excel、PowerPoint 或 WPS 打开，另存为 PDF 后再收一次；这种文件不能当作可读的凭证。"
_UNPACK: Final = "请客户解开后直接发送里面的文件，或改用 ZIP 压缩后再发。"
_AS_PICTURE: Final = "请客户另存为 JPG、PNG 或 PDF 后再发；这种文件不能当作可读的凭证。"
_ATTACHMENTS: Final = "请用邮件程序打开：正文打印为 PDF，附件先逐个另存，再分别收取。"
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
    MediaType.BZIP2: "BZIP2 压缩包",
    MediaType.XZ: "XZ 压缩包",
    MediaType.ZSTANDARD: "Zstandard 压缩包",
    MediaType.LZ4: "LZ4 压缩包",
    MediaType.CABINET: "CAB 压缩包",
    MediaType.WINMAIL: "Outlook 附件包（winmail.dat）",
    MediaType.MAIL: "电子邮件（EML）",
    MediaType.WEB_ARCHIVE: "网页存档（MHT）",
    MediaType.WEB_PAGE: "网页（HTML）",
    MediaType.CAJ: "CAJ 文献",
    MediaType.XPS: "XPS 文档",
    MediaType.POSTSCRIPT: "PostScript 或 EPS 文件",
    MediaType.JPEG_XL: "JPEG XL 图片",
    MediaType.CAMERA_RAW: "相机 RAW 原始照片",
    MediaType.DJVU: "DjVu 扫描件",
    MediaType.PHOTOSHOP: "Photoshop 图片",
    MediaType.SVG: "SVG 矢量图",
    MediaType.METAFILE: "EMF 或 WMF 图元文件",
    MediaType.COREL: "CorelDRAW 图稿",
    MediaType.AUTOCAD: "DWG 图纸",
    MediaType.AMR: "AMR 录音",
    MediaType.SILK: "微信语音（SILK 录音）",
    MediaType.MP3: "MP3 录音",
    MediaType.AAC: "AAC 录音",
    MediaType.M4A: "M4A 录音",
    MediaType.WAV: "WAV 录音",
    MediaType.OGG: "OGG 或 Opus 录音",
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
    MediaType.OUTLOOK: _ATTACHMENTS,
    MediaType.MAIL: _ATTACHMENTS,
    MediaType.WINMAIL: "请发件人改用“纯文本”或“HTML”格式重发邮件，附件另存后分别收取。",
    MediaType.WEB_ARCHIVE: "请用浏览器打开，打印为 PDF 后再收一次。",
    MediaType.WEB_PAGE: "请用浏览器打开，打印为 PDF 后再收一次。",
    MediaType.CAJ: "请用 CAJViewer 打开，打印或另存为 PDF 后再收一次。",
    MediaType.XPS: "请用 XPS 查看器打开，打印为 PDF 后再收一次。",
    MediaType.AUTOCAD: "请客户用制图程序打印为 PDF 后再发。",
    MediaType.IWORK: "请客户在苹果设备上导出为 PDF 后再发；这种文件不能当作可读的凭证。",
    MediaType.EPUB: "请客户另存为 PDF 后再发。",
    MediaType.RAR: _UNPACK,
    MediaType.SEVEN_ZIP: _UNPACK,
    MediaType.GZIP: _UNPACK,
    MediaType.TAR: _UNPACK,
    MediaType.BZIP2: _UNPACK,
    MediaType.XZ: _UNPACK,
    MediaType.ZSTANDARD: _UNPACK,
    MediaType.LZ4: _UNPACK,
    MediaType.CABINET: _UNPACK,
    MediaType.POSTSCRIPT: _AS_PICTURE,
    MediaType.JPEG_XL: _AS_PICTURE,
    MediaType.CAMERA_RAW: _AS_PICTURE,
    MediaType.DJVU: _AS_PICTURE,
    MediaType.PHOTOSHOP: _AS_PICTURE,
    MediaType.SVG: _AS_PICTURE,
    MediaType.METAFILE: _AS_PICTURE,
    MediaType.COREL: _AS_PICTURE,
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
