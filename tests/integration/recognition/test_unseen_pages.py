"""The measured path on a handful of unseen papers; the whole measurement is ``lian-desk bench materials``."""

from random import Random

from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.benchmarks.materials.recognition import AIMS, shares_of
from lian_desk.models.vocabulary import FindingField, MaterialKind
from lian_desk.services.demo.pages.page_variants import PageSet, choose_wording
from lian_desk.services.demo.pages.papers import paper_kinds
from lian_desk.services.demo.unseen_pages import TUNING_SEED, UNSEEN_SEED, pages
from lian_desk.services.recognition.reader import TextReader

PAGES = 4


def test_unseen_papers_are_read_right() -> None:
    with Renderer() as renderer, TextReader() as reader:
        found = shares_of(pages(PageSet.UNSEEN, PAGES, UNSEEN_SEED), renderer, reader)
    assert set(AIMS) == {FindingField.KIND, FindingField.NAME, FindingField.DOCUMENT_ON}
    for field in AIMS:
        assert found.held[field] == PAGES
        assert found.right[field] == PAGES, found.misses


def test_the_same_seed_gives_the_same_pages_and_every_kind_comes_up() -> None:
    first = [page.artwork.data for page in pages(PageSet.UNSEEN, 3, 3)]
    assert first == [page.artwork.data for page in pages(PageSet.UNSEEN, 3, 3)]
    assert first != [page.artwork.data for page in pages(PageSet.UNSEEN, 3, 4)]
    assert TUNING_SEED != UNSEEN_SEED
    assert set(paper_kinds()) == set(MaterialKind) - {MaterialKind.OTHER, MaterialKind.UNCLASSIFIED}
    assert not _layouts(PageSet.TUNING) & _layouts(PageSet.UNSEEN), "a layout of the rules is not measured with"


def _layouts(page_set: PageSet) -> set[str]:
    return {choose_wording(page_set, kind, Random(turn)).layout for kind in paper_kinds() for turn in range(20)}
