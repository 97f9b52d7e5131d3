"""Pages to measure recognition with: invented papers in many wordings, layouts and states of ruin, with their truth.

The rules of recognition were made with pages of :data:`TUNING_SEED`; they are measured with pages of another seed, other
wordings, other layouts, and more tilt, blur, shadow and noise.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from lian_desk.models.vocabulary import ExpertTitle, MaterialKind, Sex
from lian_desk.services.demo.names import PeopleMaker, expert_name
from lian_desk.services.demo.pages.artwork import (
    Artwork,
    ArtworkForm,
    grain,
    image_pdf,
    jpeg,
    light,
    png,
    raster,
    text_pdf,
)
from lian_desk.services.demo.pages.page_layout import Mark
from lian_desk.services.demo.pages.page_styles import lay_out_as
from lian_desk.services.demo.pages.page_variants import PageSet, choose_wording, reword
from lian_desk.services.demo.pages.papers import Subject, clinical_words, compose, group_words, paper_kinds
from lian_desk.services.hospitals.hospital_list import seed_hospitals
from lian_desk.services.words.wording import phrase

TUNING_SEED: Final = 20_240_611
UNSEEN_SEED: Final = 31_415_927
_NEWEST: Final = date(2026, 10, 30)
_DAYS: Final = 900
_FORMS: Final = (
    (ArtworkForm.PDF, 12),
    (ArtworkForm.SCAN_PNG, 28),
    (ArtworkForm.SCAN_PDF, 15),
    (ArtworkForm.PHOTO, 45),
)


@dataclass(frozen=True, slots=True)
class Ruin:
    """How badly pages come in: tilt in degrees, perspective as a share of the page, noise 0 to 255, blur in pixels."""

    scan_tilt: float
    photo_tilt: float
    perspective: float
    scan_noise: int
    photo_noise: int
    blur: tuple[float, float]
    quality: tuple[int, int]
    share_turned: float


RUIN: Final = {
    PageSet.TUNING: Ruin(1.0, 3.0, 0.06, 18, 30, (0.3, 0.8), (70, 88), 0.05),
    PageSet.UNSEEN: Ruin(2.5, 6.0, 0.10, 30, 44, (0.3, 1.1), (50, 85), 0.15),
}


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """A page with what stands on it."""

    artwork: Artwork
    layout: str
    name: str
    dated_on: date
    hospital: str
    department: str
    doctor: str
    identity_number: str


def pages(page_set: PageSet, count: int, seed: int) -> Iterator[MeasuredPage]:
    """Yield ``count`` pages, each kind in turn; the same set and seed give the same pages."""
    kinds = paper_kinds()
    for index in range(count):
        yield _page(page_set, kinds[index % len(kinds)], Random(f"{page_set}:{seed}:{index}"))


def _page(page_set: PageSet, kind: MaterialKind, rng: Random) -> MeasuredPage:
    subject = _subject(rng)
    wording = choose_wording(page_set, kind, rng)
    paper = reword(compose(kind, subject, rng), subject, wording, rng)
    marks = lay_out_as(wording.layout, paper)
    form = rng.choices([form for form, _share in _FORMS], [share for _form, share in _FORMS])[0]
    data, media_type, suffix = _drawn(marks, form, RUIN[page_set], rng, paper.title)
    artwork = Artwork(data, media_type, suffix, kind, form, dict(paper.truth))
    is_medical = paper.has_stamp
    return MeasuredPage(
        artwork,
        wording.layout,
        subject.name,
        subject.dated_on,
        subject.hospital if is_medical else "",
        subject.department if is_medical else "",
        subject.doctor if is_medical else "",
        paper.truth["identity_number"],
    )


def _subject(rng: Random) -> Subject:
    person = PeopleMaker(rng, _NEWEST, expected=1).person()
    group = rng.choice(sorted(clinical_words()["group"]))
    words = group_words(group)
    hospital = rng.choice(seed_hospitals())
    dated_on = _NEWEST - timedelta(days=rng.randrange(_DAYS))
    title = rng.choice([title for title in ExpertTitle if title is not ExpertTitle.UNKNOWN])
    return Subject(
        name=person.name,
        sex="女" if person.sex is Sex.FEMALE else "男",
        age=max(1, (dated_on - person.born_on).days // 365),
        identity_number=person.identity_number,
        phone=person.phone,
        hospital=f"{hospital.name}（{hospital.campus}）" if hospital.campus else hospital.name,
        department=str(words["department"]),
        doctor=expert_name(rng),
        doctor_title=phrase(title),
        disease=rng.choice(("良性结节", "慢性炎症", "占位性病变", "功能不全")),
        disease_group=group,
        dated_on=dated_on,
        is_suspected=rng.random() < 0.3,
    )


def _drawn(marks: tuple[Mark, ...], form: ArtworkForm, ruin: Ruin, rng: Random, title: str) -> tuple[bytes, str, str]:
    if form is ArtworkForm.PDF:
        return text_pdf(marks, title), "application/pdf", ".pdf"
    if form is ArtworkForm.PHOTO:
        picture = _turned(_photograph(marks, ruin, rng), ruin, rng)
        return jpeg(picture, rng.randint(*ruin.quality)), "image/jpeg", ".jpg"
    scan = _scan(marks, ruin, rng)
    if form is ArtworkForm.SCAN_PNG:
        return png(_turned(scan, ruin, rng)), "image/png", ".png"
    return image_pdf(scan, title), "application/pdf", ".pdf"


def _turned(picture: Image.Image, ruin: Ruin, rng: Random) -> Image.Image:
    """Now and then a page lies on its side or upside down."""
    if rng.random() >= ruin.share_turned:
        return picture
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return picture.transpose(rng.choice(turns))


def _scan(marks: tuple[Mark, ...], ruin: Ruin, rng: Random) -> Image.Image:
    page = raster(marks, rng.uniform(120, 160) / 72)
    tilt = rng.uniform(-ruin.scan_tilt, ruin.scan_tilt)
    tilted = page.rotate(tilt, Image.Resampling.BILINEAR, fillcolor=(250, 250, 249))
    return grain(tilted, rng, rng.randint(8, ruin.scan_noise)).convert("L").convert("RGB")


def _photograph(marks: tuple[Mark, ...], ruin: Ruin, rng: Random) -> Image.Image:
    page = raster(marks, rng.uniform(1.8, 2.4))
    desk = tuple(rng.randint(40, 130) for _ in range(3))
    corners = _corners(*page.size, ruin, rng)
    picture = page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=desk)
    lit = ImageChops.multiply(picture, light(picture.size, rng))
    return grain(lit.filter(ImageFilter.GaussianBlur(rng.uniform(*ruin.blur))), rng, rng.randint(14, ruin.photo_noise))


def _corners(width: int, height: int, ruin: Ruin, rng: Random) -> list[float]:
    """Corners of the picture in the page's own coordinates: tilted, and nearer at one side than at the other."""
    angle = math.radians(rng.uniform(-ruin.photo_tilt, ruin.photo_tilt))
    found: list[float] = []
    for x, y in ((0, 0), (0, 1), (1, 1), (1, 0)):
        across = (x - 0.5) * width + (2 * x - 1) * rng.uniform(0.03, 0.03 + ruin.perspective) * width
        down = (y - 0.5) * height + (2 * y - 1) * rng.uniform(0.03, 0.03 + ruin.perspective) * height
        found.append(width / 2 + across * math.cos(angle) - down * math.sin(angle))
        found.append(height / 2 + across * math.sin(angle) + down * math.cos(angle))
    return found
