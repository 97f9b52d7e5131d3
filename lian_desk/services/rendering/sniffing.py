"""What a file is, by its first bytes; its name says nothing."""

from enum import StrEnum
from typing import Final

from lian_desk.services.rendering.study_list import is_study

HEAD_BYTES: Final = 1024
"""How much of the beginning :func:`sniff` wants."""


class MediaType(StrEnum):
    """Kinds of file that can be taken in and shown, by their registered names."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    BMP = "image/bmp"
    GIF = "image/gif"
    DICOM = "application/dicom"
    DICOM_STUDY = "application/dicom+zip"

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
    MediaType.TIFF: ".tif",
    MediaType.WEBP: ".webp",
    MediaType.BMP: ".bmp",
    MediaType.GIF: ".gif",
    MediaType.DICOM: ".dcm",
    MediaType.DICOM_STUDY: ".zip",
}
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"GIF87a", MediaType.GIF),
    (b"GIF89a", MediaType.GIF),
    (b"BM", MediaType.BMP),
)
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_BMP_HEADER: Final = 26
_DICOM_PLACE: Final = 128
_ARCHIVE_BEGINNINGS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def is_archive(head: bytes) -> bool:
    """Tell whether a file begins like a ZIP archive; documents of office programs do as well."""
    return head.startswith(_ARCHIVE_BEGINNINGS)


def sniff(head: bytes) -> MediaType | None:
    """Return the kind of a file from its first ``HEAD_BYTES`` bytes, None when it is none of ours."""
    if is_study(head) or head[_DICOM_PLACE : _DICOM_PLACE + 4] == b"DICM":
        return MediaType.DICOM_STUDY if is_study(head) else MediaType.DICOM
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning) and (media_type is not MediaType.BMP or len(head) >= _BMP_HEADER):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return MediaType.HEIC
    # readers accept a PDF whose header stands anywhere in the first kilobyte
    if b"%PDF-" in head[:HEAD_BYTES]:
        return MediaType.PDF
    return None
