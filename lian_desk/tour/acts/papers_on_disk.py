"""The files that a customer sends: drawn for the tour, like those of the demonstration."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lian_desk.models.vocabulary import MaterialKind, Sex
from lian_desk.services.demo.pages.artwork import ArtworkForm, draw
from lian_desk.services.demo.pages.papers import Subject
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.tour.acts.intake import DISEASE
from lian_desk.tour.people import Customer

HOSPITAL: Final = "复旦大学附属中山医院"
DEPARTMENT: Final = "心内科"
DOCTOR: Final = "郑甲子"
_SEED: Final = 312
_YEAR: Final = 2026


@dataclass(frozen=True)
class Sent:
    """A file on disk and what it is."""

    path: Path
    kind: MaterialKind


ILLNESS: Final = (
    (MaterialKind.OUTPATIENT_RECORD, ArtworkForm.PDF, "门诊病历.pdf"),
    (MaterialKind.BLOOD_TEST_REPORT, ArtworkForm.PHOTO, "血液检测报告_手机拍照.jpg"),
    (MaterialKind.DIAGNOSIS_CERTIFICATE, ArtworkForm.SCAN_PDF, "诊断证明书_扫描.pdf"),
)
NOTICES: Final = (
    (MaterialKind.ADMISSION_NOTICE, ArtworkForm.PDF, "入院通知单.pdf"),
    (MaterialKind.SURGERY_NOTICE, ArtworkForm.PDF, "手术通知单.pdf"),
    (MaterialKind.EXAMINATION_NOTICE, ArtworkForm.PDF, "检查通知单.pdf"),
)

SCREENSHOT: Final = ((MaterialKind.CONFIRMATION, ArtworkForm.SCAN_PNG, "微信截图.png"),)


def draw_papers(
    customer: Customer, folder: Path, wanted: tuple[tuple[MaterialKind, ArtworkForm, str], ...]
) -> list[Sent]:
    """Write the papers about a customer into ``folder`` and return them in order."""
    disease = next(item for item in load_disease_list().diseases if item.name == DISEASE)
    subject = Subject(
        name=customer.name,
        sex="女" if customer.sex is Sex.FEMALE else "男",
        age=_YEAR - customer.born_on.year,
        identity_number=customer.identity_number,
        phone=customer.phone,
        hospital=HOSPITAL,
        department=DEPARTMENT,
        doctor=DOCTOR,
        doctor_title="主任医师",
        disease=disease.name,
        disease_group=disease.group,
        dated_on=date(_YEAR, 9, 20),
    )
    folder.mkdir(parents=True, exist_ok=True)
    sent: list[Sent] = []
    for kind, form, name in wanted:
        path = folder / name
        path.write_bytes(draw(kind, subject, form, _SEED).data)
        sent.append(Sent(path, kind))
    return sent
