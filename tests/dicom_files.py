"""DICOM files as machines of hospitals write them, for tests: slices, reports, papers, packed pixels, a disc's table."""

import io
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless

CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
BASIC_REPORT = "1.2.840.10008.5.1.4.1.1.88.11"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
DIRECTORY = "1.2.840.10008.1.3.10"
ROOT = "1.2.826.0.1.3680043.10.9999"


def head(study: int = 1, series: int = 1, number: int = 1, *, sop_class: str = CT_IMAGE, **values: Any) -> Dataset:
    """Return a head without content; ``values`` by their keywords win."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = f"{ROOT}.{study}.{series}.{number}"
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{ROOT}.{study}", f"{ROOT}.{study}.{series}"
    dataset.SeriesNumber, dataset.InstanceNumber = series, number
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = "王^淑兰", "P-7", "19740101"
    dataset.PatientSex, dataset.StudyDate, dataset.Modality = "F", "20260807", "CT"
    dataset.InstitutionName = "南京样例医院"
    for name, value in values.items():
        setattr(dataset, name, value)
    return dataset


def written(dataset: Dataset) -> bytes:
    """Return a file of a dataset."""
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def slice_pixels(level: int, side: int = 32) -> Any:
    """Return a slice whose right half shines by ``level`` (0 to 4095)."""
    pixels = np.zeros((side, side), dtype=np.uint16)
    pixels[:, side // 2 :] = level
    return pixels


def image(pixels: Any, dataset: Dataset, packing: str = "") -> bytes:
    """Return an image of 12 bits, its pixels packed as the transfer syntax ``packing`` says."""
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.WindowCenter, dataset.WindowWidth = 2048, 4096
    if packing:
        dataset.file_meta.TransferSyntaxUID = packing
        dataset.PixelData = encapsulate([packed(pixels, packing)])
    else:
        dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OB" if packing else "OW"
    return written(dataset)


def packed(pixels: Any, packing: str) -> bytes:
    """Return one frame, packed."""
    if packing == JPEGLosslessSV1:
        return bytes(imagecodecs.ljpeg_encode(pixels, bitspersample=12))
    if packing in {JPEGLSLossless, JPEGLSNearLossless}:
        return bytes(imagecodecs.jpegls_encode(pixels, level=0))
    return bytes(imagecodecs.jpeg8_encode(pixels, bitspersample=12, level=100))


def report(dataset: Dataset) -> bytes:
    """Return a structured report: a heading, a text, a measured value, a coded value."""

    def code(words: str, value: str = "1") -> Sequence:
        one = Dataset()
        one.CodeValue, one.CodingSchemeDesignator, one.CodeMeaning = value, "99X", words
        return Sequence([one])

    def item(kind: str, name: str, **values: Any) -> Dataset:
        one = Dataset()
        one.ValueType, one.ConceptNameCodeSequence = kind, code(name)
        for key, value in values.items():
            setattr(one, key, value)
        return one

    measured = Dataset()
    measured.NumericValue, measured.MeasurementUnitsCodeSequence = "12.5", code("毫米", "mm")
    dataset.ConceptNameCodeSequence = code("影像诊断报告")
    dataset.ValueType = "CONTAINER"
    found = item("CONTAINER", "影像所见")
    found.ContentSequence = Sequence(
        [
            item("TEXT", "所见", TextValue="右肺上叶见一结节，边缘清楚。"),
            item("NUM", "长径", MeasuredValueSequence=Sequence([measured])),
            item("CODE", "部位", ConceptCodeSequence=code("右肺上叶")),
        ]
    )
    dataset.ContentSequence = Sequence([found])
    return written(dataset)


def disc(folder: Path, side: int = 32) -> dict[str, bytes]:
    """Lay a disc: two series of three and two slices in a wrong order, a report, its table, a program for looking."""
    files = {
        f"DICOM/{name}": image(slice_pixels(level, side), head(series=series, number=number, SeriesDescription=words))
        for name, series, number, level, words in (
            ("IM1", 2, 2, 3_500, "增强"),
            ("IM2", 1, 3, 900, "平扫"),
            ("IM3", 1, 1, 300, "平扫"),
            ("IM4", 2, 1, 3_000, "增强"),
            ("IM5", 1, 2, 600, "平扫"),
        )
    }
    files["DICOM/SR1"] = report(head(series=3, sop_class=BASIC_REPORT, Modality="SR"))
    files["DICOMDIR"] = written(head(sop_class=DIRECTORY))
    files["VIEWER/viewer.exe"] = b"MZ" + bytes(2_000)
    files["AUTORUN.INF"] = b"[autorun]\n"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files
