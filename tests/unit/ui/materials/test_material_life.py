"""The window around the life of a material: trash, twins, pages in order, the check of the files, materials beside a form."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialRelation, MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.erasure import EraseMaterial
from lian_desk.services.materials.intake import IntakeOutcome, MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.services.materials.page_plans import PlannedPage
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.materials.twins import TwinAnswer
from lian_desk.services.upkeep.stored_files import check_materials
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.look.page_mark import PageMark
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.beside import MaterialsBeside
from lian_desk.ui.materials.handlers import materials_beside
from lian_desk.ui.materials.intake.twin_dialog import TwinDialog
from lian_desk.ui.materials.integrity_dialog import IntegrityDialog
from lian_desk.ui.materials.panel import MaterialsPanel
from tests import material_corpus as corpus
from tests.desk_world import World
from tests.further_file import further_file

MakePanel = Callable[[int | None], MaterialsPanel]
Settle = Callable[[MaterialsPanel], None]


def take(desk: Desk, file_id: int, content: bytes, name: str = "扫描.pdf") -> int:
    intake = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    result = intake.take_in(IntakeItem(name, content))
    intake.close()
    assert result.outcome is IntakeOutcome.ADDED, result.sentence
    assert result.material_id is not None
    return result.material_id


def row_of(desk: Desk, key: int) -> Material:
    with desk.read() as session:
        return session.get_one(Material, key)


@pytest.fixture
def bundle(desk: Desk, file_id: int) -> int:
    return take(desk, file_id, corpus.pdf(6))


@pytest.fixture
def settle(qtbot: QtBot) -> Settle:
    def wait(panel: MaterialsPanel) -> None:
        def is_still() -> bool:
            is_settling = panel.viewer.sheets._settle.isActive()
            return panel.context.runner.pending_count == 0 and not panel.run.is_running and not is_settling

        for _turn in range(2):
            qtbot.waitUntil(is_still, timeout=20_000)
            qtbot.wait(5)

    return wait


@pytest.fixture
def make_panel(qtbot: QtBot, context: UiContext, settle: Settle) -> MakePanel:
    def make(file_id: int | None) -> MaterialsPanel:
        panel = MaterialsPanel(context, file_id)
        qtbot.addWidget(panel)
        panel.resize(1240, 780)
        panel.show()
        qtbot.waitExposed(panel)
        settle(panel)
        return panel

    return make


def finish(qtbot: QtBot, panel: MaterialsPanel, reason: str) -> None:
    """Give the dialog in front its reason and carry it out."""
    dialog = panel.findChild(CommandDialog)
    assert dialog is not None
    dialog.form.fields["reason"].set_raw(reason)
    with qtbot.waitSignal(dialog.saved, timeout=10_000):
        dialog.try_submit()


class TestTrash:
    def test_in_looked_at_and_out_again(
        self, qtbot: QtBot, make_panel: MakePanel, settle: Settle, desk: Desk, file_id: int, bundle: int
    ) -> None:
        panel = make_panel(file_id)
        panel.details.trash_button.click()
        finish(qtbot, panel, "客户发错")
        settle(panel)
        assert panel.model.row_count == 0
        assert panel.filters._buttons["trash"].text() == "回收站 1"
        panel.filters._click("trash")
        settle(panel)
        assert panel.model.row_count == 1
        panel.tiles.choose(bundle)
        settle(panel)
        assert panel.details.removal.isVisible()
        assert "客户发错" in panel.details.removal.notice.text
        assert not panel.details.confirm_button.isEnabled()
        assert not panel.details.form.isEnabled()
        assert not panel.viewer.arranger.button.isVisible()
        # a case manager restores, a lead alone erases
        assert not panel.details.removal.erase.isEnabled()
        panel.details.removal.restore.click()
        settle(panel)
        assert row_of(desk, bundle).trashed_at is None
        assert panel._empty.title == "回收站是空的"

    def test_a_lead_erases_and_nothing_of_it_stays_in_memory(
        self, qtbot: QtBot, context: UiContext, settle: Settle, desk: Desk, world: World, file_id: int, bundle: int
    ) -> None:
        world.run(MoveMaterialToTrash, material_id=bundle, reason="x")
        leading = UiContext(
            desk=world.lead,
            runner=context.runner,
            bus=context.bus,
            navigator=context.navigator,
            theme=context.theme,
        )
        panel = MaterialsPanel(leading, file_id)
        qtbot.addWidget(panel)
        panel.resize(1240, 780)
        panel.show()
        panel.filters._click("trash")
        settle(panel)
        panel.tiles.choose(bundle)
        settle(panel)
        assert panel.viewer.is_showing
        panel.details.removal.erase.click()
        finish(qtbot, panel, "客户要求删除")
        settle(panel)
        assert not desk.materials.exists(row_of(desk, bundle).sha256)
        assert not panel.viewer.is_showing
        assert panel.viewer.sheets.kept_bytes == 0
        assert panel.tiles.pictures._kept == {}
        assert "已彻底删除" in panel.details.removal.notice.text
        assert not panel.details.export_button.isEnabled()
        leading.desk.renderer.close()

    def test_what_is_in_use_says_by_what(
        self, qtbot: QtBot, make_panel: MakePanel, settle: Settle, world: World, file_id: int, bundle: int
    ) -> None:
        world.open_request(file_id)
        panel = make_panel(file_id)
        box = next(iter(panel.details._boxes.values()))
        box.click()
        settle(panel)
        panel.details.trash_button.click()
        dialog = panel.findChild(CommandDialog)
        assert dialog is not None
        dialog.form.fields["reason"].set_raw("x")
        dialog.try_submit()
        qtbot.waitUntil(lambda: not dialog.is_busy, timeout=10_000)
        assert "正用于服务申请" in dialog.banner.text
        dialog._leave()


class TestTwins:
    @pytest.fixture
    def dialog(
        self, qtbot: QtBot, make_panel: MakePanel, settle: Settle, file_id: int, bundle: int, tmp_path: Path
    ) -> tuple[MaterialsPanel, TwinDialog]:
        panel = make_panel(file_id)
        path = tmp_path / "再次.pdf"
        path.write_bytes(corpus.pdf(6))
        with qtbot.waitSignal(panel.run.finished, timeout=30_000):
            panel.drop_zone.offer_paths([path], MaterialSource.DROP)
        settle(panel)
        assert panel.intake.twin_card.isVisible()
        panel.intake.twin_card.decide.click()
        settle(panel)
        dialog = panel.findChild(TwinDialog)
        assert dialog is not None
        return panel, dialog

    def test_the_twin_is_named_and_kept_beside_by_keyboard(
        self, qtbot: QtBot, settle: Settle, desk: Desk, dialog: tuple[MaterialsPanel, TwinDialog], bundle: int
    ) -> None:
        panel, asked = dialog
        question = asked.model.questions[0]
        assert question.answer is TwinAnswer.LINK
        assert "待分类" in question.where
        qtbot.keyClick(asked.table, Qt.Key.Key_2)
        assert question.answer is TwinAnswer.KEEP
        with qtbot.waitSignal(asked.settled, timeout=10_000):
            qtbot.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle(panel)
        assert not panel.intake.twin_card.isVisible()
        with desk.read() as session:
            keys = list(session.scalars(select(Material.id)))
        assert len(keys) == 2
        view = panel.details.view
        assert view is not None
        assert view.material_id != bundle
        assert view.relation is MaterialRelation.KEPT
        assert [twin.material_id for twin in view.twins] == [bundle]

    def test_left_alone_nothing_changes(
        self, settle: Settle, desk: Desk, dialog: tuple[MaterialsPanel, TwinDialog]
    ) -> None:
        panel, asked = dialog
        asked.answer(TwinAnswer.LEAVE)
        asked.apply()
        settle(panel)
        with desk.read() as session:
            assert len(list(session.scalars(select(Material.id)))) == 1
        assert not panel.intake.twin_card.isVisible()

    def test_what_was_refused_stays_with_its_reason(
        self,
        qtbot: QtBot,
        settle: Settle,
        world: World,
        dialog: tuple[MaterialsPanel, TwinDialog],
        bundle: int,
    ) -> None:
        panel, asked = dialog
        asked.answer(TwinAnswer.KEEP)
        world.run(MoveMaterialToTrash, material_id=bundle, reason="x")
        world.run(EraseMaterial, by=world.lead, material_id=bundle, reason="x")
        with qtbot.waitSignal(asked.settled, timeout=10_000):
            asked.apply()
        assert "不见了" in asked.model.questions[0].where
        assert len(panel.intake.twin_card.waiting) == 1
        asked.reject()
        panel.intake.twin_card.leave.click()
        assert not panel.intake.twin_card.isVisible()
        settle(panel)

    def test_the_table_is_a_sound_model(
        self, qtmodeltester: ModelTester, dialog: tuple[MaterialsPanel, TwinDialog]
    ) -> None:
        _panel, asked = dialog
        qtmodeltester.check(asked.model)
        asked.reject()


def test_a_twin_of_another_file_is_linked_with_what_is_known(
    qtbot: QtBot, make_panel: MakePanel, settle: Settle, desk: Desk, world: World, file_id: int, bundle: int
) -> None:
    other = further_file(world, file_id)
    panel = make_panel(other)
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.offered.emit(MaterialSource.DROP, lambda: [IntakeItem("再次.pdf", corpus.pdf(6))])
    settle(panel)
    panel.intake.ask_about_twins()
    settle(panel)
    dialog = panel.findChild(TwinDialog)
    assert dialog is not None
    assert "同一被保险人的档案" in dialog.model.questions[0].where
    with qtbot.waitSignal(dialog.chosen, timeout=10_000) as chosen:
        dialog.apply()
    settle(panel)
    assert chosen.args is not None
    assert row_of(desk, int(str(chosen.args[0]))).assistance_file_id == other
    assert panel.model.row_count == 1


class TestPages:
    def stored(self, desk: Desk, key: int) -> str | None:
        return row_of(desk, key).page_plan

    def test_by_keyboard_pages_are_turned_moved_hidden_and_shown(
        self, qtbot: QtBot, make_panel: MakePanel, settle: Settle, desk: Desk, file_id: int, bundle: int
    ) -> None:
        panel = make_panel(file_id)
        strip, sheets = panel.viewer.strip, panel.viewer.sheets
        strip.setFocus()
        strip.choose([1, 2])
        arranger = panel.viewer.arranger
        arranger.action("turn_right").trigger()
        settle(panel)
        assert self.stored(desk, bundle) == "0 1-2@90 3-5"
        assert strip.chosen == [1, 2]
        arranger.action("down").trigger()
        settle(panel)
        assert self.stored(desk, bundle) == "0 3 1-2@90 4-5"
        arranger.action("up").trigger()
        arranger.action("up").trigger()
        settle(panel)
        assert self.stored(desk, bundle) == "1-2@90 0 3-5"
        strip.choose([2])
        arranger.action("hide").trigger()
        settle(panel)
        assert self.stored(desk, bundle) == "1-2@90 3-5 ~0"
        assert sheets.page_count == 5
        assert [entry.page for entry in sheets.entries] == [1, 2, 3, 4, 5]
        assert sheets.entries[0] == PlannedPage(1, 90)
        arranger.action("show").trigger()
        arranger.action("reset").trigger()
        settle(panel)
        assert self.stored(desk, bundle) == "0-5"
        # opened anew, the pages stand as they were left
        arranger.action("hide").trigger()
        settle(panel)
        again = make_panel(file_id)
        assert again.viewer.sheets.page_count == 5

    def test_the_keys_of_the_actions_differ_and_reach_the_viewer(self, make_panel: MakePanel, file_id: int) -> None:
        panel = make_panel(file_id)
        keys = [action.shortcut().toString() for action in panel.viewer.actions() if not action.shortcut().isEmpty()]
        assert sorted(keys) == sorted(set(keys))
        assert {"Shift+R", "Alt+Up", "Alt+Down", "Del"} <= set(keys)

    def test_a_bundle_is_split_and_joined(
        self, qtbot: QtBot, make_panel: MakePanel, settle: Settle, desk: Desk, file_id: int, bundle: int
    ) -> None:
        panel = make_panel(file_id)
        panel.viewer.strip.choose([3, 4, 5])
        panel.viewer.arranger.action("split").trigger()
        settle(panel)
        assert panel.model.row_count == 2
        view = panel.details.view
        assert view is not None
        assert view.material_id != bundle
        assert panel.viewer.sheets.page_count == 3
        assert [entry.page for entry in panel.viewer.sheets.entries] == [3, 4, 5]
        panel.viewer.arranger.action("join").trigger()
        settle(panel)
        assert panel.details.view is not None
        assert panel.details.view.material_id == bundle
        assert panel.viewer.sheets.page_count == 6
        assert panel.model.row_count == 1

    def test_a_mark_is_shown_once_the_material_is_in_front(
        self, make_panel: MakePanel, settle: Settle, file_id: int, bundle: int
    ) -> None:
        panel = make_panel(None)
        mark = PageMark(4, 0.2, 0.5, 0.3, 0.05, "accent", "病理诊断")
        panel.show_material(bundle, 4, [mark])
        settle(panel)
        assert panel.viewer.sheets.page == 4
        assert panel.viewer.sheets.marks.all == [mark]


class TestCheck:
    @pytest.fixture
    def opened(self, qtbot: QtBot, context: UiContext) -> Callable[[], IntegrityDialog]:
        host = QWidget()
        qtbot.addWidget(host)

        def open_dialog() -> IntegrityDialog:
            dialog = IntegrityDialog(context, host)
            dialog.open()
            qtbot.waitUntil(lambda: dialog.report is not None, timeout=20_000)
            return dialog

        return open_dialog

    def checked_again(self, qtbot: QtBot, dialog: IntegrityDialog, act: Callable[[], object]) -> None:
        dialog.report = None
        act()
        qtbot.waitUntil(lambda: dialog.report is not None, timeout=20_000)

    def test_all_is_sound(self, opened: Callable[[], IntegrityDialog], bundle: int) -> None:
        dialog = opened()
        assert dialog._state.title == "材料完好"
        assert not dialog.recover_button.isEnabled()
        assert not dialog.progress.isVisible()
        dialog.accept()

    def test_a_missing_file_is_taken_in_again_and_only_the_same_one(
        self, qtbot: QtBot, opened: Callable[[], IntegrityDialog], desk: Desk, bundle: int, tmp_path: Path
    ) -> None:
        desk.materials.path_of(row_of(desk, bundle).sha256).unlink()
        dialog = opened()
        assert [finding.material_id for finding in dialog.model.findings] == [bundle]
        wrong, right = tmp_path / "wrong.pdf", tmp_path / "right.pdf"
        wrong.write_bytes(corpus.pdf(5))
        right.write_bytes(corpus.pdf(6))
        dialog.take_again(wrong)
        qtbot.waitUntil(lambda: "不是同一份" in dialog.notice.text, timeout=10_000)
        self.checked_again(qtbot, dialog, partial(dialog.take_again, right))
        assert "已补回" in dialog.notice.text
        assert check_materials(desk).is_sound
        dialog.accept()

    def test_damaged_and_swapped_files_come_back_from_a_copy_and_are_set_aside(
        self,
        qtbot: QtBot,
        opened: Callable[[], IntegrityDialog],
        desk: Desk,
        file_id: int,
        bundle: int,
        tmp_path: Path,
    ) -> None:
        import shutil

        second = take(desk, file_id, corpus.pdf(2))
        copy = tmp_path / "copy"
        shutil.copytree(desk.materials.folder, copy / "materials")
        one, two = (desk.materials.path_of(row_of(desk, key).sha256) for key in (bundle, second))
        one.write_bytes(one.read_bytes()[:-20])
        shutil.copy(copy / "materials" / one.parent.name / one.name, two)
        dialog = opened()
        assert {finding.fault.value for finding in dialog.model.findings} == {"damaged", "swapped"}
        dialog.table.clearSelection()
        self.checked_again(qtbot, dialog, partial(dialog.recover, copy))
        assert dialog._state.title == "材料完好"
        assert "取回 2 份" in dialog.notice.text
        assert len(list(desk.opened.layout.quarantine.iterdir())) == 2
        assert check_materials(desk).is_sound
        dialog.accept()

    def test_a_copy_without_the_file_changes_nothing(
        self, qtbot: QtBot, opened: Callable[[], IntegrityDialog], desk: Desk, bundle: int, tmp_path: Path
    ) -> None:
        path = desk.materials.path_of(row_of(desk, bundle).sha256)
        path.write_bytes(b"ruin")
        dialog = opened()
        self.checked_again(qtbot, dialog, partial(dialog.recover, tmp_path))
        assert "没有找到" in dialog.notice.text
        assert path.read_bytes() == b"ruin"
        dialog.accept()

    def test_orphans_move_aside_when_a_lead_says_so(
        self, qtbot: QtBot, opened: Callable[[], IntegrityDialog], context: UiContext, desk: Desk, world: World
    ) -> None:
        orphan = desk.materials.keep(b"nobody's").sha256
        dialog = opened()
        qtbot.waitUntil(lambda: len(dialog.chosen) == 1, timeout=5_000)
        assert not dialog.aside_button.isEnabled()
        dialog.accept()
        host = QWidget()
        qtbot.addWidget(host)
        leading = UiContext(
            desk=world.lead,
            runner=context.runner,
            bus=context.bus,
            navigator=context.navigator,
            theme=context.theme,
        )
        led = IntegrityDialog(leading, host)
        led.open()
        qtbot.waitUntil(lambda: led.report is not None, timeout=20_000)
        qtbot.waitUntil(lambda: len(led.chosen) == 1, timeout=5_000)
        assert led.aside_button.isEnabled()
        self.checked_again(qtbot, led, led.aside_button.click)
        assert led._state.title == "材料完好"
        assert not desk.materials.exists(orphan)
        assert [path.name for path in desk.opened.layout.quarantine.iterdir()] == [f"{orphan}.age"]
        led.accept()

    def test_it_can_be_stopped(
        self, qtbot: QtBot, opened: Callable[[], IntegrityDialog], bundle: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dialog = opened()
        dialog.check()
        dialog.progress.cancelled.emit()
        qtbot.waitUntil(dialog.check_button.isEnabled, timeout=20_000)
        assert dialog._state.title in {"已停止", "材料完好"}
        dialog.accept()

    def test_the_table_is_a_sound_model(
        self, qtmodeltester: ModelTester, opened: Callable[[], IntegrityDialog], desk: Desk, bundle: int
    ) -> None:
        desk.materials.path_of(row_of(desk, bundle).sha256).unlink()
        dialog = opened()
        qtmodeltester.check(dialog.model)
        assert dialog.model.rowCount(QModelIndex()) == 1
        shown: list[object] = []
        dialog.material_chosen.connect(shown.append)
        dialog.show_button.click()
        assert shown == [bundle]


class TestBeside:
    @pytest.fixture
    def dialog(self, qtbot: QtBot, context: UiContext, file_id: int, bundle: int) -> FormDialog:
        made = FormDialog("确认需求")
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(made)
        context.navigator.action_requested.connect(
            lambda _action, subject: materials_beside(context, made, subject), Qt.ConnectionType.DirectConnection
        )
        made.setProperty("host", offer_materials(made, context, file_id))
        made.show()
        return made

    def test_it_opens_beside_the_form_shows_the_pages_and_closes(
        self, qtbot: QtBot, context: UiContext, dialog: FormDialog
    ) -> None:
        host = dialog.property("host")
        width = dialog.width()
        host.button.click()
        pane = dialog.findChild(MaterialsBeside)
        assert pane is not None
        qtbot.waitUntil(lambda: pane.viewer.sheets.page_count == 6, timeout=20_000)
        qtbot.waitUntil(lambda: context.runner.pending_count == 0, timeout=20_000)
        assert dialog.width() > width
        assert dialog.area.isVisible()
        assert pane.isVisible()
        assert not pane.viewer.arranger.button.isVisible()
        context.navigator.locked.emit()
        assert pane.viewer.sheets.kept_bytes == 0
        context.navigator.unlocked.emit()
        qtbot.waitUntil(lambda: pane.viewer.sheets.page_count == 6, timeout=20_000)
        host.toggle()
        assert not pane.isVisible()
        assert abs(dialog.width() - width) < 40
        host.toggle()
        assert pane.isVisible()
        qtbot.waitUntil(lambda: context.runner.pending_count == 0, timeout=20_000)

    def test_it_remembers_its_width(self, qtbot: QtBot, context: UiContext, dialog: FormDialog) -> None:
        QSettings().setValue("materials/beside_width", 385)
        host = dialog.property("host")
        dialog.resize(360, 500)
        assert host._wanted_width() == 385
        host.toggle()
        qtbot.waitUntil(lambda: context.runner.pending_count == 0, timeout=20_000)
        dialog.resize(dialog.width() + 100, dialog.height())
        before = host.pane.width()
        dialog.accept()
        assert int(str(QSettings().value("materials/beside_width"))) == before
        QSettings().remove("materials/beside_width")


def test_locked_nothing_of_a_paper_stays_in_memory(
    qtbot: QtBot, make_panel: MakePanel, settle: Settle, context: UiContext, file_id: int, bundle: int
) -> None:
    panel = make_panel(file_id)
    assert panel.viewer.sheets.kept_bytes > 0
    context.navigator.locked.emit()
    assert panel.viewer.sheets.kept_bytes == 0
    assert panel.tiles.pictures._kept == {}
    assert panel.tiles.pictures._thumbnails._kept == {}
    assert context.desk.renderer._child is None
    context.navigator.unlocked.emit()
    settle(panel)
    assert panel.viewer.sheets.page_count == 6
