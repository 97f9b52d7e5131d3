"""导出: preview of a paper, for whose eyes, what for, where to; export and print are numbered and audited."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from lian_desk.adapters.drawing.paper_signature import can_sign
from lian_desk.adapters.drawing.printing import DrawnDocument
from lian_desk.adapters.rendering.renderer import BytesSource
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.assistance_files.assistance_files import RecordReveal
from lian_desk.services.papers.choices import PaperChoices, load_paper_choices
from lian_desk.services.papers.issuing import IssuedPaper, RecordPrint, issue, preview
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.papers.register import PaperCheck, Verdict, check_paper
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers.page_images import PaperPages
from lian_desk.ui.papers.paper_form import PaperForm
from lian_desk.ui.papers.preview import PaperPreview
from lian_desk.ui.papers.printing import AskPrinter, PrintJob, a4_printer, ask_printer

_SETTLE_MS: Final = 250
_FORM_WIDTH: Final = 400
_UNSIGNED: Final = "没有安装签名组件（seal）：文书不带电子签名，仍可按校验值核对。"
PRINTER_REFUSED: Final = "打印机没有接受这份文件；请检查打印机后，在「已签发」里再打印，内容与编号不变。"


def ask_file(parent: QWidget) -> Path | None:
    """Let the user choose a PDF; None when cancelled."""
    chosen, _filter = QFileDialog.getOpenFileName(parent, "校验记录", "", "PDF (*.pdf)")
    return Path(chosen) if chosen else None


class ExportDialog(FormDialog):
    """One paper of one file, or of the team for ``file_id`` None.

    The preview follows the choices; 导出 writes, 打印 prints, both issue a numbered paper. ``saved`` carries the
    :class:`IssuedPaper` of the last export.
    """

    def __init__(
        self, context: UiContext, kind: DocumentKind, file_id: int | None, parent: QWidget | None = None
    ) -> None:
        super().__init__("导出文书", primary="导出 PDF", width=1120, parent=parent)
        self._context = context
        self._file_id = file_id
        self._renderer = context.desk.renderer
        self._generation = 0
        self._previewed: ExportOrder | None = None
        self._looked: set[MaskingLevel] = set()
        self._page_count = 0
        self._job: PrintJob | None = None
        self.ask_printer: AskPrinter = ask_printer
        self.ask_file: Callable[[QWidget], Path | None] = ask_file
        self.preview = PaperPreview(context)
        self.paper = PaperForm(self.form, kind, file_id)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh_preview)
        self._build()
        self.form.edited.connect(self._edited_choice)
        self.finished.connect(self.preview.let_go)
        self._name_window()
        self.resize(1120, 800)
        self.refresh_preview()
        context.runner.read(self, partial(load_paper_choices, context.desk, file_id), self._take_choices, self.refuse)

    # --------------------------------------------------------------------------------------------------- choices

    def choose(self, *, subject_id: int | None = None, corrects_id: int | None = None) -> None:
        """Choose a booking, a note, or the paper that is to be corrected."""
        self.paper.want(subject_id=subject_id, corrects_id=corrects_id)

    def show_kind(self, kind: DocumentKind) -> None:
        """Go over to another kind of paper, as if chosen in the form."""
        self.form.fields["kind"].set_value(kind)
        self._edited_choice()

    def refresh_preview(self) -> None:
        """Draw the paper anew for the choices that stand in the form; incomplete ones are named instead."""
        self._settle.stop()
        missing = self.paper.missing_subject
        order = self.paper.draft_order()
        if order == self._previewed and not missing:
            return
        self._generation += 1
        # what was said of another paper does not stand under this one
        self.show_banner("")
        if missing:
            self._previewed = None
            self.preview.say(missing)
            return
        self._previewed = order
        # showing clear data is an audited act, hence a write; once for each reader while the dialog is open
        is_look = order.masking is not MaskingLevel.INTERNAL and order.masking not in self._looked
        self._looked.add(order.masking)
        lane = self._context.runner.write if is_look else self._context.runner.read
        work = partial(self._draw, order, is_look=is_look)
        lane(self, work, partial(self._show_preview, self._generation), self.preview.fail)

    def _draw(self, order: ExportOrder, *, is_look: bool) -> tuple[PaperPages, int, DrawnDocument]:
        desk = self._context.desk
        if is_look and order.file_id is not None:
            desk.execute(RecordReveal(command_id=desk.new_id(), assistance_file_id=order.file_id, what="paper"))
        content, drawn = preview(desk, order)
        return PaperPages(self._renderer, BytesSource(drawn.sha256, content)), drawn.page_count, drawn

    def _show_preview(self, generation: int, found: tuple[PaperPages, int, DrawnDocument]) -> None:
        if generation != self._generation:
            return
        pages, count, drawn = found
        self._page_count = count
        self.preview.show_pages(pages, count)
        replaced = "、".join(f"U+{item.code_point:04X}" for item in drawn.replaced if item.shown_as)
        if replaced:
            self.show_banner(f"有字体中没有的字符，纸面上以编码代替：{replaced}。", Tone.RISK)

    def _take_choices(self, choices: PaperChoices) -> None:
        self.paper.show_choices(choices)
        self.refresh_preview()

    def _edited_choice(self) -> None:
        self._dirty = False
        if self.paper.follow_kind():
            self._name_window()
        self.paper.follow_choices()
        self.form.fields["purpose"].show_error("")
        # letters that are typed settle first; a choice shows at once
        if self.focusWidget() is self.form.fields["recipient"].input:
            self._settle.start()
        else:
            self.refresh_preview()

    def _name_window(self) -> None:
        self.setWindowTitle(f"导出{phrase(self.paper.kind)}")

    # ---------------------------------------------------------------------------------------------------- export

    def submit(self, values: dict[str, Any]) -> None:
        """Override: issue the paper and write it."""
        if not self._accepts(values):
            return
        work = partial(self._issue, self.paper.order(values), Path(values["folder"]))
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
        # what was corrected just now is not offered again, what was issued is
        read = partial(load_paper_choices, self._context.desk, self._file_id)
        self._context.runner.read(self, read, self.paper.show_choices, self.refuse)

    def _accepts(self, values: dict[str, Any]) -> bool:
        wrong = self.paper.fault(values)
        if wrong is None and self.paper.missing_subject:
            wrong = ("subject", self.paper.missing_subject)
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
        if not self.ask_printer(printer, self, self._page_count):
            return
        self._set_busy(True)
        work = partial(self._issue, self.paper.order(values), None)
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
        self.show_banner(PRINTER_REFUSED if isinstance(error, OSError) else sentence(error))

    # ---------------------------------------------------------------------------------------------------- verify

    def verify(self) -> None:
        """Choose a PDF and tell which issued paper it is, byte for byte."""
        path = self.ask_file(self)
        if path is not None:
            work = partial(check_paper, self._context.desk, path)
            self._context.runner.read(self, work, self._show_verdict, self._show_unreadable)

    def _show_verdict(self, check: PaperCheck) -> None:
        tone = Tone.KEPT if check.verdict is Verdict.UNCHANGED else Tone.BROKEN
        if check.fact is not None and check.fact.corrected_by and tone is Tone.KEPT:
            tone = Tone.RISK
        self.show_banner("".join(check.sentences), tone)

    def _show_unreadable(self, error: BaseException) -> None:
        self.show_banner(sentence(error))

    # ---------------------------------------------------------------------------------------------------- layout

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - the setter of a state
        super()._set_busy(busy)
        self.print_button.setEnabled(not busy)

    def _build(self) -> None:
        self.print_button = SecondaryButton("打印…", self.print_paper)
        self.foot.insertWidget(self.foot.indexOf(self.cancel) + 1, self.print_button)
        self.verify_button = SecondaryButton("校验记录…", self.verify)
        self.verify_button.setToolTip("选择一份 PDF，核对它是否由本工作区签发、内容是否被改动")
        self.foot.insertWidget(0, self.verify_button)
        self.cancel.setText("关闭")
        if not can_sign():
            self.form.add_widget(label(_UNSIGNED, "muted", wrap=True))
        self.area.setFixedWidth(_FORM_WIDTH)
        self.middle.setContentsMargins(0, 0, 24, 12)
        self.middle.addWidget(self.preview, 1)
