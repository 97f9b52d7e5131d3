"""Take in the hospital list and the departments; the seed ships with the program (R29 to R31)."""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.plain_text import fold
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.hospitals.hospital_lists import record_list, sample_version
from lian_desk.services.names.name_order import place_key, place_syllables


@dataclass(frozen=True)
class HospitalInput:
    """One campus as it stands in a list; an empty ``on_list_from`` means known, but not on the list."""

    code: str
    name: str
    campus: str
    province: str
    city: str
    level: HospitalLevel
    specialty: HospitalSpecialty
    aliases: str
    on_list_from: date | None
    on_list_to: date | None
    source: str


@dataclass(frozen=True, kw_only=True)
class TakeInHospitalList(Command):
    """Add the campuses of a list; a campus with the same code and first day is left as it is."""

    hospitals: tuple[HospitalInput, ...]


@dataclass(frozen=True, kw_only=True)
class TakeInShippedList(Command):
    """Fill an empty directory with the list that ships with the program: set-up, which no role is asked for."""


@handles(TakeInHospitalList, roles=LEADS)
def take_in_hospital_list(command: TakeInHospitalList, context: CommandContext) -> None:
    """Store the campuses that are not there yet; any source but the sample's makes it a real list."""
    is_new = _add(command.hospitals, context)
    real = next((hospital for hospital in command.hospitals if hospital.source != sample_version()), None)
    if real is not None and is_new:
        starts = real.on_list_from or in_shanghai(context.now).date()
        record_list(context, real.source, starts, is_whole=False)


@handles(TakeInShippedList)
def take_in_shipped_list(_command: TakeInShippedList, context: CommandContext) -> None:
    """Store the shipped campuses; a directory that holds anything belongs to the leads and is left alone."""
    if context.session.scalar(select(Hospital.id).limit(1)) is None:
        _add(seed_hospitals(), context)


def _add(hospitals: tuple[HospitalInput, ...], context: CommandContext) -> bool:
    """Add what is not there yet; True when there was anything."""
    known = {
        (row.code, row.on_list_from) for row in context.session.execute(select(Hospital.code, Hospital.on_list_from))
    }
    before = len(known)
    for hospital in hospitals:
        place = (hospital.code, hospital.on_list_from)
        if place not in known:
            # a list may name a campus twice: the first line counts
            known.add(place)
            context.session.add(Hospital(id=context.new_id(), recorded_at=context.now, **hospital_values(hospital)))
    return len(known) > before


def hospital_values(hospital: HospitalInput) -> dict[str, object]:
    """Return the column values of a campus, with what the list sorts and searches by."""
    return {
        "code": hospital.code,
        "name": hospital.name,
        "campus": hospital.campus,
        "province": hospital.province,
        "city": hospital.city,
        "level": hospital.level,
        "specialty": hospital.specialty,
        "aliases": hospital.aliases,
        "sort_name": place_key(hospital.name),
        "search_text": _search_text(hospital),
        "on_list_from": hospital.on_list_from,
        "on_list_to": hospital.on_list_to,
        "source": hospital.source,
    }


def seed_hospitals() -> tuple[HospitalInput, ...]:
    """Return the list that ships with the program; it says of itself that it is no official list."""
    header = tomllib.loads(resource_path("hospitals", "list.toml").read_text(encoding="utf-8"))
    return tuple(_read(resource_path("hospitals", header["file"]).read_text(encoding="utf-8"), header["version"]))


def _read(text: str, source: str) -> Iterator[HospitalInput]:
    lines: Iterable[str] = (line for line in text.splitlines() if not line.startswith("#"))
    for row in csv.DictReader(lines):
        yield HospitalInput(
            code=row["code"],
            name=row["name"],
            campus=row["campus"],
            province=row["province"],
            city=row["city"],
            level=HospitalLevel(row["level"]),
            specialty=HospitalSpecialty(row["specialty"]),
            aliases=row["aliases"].replace(";", "、"),
            on_list_from=date.fromisoformat(row["on_list_from"]) if row["on_list_from"] else None,
            on_list_to=date.fromisoformat(row["on_list_to"]) if row["on_list_to"] else None,
            source=source,
        )


def _search_text(hospital: HospitalInput) -> str:
    """Return everything a campus is found by: names, city, province, and the pinyin and initials of each, folded."""
    words = [hospital.name, hospital.campus, hospital.city, hospital.province, *hospital.aliases.split("、")]
    spoken = []
    for syllables in map(place_syllables, words):
        spoken += ["".join(syllables), "".join(syllable[0] for syllable in syllables)]
    return " ".join(dict.fromkeys(filter(None, (*(fold(word) for word in words), *spoken))))
