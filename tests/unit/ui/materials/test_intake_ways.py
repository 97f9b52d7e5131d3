"""The window's side of the intake: an inbox, intakes that go on after a crash, files for later, the settings."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.commands.settings import AfterIntake, ChangeIntakeSettings
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.drop_folder import SETTLING, TAKEN
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_settings import load_settings_view, make_recovery_key
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.materials.intake.inbox_card import InboxListModel
from lian_desk.ui.materials.intake.intake_settings_dialog import IntakeSettingsDialog
from lian_desk.ui.materials.panel import MaterialsPanel
from tests import material_corpus as corpus
from tests.virtual_drops import mail_drag

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
        return panel.context.runner.pending_count == 0 and not panel.run.is_running

    qtbot.waitUntil(is_still, timeout=20_000)
    qtbot.wait(5)
    qtbot.waitUntil(is_still, timeout=20_000)


def count(desk: Desk) -> int:
    with desk.read() as session:
        return session.scalar(select(func.count(Material.id))) or 0


@pytest.fixture
def drop(desk: Desk, tmp_path: Path) -> Path:
    folder = tmp_path / "scanner"
    folder.mkdir()
    (folder / "病理.pdf").write_bytes(corpus.pdf(2))
    (folder / "照片.jpg").write_bytes(corpus.picture("JPEG"))
    desk.execute(ChangeIntakeSettings(command_id=desk.new_id(), drop_folder=str(folder)))
    return folder


def test_the_inbox_is_looked_at_and_assigned(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, drop: Path, clock: FixedClock
) -> None:
    panel = make_panel(file_id)
    card, watch = panel.intake.inbox_card, panel.intake.inbox_watch
    assert card.isVisible()
    assert "待收取 2 份" in card.words
    # still arriving: they cannot be chosen
    card._choose_all()
    assert card.chosen == []
    clock.moment += SETTLING + timedelta(seconds=1)
    watch.look()
    settle(qtbot, panel)
    ModelTester(card.model)
    assert not card._take.isEnabled()
    card._list.setCurrentIndex(card.model.index(0))
    settle(qtbot, panel)
    assert panel.viewer.is_showing
    assert count(desk) == 0
    card._choose_all()
    assert card._take.isEnabled()
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        qtbot.keyClick(card._list, Qt.Key.Key_Return)
    settle(qtbot, panel)
    watch.look()
    settle(qtbot, panel)
    assert count(desk) == 2
    assert sorted(path.name for path in (drop / TAKEN).iterdir()) == sorted(["病理.pdf", "照片.jpg"])
    assert not card.isVisible()
    with desk.read() as session:
        assert set(session.scalars(select(Material.source))) == {MaterialSource.DROP_FOLDER}


def test_attachments_of_a_mail_go_through_the_ordinary_intake(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int
) -> None:
    panel = make_panel(file_id)
    mime = mail_drag(
        ("..\\出院小结.pdf", corpus.pdf(2)), ("片子.jpg", corpus.picture("JPEG")), ("病历.zip", b"PK\x03\x04")
    )
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.dropEvent(drop)
    settle(qtbot, panel)
    with desk.read() as session:
        assert sorted(session.scalars(select(Material.original_name))) == ["出院小结.pdf", "片子.jpg"]
        assert set(session.scalars(select(Material.source))) == {MaterialSource.DROP}
    assert "收取 2 份" in panel.intake_card.summary
    (told,) = [panel.intake_card.results.data(panel.intake_card.results.index(0))]
    assert "压缩包打不开或内容已损坏" in str(told)


def test_a_file_of_the_inbox_in_front_is_nobodys(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, drop: Path, clock: FixedClock, tmp_path: Path
) -> None:
    """What is said at the right belongs to a material; beside a file that is none, nothing can be said."""
    panel = make_panel(file_id)
    (tmp_path / "first.pdf").write_bytes(corpus.pdf(6))
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.offer_paths([tmp_path / "first.pdf"], MaterialSource.DROP)
    settle(qtbot, panel)
    view = panel.presenter.view
    assert view is not None
    clock.moment += SETTLING + timedelta(seconds=1)
    panel.intake.inbox_watch.look()
    settle(qtbot, panel)
    panel.intake.inbox_card._list.setCurrentIndex(panel.intake.inbox_card.model.index(0))
    settle(qtbot, panel)
    assert panel.viewer.sheets.page_count in {1, 2}
    assert panel.presenter.view is None
    assert not panel.details.isVisible()
    panel.viewer.turned.emit(90)
    settle(qtbot, panel)
    with desk.read() as session:
        assert session.scalars(select(Material.rotation)).all() == [0]
    panel.reading._no_details.button.click()
    settle(qtbot, panel)
    assert panel.presenter.view is not None
    assert panel.presenter.view.material_id == view.material_id
    assert panel.details.isVisible()
    assert panel.viewer.sheets.page_count == 6


def test_without_a_file_nothing_of_the_inbox_is_taken(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, drop: Path, clock: FixedClock
) -> None:
    panel = make_panel(None)
    clock.moment += SETTLING + timedelta(seconds=1)
    panel.intake.inbox_watch.look()
    settle(qtbot, panel)
    card = panel.intake.inbox_card
    card._choose_all()
    card.take_chosen()
    settle(qtbot, panel)
    assert not card._take.isEnabled()
    assert "先打开一份档案" in card.words
    assert count(desk) == 0
    drop.rename(drop.with_name("away"))
    panel.intake.inbox_watch.look()
    settle(qtbot, panel)
    assert "打不开" in card.words
    assert not card._list.isVisible()


def test_a_hidden_panel_does_not_look(qtbot: QtBot, make_panel: MakePanel, file_id: int, drop: Path) -> None:
    panel = make_panel(file_id)
    watch = panel.intake.inbox_watch
    assert watch._timer.isActive()
    assert watch._watcher.directories() == [str(drop)]
    panel.hide()
    assert not watch._timer.isActive()
    watch._hasten("")
    assert not watch._haste.isActive()
    panel.show()
    settle(qtbot, panel)
    assert watch._timer.isActive()


def test_what_a_crash_left_is_offered_and_goes_on(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.pdf").write_bytes(corpus.pdf(number + 1))
    plans = intake_plans(desk)
    paths = sorted(tmp_path.glob("*.pdf"))
    first = plans.begin(file_id, MaterialSource.DROP, items_from(paths))
    second = plans.begin(file_id, MaterialSource.DROP, items_from(paths[:1]))
    for plan in (first, second):
        plans.pause(plan.job_id)
    panel = make_panel(file_id)
    assert "还有 3 份没有收完" in panel.intake_card.left_over_words
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.intake_card._go_on()
    settle(qtbot, panel)
    assert count(desk) == 3
    assert "还有 1 份没有收完" in panel.intake_card.left_over_words
    panel.intake_card._forget()
    settle(qtbot, panel)
    assert panel.intake_card.left_over_words == ""
    assert plans.left_over() == []
    assert count(desk) == 3


def test_a_panel_that_goes_away_leaves_its_files_to_the_next(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    for number in range(6):
        (tmp_path / f"{number}.pdf").write_bytes(corpus.pdf(number + 1))
    panel = make_panel(file_id)
    panel.drop_zone.offer_paths(sorted(tmp_path.glob("*.pdf")), MaterialSource.DROP)
    with qtbot.waitSignal(panel.run.result_arrived, timeout=30_000):
        pass
    panel.run.close()
    settle(qtbot, panel)
    done = count(desk)
    assert 0 < done < 6
    again = make_panel(file_id)
    assert f"还有 {6 - done} 份没有收完" in again.intake_card.left_over_words
    with qtbot.waitSignal(again.run.finished, timeout=30_000):
        again.intake_card._go_on()
    settle(qtbot, again)
    assert count(desk) == 6


def test_files_of_a_lost_network_are_kept_for_later(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "a.pdf").write_bytes(corpus.pdf(1))
    (share / "b.pdf").write_bytes(corpus.pdf(2))
    panel = make_panel(file_id)
    plans = intake_plans(desk)
    real = plans.begin

    def begin(*values: object) -> object:
        plan = real(*values)  # type: ignore[arg-type]
        share.rename(tmp_path / "away")
        return plan

    monkeypatch.setattr(plans, "begin", begin)
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.offer_paths([share], MaterialSource.DROP)
    settle(qtbot, panel)
    assert count(desk) == 0
    assert "还有 2 份未收" in panel.intake_card.summary
    (tmp_path / "away").rename(share)
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.intake_card._resume.click()
    settle(qtbot, panel)
    assert count(desk) == 2
    assert plans.left_over() == []


def test_a_large_file_tells_how_far_it_is(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(corpus.long_pdf(2, 20_000_000))
    panel = make_panel(file_id)
    told: list[str] = []
    panel.run.progressed.connect(lambda _done, _total, name: told.append(name))
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.offer_paths([path], MaterialSource.DROP)
    settle(qtbot, panel)
    assert count(desk) == 1
    assert "large.pdf" in told
    assert any(name.startswith("large.pdf · ") and name.endswith("%") for name in told)


def test_an_archive_in_the_window(
    qtbot: QtBot, make_panel: MakePanel, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    packed = tmp_path / "材料.zip"
    packed.write_bytes(corpus.archive({"a.pdf": corpus.pdf(2), "b.txt": b"no", "c.jpg": corpus.picture("JPEG")}))
    locked = tmp_path / "锁.zip"
    locked.write_bytes(corpus.locked_archive())
    panel = make_panel(file_id)
    with qtbot.waitSignal(panel.run.finished, timeout=30_000):
        panel.drop_zone.offer_paths([packed, locked], MaterialSource.DROP)
    settle(qtbot, panel)
    assert count(desk) == 2
    assert [result.name for result in panel.intake_card.results.results] == ["b.txt", "锁.zip"]
    assert "2 份没有收取" in panel.intake_card.summary


def test_the_settings_are_changed_by_the_dialog(
    qtbot: QtBot, context: UiContext, lead: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    led = UiContext(desk=lead, runner=context.runner, bus=ChangeBus(), navigator=Navigator(), theme=context.theme)
    dialog = IntakeSettingsDialog(led, load_settings_view(lead))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.folder.set_raw(str(tmp_path / "none"))
    dialog.after.set_value(AfterIntake.LEAVE.value)
    dialog.limit.set_raw("much")
    dialog.try_submit()
    assert "整数" in dialog.limit.error
    dialog.limit.set_raw("1,024")
    dialog.try_submit()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=10_000)
    assert "打不开" in dialog.folder.error
    dialog.folder.set_raw(str(folder))
    key = tmp_path / "key.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_values: (str(key), ""))
    dialog.make_key.click()
    qtbot.waitUntil(lambda: bool(dialog.recipient.raw()), timeout=10_000)
    assert key.read_text(encoding="utf-8").splitlines()[-1].startswith("AGE-SECRET-KEY-1")
    with qtbot.waitSignal(dialog.saved, timeout=10_000):
        dialog.try_submit()
    settings = load_settings_view(lead).settings
    assert (settings.size_limit_megabytes, settings.drop_folder) == (1024, str(folder))
    assert (settings.after_intake, settings.recovery_recipient[:4]) == (AfterIntake.LEAVE, "age1")
    assert lead.materials.recovery_recipients == (settings.recovery_recipient,)
    assert lead.materials.size_limit == 1024 * 1024 * 1024


def test_earlier_materials_get_the_key_from_the_dialog(
    qtbot: QtBot, context: UiContext, lead: Desk, file_id: int, tmp_path: Path
) -> None:
    for number in range(3):
        lead.materials.keep(corpus.pdf(number + 1))
    recipient = make_recovery_key(tmp_path / "key.txt")
    lead.execute(ChangeIntakeSettings(command_id=lead.new_id(), drop_folder="", recovery_recipient=recipient))
    led = UiContext(desk=lead, runner=context.runner, bus=ChangeBus(), navigator=Navigator(), theme=context.theme)
    dialog = IntakeSettingsDialog(led, load_settings_view(lead))
    qtbot.addWidget(dialog)
    dialog.show()
    assert "3 份" in dialog.reseal.text()
    dialog.reseal.click()
    assert dialog.reseal_line.isVisible()
    qtbot.waitUntil(lambda: not dialog.reseal_line.isVisible(), timeout=10_000)
    assert load_settings_view(lead).earlier == ()
    assert {lead.materials.recipient_count(name) for name in lead.materials.names()} == {2}


def test_a_case_manager_sees_but_does_not_change_what_is_a_leads(
    qtbot: QtBot, make_panel: MakePanel, context: UiContext, desk: Desk, file_id: int, tmp_path: Path
) -> None:
    panel = make_panel(file_id)
    panel.drop_zone.settings_wanted.emit()
    settle(qtbot, panel)
    (dialog,) = panel.findChildren(IntakeSettingsDialog)
    assert not dialog.limit.isEnabled()
    assert not dialog.recipient.isEnabled()
    assert not dialog.make_key.isVisible()
    dialog.folder.set_raw(str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    with qtbot.waitSignal(dialog.saved, timeout=10_000):
        dialog.try_submit()
    assert load_settings_view(desk).settings.drop_folder == str(tmp_path / "mine")


def test_what_is_chosen_stays_chosen_when_another_file_arrives(
    qtbot: QtBot, make_panel: MakePanel, file_id: int, drop: Path, clock: FixedClock
) -> None:
    panel = make_panel(file_id)
    clock.moment += SETTLING + timedelta(seconds=1)
    panel.intake.inbox_watch.look()
    settle(qtbot, panel)
    card = panel.intake.inbox_card
    card._list.selectionModel().select(card.model.index(1), QItemSelectionModel.SelectionFlag.Select)
    (chosen,) = card.chosen
    (drop / "新到.pdf").write_bytes(corpus.pdf(5))
    panel.intake.inbox_watch.look()
    settle(qtbot, panel)
    assert len(card.model.files) == 3
    assert [file.path for file in card.chosen] == [chosen.path]
    assert isinstance(card.model, InboxListModel)
