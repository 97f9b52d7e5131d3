"""What stands in place of pages, another try at them, what is missing of a picture, and the way of a recording to the player."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import EvidenceForm, MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.services.request_views.forms import load_evidence_choices
from lian_desk.ui.common.forms.choice_fields import ComboField
from lian_desk.ui.common.forms.evidence_fields import EvidenceFields
from lian_desk.ui.common.forms.forms import Form
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.columns import facts
from lian_desk.ui.materials.panel import MaterialsPanel
from lian_desk.ui.materials.recording_dialog import RecordingDialog
from lian_desk.ui.materials.viewing.unshown import TRY_AGAIN
from tests import material_corpus as corpus
from tests.desk_world import World

VOICE = b"#!AMR\n" + bytes(200)
WORD = corpus.archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})


@pytest.fixture
def panel(qtbot: QtBot, context: UiContext, file_id: int) -> MaterialsPanel:
    made = MaterialsPanel(context, file_id)
    qtbot.addWidget(made)
    made.resize(1240, 780)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def settle(qtbot: QtBot, panel: MaterialsPanel) -> Callable[[], None]:
    def wait() -> None:
        def is_still() -> bool:
            return panel.context.runner.pending_count == 0 and not panel.viewer.sheets._settle.isActive()

        qtbot.waitUntil(is_still, timeout=20_000)
        qtbot.wait(5)
        qtbot.waitUntil(is_still, timeout=20_000)

    return wait


def take(desk: Desk, file_id: int, name: str, content: bytes) -> int:
    intake = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    result = intake.take_in(IntakeItem(name, content))
    intake.close()
    assert result.material_id is not None, result.sentence
    return result.material_id


def offered(field: ComboField) -> set[object]:
    return {field.combo.itemData(place) for place in range(field.combo.count())}


def show(panel: MaterialsPanel, key: int, settle: Callable[[], None]) -> None:
    panel.reload()
    settle()
    panel.show_material(key)
    settle()


def test_a_word_file_is_named_and_says_the_way_out(
    panel: MaterialsPanel, desk: Desk, file_id: int, settle: Callable[[], None]
) -> None:
    show(panel, take(desk, file_id, "病历.docx", WORD), settle)
    state = panel.viewer.state
    assert state.title == "Word 文档"
    assert "另存为 PDF" in state._sentence.text()
    assert not state.button.isVisible()
    assert not panel.details.play_button.isVisible()
    key = panel.model.key_at(0)
    assert key is not None
    assert facts(panel.source.rows([key])[key]).startswith("Word 文档 · ")


def test_what_is_missing_stands_beside_the_picture(
    panel: MaterialsPanel, desk: Desk, file_id: int, settle: Callable[[], None]
) -> None:
    whole = corpus.picture("JPEG", (800, 600))
    show(panel, take(desk, file_id, "照片.jpg", whole[: len(whole) // 2]), settle)
    assert panel.viewer.is_showing
    assert "行以下损坏" in panel.details._flaw.text
    show(panel, take(desk, file_id, "好.jpg", whole), settle)
    assert panel.details._flaw.text == ""


def test_a_recording_goes_to_the_player_with_a_reason(
    qtbot: QtBot,
    panel: MaterialsPanel,
    desk: Desk,
    file_id: int,
    settle: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile()) or True)
    show(panel, take(desk, file_id, "王淑兰 语音.amr", VOICE), settle)
    assert panel.viewer.state.title == "AMR 录音"
    panel.details.play_button.click()
    dialog = panel.findChild(RecordingDialog)
    assert dialog is not None
    dialog.try_submit()
    assert dialog.form.fields["reason"].error
    dialog.form.fields["reason"].set_raw("核对客户说的时间")
    dialog.form.fields["folder"].set_raw(str(tmp_path / "没有"))
    dialog.try_submit()
    settle()
    assert opened == []
    target = tmp_path / "听"
    target.mkdir()
    dialog.form.fields["folder"].set_raw(str(target))
    with qtbot.waitSignal(dialog.saved, timeout=15_000):
        dialog.try_submit()
    settle()
    (copy,) = target.iterdir()
    assert copy.read_bytes() == VOICE
    assert "王" not in copy.name
    assert opened == [str(copy)]
    with desk.read() as session:
        kinds = list(session.scalars(select(AuditEntry.kind)))
    assert kinds.count("ExportRecording") == 1


def test_another_try_shows_what_a_busy_machine_did_not(
    panel: MaterialsPanel, desk: Desk, file_id: int, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_details: object) -> None:
        raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE)

    with monkeypatch.context() as patch:
        patch.setattr(Renderer, "probe", busy)
        key = take(desk, file_id, "传真.tif", corpus.tiff(2))
    show(panel, key, settle)
    assert (panel.viewer.state.title, panel.viewer.state.button.text()) == ("不能显示", TRY_AGAIN)
    panel.viewer.state.button.click()
    settle()
    assert panel.viewer.is_showing
    assert panel.viewer.sheets.page_count == 2
    with desk.read() as session:
        assert session.scalars(select(Material.page_count)).all() == [2]


def test_a_document_that_ended_the_child_is_opened_again_on_demand(
    panel: MaterialsPanel, desk: Desk, file_id: int, settle: Callable[[], None]
) -> None:
    key = take(desk, file_id, "病历.pdf", corpus.pdf(2))
    with desk.read() as session:
        sha256 = session.scalars(select(Material.sha256)).one()
    desk.renderer._deaths[sha256] = 5
    show(panel, key, settle)
    assert panel.viewer.state.title == "不能显示"
    panel.viewer.state.button.click()
    settle()
    assert panel.viewer.is_showing
    assert panel.viewer.sheets.page_count == 2


def test_a_call_may_name_its_recording(qtbot: QtBot, desk: Desk, world: World, file_id: int) -> None:
    voice, word = take(desk, file_id, "语音.amr", VOICE), take(desk, file_id, "病历.docx", WORD)
    choices = load_evidence_choices(desk, world.open_request(file_id))
    form = Form()
    qtbot.addWidget(form)
    fields = EvidenceFields(form, choices)
    form.show()
    assert offered(fields.recording) == {voice}
    assert offered(fields.material) == {voice, word}
    assert fields.recording.isVisible()
    fields.note.set_raw("录音里说可以")
    fields.recording.set_value(voice)
    values = form.values()
    assert values is not None
    assert fields.read(values).material_id == voice
    fields.form_of.set_raw(EvidenceForm.MESSAGE_IMAGE.value)
    fields.show_parts()
    assert not fields.recording.isVisible()
    fields.material.set_value(word)
    values = form.values()
    assert values is not None
    assert fields.read(values).material_id == word


def test_a_page_that_failed_at_one_size_is_asked_for_at_another(
    panel: MaterialsPanel, desk: Desk, file_id: int, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And while the sharp picture is missing, the stretched one says why."""
    show(panel, take(desk, file_id, "照片.jpg", corpus.picture("JPEG", (1600, 1200))), settle)
    sheets = panel.viewer.sheets
    small = set(sheets.pictures.kept)

    def too_much(*_details: object) -> None:
        raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE)

    with monkeypatch.context() as patch:
        patch.setattr(Renderer, "render_page", too_much)
        sheets.set_zoom(1.0)
        settle()
    before = sheets.viewport().grab().toImage()
    (failed,) = sheets.pictures.faults
    assert failed not in small
    assert "不能安全地显示" in sheets.pictures.faults[failed]
    sheets.pictures.faults.clear()
    sheets.viewport().update()
    assert sheets.viewport().grab().toImage() != before
    sheets.set_zoom(0.8)
    settle()
    assert sheets.pictures.faults == {}
    assert len(sheets.pictures.kept) > len(small)
