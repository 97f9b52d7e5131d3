"""就诊资料包 in the real window: pages picked by keyboard and pointer, previewed, exported, seen in the log."""

from pathlib import Path
from typing import Any

import pypdfium2
from PySide6.QtCore import Qt

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaskingLevel, MaterialKind, MaterialState
from lian_desk.services.privacy.disclosure_views import load_disclosures
from lian_desk.services.privacy.disclosures import PagesGiven
from tests.desk_world import World
from tests.integration.file_export.test_file_export import paper
from tests.material_corpus import pdf
from tests.window_fixture import Hands


def several(world: World) -> tuple[int, int, int]:
    """Return a file with a report of three pages and a summary of one."""
    file_id = world.open_file()
    long = paper(world, file_id, pdf(3, text="REPORT"))
    with world.desk.database.write_session() as session:
        session.get_one(Material, long).page_count = 3
        session.commit()
    world.later(minutes=1)
    return file_id, long, paper(world, file_id, pdf(text="SUMMARY"), MaterialKind.DISCHARGE_SUMMARY)


def test_pages_are_picked_previewed_and_exported(hands: Hands, world: World, tmp_path: Path) -> None:
    file_id, long, short = several(world)
    dialog: Any = hands.start("disclosure_pack", file_id)
    model = dialog.picker.pages
    assert [model.page_at(row).material_id for row in range(model.rowCount())] == [short, long, long, long]
    assert model.given == ()
    dialog.picker.setFocus()
    dialog.picker.setCurrentIndex(model.index(1, 0))
    hands.bot.keyClick(dialog.picker, Qt.Key.Key_A)
    assert model.given == (PagesGiven(material_id=long, pages=(1, 2, 3)),)
    dialog.picker.setCurrentIndex(model.index(2, 0))
    hands.bot.keyClick(dialog.picker, Qt.Key.Key_Space)
    dialog.picker.clicked.emit(model.index(0, 0))
    assert {given.material_id: given.pages for given in model.given} == {short: (1,), long: (1, 3)}
    assert "已选 2 份材料的 3 页" in dialog.count.text()
    dialog.form.set_values({"recipient": "中山医院 呼吸科", "purpose": "专家门诊", "folder": str(tmp_path)})
    dialog.tabs.setCurrentWidget(dialog.preview)
    hands.bot.waitUntil(lambda: dialog.preview.page_count >= 4, timeout=20_000)
    assert list(tmp_path.glob("*.pdf")) == []
    dialog.try_submit()
    hands.bot.waitUntil(lambda: "已导出 HP-" in dialog.banner.text, timeout=20_000)
    (written,) = tmp_path.glob("*.pdf")
    document = pypdfium2.PdfDocument(written)
    assert len(document) == dialog.preview.page_count
    document.close()
    dialog.reject()
    hands.settle()
    (line,) = load_disclosures(world.desk, file_id)
    assert line.recipient == "中山医院 呼吸科"
    assert line.content == "出院小结第 1 页、病理报告第 1、3 页；姓名、证件号码、联系电话、疾病"
    window = hands.shown.window
    window.show_subject(file_id, "trail")
    hands.settle()
    page: Any = window.page("assistance_file")
    shown = page.trail.disclosures.lines.widget().findChildren(type(dialog.count))
    assert "中山医院 呼吸科" in [found.text() for found in shown]


def test_without_a_page_recipient_or_read_words_it_says_what_is_missing(
    hands: Hands, world: World, tmp_path: Path
) -> None:
    file_id, _long, _short = several(world)
    dialog: Any = hands.start("disclosure_pack", file_id)
    dialog.form.set_values({"purpose": "专家门诊", "folder": str(tmp_path)})
    dialog.try_submit()
    assert dialog.form.fields["recipient"].error
    dialog.form.set_values({"recipient": "中山医院"})
    dialog.try_submit()
    hands.settle()
    assert "还没有选页面" in dialog.banner.text
    dialog.picker.pages.toggle(0)
    dialog.form.fields["masking"].set_raw(MaskingLevel.INTERNAL.value)
    dialog.try_submit()
    hands.bot.waitUntil(lambda: "还没有识别文字" in _said(dialog), timeout=20_000)
    assert list(tmp_path.glob("*.pdf")) == []
    dialog.reject()


def _said(dialog: Any) -> str:
    return dialog.banner.text + "".join(field.error for field in dialog.form.fields.values())


def test_a_paper_of_somebody_else_is_not_offered_and_named(hands: Hands, world: World) -> None:
    file_id, long, short = several(world)
    with world.desk.database.write_session() as session:
        session.get_one(Material, long).state = MaterialState.QUARANTINED
        session.commit()
    dialog: Any = hands.start("disclosure_pack", file_id)
    model = dialog.picker.pages
    assert [model.page_at(row).material_id for row in range(model.rowCount())] == [short]
    assert "病理报告：姓名或证件号不符，已隔离" in dialog.count.text()
    dialog.reject()
