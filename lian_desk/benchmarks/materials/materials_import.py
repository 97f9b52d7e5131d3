"""Taking in a gigabyte: photos, scans and faxes as customers send them, beside copying and hashing the same files."""

import hashlib
import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from PIL import Image

from lian_desk.benchmarks.figures import Figure, figure
from lian_desk.benchmarks.materials.materials_desk import fresh_desk
from lian_desk.benchmarks.materials.materials_suite import MaterialsBench
from lian_desk.benchmarks.scanned_pdf import scanned_pdf
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake, take_all_in
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import items_from

MEGABYTE: Final = 1024 * 1024
_RUNS: Final = 2
_AIM_RATIO: Final = 3.0
_PHOTO_SIZE: Final = (4_000, 3_000)
_FAX_SIZE: Final = (1_728, 2_292)
_PAPER_GREY: Final = 170
_MIX: Final = ("photo", "photo", "photo", "scan", "photo", "photo", "scan", "fax")
"""What comes in, in turn: phone photos of 12 million pixels, scanned PDFs of 12 pages, faxes of 3."""


def measure_import(bench: MaterialsBench) -> list[Figure]:
    """Return the time to take everything in, row by row on the disk, against the floor of the same run."""
    sources = _sources(bench.room("import") / f"sources-{bench.megabytes}", bench.megabytes)
    count, size = len(sources), sum(path.stat().st_size for path in sources)
    floor, taken = [], []
    for _ in range(_RUNS):
        floor.append(_copy_and_hash(sources, bench.room("import") / "copy"))
        with fresh_desk(bench.folder / "import" / "workspace") as (desk, file_id):
            taken.append(_take_in(desk, file_id, sources[0].parent, count))
    name = f"import of {count} files, {size / MEGABYTE:,.0f} MB"
    return [figure(name, taken, "copying and SHA-256 of the same files", floor, aim_ratio=_AIM_RATIO)]


def _take_in(desk: Desk, file_id: int, folder: Path, expected: int) -> float:
    """Milliseconds from the wish to the last row, plan and close look included."""
    begun = perf_counter()
    plan = intake_plans(desk).begin(file_id, MaterialSource.DROP, items_from([folder]))
    intake = MaterialIntake(desk, file_id, MaterialSource.DROP)
    added = sum(result.outcome is IntakeOutcome.ADDED for result in take_all_in(intake, plan.items))
    intake.close()
    intake_plans(desk).end(plan.job_id)
    spent = (perf_counter() - begun) * 1000
    if added != expected:
        message = f"only {added} of {expected} files came in"
        raise ValueError(message)
    return spent


def _copy_and_hash(sources: Sequence[Path], folder: Path) -> float:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    begun = perf_counter()
    for path in sources:
        shutil.copyfile(path, folder / path.name)
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
    spent = (perf_counter() - begun) * 1000
    shutil.rmtree(folder)
    return spent


def _sources(folder: Path, megabytes: int) -> list[Path]:
    """Return the files, made once: no two alike, each as large as its kind is in life."""
    mark = folder.with_name(f"{folder.name}.whole")
    if not mark.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        makers = {"photo": _photo(), "scan": scanned_pdf(12, MEGABYTE), "fax": _fax()}
        endings = {"photo": ".jpg", "scan": ".pdf", "fax": ".tif"}
        written = number = 0
        while written < megabytes * MEGABYTE:
            kind = _MIX[number % len(_MIX)]
            content = _told_apart(kind, makers[kind], number)
            (folder / f"{number:05}{endings[kind]}").write_bytes(content)
            written += len(content)
            number += 1
        mark.write_bytes(b"")
    return sorted(folder.iterdir())


def _told_apart(kind: str, content: bytes, number: int) -> bytes:
    """Give a file a number where its format has room for one."""
    told = f"{number:010}".encode()
    if kind == "photo":
        return content[:2] + b"\xff\xfe" + (len(told) + 2).to_bytes(2, "big") + told + content[2:]
    if kind == "scan":
        return content.replace(b"0000000000-number", told + b"-number", 1)
    return content + told


def _grain(size: tuple[int, int], coarse: int) -> Image.Image:
    """Return a grey picture with the unevenness of paper and light."""
    width, height = size[0] // coarse, size[1] // coarse
    seed, values = 12_345, bytearray(width * height)
    for place in range(len(values)):
        seed = (seed * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        values[place] = 120 + (seed >> 16) % 120
    return Image.frombytes("L", (width, height), bytes(values)).resize(size, Image.Resampling.BICUBIC)


def _photo() -> bytes:
    """Return a JPEG of about 4 MB."""
    target = io.BytesIO()
    planes = [_grain(_PHOTO_SIZE, coarse) for coarse in (3, 5, 4)]
    Image.merge("RGB", planes).save(target, "JPEG", quality=88)
    return target.getvalue()


def _fax() -> bytes:
    """Return a TIFF of three pages, black and white, unpacked."""
    target = io.BytesIO()
    pages = [
        _grain(_FAX_SIZE, coarse).point(lambda value: 255 * (value > _PAPER_GREY)).convert("1") for coarse in (6, 9, 7)
    ]
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    return target.getvalue()
