"""Runs every measurement about materials: taking in, showing, reading, finding. To add one: a line in ``MEASURES``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from lian_desk.benchmarks.figures import Figure

Say = Callable[[str], None]


@dataclass(frozen=True)
class MaterialsBench:
    """What every measurement gets.

    Attributes:
        folder: a cache folder that is kept between runs; each measurement uses a folder of its own inside.
        runs: how often a short thing is measured.
        megabytes: how much is taken in.
        pages: how many pages of text are searched.
        say: hears what is being measured.
    """

    folder: Path
    runs: int
    megabytes: int
    pages: int
    say: Say

    def room(self, name: str) -> Path:
        """Return the folder of one measurement, made if it is not there."""
        room = self.folder / name
        room.mkdir(parents=True, exist_ok=True)
        return room


Measure = Callable[[MaterialsBench], list[Figure]]

MEASURES: Final[tuple[tuple[str, str, str], ...]] = (
    # words for the person who waits, module beside this one, its function: Measure
    ("taking in", "materials_import", "measure_import"),
    ("thumbnails", "materials_showing", "measure_thumbnails"),
    ("first page of a long PDF", "materials_showing", "measure_first_page"),
    ("reading pages", "recognition", "measure_speed"),
    ("unseen papers", "recognition", "measure_shares"),
    ("the door, pages of many hospitals", "door", "measure_door"),
    ("finding words in many pages", "full_text", "measure_search"),
)


def measure_materials(bench: MaterialsBench, only: Sequence[str] = ()) -> list[Figure]:
    """Return every figure; ``only`` names modules, to measure a part."""
    figures: list[Figure] = []
    for words, module, function in MEASURES:
        if only and module not in only:
            continue
        bench.say(words)
        measure: Measure = getattr(import_module(f"lian_desk.benchmarks.materials.{module}"), function)
        figures += measure(bench)
    return figures
