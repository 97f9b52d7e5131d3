"""A ZIP that another program hands over (an attachment dragged out of a mail) goes through the door of archives."""

import zipfile

from PySide6.QtWidgets import QApplication

from lian_desk.adapters.storage.archives import files_in_archive, looks_like_archive
from lian_desk.models.errors import ErrorCode
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.imaging.studies import ImagingStudy
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake, take_all_in
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import IntakeItem, items_handed_over
from lian_desk.services.materials.views import load_material_view
from lian_desk.ui.materials.intake.offered_data import gathered_from
from tests import dicom_files as files
from tests import material_corpus as corpus
from tests.virtual_drops import mail_drag


def test_a_zip_dragged_out_of_a_mail_is_taken_in(
    qapp: QApplication, desk: Desk, intake: MaterialIntake, file_id: int
) -> None:
    inner = corpus.archive({"里层.png": corpus.picture("PNG", (31, 40))})
    packed = corpus.archive(
        {"病历/出院小结.pdf": corpus.pdf(2), "照片.jpg": corpus.picture("JPEG"), "再一层.zip": inner, "空.pdf": b""}
    )
    word = corpus.archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    gather = gathered_from(mail_drag(("材料.zip", packed), ("病历.docx", word), ("单张.pdf", corpus.pdf(1))), "图", 100)
    assert gather is not None
    items = gather()
    assert [item.name for item in items] == [
        "病历/出院小结.pdf", "照片.jpg", "里层.png", "空.pdf", "病历.docx", "单张.pdf",
    ]  # fmt: skip
    assert [item.archive for item in items] == ["材料.zip"] * 4 + [""] * 2
    assert {item.path for item in items} == {None}
    plan = intake_plans(desk).begin(file_id, MaterialSource.DROP, items)
    assert [item.entry_id for item in plan.items] == [None] * 6, "what lies in memory has no line in the plan"
    results = list(take_all_in(intake, plan.items))
    assert [result.outcome for result in results] == [
        IntakeOutcome.ADDED, IntakeOutcome.ADDED, IntakeOutcome.ADDED, IntakeOutcome.REFUSED, IntakeOutcome.ADDED,
        IntakeOutcome.ADDED,
    ]  # fmt: skip
    assert results[0].material_id is not None
    view = load_material_view(desk, results[0].material_id)
    assert (view.page_count, desk.materials.fetch(view.sha256)) == (2, corpus.pdf(2))


def test_one_archive_follows_another_and_neither_is_taken_for_the_other(intake: MaterialIntake) -> None:
    archives = [corpus.archive({"a.png": corpus.picture("PNG", (20 + number, 30))}) for number in range(3)]
    items = items_handed_over([IntakeItem("同名.zip", content) for content in archives])
    assert [intake.take_in(item).outcome for item in items] == [IntakeOutcome.ADDED] * 3


def test_what_is_wrong_with_an_archive_in_memory_is_said_of_it() -> None:
    items = items_handed_over(
        [
            IntakeItem("空.zip", corpus.archive({})),
            IntakeItem("坏.zip", b"PK\x03\x04" + bytes(500)),
            IntakeItem("a.pdf", corpus.pdf(1)),
        ]
    )
    assert [item.refusal.code if item.refusal else None for item in items] == [
        ErrorCode.ARCHIVE_EMPTY, ErrorCode.ARCHIVE_UNREADABLE, None,
    ]  # fmt: skip
    assert looks_like_archive(corpus.archive({"a.pdf": b"x"}))
    assert [found.name for found in files_in_archive(corpus.archive({"a.pdf": b"x"}))] == ["a.pdf"]


def test_a_study_in_a_mailed_zip_is_one_material(intake: MaterialIntake) -> None:
    slices = {
        f"IM{number}": files.image(files.slice_pixels(100 + number), files.head(number=number))
        for number in range(1, 4)
    }
    (item,) = items_handed_over([IntakeItem("光盘.zip", corpus.archive(slices))])
    assert isinstance(item.content, ImagingStudy)
    assert (item.path, item.archive) == (None, "光盘.zip")
    result = intake.take_in(item)
    assert result.outcome is IntakeOutcome.ADDED, result.sentence


def test_a_cut_archive_is_not_taken_for_the_one_packed_in_it() -> None:
    inner = corpus.archive({"里层.pdf": corpus.pdf(1)})
    whole = corpus.archive({"里层.zip": inner, "外层.pdf": corpus.pdf(2)}, method=zipfile.ZIP_STORED)
    assert [found.name for found in files_in_archive(whole)] == ["里层.pdf", "外层.pdf"]
    # what lies behind the end is no fault
    assert len(files_in_archive(whole + bytes(300))) == 2
    for lost in (1, 22, 30, 200):
        (item,) = items_handed_over([IntakeItem("材料.zip", whole[:-lost])])
        assert item.refusal is not None, lost
        assert item.refusal.code is ErrorCode.ARCHIVE_UNREADABLE
