"""Kinds of examination in words (DICOM PS3.3, C.7.3.1.1.1)."""

from typing import Final

_MODALITIES: Final = {
    "CR": "X 线摄影（CR）",
    "CT": "CT",
    "DX": "X 线摄影（DR）",
    "ECG": "心电图",
    "ES": "内镜",
    "MG": "乳腺 X 线摄影",
    "MR": "磁共振（MR）",
    "NM": "核医学",
    "OT": "其他",
    "PT": "PET",
    "PX": "口腔全景 X 线摄影",
    "RF": "X 线透视",
    "SC": "翻拍图像",
    "SR": "结构化报告",
    "US": "超声",
    "XA": "血管造影",
}


def modality_words(modality: str) -> str:
    """Return the kind of examination in words, the code itself where it is rare."""
    return _MODALITIES.get(modality.upper(), modality)
