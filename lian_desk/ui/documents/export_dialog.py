"""导出: preview of a paper, masked or not, for what, where to; export and print are numbered and audited."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services import formats
from lian_desk.services.assistance_files import RecordReveal
from lian_desk.services.documents.printing import DrawnDocument
from lian_desk.services.issued_documents import (
    ExportOrder,
    IssuedFact,
    IssuedPaper,
    RecordPrint,
    issue,
    preview,
    verify_paper,
)
from lian_desk.services.rendering.renderer import BytesSource, Renderer
from lian_desk.services.wording import phrase
from lian_desk.ui.common.buttons import SecondaryButton
from lian_desk.ui.common.chips import FilterChoice
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.form_dialog import FormDialog
from lian_desk.ui.common.forms import ChoiceField, DateField, FieldSpec, LineField
from lian_desk.ui.common.sentences import sentence
from lian_desk.ui.common.tokens import Tone
from lian_desk.ui.documents.folder_field import FolderField
from lian_desk.ui.documents.page_images import PaperPages
from lian_desk.ui.documents.preview import PaperPreview
from lian_desk.ui.documents.printing import PrintJob, a4_printer

_MASKED: Final = "masked"
_OPEN: Final = "open"

AskPrinter = Callable[[QPrinter, QWidget], bool]


def ask_printer(printer: QPrinter, parent: QWidget) -> bool:
    """Let the user choose printer and pages; False when cancelled."""
    return QPrintDialog(printer, parent).exec() == QDialog.DialogCode.Accepted


def ask_file(parent: QWidget) -> Path | None:
    """Let the user choose a PDF; None when cancelled."""
    chosen, _filter = QFileDialog.getOpenFileName(parent, "校验记录", "", "PDF (*.pdf)")
    return Path(chosen) if chosen else None


class ExportDialog(FormDialog):
    """One paper of one file. The preview follows the choices; 导出 writes, 打印 prints, both issue a numbered paper.

    ``saved`` carries the :class:`IssuedPaper` of the last export.
    """

    def __init__(self, context: UiContext, kind: DocumentKind, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(f"导出{phrase(kind)}", primary="导出 PDF", width=1080, parent=parent)
        self._context = context
        self._kind = kind
        self._file_id = file_id
        self._renderer = Renderer()
        self._generation = 0
        self._previewed: ExportOrder | None = None
        self._job: PrintJob | None = None
        self.ask_printer: AskPrinter = ask_printer
        self.ask_file: Callable[[QWidget], Path | None] = ask_file
        self.preview = PaperPreview(context)
        self.print_button = SecondaryButton("打印…", self.print_paper)
        self.foot.insertWidget(self.foot.indexOf(self.cancel) + 1, self.print_button)
        self.verify_button = SecondaryButton("校验记录…", self.verify)
        self.verify_button.setToolTip("选择一份 PDF，核对它是否由本工作区签发、内容是否被改动")
        self.foot.insertWidget(0, self.verify_button)
        self.cancel.setText("关闭")
        self._build_form()
        self.area.setFixedWidth(360)
        self.middle.setContentsMargins(0, 0, 24, 12)
        self.middle.addWidget(self.preview, 1)
        self.form.edited.connect(self._edited_choice)
        self.finished.connect(self._end_renderer)
        self.resize(1080, 780)
        self.refresh_preview()

    # --------------------------------------------------------------------------------------------------- choices

    def order(self, values: dict[str, Any]) -> ExportOrder:
        """Return what the form asks for."""
        first, last = values.get("period_from"), values.get("period_to")
        return ExportOrder(
            kind=self._kind,
            file_id=self._file_id,
            masked=values["masking"] == _MASKED,
            purpose=values.get("purpose") or "",
            period=(first, last) if first is not None and last is not None else None,
        )

    def refresh_preview(self) -> None:
        """Draw the paper anew for the choices that stand in the form; incomplete ones leave the old preview."""
        masked = self.form.fields["masking"].raw() != _OPEN
        order = ExportOrder(kind=self._kind, file_id=self._file_id, masked=masked, period=self._period())
        if order == self._previewed:
            return
        self._previewed = order
        self._generation += 1
        work = partial(self._draw, order)
        # showing clear data is an audited act, hence a write
        lane = self._context.runner.read if masked else self._context.runner.write
        lane(self, work, partial(self._show_preview, self._generation), self.preview.fail)

    def _period(self) -> Any:
        if self._kind is not DocumentKind.FOLLOW_UP_RECORD:
            return None
        try:
            first = self.form.fields["period_from"].value()
            last = self.form.fields["period_to"].value()
        except ValueError:
            return None
        return (first, last) if first is not None and last is not None and first <= last else None

    def _draw(self, order: ExportOrder) -> tuple[PaperPages, int, DrawnDocument]:
        desk = self._context.desk
        if not order.masked:
            desk.execute(RecordReveal(command_id=desk.new_id(), assistance_file_id=order.file_id, what="paper"))
        content, drawn = preview(desk, order)
        return PaperPages(self._renderer, BytesSource(drawn.sha256, content)), drawn.page_count, drawn

    def _show_preview(self, generation: int, found: tuple[PaperPages, int, DrawnDocument]) -> None:
        if generation != self._generation:
            return
        pages, count, drawn = found
        self.preview.show_pages(pages, count)
        replaced = "、".join(f"U+{item.code_point:04X}" for item in drawn.replaced if item.shown_as)
        if replaced:
            self.show_banner(f"有字体中没有的字符，纸面上以编码代替：{replaced}。", Tone.RISK)

    def _edited_choice(self) -> None:
        self._dirty = False
        self.form.fields["purpose"].show_error("")
        self.refresh_preview()

    # ---------------------------------------------------------------------------------------------------- export

    def submit(self, values: dict[str, Any]) -> None:
        """Override: issue the paper and write it."""
        if not self._accepts(values):
            return
        work = partial(self._issue, self.order(values), Path(values["folder"]))
        self._context.runner.write(self, work, self._exported, self.refuse)

    def _issue(self, order: ExportOrder, target: Path | None) -> IssuedPaper:
        paper = issue(self._context.desk, order, target)
        for changes in paper.changes:
            self._context.bus.arrived.emit(changes)
        return paper

    def _exported(self, paper: IssuedPaper) -> None:
        self._set_busy(False)
        folder = Path(self.form.fields["folder"].raw())
        self.show_banner(f"已导出 {paper.number}：{folder / paper.file_name}", Tone.KEPT)
        self._show_issued(paper)
        self.saved.emit(paper)

    def _show_issued(self, paper: IssuedPaper) -> None:
        self._generation += 1
        self._previewed = None
        pages = PaperPages(self._renderer, BytesSource(paper.drawn.sha256, paper.content))
        self.preview.show_pages(pages, paper.drawn.page_count)

    def _accepts(self, values: dict[str, Any]) -> bool:
        first, last = values.get("period_from"), values.get("period_to")
        wrong = None
        if (first is None) != (last is None):
            wrong = ("period_to" if last is None else "period_from", "起止日期请一起填写，或都留空。")
        elif first is not None and last is not None and last < first:
            wrong = ("period_to", "止日早于起日，请核对。")
        elif values["masking"] == _OPEN and not values.get("purpose"):
            wrong = ("purpose", "导出未遮盖的个人信息，请写明用途或交给谁（R90）。")
        if wrong is not None:
            self._set_busy(False)
            self.form.show_error(*wrong)
        return wrong is None

    # ----------------------------------------------------------------------------------------------------- print

    def print_paper(self) -> None:
        """Choose a printer, issue the paper and print it."""
        if self.is_busy:
            return
        values = self.form.values()
        if values is None or not self._accepts(values):
            return
        printer = a4_printer()
        if not self.ask_printer(printer, self):
            return
        self._set_busy(True)
        work = partial(self._issue, self.order(values), None)
        self._context.runner.write(self, work, partial(self._send, printer), self.refuse)

    def _send(self, printer: QPrinter, paper: IssuedPaper) -> None:
        self._show_issued(paper)
        pages = PaperPages(self._renderer, BytesSource(paper.drawn.sha256, paper.content))
        job = PrintJob(self._context, pages, paper.drawn.page_count, printer, self)
        job.progressed.connect(self._tell_progress)
        job.failed.connect(self._not_printed)
        job.finished.connect(partial(self._printed, paper, max(printer.copyCount(), 1)))
        self._job = job
        job.start()

    def _tell_progress(self, sent: int, total: int) -> None:
        self.show_banner(f"正在打印 {sent} / {total} 页…", Tone.INFO)

    def _printed(self, paper: IssuedPaper, copies: int) -> None:
        command = RecordPrint(command_id=self._context.desk.new_id(), issued_document_id=paper.key, copies=copies)
        carry_out(self._context, self, command, lambda _outcome: self._set_busy(False), self.refuse)
        self.show_banner(f"已送打印机：{paper.number}", Tone.KEPT)
        self.saved.emit(paper)

    def _not_printed(self, error: BaseException) -> None:
        self._set_busy(False)
        words = "打印机没有接受这份文件；请检查打印机后重试，编号不会重复使用。"
        self.show_banner(words if isinstance(error, OSError) else sentence(error))

    # ---------------------------------------------------------------------------------------------------- verify

    def verify(self) -> None:
        """Choose a PDF and tell which issued paper it is, byte for byte."""
        path = self.ask_file(self)
        if path is not None:
            work = partial(verify_paper, self._context.desk, path)
            self._context.runner.read(self, work, self._show_verdict, self._show_unreadable)

    def _show_verdict(self, fact: IssuedFact | None) -> None:
        if fact is None:
            self.show_banner("不是本工作区签发的文件，或内容已被改动。", Tone.BROKEN)
        else:
            issued = formats.iso_moment(fact.issued_at)
            self.show_banner(f"与签发时一致：{fact.number} · 档案 {fact.file_number} · {issued} 签发", Tone.KEPT)

    def _show_unreadable(self, error: BaseException) -> None:
        self.show_banner(sentence(error))

    # ---------------------------------------------------------------------------------------------------- layout

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - the setter of a state
        super()._set_busy(busy)
        self.print_button.setEnabled(not busy)

    def _build_form(self) -> None:
        form = self.form
        form.add_row(
            ChoiceField(
                FieldSpec(name="masking", label="个人信息"),
                [FilterChoice(_MASKED, "遮盖"), FilterChoice(_OPEN, "不遮盖")],
            )
        )
        form.add_row(
            LineField(
                FieldSpec(
                    name="purpose",
                    label="用途或交给谁",
                    optional=True,
                    placeholder="例如：交被保险人、归档",
                    why="与导出一起记入操作记录；不遮盖时必填。",
                    most=200,
                )
            )
        )
        if self._kind is DocumentKind.FOLLOW_UP_RECORD:
            form.add_row(DateField(FieldSpec(name="period_from", label="期间起", optional=True, placeholder="建档日")))
            form.add_row(DateField(FieldSpec(name="period_to", label="期间止", optional=True, placeholder="今日")))
        form.add_row(FolderField(FieldSpec(name="folder", label="保存到", why="文件名只含档案号与记录编号。")))
        form.set_values({"masking": _MASKED, "folder": _documents_folder()})

    def _end_renderer(self) -> None:
        # a page may just be in the making: the child ends when that is done, not under it
        self._context.runner.read(self._context.runner, self._renderer.close, _nothing)


def _documents_folder() -> str:
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return str(folder if folder.is_dir() else Path.home())


def _nothing(_closed: None) -> None:
    """The child has ended."""


def open_export_record(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open the dialog for the 随访记录 of the file ``subject``."""
    _open(context, parent, DocumentKind.FOLLOW_UP_RECORD, subject)


def open_export_summary(context: UiContext, parent: QWidget, subject: object) -> None:
    """Open the dialog for the 个案摘要 of the file ``subject``."""
    _open(context, parent, DocumentKind.FILE_SUMMARY, subject)


def _open(context: UiContext, parent: QWidget, kind: DocumentKind, subject: object) -> None:
    if not isinstance(subject, int):
        message = "an assistance file is named by its key"
        raise TypeError(message)
    ExportDialog(context, kind, subject, parent.window()).open()
