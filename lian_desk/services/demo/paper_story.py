"""The materials of an invented file: its own papers for the first files, shared blackened copies for all others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from lian_desk.adapters.storage.material_store import MaterialStore, StoredFile
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.vocabulary import (
    EntryCategory,
    ExpertTitle,
    MaterialKind,
    MaterialSource,
    MaterialState,
    NameAnswer,
    OwnSign,
    Sex,
)
from lian_desk.services.demo import words
from lian_desk.services.demo.pages.artwork import Artwork, ArtworkForm, draw, words_on
from lian_desk.services.demo.pages.papers import Subject
from lian_desk.services.demo.reading_story import ReadPaper, tell_reading
from lian_desk.services.demo.scenarios import Scenario
from lian_desk.services.demo.told_file import FileStory, feed
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.words.wording import phrase

_MINUTE = timedelta(minutes=1)
_DAYS_PER_YEAR = 365.2425
#: Every so many files send pictures, the others PDF with text: pictures take ten times as long to draw.
_PICTURES_EVERY = 4
#: In some files lies a paper of a relative by mistake.
_RELATIVE_EVERY = 25
_RELATIVE_AT = 3
_RELATIVE = "郝戊寅"
_BLURRED_EVERY = 20
_BLURRED_AT = 6
_PICTURES = (ArtworkForm.PHOTO, ArtworkForm.SCAN_PNG, ArtworkForm.PDF, ArtworkForm.SCAN_PDF)
_ILLNESS = (
    MaterialKind.OUTPATIENT_RECORD,
    MaterialKind.PATHOLOGY_REPORT,
    MaterialKind.BLOOD_TEST_REPORT,
    MaterialKind.EXAMINATION_REPORT,
    MaterialKind.DIAGNOSIS_CERTIFICATE,
    MaterialKind.DISCHARGE_SUMMARY,
)
_NAMES = {
    ArtworkForm.PDF: "{kind}.pdf",
    ArtworkForm.PHOTO: "IMG_{day:%Y%m%d}_{number:04d}.jpg",
    ArtworkForm.SCAN_PDF: "扫描件_{number:03d}.pdf",
    ArtworkForm.SCAN_PNG: "微信图片_{day:%Y%m%d}{number:04d}.png",
}


class SharedPaper(NamedTuple):
    """A stored paper without a name, used by many files."""

    stored: StoredFile
    artwork: Artwork


@dataclass
class PaperDesk:
    """Draws and stores papers; the pool of shared ones is filled when first asked for."""

    store: MaterialStore
    seed: int
    pool: dict[MaterialKind, SharedPaper]

    @classmethod
    def on(cls, store: MaterialStore, seed: int) -> "PaperDesk":
        """Return a desk with an empty pool."""
        return cls(store, seed, {})

    def shared(self, kind: MaterialKind, blackened: Callable[[], Subject]) -> SharedPaper:
        """Return the shared paper of ``kind``."""
        if kind not in self.pool:
            artwork = draw(kind, blackened(), ArtworkForm.SCAN_PDF, self.seed)
            self.pool[kind] = SharedPaper(self.store.keep(artwork.data), artwork)
        return self.pool[kind]


def tell_papers(
    world: DemoWorld, story: FileStory, desk: PaperDesk, scenarios: list[Scenario], *, ordinal: int, is_own: bool
) -> None:
    """Add the materials that the requests of a file rest on; ``is_own`` draws them for this person."""
    kinds = [_ILLNESS[0], _ILLNESS[1 + ordinal % (len(_ILLNESS) - 1)]]
    kinds += [notice for scenario in scenarios if (notice := words.NOTICES.get(scenario.kind)) is not None]
    if is_own:
        kinds += [MaterialKind.AUTHORIZATION_FORM, MaterialKind.CONFIRMATION]
        if story.is_minor:
            kinds.append(MaterialKind.GUARDIANSHIP_PROOF)
    hospital = world.hospital_for(story.disease)
    doctor = world.expert_of(hospital, story.department).name
    subject = Subject(
        name=story.person.name,
        sex="女" if story.person.sex is Sex.FEMALE else "男",
        age=int((in_shanghai(story.opened_at).date() - story.person.born_on).days / _DAYS_PER_YEAR),
        identity_number=story.person.identity_number,
        phone=story.person.phone,
        hospital=hospital.name,
        department=story.department,
        doctor=doctor,
        doctor_title=phrase(ExpertTitle.CHIEF_PHYSICIAN),
        disease=story.disease.name,
        disease_group=story.disease.group,
        dated_on=in_shanghai(story.opened_at).date() - timedelta(days=world.rng.randint(1, 25)),
        is_suspected=story.is_suspected,
    )
    for index, kind in enumerate(dict.fromkeys(kinds)):
        at = story.opened_at + (2 + index) * _MINUTE
        if is_own:
            has_pictures = ordinal % _PICTURES_EVERY == 0
            form = _PICTURES[(ordinal // _PICTURES_EVERY + index) % len(_PICTURES)] if has_pictures else ArtworkForm.PDF
            artwork = draw(kind, subject, form, desk.seed + ordinal)
            stored = desk.store.keep(artwork.data)
        else:
            stored, artwork = desk.shared(kind, lambda: _blackened(subject))
        _material(world, story, Kept(stored, artwork, subject, hospital.id, desk.seed + ordinal), at, is_own=is_own)
    if is_own and ordinal % _RELATIVE_EVERY == _RELATIVE_AT and story.closed_at is None:
        _relatives_paper(world, story, desk, subject)
    if is_own and ordinal % _BLURRED_EVERY == _BLURRED_AT and story.closed_at is None:
        _blurred_photo(world, story, desk, subject)


class Kept(NamedTuple):
    """A stored paper and what stands on it."""

    stored: StoredFile
    artwork: Artwork
    subject: Subject
    hospital_id: int
    seed: int


def _blackened(subject: Subject) -> Subject:
    """The same paper with the personal lines blacked out, as customers send it."""
    bar = "■■■"
    changed = {"name": bar, "identity_number": "■" * 18, "phone": "■" * 11}
    return Subject(**{name: changed.get(name, getattr(subject, name)) for name in Subject.__slots__})


def _relatives_paper(world: DemoWorld, story: FileStory, desk: PaperDesk, subject: Subject) -> None:
    """A paper of somebody else came with the others: it was read and stopped at the door (R1)."""
    other = replace(subject, name=_RELATIVE)
    kind = MaterialKind.OUTPATIENT_RECORD
    artwork = draw(kind, other, ArtworkForm.PDF, desk.seed)
    stored = desk.store.keep(artwork.data)
    at = story.opened_at + 20 * _MINUTE
    key = world.new_id()
    name = f"{phrase(kind)}（家人）.pdf"
    world.rows.add(
        "material",
        id=key,
        assistance_file_id=story.id,
        kind=MaterialKind.UNCLASSIFIED,
        state=MaterialState.QUARANTINED,
        original_name=name,
        media_type=artwork.media_type,
        byte_size=stored.size,
        page_count=1,
        sha256=stored.sha256,
        sealed_sha256=stored.sealed_sha256,
        source=MaterialSource.DEMO,
        name_answer=NameAnswer.OTHER,
        received_at=at,
        received_by=story.manager_id,
    )
    feed(world, story, EntryCategory.MATERIAL, f"收到{phrase(MaterialKind.UNCLASSIFIED)}材料", name, at)
    tell_reading(world, story, ReadPaper(key, MaterialState.QUARANTINED, words_on(kind, other, desk.seed)), at)
    words = "第 1 页的姓名不是被保险人本人的"
    feed(world, story, EntryCategory.MATERIAL, "材料已隔离", words, at + 2 * _MINUTE)


def _blurred_photo(world: DemoWorld, story: FileStory, desk: PaperDesk, subject: Subject) -> None:
    """A photo that could not be read lies in the trash, the customer has sent a better one."""
    kind = MaterialKind.OUTPATIENT_RECORD
    artwork = draw(kind, subject, ArtworkForm.PHOTO, desk.seed + 1)
    stored = desk.store.keep(artwork.data)
    at, trashed_at = story.opened_at + 30 * _MINUTE, story.opened_at + 95 * _MINUTE
    key = world.new_id()
    name = "微信图片_模糊.jpg"
    world.rows.add(
        "material",
        id=key,
        assistance_file_id=story.id,
        kind=kind,
        state=MaterialState.RECEIVED,
        original_name=name,
        media_type=artwork.media_type,
        byte_size=stored.size,
        page_count=1,
        sha256=stored.sha256,
        sealed_sha256=stored.sealed_sha256,
        source=MaterialSource.DEMO,
        received_at=at,
        received_by=story.manager_id,
        trashed_at=trashed_at,
    )
    reason = "照片模糊，客户已重发清楚的一份"
    world.rows.add(
        "material_removal",
        id=world.new_id(),
        material_id=key,
        removed_at=trashed_at,
        removed_by=story.manager_id,
        reason=reason,
        erase_reason="",
    )
    feed(world, story, EntryCategory.MATERIAL, f"收到{phrase(kind)}", name, at)
    feed(world, story, EntryCategory.MATERIAL, "材料移入回收站", f"{phrase(kind)} · {reason}", trashed_at)


def _material(world: DemoWorld, story: FileStory, kept: Kept, at: datetime, *, is_own: bool) -> None:
    rng, artwork, subject = world.rng, kept.artwork, kept.subject
    draw_of_lots = rng.random()
    state = MaterialState.CONFIRMED if draw_of_lots < 0.75 else MaterialState.RECEIVED
    deficiency = ""
    if draw_of_lots > 0.97:
        state, deficiency = MaterialState.DEFICIENT, "照片模糊，关键内容无法辨认，已请客户重拍"
    name = _NAMES[artwork.form].format(kind=phrase(artwork.kind), day=subject.dated_on, number=rng.randrange(1000))
    key = world.new_id()
    words_read = words_on(artwork.kind, subject, kept.seed) if is_own and artwork.form is ArtworkForm.PDF else ()
    if is_own:
        tell_reading(world, story, ReadPaper(key, state, words_read), at)
    # a picture that waits to be read has told nobody its name yet
    is_known = is_own and (bool(words_read) or state is not MaterialState.RECEIVED)
    is_medical = "section:诊断" in artwork.truth or "field:科室" in artwork.truth
    world.rows.add(
        "material",
        id=key,
        assistance_file_id=story.id,
        kind=artwork.kind,
        state=state,
        original_name=name,
        media_type=artwork.media_type,
        byte_size=kept.stored.size,
        page_count=1,
        sha256=kept.stored.sha256,
        sealed_sha256=kept.stored.sealed_sha256,
        source=MaterialSource.DEMO,
        document_on=subject.dated_on,
        hospital_id=kept.hospital_id if is_medical and is_own else None,
        hospital_name=artwork.truth["hospital"] if is_medical else "",
        department=artwork.truth["department"] if is_medical else "",
        doctor_name=artwork.truth["doctor"] if is_medical else "",
        name_matches=True if is_known else None,
        name_answer=NameAnswer.INSURED if is_known else NameAnswer.UNSEEN,
        own_sign=OwnSign.NAME_READ if is_known and not words_read else None,
        deficiency=deficiency,
        received_at=at,
        received_by=story.manager_id,
        confirmed_at=at + 30 * _MINUTE if state is MaterialState.CONFIRMED else None,
        confirmed_by=story.manager_id if state is MaterialState.CONFIRMED else None,
    )
    story.materials[artwork.kind] = key
    feed(world, story, EntryCategory.MATERIAL, f"收到{phrase(artwork.kind)}", name, at)


def random_of(seed: int) -> Random:
    """Return the generator of a demonstration; repeatable by intent."""
    return Random(seed)
