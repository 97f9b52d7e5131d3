"""Proposals beside the page: walked, confirmed and corrected by the keyboard; the door; the queue in a real window."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lian_desk.adapters.exchange.page_images import Unexplained
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import (
    FindingField,
    FindingState,
    MaterialKind,
    MaterialSource,
    MaterialState,
    TextOrigin,
)
from lian_desk.services.demo.pages.artwork import ArtworkForm, draw
from lian_desk.services.demo.pages.papers import Subject
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.reading_queue.jobs import FinishReading, KeepPageWords, ReadPage
from lian_desk.services.reading_queue.runner import QueueCounts, ReadingQueue
from lian_desk.services.recognition.page_words import PageWords, WordLine
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.recognition_run import ReadingProgress, RecognitionRun
from lian_desk.ui.materials.reading.recognition_line import RecognitionLine
from lian_desk.ui.materials.reading.recognition_rows import FindingRow
from lian_desk.ui.materials.reading.recognition_section import release_dialog
from lian_desk.ui.materials.reading_card import ReadingCard
from tests.desk_world import identity_number

F = FindingField
OWN = Subject(
    name="王淑兰",
    sex="女",
    age=52,
    identity_number=identity_number(date(1974, 1, 1), 145),
    phone="14200000001",
    hospital="北京协和医院（东单院区）",
    department="乳腺外科",
    doctor="郑甲子",
    doctor_title="主任医师",
    disease="良性结节",
    disease_group="oncology",
    dated_on=date(2026, 9, 3),
)
Read = Callable[[Subject], int]


@pytest.fixture
def take_in(context: UiContext, file_id: int) -> Iterator[Read]:
    intake = MaterialIntake(context.desk, file_id, MaterialSource.DROP)

    def take(subject: Subject) -> int:
        artwork = draw(MaterialKind.OUTPATIENT_RECORD, subject, ArtworkForm.PDF, 1)
        key = intake.take_in(IntakeItem("门诊.pdf", artwork.data)).material_id
        assert key is not None
        return key

    yield take
    intake.close()


@pytest.fixture
def read(context: UiContext, take_in: Read) -> Iterator[Read]:
    """Take a paper in and read it."""
    queue = ReadingQueue(context.desk)

    def read_one(subject: Subject) -> int:
        key = take_in(subject)
        context.desk.execute(queue.queue_unread())
        step = queue.step()
        assert step is not None
        for command in step.commands:
            context.desk.execute(command)
        return key

    yield read_one
    queue.close()


@pytest.fixture
def card(context: UiContext, qtbot: QtBot) -> Iterator[ReadingCard]:
    made = ReadingCard(context, shows_file=True)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    yield made
    made.viewer.clear()


def _open(card: ReadingCard, context: UiContext, key: int) -> dict[FindingField, FindingRow]:
    card.open(key)
    context.runner.wait_idle()
    return _rows(card)


def _rows(card: ReadingCard) -> dict[FindingField, FindingRow]:
    return {row.view.field: row for row in card.recognition.rows}


def _material(context: UiContext, key: int) -> Material:
    with context.desk.read() as session:
        row = session.get(Material, key)
        assert row is not None
        return row


def test_a_row_with_the_keyboard_shows_its_place_and_enter_confirms_and_goes_on(
    card: ReadingCard, context: UiContext, read: Read, qtbot: QtBot
) -> None:
    key = read(OWN)
    rows = _open(card, context, key)
    assert list(rows) == [F.KIND, F.DOCUMENT_ON, F.HOSPITAL, F.DEPARTMENT, F.DOCTOR, F.NAME, F.VISIT_NUMBER]
    rows[F.KIND].setFocus()
    assert card.viewer._marks[0].words == "类型：门诊病历"
    qtbot.keyClick(rows[F.KIND], Qt.Key.Key_Return)
    context.runner.wait_idle()
    rows = _rows(card)
    assert rows[F.KIND].view.state is FindingState.CONFIRMED
    assert rows[F.DOCUMENT_ON].hasFocus(), "the keyboard goes on to the next open proposal"
    assert _material(context, key).kind is MaterialKind.OUTPATIENT_RECORD
    qtbot.keyClick(rows[F.DOCUMENT_ON], Qt.Key.Key_F2)
    assert rows[F.DOCUMENT_ON].is_editing
    rows[F.DOCUMENT_ON]._editor.setText("2026-09-02")
    qtbot.keyClick(rows[F.DOCUMENT_ON]._editor, Qt.Key.Key_Return)
    context.runner.wait_idle()
    assert _material(context, key).document_on == date(2026, 9, 2)
    assert _rows(card)[F.DOCUMENT_ON].view.state is FindingState.CORRECTED


def test_a_wrong_day_is_refused_in_words(card: ReadingCard, context: UiContext, read: Read) -> None:
    rows = _open(card, context, read(OWN))
    rows[F.DOCUMENT_ON].decided.emit(rows[F.DOCUMENT_ON].view, "昨天")
    context.runner.wait_idle()
    assert "日期不对" in card.recognition.notice.text


def test_everything_is_confirmed_at_once_only_after_every_row_was_looked_at(
    card: ReadingCard, context: UiContext, read: Read, qtbot: QtBot
) -> None:
    key = read(OWN)
    rows = _open(card, context, key)
    section = card.recognition
    assert not section.confirm_all.isEnabled()
    rows[F.KIND].setFocus()
    for row in list(rows.values())[:-1]:
        qtbot.keyClick(row, Qt.Key.Key_Down)
    assert section.confirm_all.isEnabled()
    qtbot.mouseClick(section.confirm_all, Qt.MouseButton.LeftButton)
    context.runner.wait_idle()
    assert {row.view.state for row in section.rows} == {FindingState.CONFIRMED}
    held = _material(context, key)
    assert (held.department, held.doctor_name, held.name_matches) == ("乳腺外科", "郑甲子", True)
    assert held.state is MaterialState.RECEIVED, "what the machine read is confirmed, the material itself is not"


def test_another_persons_paper_says_why_it_is_stopped_and_is_released_with_a_reason(
    card: ReadingCard, context: UiContext, read: Read, qtbot: QtBot
) -> None:
    key = read(replace(OWN, name="赵铁军"))
    _open(card, context, key)
    section = card.recognition
    assert section.view is not None
    assert section.view.stop is not None
    assert "已隔离" in section.stop.text
    assert "赵铁军" not in section.stop.text
    assert section.release.isVisibleTo(section)
    assert not card.details.confirm_button.isEnabled()
    card.details.confirm_requested.emit(
        {"kind": MaterialKind.OUTPATIENT_RECORD, "document_on": None, "hospital_name": "", "doctor_name": "",
         "name_matches": True}
    )  # fmt: skip
    context.runner.wait_idle()
    assert "隔离" in card.details.error
    dialog = release_dialog(context, key, card)
    qtbot.addWidget(dialog)
    dialog.form.set_values({"reason": "改名前的姓名，户口簿已核对"})
    dialog.submit({"reason": "改名前的姓名，户口簿已核对"})
    context.runner.wait_idle()
    assert _material(context, key).state is MaterialState.RECEIVED
    assert section.view.stop is None


def test_a_doubtful_name_offers_the_two_answers(card: ReadingCard, context: UiContext, read: Read) -> None:
    key = read(replace(OWN, name="王淑芳"))
    rows = _open(card, context, key)
    name = rows[F.NAME].view
    assert name.needs_judgement
    assert name.shown == "王*芳"
    card.recognition._judge(name, False)
    context.runner.wait_idle()
    assert _material(context, key).state is MaterialState.QUARANTINED


def test_a_material_that_nobody_read_offers_to_be_read(card: ReadingCard, context: UiContext, take_in: Read) -> None:
    _open(card, context, take_in(OWN))
    section = card.recognition
    assert section.rows == ()
    assert section.again.text() == "识别文字"


def test_the_queue_reads_beside_the_window_and_tells_how_far_it_is(
    context: UiContext, take_in: Read, qtbot: QtBot
) -> None:
    run = RecognitionRun(context.desk, context.runner, context.bus)
    watched = replace(context, recognition=run)
    line = RecognitionLine(watched)
    qtbot.addWidget(line)
    keys = [take_in(OWN), take_in(replace(OWN, department="心内科"))]
    heard: list[str] = []
    run.progressed.connect(lambda _progress: heard.append(line.words))
    run.start()

    def is_read() -> bool:
        with context.desk.read() as session:
            return (
                session.query(Material).count() == len(keys)
                and run.progress is not None
                and not run._is_busy
                and (run.queue.counts().waiting == 0 and not run.queue.has_unread())
            )

    qtbot.waitUntil(is_read, timeout=20_000)
    assert any(words.startswith("正在识别文字 · ") for words in heard)
    run.suspend()
    assert not run.is_started
    run.revive()
    assert run.is_started
    run.stop()
    card = ReadingCard(watched, shows_file=True)
    qtbot.addWidget(card)
    assert len(_open(card, watched, keys[1])) == 7
    card.viewer.clear()


def _progress(**changes: object) -> ReadingProgress:
    counts = replace(QueueCounts(waiting=0, paused=0, unauthorized=0, failed=0), **changes.pop("counts", {}))  # type: ignore[arg-type]
    return replace(ReadingProgress(counts, 0, 0, 0, 0, is_missing=False), **changes)  # type: ignore[arg-type]


def test_the_line_says_why_nothing_is_read_and_goes_when_there_is_nothing_to_say(
    context: UiContext, qtbot: QtBot
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    line = RecognitionLine(context)
    line.setParent(page)
    line.show_progress(_progress(counts={"waiting": 3}, done=2, total=5, page=4, page_count=9))
    assert line.words == "正在识别文字 · 2/5 · 第 4/9 页"
    assert line.isVisibleTo(page)
    assert line.pause.isVisibleTo(line)
    line.show_progress(_progress(counts={"paused": 3}))
    assert "已暂停 · 还有 3 份" in line.words
    assert line.resume.isVisibleTo(line)
    assert not line.pause.isVisibleTo(line)
    line.show_progress(_progress(counts={"unauthorized": 2}))
    assert "2 份等信息授权核实后再识别" in line.words
    line.show_progress(_progress(counts={"waiting": 1}, is_missing=True))
    assert "文字识别组件没有安装" in line.words
    assert not line.pause.isVisibleTo(line)
    line.show_progress(_progress())
    assert line.isHidden()


def test_pausing_and_going_on_is_one_click(context: UiContext, take_in: Read, qtbot: QtBot) -> None:
    take_in(OWN)
    queue = ReadingQueue(context.desk)
    context.desk.execute(queue.queue_unread())
    line = RecognitionLine(context)
    qtbot.addWidget(line)
    line.show_progress(_progress(counts={"waiting": 1}, total=1))
    line.show()
    qtbot.mouseClick(line.pause, Qt.MouseButton.LeftButton)
    context.runner.wait_idle()
    assert queue.counts().paused == 1
    line.show_progress(_progress(counts={"paused": 1}))
    qtbot.mouseClick(line.resume, Qt.MouseButton.LeftButton)
    context.runner.wait_idle()
    assert queue.counts().waiting == 1
    line.show_progress(_progress(counts={"waiting": 1}, total=1))
    qtbot.mouseClick(line.cancel, Qt.MouseButton.LeftButton)
    context.runner.wait_idle()
    assert queue.counts().waiting == 0
    queue.close()


def test_pages_that_lie_on_their_side_are_turned_upright_with_one_click(
    card: ReadingCard, context: UiContext, take_in: Read, qtbot: QtBot
) -> None:
    key = take_in(OWN)
    queue = ReadingQueue(context.desk)
    context.desk.execute(queue.queue_unread())
    words = PageWords(TextOrigin.RECOGNISED, 90, (WordLine("门诊病历", 0.6, 0.3, 0.03, 0.3, 0.99),))
    for order, values in (
        (KeepPageWords, {"pages": (ReadPage(0, words, Unexplained(0.0, ())),), "next_page": 1}),
        (FinishReading, {"proposals": ()}),
    ):
        context.desk.execute(order(command_id=context.desk.new_id(), material_id=key, **values))
    queue.close()
    _open(card, context, key)
    section = card.recognition
    assert section.upright.isVisibleTo(section)
    qtbot.waitUntil(lambda: card.viewer.sheets.page_count == 1)
    qtbot.mouseClick(section.upright, Qt.MouseButton.LeftButton)
    context.runner.wait_idle()
    assert _material(context, key).rotation == 270
    qtbot.waitUntil(lambda: not section.upright.isVisibleTo(section))
