"""The panel with a real desk: take in, look, say what it is, confirm, hand out a copy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import MaterialKind, MaterialState, OwnSign
from lian_desk.models.vocabulary import MaterialSource as CameBy
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.intake.upload_panel import IntakeResultListModel
from lian_desk.ui.materials.page import MaterialsPage
from lian_desk.ui.materials.panel import MaterialsPanel
from tests import material_corpus as corpus
from tests.desk_world import World

MakePanel = Callable[[int | None], MaterialsPanel]


@pytest.fixture
def make_panel(qtbot: QtBot, context: UiContext) -> MakePanel:
    def make(file_id: int | None) -> MaterialsPanel:
        panel = MaterialsPanel(context, file_id)
        qtbot.addWidget(panel)
        panel.resize(1240, 780)
        panel.show()
        qtbot.waitExposed(panel)
        settle(qtbot, panel)
        return panel

    return make


def settle(qtbot: QtBot, panel: MaterialsPanel) -> None:
    def is_still() -> bool:
        is_settling = panel.viewer.sheets._settle.isActive()
        return panel.context.runner.pending_count == 0 and not panel.run.is_running and not is_settling

    qtbot.waitUntil(is_still, timeout=20_000)
    qtbot.wait(5)
    qtbot.waitUntil(is_still, timeout=20_000)


def stored(desk: Desk) -> list[Material]:
    with desk.read() as session:
        return list(session.scalars(select(Material).order_by(Material.id)))


def write_files(folder: Path, **contents: bytes) -> list[Path]:
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content)
        paths.append(path)
    return paths


def test_an_empty_file_invites(make_panel: MakePanel, file_id: int) -> None:
    panel = make_panel(file_id)
    assert panel._empty.isVisible()
    assert panel._empty.title == "还没有材料"
    assert panel.drop_zone.acceptDrops()


def test_an_empty_desk_sends_to_the_files_where_materials_are_taken_in(
    make_panel: MakePanel, context: UiContext, qtbot: QtBot
) -> None:
    panel = make_panel(None)
    assert not panel.reading._right.isVisible()
    assert not panel.viewer._bar.isVisible()
    with qtbot.waitSignal(context.navigator.page_requested) as asked:
        panel._empty.button.click()
    assert asked.args == ["assistance_files"]


def test_dropped_files_and_folders_are_taken_in_with_a_result_each(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    panel = make_panel(file_id)
    folder = tmp_path / "收到"
    folder.mkdir()
    write_files(folder, a__pdf=corpus.pdf(2), b__jpg=corpus.picture("JPEG"), c__pdf=corpus.cut(corpus.pdf(4)))
    paths = [folder, *write_files(tmp_path, d__pdf=corpus.pdf(2), e__pdf=b"")]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    spot, copy = QPoint(20, 20), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    panel.drop_zone.dragEnterEvent(QDragEnterEvent(spot, copy, mime, left, none))
    assert panel.drop_zone.property("hot") is True
    progress: list[tuple[int, int, str]] = []
    panel.run.progressed.connect(lambda done, total, name: progress.append((done, total, name)))
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.dropEvent(QDropEvent(QPointF(spot), copy, mime, left, none))
    settle(qtbot, panel)
    assert panel.drop_zone.property("hot") is False
    assert [(row.original_name, row.source) for row in stored(desk)] == [
        ("a.pdf", CameBy.DROP),
        ("b.jpg", CameBy.DROP),
    ]
    assert "收取 2 份" in panel.intake_card.summary
    assert "重复 1 份" in panel.intake_card.summary
    assert "2 份没有收取" in panel.intake_card.summary
    assert [result.name for result in panel.intake_card.results.results] == ["c.pdf", "d.pdf", "e.pdf"]
    assert progress[0][1] == 5
    assert panel.model.row_count == 2
    assert panel.viewer.is_showing
    panel.intake_card._close.click()
    assert not panel.intake_card.isVisible()


def test_a_pasted_picture_and_pasted_files(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    panel = make_panel(file_id)
    image = QImage(120, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    QGuiApplication.clipboard().setImage(image)
    panel.setFocus()
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.paste()
    settle(qtbot, panel)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in write_files(tmp_path, scan__pdf=corpus.pdf(1))])
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.paste()
    settle(qtbot, panel)
    rows = stored(desk)
    assert [row.media_type for row in rows] == ["image/png", "application/pdf"]
    assert rows[0].original_name == "粘贴的图片 2026-09-28 10.00.00.png"
    assert {row.source for row in rows} == {CameBy.PASTE}
    QGuiApplication.clipboard().setText("no picture")
    panel.paste()
    assert "没有文件或图片" in panel._toast.text


def test_the_button_opens_files(
    qtbot: QtBot,
    make_panel: MakePanel,
    desk: Desk,
    file_id: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = make_panel(file_id)
    (path,) = write_files(tmp_path, scan__tif=corpus.tiff(2))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_details: ([str(path)], ""))
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone._files.click()
    settle(qtbot, panel)
    assert [(row.page_count, row.source) for row in stored(desk)] == [(2, CameBy.BUTTON)]


def test_cancel_keeps_the_rest_and_resume_takes_it(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    panel = make_panel(file_id)
    paths = write_files(tmp_path, **{f"n{number}__pdf": corpus.pdf(number + 1) for number in range(5)})
    panel.run.result_arrived.connect(lambda _result: panel.run.cancel())
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.offer_paths(paths, CameBy.BUTTON)
    settle(qtbot, panel)
    # the file under way when somebody stops it is still brought to its end
    taken = len(stored(desk))
    assert 1 <= taken < 4
    assert f"还有 {5 - taken} 份未收" in panel.intake_card.summary
    panel.run.result_arrived.disconnect()
    panel.run.result_arrived.connect(panel.intake._take_result)
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.intake_card._resume.click()
    settle(qtbot, panel)
    assert len(stored(desk)) == 5


@pytest.fixture
def two_materials(desk: Desk, file_id: int) -> list[int]:
    intake = MaterialIntake(desk, file_id, CameBy.BUTTON)
    keys = [
        intake.take_in(IntakeItem("王淑兰 病理.pdf", corpus.pdf(3))).material_id or 0,
        intake.take_in(IntakeItem("照片.jpg", corpus.picture("JPEG"))).material_id or 0,
    ]
    intake.close()
    return keys


def test_details_are_said_confirmed_and_survive_a_refusal(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, world: World, file_id: int, two_materials: list[int]
) -> None:
    panel = make_panel(file_id)
    panel.show_material(two_materials[0])
    settle(qtbot, panel)
    details = panel.details
    assert details.view is not None
    assert details.view.shown_name == "王*兰 病理.pdf"
    assert details._sound.text == "SHA-256 已校验"
    details.form.fields["hospital_name"].set_raw("省肿瘤医院")
    details.form.fields["document_on"].set_raw("2031-01-01")
    details.confirm_button.click()
    settle(qtbot, panel)
    assert details.form.fields["document_on"].error
    assert details.form.fields["hospital_name"].raw() == "省肿瘤医院"
    details.form.fields["document_on"].set_raw("2026-09-20")
    details.form.fields["kind"].set_value(MaterialKind.PATHOLOGY_REPORT)
    details.confirm_button.click()
    settle(qtbot, panel)
    assert details.form.fields["name_matches"].error
    details.form.fields["name_matches"].set_value("yes")
    details.confirm_button.click()
    settle(qtbot, panel)
    assert "未见姓名" in details.form.fields["own_sign"].error
    details.form.fields["own_sign"].set_value(OwnSign.NAME_READ)
    details.confirm_button.click()
    settle(qtbot, panel)
    row = stored(desk)[0]
    assert (row.kind, row.state, row.hospital_name) == (
        MaterialKind.PATHOLOGY_REPORT,
        MaterialState.CONFIRMED,
        "省肿瘤医院",
    )
    assert details._chip.text == "已核对"
    assert not details.is_edited


def test_uses_rotation_deficiency_and_export(
    qtbot: QtBot,
    make_panel: MakePanel,
    desk: Desk,
    world: World,
    file_id: int,
    two_materials: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request_id = world.open_request(file_id)
    panel = make_panel(file_id)
    panel.show_material(two_materials[0])
    settle(qtbot, panel)
    panel.details._boxes[request_id].click()
    settle(qtbot, panel)
    assert panel.details._boxes[request_id].isChecked()
    panel.viewer.turn(90)
    settle(qtbot, panel)
    assert stored(desk)[0].rotation == 90
    assert panel.viewer.sheets.rotation == 90
    monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *_details: ("缺第 2 页", True))
    panel.details.deficient_button.click()
    settle(qtbot, panel)
    assert stored(desk)[0].state is MaterialState.DEFICIENT
    assert "缺第 2 页" in panel.details._deficiency.text
    target = tmp_path / "copy.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_details: (str(target), ""))
    panel.details.export_button.click()
    settle(qtbot, panel)
    assert target.read_bytes() == corpus.pdf(3)
    with desk.read() as session:
        kinds = set(session.scalars(select(AuditEntry.kind)))
    assert {"RecordMaterialView", "RecordMaterialExport", "RotateMaterial"} <= kinds


def test_the_page_over_all_files(
    qtbot: QtBot, context: UiContext, desk: Desk, world: World, file_id: int, two_materials: list[int]
) -> None:
    other_file = world.open_file()
    intake = MaterialIntake(desk, other_file, CameBy.BUTTON)
    intake.take_in(IntakeItem("传真.tif", corpus.tiff(2)))
    intake.close()
    page = MaterialsPage(context)
    qtbot.addWidget(page)
    page.resize(1240, 780)
    page.show()
    page.activate()
    panel = page.panel
    settle(qtbot, panel)
    assert panel.model.row_count == 3
    assert not panel.drop_zone.acceptDrops()
    panel.tiles.choose(two_materials[1])
    settle(qtbot, panel)
    assert panel.drop_zone.acceptDrops()
    assert panel.intake._chosen_file == file_id
    panel.search.setText("传真")
    panel.reload()
    settle(qtbot, panel)
    assert panel.model.row_count == 1
    panel.search.setText("")
    panel.filters._click(MaterialState.CONFIRMED.value)
    settle(qtbot, panel)
    assert panel._empty.title == "没有符合的材料"


def test_a_hidden_panel_catches_up_when_it_is_shown(
    qtbot: QtBot, make_panel: MakePanel, context: UiContext, desk: Desk, file_id: int, two_materials: list[int]
) -> None:
    panel = make_panel(file_id)
    assert panel.model.row_count == 2
    panel.hide()
    intake = MaterialIntake(desk, file_id, CameBy.BUTTON)
    context.bus.publish(intake.take_in(IntakeItem("c.pdf", corpus.pdf(9))).changes)
    intake.close()
    settle(qtbot, panel)
    assert panel.model.row_count == 2
    panel.show()
    settle(qtbot, panel)
    assert panel.model.row_count == 3


def test_every_model_is_sound(
    qtbot: QtBot, qtmodeltester: ModelTester, make_panel: MakePanel, file_id: int, two_materials: list[int]
) -> None:
    panel = make_panel(file_id)
    assert panel.model.row_count == 2
    qtmodeltester.check(panel.model)
    results = IntakeResultListModel()
    qtmodeltester.check(results)
    results.add(panel_result())
    results.add(panel_result())
    results.clear()


def panel_result():
    from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult

    return IntakeResult("a.pdf", IntakeOutcome.REFUSED, "不能收取。")


def test_a_panel_that_goes_away_during_an_intake_leaves_no_trouble(
    qtbot: QtBot, context: UiContext, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    panel = MaterialsPanel(context, file_id)
    panel.show()
    paths = write_files(tmp_path, **{f"n{number}__pdf": corpus.pdf(number + 1) for number in range(6)})
    with qtbot.waitSignal(panel.run.result_arrived, timeout=30_000):
        panel.drop_zone.offer_paths(paths, CameBy.BUTTON)
    panel.hide()
    panel.deleteLater()
    qtbot.waitUntil(lambda: context.runner.pending_count == 0, timeout=20_000)
    assert 1 <= len(stored(desk)) <= 6


def test_a_list_asks_once_per_page_and_its_plan_uses_an_index(
    desk: Desk, file_id: int, two_materials: list[int]
) -> None:
    from sqlalchemy import event

    source = MaterialSource(desk)
    statements: list[str] = []
    event.listen(
        desk.database.read_engine,
        "before_cursor_execute",
        lambda _c, _cu, statement, _p, _ctx, _many: statements.append(statement),
    )
    query = ListQuery().with_filter("file", file_id)
    keys = source.keys(query)
    assert list(keys) == two_materials[::-1]
    rows = source.rows(keys)
    assert rows[two_materials[0]].shown_name == "王*兰 病理.pdf"
    counts = source.counts(query)
    assert (counts.by_state[MaterialState.RECEIVED], counts.kept, counts.trashed) == (2, 2, 0)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 5, (
        "keys, rows, names to hide, counts"
    )
    assert list(source.keys(ListQuery(text="wsl"))) == two_materials[::-1]
    assert list(source.keys(ListQuery(text="照片"))) == [two_materials[1]]
    assert list(source.keys(ListQuery(text="100%"))) == []
    for filters in ((("file", file_id),), (), (("kind", "other"),), (("state", "received"),), (("trash", "yes"),)):
        statement = source.key_statement(ListQuery(filters=filters), 128)
        with desk.read() as session:
            bound = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = " ".join(row[-1] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {bound}"))
            total = session.scalar(select(func.count(Material.id)))
        assert "USING" in plan
        assert "INDEX" in plan
        assert "TEMP B-TREE" not in plan
        assert total == 2
