"""What the machine read of the material in front: proposals field by field, a stop at the door, the state of reading."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import FindingField, RecognitionState, TextOrigin
from lian_desk.services.reading_queue.decisions import DecideFinding, DecideFindings, JudgePerson, ReleaseMaterial
from lian_desk.services.reading_queue.jobs import QueueReading
from lian_desk.services.reading_queue.views import FindingView, ReadingView, load_reading_view
from lian_desk.services.rules.citations import place_of
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.forms import FieldSpec, TextField
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.formats import iso_moment
from lian_desk.ui.common.look.page_mark import PageMark
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label, section_title
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.reading.recognition_rows import FindingRow
from lian_desk.ui.materials.viewing.page_viewer import PageViewer

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes
    from lian_desk.services.commands.commands import Command

TABLES = frozenset(
    {"material", "recognition_job", "material_finding", "material_quarantine", "material_page_text", "page_cover"}
)
_LONG = 500
_ROOM = 60
"""Pixels that stay in sight above and below the row with the keyboard."""


class RecognitionSection(QWidget):
    """Stands above the form of a material; knows the viewer only to show places on it.

    Signals:
        said(str): a sentence about what was done.
    """

    said = Signal(str)

    def __init__(self, context: UiContext, viewer: PageViewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._viewer = viewer
        self._wanted: int | None = None
        self._is_closed = False
        self.view: ReadingView | None = None
        self._unexplained: tuple[int, ...] = ()
        self._rows: list[FindingRow] = []
        self._looked: set[int] = set()
        self._chip = Chip()
        self.stop = Notice("", Tone.BROKEN)
        self.release = small_button("解除隔离…", self._ask_release)
        self.notice = Notice("", Tone.RISK)
        self.note = label("", "muted", wrap=True)
        self.again = link_button("识别文字", self._read_again)
        self.upright = link_button("转正页面", self._turn_upright)
        self.confirm_all = small_button("全部确认", self._confirm_all)
        self.excerpt = label("", "secondary", wrap=True)
        self._lay_out()
        context.bus.committed.connect(self._notice_changes)
        self.hide()

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        """The proposals shown, from the top."""
        return tuple(self._rows)

    def show_material(self, material_id: int | None, *, is_closed: bool = False) -> None:
        """Read what is known of a material, and let the queue read it before all others."""
        if material_id != self._wanted:
            self._looked.clear()
        self._wanted = material_id
        self._is_closed = is_closed
        if self._context.recognition is not None:
            self._context.recognition.prefer(material_id)
        if material_id is None:
            self.hide()
            return
        self._read(material_id)

    def _notice_changes(self, changes: "Changes") -> None:
        if self._wanted is not None and changes.touches(TABLES):
            self._read(self._wanted)

    def _read(self, material_id: int) -> None:
        work = partial(load_reading_view, self._context.desk, material_id)
        self._context.runner.read(self, work, partial(self._take, material_id))

    def _take(self, material_id: int, view: ReadingView) -> None:
        if material_id != self._wanted or view == self.view:
            return
        focused = next((row.view.field for row in self._rows if row.hasFocus()), None)
        self.view = view
        self._show_rows(view)
        self._show_stop(view)
        self._show_state(view)
        self.show()
        self._restore_focus(focused)

    # ----------------------------------------------------------------------------------------------------------- rows

    def _show_rows(self, view: ReadingView) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        for finding in view.findings:
            row = FindingRow(finding, is_enabled=not self._is_closed, is_stopped=view.stop is not None)
            row.looked.connect(self._look)
            row.decided.connect(self._decide)
            row.judged.connect(self._judge)
            row.walked.connect(partial(self._walk, row))
            self._rows.append(row)
            self._column.addWidget(row)
            # only what is shown takes the keyboard
            row.show()
        self._show_bundle()

    def _show_bundle(self) -> None:
        open_ones = [row.view for row in self._rows if row.view.is_open and not row.view.needs_judgement]
        unseen = [one for one in open_ones if one.finding_id not in self._looked]
        self.confirm_all.setVisible(bool(open_ones) and not self._is_closed)
        self.confirm_all.setEnabled(bool(open_ones) and not unseen)
        self.confirm_all.setToolTip("逐项看过后可以一次确认" if unseen else "")

    def _look(self, finding: FindingView) -> None:
        self._looked.add(finding.finding_id)
        tone = Tone.RISK if finding.needs_judgement else Tone.ACCENT
        mark = PageMark(finding.page, *finding.box, tone=tone.value, words=f"{phrase(finding.field)}：{finding.shown}")
        self._viewer.show_marks([mark])
        self._viewer.go_to(finding.page)
        self._show_bundle()
        # the rows may just have been laid out anew
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        focused = next((row for row in self._rows if row.hasFocus()), None)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if focused is not None and area is not None:
            area.ensureWidgetVisible(focused, 0, _ROOM)

    def _walk(self, row: FindingRow, step: int) -> None:
        place = self._rows.index(row) + step
        if 0 <= place < len(self._rows):
            self._rows[place].setFocus()

    def _restore_focus(self, field: FindingField | None) -> None:
        """After a decision the keyboard goes on to the next open proposal."""
        if field is None:
            return
        later = [
            row for row in self._rows if list(FindingField).index(row.view.field) >= list(FindingField).index(field)
        ]
        target = next((row for row in later if row.view.is_open), later[0] if later else None)
        if target is not None:
            target.setFocus()

    # ------------------------------------------------------------------------------------------------------ decisions

    def _decide(self, finding: FindingView, value: str) -> None:
        self._run(DecideFinding(command_id=self._context.desk.new_id(), finding_id=finding.finding_id, value=value), "")

    def _confirm_all(self) -> None:
        if self.view is None:
            return
        keys = tuple(row.view.finding_id for row in self._rows if row.view.is_open and not row.view.needs_judgement)
        order = DecideFindings(
            command_id=self._context.desk.new_id(), material_id=self.view.material_id, finding_ids=keys
        )
        self._run(order, "识别结果已确认")

    def _judge(self, finding: FindingView, is_insured: bool) -> None:  # noqa: FBT001 - a slot
        if not is_insured:
            order = JudgePerson(command_id=self._context.desk.new_id(), finding_id=finding.finding_id, is_insured=False)
            self._run(order, "材料已隔离")
            return
        dialog = judgement_dialog(self._context, finding, self)
        dialog.saved.connect(lambda _key: self.said.emit("已记为本人"))
        dialog.open()

    def _ask_release(self) -> None:
        if self.view is not None:
            dialog = release_dialog(self._context, self.view.material_id, self)
            dialog.saved.connect(lambda _key: self.said.emit("已解除隔离"))
            dialog.open()

    def _read_again(self) -> None:
        if self.view is not None:
            order = QueueReading(command_id=self._context.desk.new_id(), material_id=self.view.material_id)
            self._run(order, "已排队识别")

    def _turn_upright(self) -> None:
        if self.view is not None and self.view.turn_wanted:
            self._viewer.turn(self.view.turn_wanted)

    def _run(self, command: "Command", words: str) -> None:
        def done(_outcome: object) -> None:
            self.notice.set_notice("")
            if words:
                self.said.emit(words)

        carry_out(self._context, self, command, done, self._refused)

    def _refused(self, error: BaseException) -> None:
        self.notice.set_notice(sentence(error))

    # ---------------------------------------------------------------------------------------------------------- state

    def show_unexplained(self, numbers: tuple[int, ...]) -> None:
        """Say which pages, as they are numbered here, bear something that no words explain and nobody looked at."""
        self._unexplained = numbers
        if self.view is not None:
            self._show_state(self.view)

    def _show_stop(self, view: ReadingView) -> None:
        stop = view.stop
        self.release.setVisible(stop is not None and not self._is_closed)
        if stop is None:
            self.stop.set_notice("")
            return
        self.stop.set_notice(
            f"已隔离：第 {stop.page + 1} 页的{phrase(stop.field)}不是被保险人本人的（{place_of('R1')}）。"
            f"解除前不能核对、用于服务或提供给医院。{iso_moment(stop.raised_at)}",
            Tone.BROKEN,
        )

    def _show_state(self, view: ReadingView) -> None:
        words, tone = _STATE_CHIPS[view.state] if view.state is not None else ("", Tone.NEUTRAL)
        if view.state is RecognitionState.DONE and view.origin is not None:
            words = phrase(TextOrigin(view.origin))
        self._chip.set_chip(words, tone)
        self.note.setText(" ".join(filter(None, (_note(view), _unexplained(self._unexplained)))))
        self.note.setVisible(bool(self.note.text()))
        may_ask = view.state in {None, RecognitionState.FAILED, RecognitionState.CANCELLED, RecognitionState.DONE}
        self.again.setText(_AGAIN.get(view.state or RecognitionState.QUEUED, "识别文字"))
        self.again.setVisible(may_ask and not self._is_closed and view.page_count > 0)
        self.upright.setVisible(view.turn_wanted != 0 and not self._is_closed)
        self.excerpt.setText(view.excerpt)
        self.excerpt.setVisible(bool(view.excerpt))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(section_title("自动识别"))
        head.addStretch(1)
        head.addWidget(self._chip)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.confirm_all)
        foot.addWidget(self.again)
        foot.addWidget(self.upright)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.stop)
        column.addWidget(self.release)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self.note)
        column.addLayout(self._column)
        column.addWidget(self.excerpt)
        column.addLayout(foot)
        self.stop.set_notice("")
        self.notice.set_notice("")


_STATE_CHIPS = {
    RecognitionState.QUEUED: ("等待识别", Tone.NEUTRAL),
    RecognitionState.PAUSED: ("已暂停", Tone.NEUTRAL),
    RecognitionState.DONE: ("已识别", Tone.INFO),
    RecognitionState.FAILED: ("未能识别", Tone.RISK),
    RecognitionState.CANCELLED: ("已取消", Tone.NEUTRAL),
}
_AGAIN = {RecognitionState.DONE: "重新识别", RecognitionState.FAILED: "重试"}


def _note(view: ReadingView) -> str:
    if view.state is RecognitionState.FAILED:
        return view.failure
    if view.state is RecognitionState.QUEUED:
        if not view.is_allowed:
            return "信息授权核实后自动识别。"
        return f"已读 {view.pages_read}/{view.page_count} 页。" if view.pages_read else "排队中，先读正在看的这一份。"
    if view.state is RecognitionState.DONE and not view.findings:
        return "没有读出类型、日期或姓名；请对照原件手工登记。"
    if view.state is RecognitionState.DONE and any(finding.is_open for finding in view.findings):
        return "识别结果仅供核对，确认后才生效。"
    return ""


def _unexplained(numbers: tuple[int, ...]) -> str:
    pages = "、".join(map(str, numbers))
    return (
        f"第 {pages} 页有没有读懂的地方（手写、印章、照片或条码）；遮盖后提供之前，请先用「手工遮盖」看一遍。"
        if pages
        else ""
    )


def judgement_dialog(context: UiContext, finding: FindingView, parent: QWidget) -> CommandDialog:
    """Return 是本人: why a name or number that differs is the insured's all the same."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return JudgePerson(
            command_id=command_id, finding_id=finding.finding_id, is_insured=True, reason=values["reason"]
        )

    title = f"{phrase(finding.field)}不尽相同，确认是本人"
    dialog = CommandDialog(context, title, primary="确认是本人", make=make, width=520, parent=parent)
    dialog.form.add_widget(Notice("服务仅限被保险人本人使用。请对照原件，写明依据；会记入档案。", Tone.RISK))
    placeholder = "例如：曾用名，户口簿已核对；生僻字打印不全；证件号码一致"
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="依据", placeholder=placeholder, most=_LONG)))
    return dialog.ready()


def release_dialog(context: UiContext, material_id: int, parent: QWidget) -> CommandDialog:
    """Return 解除隔离: why a stopped material is the insured's after all."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return ReleaseMaterial(command_id=command_id, material_id=material_id, reason=values["reason"])

    dialog = CommandDialog(context, "解除材料隔离", primary="解除隔离", make=make, width=520, parent=parent)
    words = "解除后仍要核对才能用于服务。不是本人的材料请移入回收站，不要解除。"
    dialog.form.add_widget(Notice(words, Tone.RISK))
    placeholder = "例如：已与客户核实为改名前姓名，户口簿已核对"
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="依据", placeholder=placeholder, most=_LONG)))
    return dialog.ready()
