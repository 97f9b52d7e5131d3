"""What a file is, by its first bytes; its name says nothing. Containers are looked into by ``containers.py``."""

from enum import StrEnum
from typing import Final

from lian_desk.adapters.exchange.study_list import is_study
from lian_desk.adapters.file_kinds.camera_raw import is_camera_raw
from lian_desk.adapters.file_kinds.sound_heads import is_framed_sound
from lian_desk.adapters.file_kinds.text_heads import TextForm, text_form

HEAD_BYTES: Final = 1024
"""How much of the beginning :func:`sniff` wants."""


class MediaType(StrEnum):
    """Kinds of file that can be taken in, by their registered names; pictures, PDF and DICOM can be shown."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    AVIF = "image/avif"
    JPEG_2000 = "image/jp2"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    BMP = "image/bmp"
    GIF = "image/gif"
    DICOM = "application/dicom"
    DICOM_STUDY = "application/dicom+zip"
    OFD = "application/ofd"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    OFFICE = "application/x-office-document"
    LOCKED_OFFICE = "application/x-locked-office-document"
    OLD_WORD = "application/msword"
    OLD_EXCEL = "application/vnd.ms-excel"
    OLD_POWERPOINT = "application/vnd.ms-powerpoint"
    OUTLOOK = "application/vnd.ms-outlook"
    OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
    IWORK = "application/vnd.apple.iwork"
    EPUB = "application/epub+zip"
    RTF = "application/rtf"
    RAR = "application/vnd.rar"
    SEVEN_ZIP = "application/x-7z-compressed"
    GZIP = "application/gzip"
    TAR = "application/x-tar"
    BZIP2 = "application/x-bzip2"
    XZ = "application/x-xz"
    ZSTANDARD = "application/zstd"
    LZ4 = "application/x-lz4"
    CABINET = "application/vnd.ms-cab-compressed"
    WINMAIL = "application/vnd.ms-tnef"
    MAIL = "message/rfc822"
    WEB_ARCHIVE = "multipart/related"
    WEB_PAGE = "text/html"
    CAJ = "application/x-caj"
    XPS = "application/vnd.ms-xpsdocument"
    POSTSCRIPT = "application/postscript"
    JPEG_XL = "image/jxl"
    CAMERA_RAW = "image/x-dcraw"
    DJVU = "image/vnd.djvu"
    PHOTOSHOP = "image/vnd.adobe.photoshop"
    SVG = "image/svg+xml"
    METAFILE = "image/emf"
    COREL = "image/x-coreldraw"
    AUTOCAD = "image/vnd.dwg"
    AMR = "audio/amr"
    SILK = "audio/silk"
    MP3 = "audio/mpeg"
    AAC = "audio/aac"
    M4A = "audio/mp4"
    WAV = "audio/wav"
    OGG = "audio/ogg"
    FLAC = "audio/flac"
    CAF = "audio/x-caf"
    MP4 = "video/mp4"
    QUICKTIME = "video/quicktime"
    THREE_GP = "video/3gpp"
    AVI = "video/x-msvideo"
    MATROSKA = "video/x-matroska"
    WINDOWS_MEDIA = "video/x-ms-asf"
    MPEG = "video/mpeg"
    FLASH_VIDEO = "video/x-flv"

    @property
    def is_shown(self) -> bool:
        """Tell whether its pages can be shown; anything else is kept sealed and named."""
        return self in _SHOWN

    @property
    def is_recording(self) -> bool:
        """Tell whether it is sound or video: it proves what was said, and the system's player plays it."""
        return self.value.startswith(("audio/", "video/"))

    @property
    def ending(self) -> str:
        """The usual ending of such a file's name, with its dot."""
        return _ENDINGS[self]

    @property
    def short_name(self) -> str:
        """The name people know it by."""
        return "DICOM 检查" if self is MediaType.DICOM_STUDY else _ENDINGS[self][1:].upper()


