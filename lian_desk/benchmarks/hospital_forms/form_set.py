"""The pages of a half: each form several times, as a document, a scan or a photograph, with what is true of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from lian_desk.benchmarks.hospital_forms import kept_forms, tuned_forms
from lian_desk.benchmarks.hospital_forms.bodies import draw_body
from lian_desk.benchmarks.hospital_forms.form import Form
from lian_desk.benchmarks.hospital_forms.sheet import FormFacts, Sheet
from lian_desk.models.vocabulary import MaterialKind, Sex
from lian_desk.services.demo.names import PeopleMaker, expert_name
from lian_desk.services.demo.pages.artwork import grain, image_pdf, jpeg, light, png, raster, text_pdf
from lian_desk.services.demo.pages.page_layout import register_fonts
from lian_desk.services.hospitals.hospital_list import seed_hospitals

SEED: Final = 20_261_201
_NEWEST: Final = date(2026, 10, 30)
_DEPARTMENTS: Final = (
    "消化内科", "心血管内科", "乳腺外科", "胸外科", "呼吸内科", "神经内科", "肿瘤内科", "甲状腺外科", "泌尿外科", "肝胆外科", "妇科", "骨科", "血液内科", "内分泌科",
)  # fmt: skip
_COMPLAINTS: Final = (
    "反复上腹痛3月",
    "发现左乳肿物2周",
    "间断胸闷半年",
    "咳嗽伴痰中带血1月",
    "体检发现甲状腺结节",
    "头晕伴视物模糊5天",
)
_DIAGNOSES: Final = ("良性结节", "慢性炎症", "占位性病变待查", "功能不全", "囊肿")
_FORMS_OF_ARRIVAL: Final = (
    ("document", 15),
    ("scan", 20),
    ("scan in a document", 10),
    ("photograph", 45),
    ("screen", 10),
)
_OLDEST: Final = 19


class Half(StrEnum):
    """Which layouts."""

    TUNED = "tuned"
    KEPT = "kept"


_FORMS: Final = {
    Half.TUNED: (tuned_forms.TUNED_FORMS, tuned_forms.TITLES),
    Half.KEPT: (kept_forms.KEPT_FORMS, kept_forms.TITLES),
}


@dataclass(frozen=True, slots=True)
class FormPage:
    """A drawn page: its bytes, how it arrived, and what stands on it (empty for what does not).

    ``doctors`` are all who may be given as the doctor: who asked for it or signed as a physician, never the laboratory's.
    """

    data: bytes
    arrival: str
    form: str
    facts: FormFacts
    name: str
    department: str
    doctors: tuple[str, ...]


def count_of(half: Half, times: int) -> int:
    """Return how many pages a half has when each form is drawn ``times`` times."""
    return len(_FORMS[half][0]) * times


def form_pages(half: Half, times: int, seed: int = SEED, *, arrival: str | None = None) -> Iterator[FormPage]:
    """Yield each form of a half ``times`` times, its kinds in turn; the same arguments give the same pages.

    ``arrival`` lets every page come in one way; None: as customers send them.
    """
    register_fonts()
    forms, titles = _FORMS[half]
    for turn in range(times):
        for place, form in enumerate(forms):
            rng = Random(f"{half}:{seed}:{turn}:{place}")
            kind = form.kinds[turn % len(form.kinds)]
            yield _page(form, kind, rng.choice(titles[kind]), rng, arrival)


def _page(form: Form, kind: MaterialKind, title: str, rng: Random, wanted: str | None) -> FormPage:
    facts = _facts(kind, rng)
    sheet = Sheet()
    sheet.down(14)
    sheet.centre(facts.hospital, rng.choice((14.0, 16.0, 18.0)))
    sheet.down(26)
    sheet.centre(title, rng.choice((15.0, 17.0, 19.0)), bold=rng.random() < 0.7)
    form.head(sheet, facts, rng)
    draw_body(sheet, facts, rng)
    form.foot(sheet, facts, rng)
    if rng.random() < 0.4:
        sheet.stamp(facts.hospital)
    arrival = rng.choices([name for name, _share in _FORMS_OF_ARRIVAL], [share for _name, share in _FORMS_OF_ARRIVAL])[
        0
    ]
    arrival = arrival if wanted is None else wanted
    data = _arrived(sheet, arrival, title, rng)
    is_laboratory = kind is MaterialKind.BLOOD_TEST_REPORT
    signed = () if is_laboratory or "checker" not in sheet.said else (facts.checker,)
    return FormPage(
        data=data,
        arrival=arrival,
        form=form.name,
        facts=facts,
        name=facts.name if "name" in sheet.said else "",
        department=facts.department if "department" in sheet.said else "",
        doctors=((facts.doctor,) if "doctor" in sheet.said else ()) + signed,
    )


def _facts(kind: MaterialKind, rng: Random) -> FormFacts:
    people = PeopleMaker(rng, _NEWEST, expected=2)
    person = people.person(age=rng.randint(_OLDEST, 86))
    hospital = rng.choice(seed_hospitals())
    dated_on = _NEWEST - timedelta(days=rng.randrange(700))
    born = person.born_on
    return FormFacts(
        kind=kind,
        hospital=f"{hospital.name}（{hospital.campus}）" if hospital.campus else hospital.name,
        name=person.name,
        sex="女" if person.sex is Sex.FEMALE else "男",
        age=dated_on.year - born.year - ((dated_on.month, dated_on.day) < (born.month, born.day)),
        born_on=born,
        identity_number=person.identity_number,
        department=rng.choice(_DEPARTMENTS),
        doctor=expert_name(rng),
        technician=expert_name(rng),
        checker=expert_name(rng),
        contact=people.name(Sex.MALE if person.sex is Sex.FEMALE else Sex.FEMALE),
        phone=f"142{rng.randrange(10**8):08d}",
        visit_number=f"{rng.choice('90 M O'.split())}{rng.randrange(10**7):07d}",
        inpatient_number=f"{rng.randrange(10**6, 10**8)}",
        bed=f"{rng.randint(1, 60):02d}",
        diagnosis=rng.choice(_DIAGNOSES),
        complaint=rng.choice(_COMPLAINTS),
        dated_on=dated_on,
        taken_on=dated_on - timedelta(days=rng.randint(0, 6)),
        printed_at=datetime.combine(dated_on + timedelta(days=rng.randint(1, 40)), time(9, 12)),
    )


# ----------------------------------------------------------------------------------------------------------- arrival


def _arrived(sheet: Sheet, arrival: str, title: str, rng: Random) -> bytes:
    if arrival == "document":
        return text_pdf(sheet.marks, title)
    if arrival == "photograph":
        return jpeg(_photographed(raster(sheet.marks, rng.uniform(1.9, 2.5)), rng), rng.randint(55, 88))
    if arrival == "screen":
        return jpeg(_from_a_screen(raster(sheet.marks, rng.uniform(1.9, 2.3)), rng), rng.randint(60, 85))
    page = raster(sheet.marks, rng.uniform(120, 170) / 72)
    tilted = page.rotate(rng.uniform(-2.2, 2.2), Image.Resampling.BILINEAR, fillcolor=(250, 250, 249))
    scan = grain(tilted, rng, rng.randint(8, 28)).convert("L").convert("RGB")
    return png(scan) if arrival == "scan" else image_pdf(scan, title)


def _photographed(page: Image.Image, rng: Random) -> Image.Image:
    """Seen at an angle, unevenly lit, with the shadow of a hand, out of focus, with noise."""
    desk = tuple(rng.randint(40, 130) for _ in range(3))
    picture = page.transform(
        page.size, Image.Transform.QUAD, _corners(page, rng), Image.Resampling.BILINEAR, fillcolor=desk
    )
    lit = ImageChops.multiply(_shadowed(picture, rng), light(picture.size, rng))
    return grain(lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0))), rng, rng.randint(12, 40))


def _corners(page: Image.Image, rng: Random) -> list[float]:
    angle = math.radians(rng.uniform(-6, 6))
    found: list[float] = []
    for x, y in ((0, 0), (0, 1), (1, 1), (1, 0)):
        across = (x - 0.5) * page.width + (2 * x - 1) * rng.uniform(0.02, 0.09) * page.width
        down = (y - 0.5) * page.height + (2 * y - 1) * rng.uniform(0.02, 0.09) * page.height
        found.append(page.width / 2 + across * math.cos(angle) - down * math.sin(angle))
        found.append(page.height / 2 + across * math.sin(angle) + down * math.cos(angle))
    return found


def _shadowed(picture: Image.Image, rng: Random) -> Image.Image:
    """A fold or an arm throws a straight shadow over part of the page."""
    if rng.random() < 0.5:
        return picture
    shade = Image.new("L", picture.size, 255)
    edge = rng.uniform(0.2, 0.8) * picture.width
    lean = rng.uniform(-0.3, 0.3) * picture.width
    side = 0 if rng.random() < 0.5 else picture.width
    outline = [(side, 0), (edge, 0), (edge + lean, picture.height), (side, picture.height)]
    ImageDraw.Draw(shade).polygon(outline, fill=rng.randint(150, 205))
    soft = shade.resize((picture.width // 8, picture.height // 8)).filter(ImageFilter.GaussianBlur(4))
    whole = soft.resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, Image.merge("RGB", (whole, whole, whole)))


def _from_a_screen(page: Image.Image, rng: Random) -> Image.Image:
    """A monitor photographed: its lines and those of the camera make moiré, and it glows at one side."""
    picture = page.transform(
        page.size, Image.Transform.QUAD, _corners(page, rng), Image.Resampling.BILINEAR, fillcolor=(22, 24, 28)
    )
    first = _stripes(picture.size, rng.uniform(2.6, 3.4), rng.uniform(-3, 3), rng)
    second = _stripes(picture.size, rng.uniform(11, 30), rng.uniform(-25, 25), rng)
    waves = ImageChops.multiply(first, second)
    lit = ImageChops.multiply(picture, Image.merge("RGB", (waves, waves, waves)))
    return grain(lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.7))), rng, rng.randint(8, 20))


def _stripes(size: tuple[int, int], period: float, degrees: float, rng: Random) -> Image.Image:
    """Waves of light of ``period`` pixels across the picture, turned by ``degrees``."""
    width, height = size
    side = int(math.hypot(width, height)) + 2
    depth = rng.uniform(8, 22)
    line = bytes(int(255 - depth + depth * math.cos(2 * math.pi * x / period)) for x in range(side))
    whole = Image.frombytes("L", (side, 1), line).resize((side, side)).rotate(degrees, fillcolor=250)
    left, top = (side - width) // 2, (side - height) // 2
    return whole.crop((left, top, left + width, top + height))
