"""The search of the upper edge: files first, then hospitals; masked like every list."""

from dataclasses import dataclass

from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.assistance_files import AssistanceFileSource
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.hospitals import HospitalSource
from lian_desk.services.names.search_terms import query_words

_FILES = 8
_HOSPITALS = 4


@dataclass(frozen=True)
class Found:
    """Something found: what it is called, what stands behind it, and the key of the file or hospital."""

    title: str
    detail: str
    file_id: int | None
    hospital_name: str = ""


def find(desk: Desk, text: str) -> tuple[Found, ...]:
    """Return what matches ``text`` best; nothing for a text without a letter or digit."""
    if not query_words(text):
        return ()
    files = AssistanceFileSource(desk)
    keys = files.keys(ListQuery(text=text), _FILES)
    rows = files.rows(keys)
    found = [
        Found(
            f"{row.insured_name}  {row.number}",
            " · ".join(filter(None, (row.sex_age, row.phone, row.disease))),
            row.key,
        )
        for row in (rows[key] for key in keys if key in rows)
    ]
    hospitals = HospitalSource(desk)
    hospital_keys = hospitals.keys(ListQuery(text=text), _HOSPITALS)
    hospital_rows = hospitals.rows(hospital_keys)
    found += [
        Found(f"{row.name} {row.campus}".strip(), f"{row.province} {row.city}", None, row.name)
        for row in (hospital_rows[key] for key in hospital_keys if key in hospital_rows)
    ]
    return tuple(found)
