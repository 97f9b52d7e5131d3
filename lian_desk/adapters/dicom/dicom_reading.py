"""Reads the head of a DICOM file in the child: its words, its kind, whose it is. Needs the extra ``dicom``."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from lian_desk.adapters.exchange.instance_head import InstanceHead, InstanceKind, uid, words
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.models.errors import ErrorCode

# what a library for such an old and wide format may trip over in a broken file
BROKEN: Final = (
    OSError, ValueError, TypeError, AttributeError, LookupError, EOFError, ArithmeticError, NotImplementedError,
    RecursionError, RuntimeError, AssertionError, struct.error,
)  # fmt: skip
_DIRECTORY: Final = "1.2.840.10008.1.3.10"
_REPORTS: Final = "1.2.840.10008.5.1.4.1.1.88."
_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
_DATE_DIGITS: Final = 8
_LATIN_TOP: Final = 0x100
_LONGEST_PART: Final = 3
"""Characters of a family or given name in Chinese."""


def register_codecs() -> None:
    """Make the library know the decoders for the packings of hospital archives, where they are installed."""
    from lian_desk.adapters.dicom.dicom_codecs import register  # noqa: PLC0415 - needs the library itself

    register()


class Library:
    """pydicom and numpy, loaded when a file of this kind is looked at: an extra, and large."""

    def __init__(self) -> None:
        """Load them.

        Raises:
            Refusal: ``MATERIAL_DICOM_MISSING`` without the extra.
        """
        try:
            self.np: Any = import_module("numpy")
            self.pixels: Any = import_module("pydicom.pixels")
            self.pydicom: Any = import_module("pydicom")
        except ImportError as error:
            raise Refusal(ErrorCode.MATERIAL_DICOM_MISSING) from error
        register_codecs()


def stream_of(content: bytearray | PartsFile) -> Any:
    """Return a document as the library reads it; it takes every other reader for a file with a name."""
    return io.BytesIO(content) if isinstance(content, bytearray) else content


@contextmanager
def readable() -> Iterator[None]:
    """Turn whatever a broken file makes the library say into a refusal."""
    from pydicom.errors import BytesLengthException, InvalidDicomError  # noqa: PLC0415 - an extra

    try:
        yield
    except (*BROKEN, InvalidDicomError, BytesLengthException) as error:
        raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error


def read_dataset(library: Library, stream: Any, *, whole: bool = False) -> Any:
    """Return the head of a file, with ``whole`` everything in it.

    Raises:
        Refusal: it cannot be read.
    """
    with readable():
        stream.seek(0)
        return library.pydicom.dcmread(stream, stop_before_pixels=not whole)


def kind_of(dataset: Any) -> InstanceKind:
    """Return what a file holds, by its class (DICOM PS3.4, annex B.5) and by whether it has pixels."""
    told = str(dataset.file_meta.get("MediaStorageSOPClassUID", "") or dataset.get("SOPClassUID", "") or "")
    if told == _DIRECTORY:
        return InstanceKind.DIRECTORY
    if told.startswith(_REPORTS):
        return InstanceKind.REPORT
    if told == _PDF:
        return InstanceKind.DOCUMENT
    has_pixels = bool(dataset.get("Rows")) and bool(dataset.get("Columns"))
    return InstanceKind.IMAGE if has_pixels else InstanceKind.OTHER


def head_of(dataset: Any, pages: int, sizes: tuple[tuple[float, float], ...]) -> InstanceHead:
    """Return the head of a file whose pages are known.

    Raises:
        Refusal: it cannot be read.
    """
    with readable():
        return InstanceHead(
            study=uid(dataset.get("StudyInstanceUID")),
            series=uid(dataset.get("SeriesInstanceUID")),
            instance=uid(dataset.get("SOPInstanceUID")),
            kind=kind_of(dataset),
            whose=words("|".join((name_of(dataset), told(dataset, "PatientID"), told(dataset, "PatientBirthDate")))),
            modality=words(told(dataset, "Modality")),
            series_words=words(told(dataset, "SeriesDescription")),
            dated=date_of(dataset, "StudyDate") or date_of(dataset, "ContentDate"),
            series_number=number_of(dataset, "SeriesNumber"),
            instance_number=number_of(dataset, "InstanceNumber"),
            pages=pages,
            sizes=sizes,
        )


def told(dataset: Any, name: str) -> str:
    """Return a value of the head in words; Chinese that was written without naming its characters is understood."""
    return _understood(str(dataset.get(name) or "")).replace("^", " ").strip()


def name_of(dataset: Any) -> str:
    """Return the patient's name, in Chinese characters where the file has them (DICOM PS3.5, 6.2.1.2).

    Family and given name stand apart in the file; on a Chinese paper they do not.
    """
    forms = _understood(str(dataset.get("PatientName") or "")).split("=")
    chosen = next((form for form in forms if not form.isascii()), forms[0])
    return " ".join(chosen.replace("^", " ").split()) if chosen.isascii() else "".join(chosen.replace("^", " ").split())


def date_of(dataset: Any, name: str) -> str:
    """Return a day of the head as 2026-08-07, empty when it is none."""
    digits = "".join(char for char in str(dataset.get(name, "") or "") if char.isdigit())
    if len(digits) < _DATE_DIGITS:
        return ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"


def number_of(dataset: Any, name: str) -> int:
    """Return a whole number of the head, 0 for what is none."""
    try:
        return int(dataset.get(name) or 0)
    except (ValueError, TypeError):
        return 0


def _understood(text: str) -> str:
    """Machines of hospitals write GB18030 or UTF-8 and forget to say so: the library then takes it for Latin letters."""
    if text.isascii() or any(ord(char) >= _LATIN_TOP for char in text):
        return text
    raw = text.encode("latin-1")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return text
