"""就诊资料包: pick pages across the materials of a file, see the pack as it will leave, export it (R21)."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from lian_desk.adapters.rendering.renderer import BytesSource
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.assistance_files.assistance_files import RecordReveal
from lian_desk.services.commands.changes import Changes
from lian_desk.services.covering.page_covers import CoverState
from lian_desk.services.papers.issuing import IssuedPaper, issue, preview
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.papers.pack_choices import PackChoices, load_pack_choices
from lian_desk.services.reading_queue.jobs import QueueReading
from lian_desk.ui.common.forms.folder_field import FolderField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import ChoiceField, FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import open_found
from lian_desk.ui.papers.page_images import PaperPages
from lian_desk.ui.papers.page_picker import PagePicker
from lian_desk.ui.papers.paper_form import documents_folder
from lian_desk.ui.papers.preview import PaperPreview

_FORM_WIDTH: Final = 360
_SETTLE_MS: Final = 350
_NO_AUTHORIZATION: Final = "没有核实有效的信息授权：可以选页和预览，不能导出（R19）。"
_COVERED: Final = "自动遮盖读出的姓名、号码、电话与住址；有手写、印章、照片或条码的页要先在材料里「手工遮盖」并确认。导出前请在预览里逐页核对。"
_READ_ANEW: Final = "这些页是用以前的方法识别的，已排队重新识别；识别完会自动更新预览。"


class PackDialog(FormDialog):
    """The pack of one file. ``saved`` carries the :class:`IssuedPaper`."""

    def __init__(self, context: UiContext, choices: PackChoices, parent: QWidget | None = None) -> None:
        title = f"就诊资料包 · {choices.insured_name} · {choices.file_number}"
        super().__init__(title, primary="导出 PDF", width=1180, parent=parent)
        self._context = context
        self._choices = choices
        self._renderer = context.desk.renderer
        self._generation = 0
        self._previewed: ExportOrder | None = None
        self._looked: set[MaskingLevel] = set()
        self._queued: set[int] = set()
        self.picker = PagePicker(context)
        self.preview = PaperPreview(context)
        self.tabs = QTabWidget()
        self.count = label("", "muted", wrap=True)
        self.covered = label(_COVERED, "muted", wrap=True)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh_preview)
        self._build()
        self.picker.pages.set_pages(choices.pages)
        self.picker.pages.picked.connect(self._picked)
        self.form.edited.connect(self._edited)
        context.bus.committed.connect(self._notice)
        self.tabs.currentChanged.connect(lambda _tab: self.refresh_preview())
        self.finished.connect(self.preview.let_go)
        self.resize(1180, 800)
        self._picked()
        if not choices.is_authorized:
            self.show_banner(_NO_AUTHORIZATION, Tone.RISK)

    @property
    def masking(self) -> MaskingLevel:
        """For whose eyes the pack is, as chosen."""
        return MaskingLevel(self.form.fields["masking"].raw() or MaskingLevel.HOSPITAL)

    def order(self) -> ExportOrder:
        """Return what stands in the form; unreadable fields count as empty."""
        return ExportOrder(
            kind=DocumentKind.DISCLOSURE_PACK,
            file_id=self._choices.file_id,
            masking=self.masking,
            recipient=self._quiet("recipient"),
            purpose=self._quiet("purpose"),
            pages=self.picker.pages.given,
        )

    def refresh_preview(self) -> None:
        """Draw the pack anew while its tab is in front."""
        self._settle.stop()
        if self.tabs.currentWidget() is not self.preview:
            return
        order = self.order()
        if order == self._previewed:
            return
        self._generation += 1
        if not order.pages:
            self._previewed = None
            self.preview.say("先在“选页”里选要提供的页面。")
            return
        self._previewed = order
        self.preview.say("正在生成预览…")
        # showing clear data is an audited act, hence a write; once for each reader while the dialog is open
        is_look = order.masking is not MaskingLevel.INTERNAL and order.masking not in self._looked
        self._looked.add(order.masking)
        lane = self._context.runner.write if is_look else self._context.runner.read
        work = partial(self._draw, order, is_look=is_look)
        lane(self, work, partial(self._show_preview, self._generation), partial(self._not_drawn, self._generation))

    def submit(self, values: dict[str, Any]) -> None:
        """Override: issue the pack and write it."""
        order = self.order()
        if not order.pages:
            self._set_busy(False)
            self.tabs.setCurrentIndex(0)
            self.show_banner("还没有选页面；只提供用得着的页（R21）。", Tone.RISK)
            return
        work = partial(self._issue, order, Path(values["folder"]))
        self._context.runner.write(self, work, self._exported, self.refuse)

    # ------------------------------------------------------------------------------------------------------- inside

    def _draw(self, order: ExportOrder, *, is_look: bool) -> tuple[PaperPages, int]:
        desk = self._context.desk
        if is_look and order.file_id is not None:
            desk.execute(RecordReveal(command_id=desk.new_id(), assistance_file_id=order.file_id, what="paper"))
        content, drawn = preview(desk, order)
        return PaperPages(self._renderer, BytesSource(drawn.sha256, content)), drawn.page_count

    def _show_preview(self, generation: int, found: tuple[PaperPages, int]) -> None:
        if generation == self._generation:
            self.preview.show_pages(*found)

    def _not_drawn(self, generation: int, error: BaseException) -> None:
        if generation == self._generation:
            self._previewed = None
            self.preview.say(_READ_ANEW if self._read_anew(error) else sentence(error))

    def _read_anew(self, error: BaseException) -> bool:
        """Queue what was read in an earlier way, once while the dialog is open; False when that is not the reason."""
        if not isinstance(error, RuleViolation) or error.code is not ErrorCode.PAGES_READ_ANEW:
            return False
        wanted = {page.material_id for page in self.picker.pages.chosen if page.cover is CoverState.OUTDATED}
        for key in sorted(wanted - self._queued):
            command = QueueReading(command_id=self._context.desk.new_id(), material_id=key)
            carry_out(self._context, self, command, _nothing, self.refuse)
        self._queued |= wanted
        return True

    def _notice(self, changes: Changes) -> None:
        """Pages were read, or covered by hand: what could not be shown may be shown now."""
        if changes.touches(("material_page_text", "page_cover")):
            self._previewed = None
            self._settle.start()

    def _issue(self, order: ExportOrder, folder: Path) -> IssuedPaper:
        paper = issue(self._context.desk, order, folder)
        for changes in paper.changes:
            self._context.bus.arrived.emit(changes)
        return paper

    def _exported(self, paper: IssuedPaper) -> None:
        self._set_busy(False)
        self._generation += 1
        pages = PaperPages(self._renderer, BytesSource(paper.drawn.sha256, paper.content))
        self.tabs.setCurrentWidget(self.preview)
        self._previewed = self.order()
        self.preview.show_pages(pages, paper.drawn.page_count)
        folder = Path(self.form.fields["folder"].raw())
        self.show_banner(f"已导出 {paper.number}，并记入信息提供记录：{folder / paper.file_name}", Tone.KEPT)
        self.saved.emit(paper)

    def _picked(self) -> None:
        chosen = self.picker.pages.chosen
        papers = len({page.material_id for page in chosen})
        words = f"已选 {papers} 份材料的 {len(chosen)} 页" if chosen else "还没有选页面"
        if self._choices.withheld:
            words += f"；不能提供：{'、'.join(self._choices.withheld)}"
        self.count.setText(words)
        self._settle.start()

    def _edited(self) -> None:
        super()._edited()
        self._dirty = False
        self.covered.setVisible(self.masking is MaskingLevel.INTERNAL)
        self._settle.start()

    def _quiet(self, name: str) -> str:
        try:
            return str(self.form.fields[name].value() or "")
        except FieldProblem:
            return ""

    def _build(self) -> None:
        why = "谁拿到了哪些页、为什么，记入信息提供记录（R21）。"
        self.form.add_row(LineField(FieldSpec(name="recipient", label="交给哪家医院、哪个科室", why=why, most=200)))
        self.form.add_row(
            LineField(FieldSpec(name="purpose", label="用途", placeholder="例如：预约专家门诊", most=200))
        )
        levels = [
            FilterChoice(MaskingLevel.HOSPITAL.value, "不遮盖（医院核对身份）"),
            FilterChoice(MaskingLevel.INTERNAL.value, "遮盖姓名与号码"),
        ]
        self.form.add_row(ChoiceField(FieldSpec(name="masking", label="页面"), levels))
        self.form.add_widget(self.covered)
        self.covered.hide()
        self.form.add_row(FolderField(FieldSpec(name="folder", label="保存到", why="文件名只含档案号与编号。")))
        self.form.set_values({"masking": MaskingLevel.HOSPITAL.value, "folder": documents_folder()})
        self.form.add_widget(self.count)
        back = QWidget()
        row = QHBoxLayout(back)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(link_button("全部放回", self.picker.pages.clear))
        row.addStretch(1)
        self.form.add_widget(back)
        self.cancel.setText("关闭")
        picking = QWidget()
        column = QVBoxLayout(picking)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(label("点一页选取，再点放回；按 A 选取同一份材料的所有页。", "muted"))
        column.addWidget(self.picker, 1)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(picking, "选页")
        self.tabs.addTab(self.preview, "预览")
        self.area.setFixedWidth(_FORM_WIDTH)
        self.middle.setContentsMargins(0, 0, 24, 12)
        self.middle.setSpacing(14)
        self.middle.addWidget(self.tabs, 1)


def _nothing(_done: object) -> None:
    """A wish is written down: there is nothing more to do."""


def open_pack(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open the pack of the file with key ``subject``."""
    work = partial(load_pack_choices, context.desk, subject)
    open_found(context, parent, work, lambda choices: PackDialog(context, choices, parent.window()))
