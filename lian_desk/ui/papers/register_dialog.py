"""校验记录: was this PDF issued here and is it unchanged; and the register of issued papers, to print or save again."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.adapters.drawing.delivery import deliver
from lian_desk.adapters.drawing.paper_signature import certificate_of
from lian_desk.adapters.rendering.renderer import BytesSource
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.issued_documents import IssuedDocumentSource, IssuedRow
from lian_desk.services.papers.issuing import RecordPrint, fetch_issued, signer_of
from lian_desk.services.papers.register import PaperCheck, Verdict, check_paper
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.cards import Card, Notice
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers.export_dialog import PRINTER_REFUSED, ExportDialog
from lian_desk.ui.papers.page_images import PaperPages
from lian_desk.ui.papers.printing import AskPrinter, PrintJob, a4_printer, ask_printer

_PDF: Final = "PDF (*.pdf)"
_HINT: Final = "把 PDF 拖到这里，或选择文件：说明它是否由本工作区签发、签发后有没有改动、有没有被更正。"


def register_columns() -> tuple[Column, ...]:
    """Return the columns of the register."""
    return (
        Column("编号", text=lambda row: row.number, width=170, kind=ColumnKind.NAME),
        Column("文书", text=lambda row: phrase(row.kind), width=140),
        Column("档案", text=lambda row: row.file_number or "团队", width=150),
        Column("给谁看", text=lambda row: phrase(row.masking), width=96, kind=ColumnKind.SECONDARY),
        Column("签发", text=lambda row: formats.iso_moment(row.issued_at), width=136),
        Column("页", text=lambda row: str(row.page_count), width=44, kind=ColumnKind.NUMBER),
        Column("状态", chips=_state, width=170, kind=ColumnKind.CHIP),
        Column("交给与用途", text=lambda row: row.reason, width=160, kind=ColumnKind.SECONDARY, stretch=True),
    )


def _state(row: IssuedRow) -> list[ChipText]:
    chips = [ChipText("已签名", Tone.KEPT)] if row.is_signed else []
    if row.corrected_by:
        chips.append(ChipText("已被更正", Tone.RISK))
    elif row.corrects:
        chips.append(ChipText("更正件", Tone.INFO))
    return chips


class RegisterDialog(QDialog):
    """Check a file, and every issued paper with its frozen copy: printed again it is the same to the byte."""

    def __init__(self, context: UiContext, file_id: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("校验记录")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._context = context
        self._renderer = context.desk.renderer
        self._job: PrintJob | None = None
        self.ask_printer: AskPrinter = ask_printer
        self.ask_target: Callable[[QWidget, str], Path | None] = _ask_target
        self.verdict = Notice("", Tone.INFO)
        self.verdict.hide()
        query = ListQuery().with_filter("file", file_id) if file_id is not None else ListQuery()
        self.list = RecordList(
            context,
            ListSpec(
                source=IssuedDocumentSource(context.desk),
                columns=register_columns(),
                spoken="已签发文书",
                empty=EmptyWords("还没有签发过文书", "在档案里导出或打印文书后，这里会列出编号、签发时间和更正关系。"),
                placeholder="文书编号 / 档案号",
                query=query,
                name="issued_documents",
            ),
        )
        self.check_button = PrimaryButton("选择 PDF…", self.choose_file)
        self.print_button = SecondaryButton("再打印…", self.print_again)
        self.save_button = SecondaryButton("另存副本…", self.save_again)
        self.correct_button = SecondaryButton("更正…", self.correct)
        self.list.current_row_changed.connect(self._allow)
        self._lay_out()
        self._allow(None)
        self.resize(1080, 680)

    # ----------------------------------------------------------------------------------------------------- check

    def choose_file(self) -> None:
        """Ask for a PDF and check it."""
        chosen, _filter = QFileDialog.getOpenFileName(self, "校验记录", "", _PDF)
        if chosen:
            self.check(Path(chosen))

    def check(self, path: Path) -> None:
        """Tell which issued paper the file is."""
        work = partial(check_paper, self._context.desk, path)
        self._context.runner.read(self, work, self._show_check, self._show_problem)

    def _show_check(self, check: PaperCheck) -> None:
        tone = {Verdict.UNCHANGED: Tone.KEPT, Verdict.CHANGED: Tone.BROKEN, Verdict.UNKNOWN: Tone.RISK}[check.verdict]
        if tone is Tone.KEPT and check.fact is not None and check.fact.corrected_by:
            tone = Tone.RISK
        self.verdict.set_notice("\n".join(check.sentences), tone)
        if check.fact is not None:
            self.list.search(check.fact.number)

    def _show_problem(self, error: BaseException) -> None:
        self.verdict.set_notice(sentence(error), Tone.BROKEN)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: one file is welcome."""
        if _dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: check what was dropped."""
        path = _dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.check(path)

    # -------------------------------------------------------------------------------------------------- once more

    def print_again(self) -> None:
        """Print the frozen copy of the chosen paper."""
        row = self._row()
        if row is None:
            return
        printer = a4_printer()
        if self.ask_printer(printer, self, row.page_count):
            work = partial(fetch_issued, self._context.desk, row.key)
            self._context.runner.read(self, work, partial(self._send, printer, row), self._show_problem)

    def _send(self, printer: QPrinter, row: IssuedRow, content: bytes) -> None:
        pages = PaperPages(self._renderer, BytesSource(row.number, content))
        job = self._job = PrintJob(self._context, pages, row.page_count, printer, self)
        job.progressed.connect(lambda sent, total: self.verdict.set_notice(f"正在打印 {sent} / {total} 页…", Tone.INFO))
        job.failed.connect(self._not_printed)
        job.ended.connect(partial(self._forget, pages))
        job.finished.connect(partial(self._printed, row, max(printer.copyCount(), 1)))
        job.start()

    def _printed(self, row: IssuedRow, copies: int) -> None:
        command = RecordPrint(command_id=self._context.desk.new_id(), issued_document_id=row.key, copies=copies)
        told = partial(self.verdict.set_notice, f"已送打印机：{row.number}", Tone.KEPT)
        carry_out(self._context, self, command, lambda _outcome: told(), self._show_problem)

    def _forget(self, pages: PaperPages) -> None:
        self._context.runner.read(self._context.runner, pages.close, _nothing)

    def _not_printed(self, error: BaseException) -> None:
        self.verdict.set_notice(PRINTER_REFUSED if isinstance(error, OSError) else sentence(error), Tone.BROKEN)

    def save_again(self) -> None:
        """Write the frozen copy of the chosen paper, the same to the byte."""
        row = self._row()
        if row is None:
            return
        target = self.ask_target(self, "_".join(part for part in (row.file_number, row.number) if part) + ".pdf")
        if target is None:
            return
        desk = self._context.desk
        told = partial(self.verdict.set_notice, f"已另存 {row.number}：{target}", Tone.KEPT)
        work = partial(_save, lambda: fetch_issued(desk, row.key), target)
        self._context.runner.read(self, work, lambda _nothing: told(), self._show_problem)

    def correct(self) -> None:
        """Open the form of a paper that corrects the chosen one."""
        row = self._row()
        if row is None:
            return
        dialog = ExportDialog(self._context, row.kind, row.assistance_file_id, self)
        dialog.choose(corrects_id=row.key)
        dialog.open()

    def export_certificate(self) -> None:
        """Write the certificate of this workstation, for whoever checks signatures elsewhere."""
        target = self.ask_target(self, f"lian_desk_{self._context.desk.identity.workstation_code}.pem")
        if target is not None:
            told = partial(self.verdict.set_notice, f"已导出证书：{target}", Tone.KEPT)
            work = partial(_save, partial(certificate_of, signer_of(self._context.desk)), target)
            self._context.runner.read(self, work, lambda _nothing: told(), self._show_problem)

    # ----------------------------------------------------------------------------------------------------- layout

    def _row(self) -> IssuedRow | None:
        row = self.list.current_row()
        return row if isinstance(row, IssuedRow) else None

    def _allow(self, row: object) -> None:
        known = row if isinstance(row, IssuedRow) else None
        self.print_button.setEnabled(known is not None)
        self.save_button.setEnabled(known is not None)
        self.correct_button.setEnabled(known is not None and not known.corrected_by)

    def _lay_out(self) -> None:
        drop = Card()
        row = QHBoxLayout()
        row.addWidget(label(_HINT, "secondary", wrap=True), 1)
        row.addWidget(self.check_button)
        drop.body.addLayout(row)
        drop.add(self.verdict)
        heading = label("校验记录", "title")
        heading.setContentsMargins(24, 18, 24, 10)
        middle = QVBoxLayout()
        middle.setContentsMargins(24, 0, 24, 12)
        middle.setSpacing(12)
        middle.addWidget(drop)
        middle.addWidget(label("已签发", "section"))
        middle.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.setSpacing(10)
        foot.addWidget(link_button("导出本工位证书…", self.export_certificate))
        foot.addStretch(1)
        for button in (self.correct_button, self.save_button, self.print_button):
            foot.addWidget(button)
        foot.addWidget(SecondaryButton("关闭", self.accept))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addLayout(foot)


def _save(content: Callable[[], bytes], target: Path) -> None:
    deliver(content(), target)


def _ask_target(parent: QWidget, name: str) -> Path | None:
    chosen, _filter = QFileDialog.getSaveFileName(parent, "另存", name)
    return Path(chosen) if chosen else None


def _dropped(mime: QMimeData) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 else None


def _nothing(_closed: None) -> None:
    """The child has forgotten the paper."""