_ENDINGS: Final = {
    MediaType.PDF: ".pdf",
    MediaType.JPEG: ".jpg",
    MediaType.PNG: ".png",
    MediaType.HEIC: ".heic",
    MediaType.AVIF: ".avif",
    MediaType.JPEG_2000: ".jp2",
    MediaType.TIFF: ".tif",
    MediaType.WEBP: ".webp",
    MediaType.BMP: ".bmp",
    MediaType.GIF: ".gif",
    MediaType.DICOM: ".dcm",
    MediaType.DICOM_STUDY: ".zip",
    MediaType.OFD: ".ofd",
    MediaType.WORD: ".docx",
    MediaType.EXCEL: ".xlsx",
    MediaType.POWERPOINT: ".pptx",
    MediaType.OFFICE: ".docx",
    MediaType.LOCKED_OFFICE: ".docx",
    MediaType.OLD_WORD: ".doc",
    MediaType.OLD_EXCEL: ".xls",
    MediaType.OLD_POWERPOINT: ".ppt",
    MediaType.OUTLOOK: ".msg",
    MediaType.OPEN_DOCUMENT: ".odt",
    MediaType.IWORK: ".pages",
    MediaType.EPUB: ".epub",
    MediaType.RTF: ".rtf",
    MediaType.RAR: ".rar",
    MediaType.SEVEN_ZIP: ".7z",
    MediaType.GZIP: ".gz",
    MediaType.TAR: ".tar",
    MediaType.BZIP2: ".bz2",
    MediaType.XZ: ".xz",
    MediaType.ZSTANDARD: ".zst",
    MediaType.LZ4: ".lz4",
    MediaType.CABINET: ".cab",
    MediaType.WINMAIL: ".dat",
    MediaType.MAIL: ".eml",
    MediaType.WEB_ARCHIVE: ".mht",
    MediaType.WEB_PAGE: ".html",
    MediaType.CAJ: ".caj",
    MediaType.XPS: ".xps",
    MediaType.POSTSCRIPT: ".ps",
    MediaType.JPEG_XL: ".jxl",
    MediaType.CAMERA_RAW: ".dng",
    MediaType.DJVU: ".djvu",
    MediaType.PHOTOSHOP: ".psd",
    MediaType.SVG: ".svg",
    MediaType.METAFILE: ".emf",
    MediaType.COREL: ".cdr",
    MediaType.AUTOCAD: ".dwg",
    MediaType.AMR: ".amr",
    MediaType.SILK: ".silk",
    MediaType.MP3: ".mp3",
    MediaType.AAC: ".aac",
    MediaType.M4A: ".m4a",
    MediaType.WAV: ".wav",
    MediaType.OGG: ".ogg",
    MediaType.FLAC: ".flac",
    MediaType.CAF: ".caf",
    MediaType.MP4: ".mp4",
    MediaType.QUICKTIME: ".mov",
    MediaType.THREE_GP: ".3gp",
    MediaType.AVI: ".avi",
    MediaType.MATROSKA: ".mkv",
    MediaType.WINDOWS_MEDIA: ".wmv",
    MediaType.MPEG: ".mpg",
    MediaType.FLASH_VIDEO: ".flv",
}
_SHOWN: Final = frozenset(
    {
        MediaType.PDF,
        MediaType.JPEG,
        MediaType.PNG,
        MediaType.HEIC,
        MediaType.AVIF,
        MediaType.JPEG_2000,
        MediaType.TIFF,
        MediaType.WEBP,
        MediaType.BMP,
        MediaType.GIF,
        MediaType.DICOM,
        MediaType.DICOM_STUDY,
    }
)
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"II*\x00\x10\x00\x00\x00CR", MediaType.CAMERA_RAW),
    (b"FUJIFILMCCD-RAW", MediaType.CAMERA_RAW),
    (b"IIRO", MediaType.CAMERA_RAW),
    (b"IIRS", MediaType.CAMERA_RAW),
    (b"MMOR", MediaType.CAMERA_RAW),
    (b"IIU\x00", MediaType.CAMERA_RAW),
    (b"\x00MRM", MediaType.CAMERA_RAW),
    (b"FOVb", MediaType.CAMERA_RAW),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", MediaType.JPEG_XL),
    (b"\xff\x0a", MediaType.JPEG_XL),
    (b"BZh", MediaType.BZIP2),
    (b"\xfd7zXZ\x00", MediaType.XZ),
    (b"\x28\xb5\x2f\xfd", MediaType.ZSTANDARD),
    (b"\x04\x22\x4d\x18", MediaType.LZ4),
    (b"MSCF\x00\x00\x00\x00", MediaType.CABINET),
    (b"\x78\x9f\x3e\x22", MediaType.WINMAIL),
    (b"CAJ\x00", MediaType.CAJ),
    (b"HN\x00\x00", MediaType.CAJ),
    (b"HN\xc8\x00", MediaType.CAJ),
    (b"KDH ", MediaType.CAJ),
    (b"AT&TFORM", MediaType.DJVU),
    (b"8BPS", MediaType.PHOTOSHOP),
    (b"%!PS", MediaType.POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", MediaType.POSTSCRIPT),
    (b"\xd7\xcd\xc6\x9a", MediaType.METAFILE),
    (b"\x01\x00\x09\x00\x00\x03", MediaType.METAFILE),
    (b"AC10", MediaType.AUTOCAD),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),
    (b"MM\x00+", MediaType.TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", MediaType.JPEG_2000),
    (b"\xff\x4f\xff\x51", MediaType.JPEG_2000),
    (b"GIF87a", MediaType.GIF),
    (b"GIF89a", MediaType.GIF),
    (b"BM", MediaType.BMP),
    (b"Rar!\x1a\x07", MediaType.RAR),
    (b"7z\xbc\xaf\x27\x1c", MediaType.SEVEN_ZIP),
    (b"\x1f\x8b\x08", MediaType.GZIP),
    (b"{\\rtf", MediaType.RTF),
    (b"#!AMR", MediaType.AMR),
    (b"#!SILK", MediaType.SILK),
    (b"\x02#!SILK", MediaType.SILK),
    (b"ID3", MediaType.MP3),
    (b"OggS", MediaType.OGG),
    (b"fLaC", MediaType.FLAC),
    (b"caff", MediaType.CAF),
    (b"\x1aE\xdf\xa3", MediaType.MATROSKA),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", MediaType.WINDOWS_MEDIA),
    (b"\x00\x00\x01\xba", MediaType.MPEG),
    (b"\x00\x00\x01\xb3", MediaType.MPEG),
    (b"FLV\x01", MediaType.FLASH_VIDEO),
)
_RIFF: Final = {b"WEBP": MediaType.WEBP, b"WAVE": MediaType.WAV, b"AVI ": MediaType.AVI}
_OWN_BRANDS: Final = {
    b"M4A ": MediaType.M4A,
    b"M4B ": MediaType.M4A,
    b"M4P ": MediaType.M4A,
    b"qt  ": MediaType.QUICKTIME,
    b"crx ": MediaType.CAMERA_RAW,
}
_FILM_BRANDS: Final = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VP", b"MSNV", b"dash", b"f4v ",
     b"mmp4"}
)  # fmt: skip
_OLD_QUICKTIME: Final = frozenset({b"moov", b"mdat", b"wide", b"pnot"})
_LATER_MARKS: Final = ((257, b"ustar", MediaType.TAR), (40, b" EMF\x00\x00", MediaType.METAFILE))
_TEXT_FORMS: Final = {
    TextForm.MAIL: MediaType.MAIL,
    TextForm.WEB_ARCHIVE: MediaType.WEB_ARCHIVE,
    TextForm.WEB_PAGE: MediaType.WEB_PAGE,
    TextForm.SVG: MediaType.SVG,
}
_PACKET: Final = 188
"""Bytes of a packet of a transport stream; each begins with the letter G."""
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_FAMILY_BRANDS: Final = frozenset({b"mif1", b"msf1"})
_BMP_HEADER: Final = 26
_DICOM_PLACE: Final = 128
_ARCHIVE_BEGINNINGS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


