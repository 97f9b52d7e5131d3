"""The words of a DICOM head as lines of a sheet: whose examination it is, of when, from where."""

from collections.abc import Iterator
from typing import Any, Final

from lian_desk.adapters.dicom.dicom_names import modality_words
from lian_desk.adapters.dicom.dicom_reading import date_of, name_of, told
from lian_desk.adapters.pages.text_sheet import SheetLine

TITLE: Final = "影像检查信息"
_SEXES: Final = {"M": "男", "F": "女"}
_AGE_UNITS: Final = {"Y": "岁", "M": "个月", "W": "周", "D": "天"}


def person_lines(dataset: Any) -> Iterator[SheetLine]:
    """Yield what a paper of the examination has in its head: name, sex, birth date, numbers, day, hospital.

    Raises what pydicom raises where the file is broken.
    """
    yield SheetLine(TITLE, is_heading=True)
    sex = told(dataset, "PatientSex")
    lines = (
        ("姓名", name_of(dataset)),
        ("性别", _SEXES.get(sex.upper(), sex)),
        ("出生日期", date_of(dataset, "PatientBirthDate")),
        ("年龄", _age(told(dataset, "PatientAge"))),
        ("患者编号", told(dataset, "PatientID")),
        ("检查号", told(dataset, "AccessionNumber")),
        ("检查日期", date_of(dataset, "StudyDate") or date_of(dataset, "ContentDate")),
        ("检查方式", modality_words(told(dataset, "Modality"))),
        ("检查部位", told(dataset, "BodyPartExamined")),
        ("检查项目", told(dataset, "StudyDescription")),
        ("医院", told(dataset, "InstitutionName")),
        ("科室", told(dataset, "InstitutionalDepartmentName")),
    )
    for name, value in lines:
        if value:
            yield SheetLine(f"{name}：{value}")


def _age(told_age: str) -> str:
    """Return 45岁 for 045Y (DICOM PS3.5, 6.2: age string), anything else as it stands."""
    unit = _AGE_UNITS.get(told_age[-1:].upper(), "")
    return f"{int(told_age[:-1])}{unit}" if unit and told_age[:-1].isdecimal() else told_age
