import io
import re
import time
from datetime import date
from random import Random

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.artwork import ArtworkForm, draw
from lian_desk.services.demo.pages.page_layout import TextMark, lay_out
from lian_desk.services.demo.pages.papers import DEMO_MARK, Subject, clinical_words, compose, paper_kinds

SUBJECT = Subject(
    name="张𬭎",
    sex="女",
    age=41,
    identity_number="110100198503070023",
    phone="14200019937",
    hospital="中国医学科学院肿瘤医院",
    department="肿瘤内科",
    doctor="尹己卯",
    doctor_title="主任医师",
    disease="恶性肿瘤——重度",
    disease_group="oncology",
    dated_on=date(2026, 11, 3),
)


def _text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        assert len(document) == 1
        page = document[0]
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        text_page.close()
        page.close()
        return re.sub(r"\s", "", text)
    finally:
        document.close()


@pytest.mark.parametrize("kind", paper_kinds())
def test_every_fact_of_the_truth_stands_in_the_pdf(kind):
    artwork = draw(kind, SUBJECT, ArtworkForm.PDF, 7)
    text = _text(artwork.data)
    assert DEMO_MARK in text
    for fact, value in artwork.truth.items():
        if fact in {"dated_on", "hospital", "department", "doctor"} and kind in _WITHOUT_HOSPITAL:
            continue
        expected = "2026年11月03日" if fact == "dated_on" else value
        for part in expected.split("|") if fact.startswith("row:") else [expected]:
            assert re.sub(r"\s", "", part) in text, fact


_WITHOUT_HOSPITAL = {
    MaterialKind.AUTHORIZATION_FORM,
    MaterialKind.CONFIRMATION,
    MaterialKind.GUARDIANSHIP_PROOF,
    MaterialKind.IDENTITY_DOCUMENT,
}


@pytest.mark.parametrize("form", list(ArtworkForm))
def test_the_same_seed_draws_the_same_bytes(form):
    first = draw(MaterialKind.PATHOLOGY_REPORT, SUBJECT, form, 7)
    assert first.data == draw(MaterialKind.PATHOLOGY_REPORT, SUBJECT, form, 7).data
    assert first.data != draw(MaterialKind.PATHOLOGY_REPORT, SUBJECT, form, 8).data


def test_a_photograph_is_a_jpeg_with_ink_on_paper():
    artwork = draw(MaterialKind.OUTPATIENT_RECORD, SUBJECT, ArtworkForm.PHOTO, 3)
    with Image.open(io.BytesIO(artwork.data)) as image:
        assert image.format == "JPEG"
        assert image.width * image.height > 1_500_000
        grey = image.convert("L")
        dark = sum(grey.histogram()[:90])
        light = sum(grey.histogram()[170:])
    assert light > dark > 10_000


def test_a_scan_in_a_pdf_carries_a_picture_and_no_text():
    artwork = draw(MaterialKind.OUTPATIENT_RECORD, SUBJECT, ArtworkForm.SCAN_PDF, 3)
    assert _text(artwork.data) == ""
    assert artwork.media_type == "application/pdf"


def test_a_page_is_drawn_fast():
    draw(MaterialKind.BLOOD_TEST_REPORT, SUBJECT, ArtworkForm.PHOTO, 1)
    begun = time.perf_counter()
    for seed in range(3):
        draw(MaterialKind.BLOOD_TEST_REPORT, SUBJECT, ArtworkForm.PHOTO, seed)
    assert (time.perf_counter() - begun) / 3 < 1.5


@pytest.mark.parametrize("group", sorted(clinical_words()["group"]))
def test_no_mark_misses_a_glyph_or_leaves_the_page(group):
    with TTFont(str(resource_path("fonts", "NotoSansSC-Regular.ttf"))) as font:
        known = frozenset(font.getBestCmap())
    subject = Subject(**{name: getattr(SUBJECT, name) for name in Subject.__slots__} | {"disease_group": group})
    for kind in paper_kinds():
        for mark in lay_out(compose(kind, subject, Random(1))):
            if isinstance(mark, TextMark):
                assert not [char for char in mark.text if ord(char) not in known], mark.text
                assert 0 < mark.y < 842