_OFFICE_BEGINNING: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_compound(head: bytes) -> bool:
    """Tell whether a file begins like the older documents of office programs, and locked ones of today."""
    return head.startswith(_OFFICE_BEGINNING)


def is_archive(head: bytes) -> bool:
    """Tell whether a file begins like a ZIP archive; documents of office programs do as well."""
    return head.startswith(_ARCHIVE_BEGINNINGS)


def _by_brands(head: bytes) -> MediaType | None:
    """Tell the kind of a file of boxes by the brands that it claims; the first one may be that of the whole family."""
    length = min(int.from_bytes(head[:4], "big"), HEAD_BYTES)
    brands = {head[place : place + 4] for place in range(16, length, 4)}
    first = head[8:12]
    if first in _AVIF_BRANDS or (first in _FAMILY_BRANDS and brands & _AVIF_BRANDS and not brands & _HEIF_BRANDS):
        return MediaType.AVIF
    if first in _HEIF_BRANDS | _FAMILY_BRANDS:
        return MediaType.HEIC
    if first in _OWN_BRANDS:
        return _OWN_BRANDS[first]
    if first[:3] in {b"3gp", b"3g2", b"3gr", b"3gs"}:
        return MediaType.THREE_GP
    return MediaType.MP4 if {first, *brands} & _FILM_BRANDS else None


def sniff(head: bytes) -> MediaType | None:
    """Return the kind of a file from its first ``HEAD_BYTES`` bytes, None when it is none of ours."""
    if is_study(head) or head[_DICOM_PLACE : _DICOM_PLACE + 4] == b"DICM":
        return MediaType.DICOM_STUDY if is_study(head) else MediaType.DICOM
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning) and (media_type is not MediaType.BMP or len(head) >= _BMP_HEADER):
            return MediaType.CAMERA_RAW if media_type is MediaType.TIFF and is_camera_raw(head) else media_type
    if head[:4] == b"RIFF" and (head[8:12] in _RIFF or head[8:11] == b"CDR"):
        return _RIFF.get(head[8:12], MediaType.COREL)
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    # readers accept a PDF whose header stands anywhere in the first kilobyte
    if b"%PDF-" in head[:HEAD_BYTES]:
        return MediaType.PDF
    return _by_structure(head)


def _by_structure(head: bytes) -> MediaType | None:
    """Tell what has no mark of its own at its very beginning."""
    if head[4:8] in _OLD_QUICKTIME:
        return MediaType.QUICKTIME
    for place, mark, media_type in _LATER_MARKS:
        if head[place : place + len(mark)] == mark:
            return media_type
    if head[: 3 * _PACKET : _PACKET] == b"GGG":
        return MediaType.MPEG
    is_sound, is_mp3 = is_framed_sound(head)
    if is_sound:
        return MediaType.MP3 if is_mp3 else MediaType.AAC
    form = text_form(head)
    return None if form is None else _TEXT_FORMS[form]
