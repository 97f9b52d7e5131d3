"""What is wanted on paper: kind, whom it is about, for whose eyes, and what a correction corrects."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.privacy.disclosures import PagesGiven

#: Series of the numbers, by kind of paper.
SERIES: Final = {
    DocumentKind.FOLLOW_UP_RECORD: "FR",
    DocumentKind.FILE_SUMMARY: "CS",
    DocumentKind.MEDICAL_SHEET: "MS",
    DocumentKind.BOOKING_NOTICE: "BN",
    DocumentKind.ENTITLEMENT_STATEMENT: "ES",
    DocumentKind.DEADLINE_PROOF: "DP",
    DocumentKind.EDUCATION_LEAFLET: "EL",
    DocumentKind.TEAM_SUMMARY: "TS",
    DocumentKind.DISCLOSURE_PACK: "HP",
}
#: Kinds that cover the days of a period.
WITH_PERIOD: Final = frozenset({DocumentKind.FOLLOW_UP_RECORD, DocumentKind.TEAM_SUMMARY})
#: Kinds that are about one row of the file: a booking, an education note.
WITH_SUBJECT: Final = frozenset({DocumentKind.BOOKING_NOTICE, DocumentKind.EDUCATION_LEAFLET})
#: Whose eyes a paper is made for when nobody chose.
USUAL_READER: Final = {
    DocumentKind.DISCLOSURE_PACK: MaskingLevel.HOSPITAL,
    DocumentKind.MEDICAL_SHEET: MaskingLevel.HOSPITAL,
    DocumentKind.BOOKING_NOTICE: MaskingLevel.INSURED,
    DocumentKind.ENTITLEMENT_STATEMENT: MaskingLevel.INSURED,
    DocumentKind.EDUCATION_LEAFLET: MaskingLevel.INSURED,
}
#: What stands in place of a number on a paper that was not issued.
PREVIEW_NUMBER: Final = "（预览，未签发）"


def usual_reader(kind: DocumentKind) -> MaskingLevel:
    """Return for whose eyes a kind of paper usually is."""
    return USUAL_READER.get(kind, MaskingLevel.INTERNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is wanted on paper.

    Attributes:
        file_id: the assistance file; None for a paper about the team.
        masking: for whose eyes.
        recipient: who gets it; a paper for a hospital names one (R21).
        purpose: what for; a paper with everything in clear says so (R90).
        period: first and last day, both included, for the kinds ``WITH_PERIOD``.
        subject_id: the booking or education note, for the kinds ``WITH_SUBJECT``.
        pages: pages of materials that go with a medical sheet.
        corrects_id: the issued paper that this one corrects, with ``correction_reason`` (R92).
    """

    kind: DocumentKind
    file_id: int | None
    masking: MaskingLevel = MaskingLevel.INTERNAL
    recipient: str = ""
    purpose: str = ""
    period: tuple[date, date] | None = None
    subject_id: int | None = None
    pages: tuple[PagesGiven, ...] = ()
    corrects_id: int | None = None
    correction_reason: str = ""

    @property
    def masked(self) -> bool:
        """False when everything stands in clear."""
        return self.masking is not MaskingLevel.REVEALED


class Numbering(NamedTuple):
    """Number of a paper, which issue of the same content it is, and what it corrects (R92)."""

    number: str = PREVIEW_NUMBER
    issue: int = 1
    corrects: str = ""
    correction_reason: str = ""
