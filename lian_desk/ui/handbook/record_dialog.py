"""登记新版本: what an edition would change and whether its own examples come out, then the three things of R84."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.services.handbook_editions import RecordHandbookEdition
from lian_desk.services.handbook_views import EditionPreview, preview_edition_file, preview_known_edition
from lian_desk.ui.common.cards import Notice
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.form_dialog import FormDialog
from lian_desk.ui.common.forms import DateField, FieldSpec, LineField, TextField
from lian_desk.ui.common.list_page import EmptyWords
from lian_desk.ui.common.sentences import sentence
from lian_desk.ui.common.text import ElidedLabel
from lian_desk.ui.common.tokens import Tone
from lian_desk.ui.handbook.columns import change_columns, change_rows, example_columns, example_rows
from lian_desk.ui.handbook.fact_lists import FactLists, FactPart

_LONG: Final = 2000
_PARTS: Final = (
    FactPart(
        "changes", "与现版的差异", change_columns(), EmptyWords("没有差异", "两版的条款与数字完全相同。"), "事项 / 内容"
    ),
    FactPart("examples", "校验样例", example_columns(), EmptyWords("没有样例")),
)


class RecordEditionDialog(FormDialog):
    """One edition, from a file or shipped; ``saved`` carries its key."""

    def __init__(self, context: UiContext, source: Path | str, parent: QWidget | None = None) -> None:
        """``source``: a file, or the name of an edition that travels with the program."""
        super().__init__("登记手册新版本", primary="登记", width=980, parent=parent)
        self._context = context
        self.preview: EditionPreview | None = None
        self._command_id = context.desk.new_id()
        self.file_line = ElidedLabel(source.name if isinstance(source, Path) else source, "secondary")
        self.summary = Notice("正在读取并逐条核对…", Tone.INFO)
        self.parts = FactLists(context, _PARTS)
        self.parts.setMinimumHeight(230)
        self._build_form()
        self.primary.setEnabled(False)
        self.resize(980, 760)
        work = (
            partial(preview_edition_file, context.desk, source)
            if isinstance(source, Path)
            else partial(preview_known_edition, context.desk, source)
        )
        context.runner.read(self, work, self._show_preview, self._refuse_file)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: put the edition on record."""
        if self.preview is None:
            self._set_busy(False)
            return
        command = RecordHandbookEdition(
            command_id=self._command_id,
            edition=self.preview.pack.edition,
            published_on=values["published_on"],
            reason=values["reason"],
            decision_process=values["decision_process"],
            result=values["result"],
            link=values["link"] or "",
            content=self.preview.content,
            effective_on=values["effective_on"],
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def _build_form(self) -> None:
        why = "说明调整的原因、决策流程及调整后结果（R84）。"
        form = self.form
        form.add_widget(self.file_line)
        form.add_widget(self.summary)
        form.add_row(
            DateField(FieldSpec(name="published_on", label="公布日期")),
            DateField(
                FieldSpec(
                    name="effective_on",
                    label="自哪一天起执行",
                    why="这一天起确认的需求按新版；此前已确认的沿用原版（A41）。",
                )
            ),
            LineField(
                FieldSpec(
                    name="link", label="公示网址", optional=True, why="官网公示的地址，只作文字保存（R83）。", most=500
                )
            ),
            stretches=(2, 2, 3),
        )
        form.add_row(
            TextField(FieldSpec(name="reason", label="调整原因", why=why, most=_LONG), lines=2),
            TextField(FieldSpec(name="decision_process", label="决策流程", why=why, most=_LONG), lines=2),
            TextField(FieldSpec(name="result", label="调整后结果", why=why, most=_LONG), lines=2),
        )
        form.add_widget(self.parts)

    def _show_preview(self, preview: EditionPreview) -> None:
        self.preview = preview
        pack = preview.pack
        self.file_line.setText(f"{self.file_line.text()} · {pack.label} · {pack.title}")
        self.form.set_values({"effective_on": max(pack.effective_on, self._context.desk.today)})
        if preview.content is None:
            self.form.set_values({"effective_on": pack.effective_on})
        self.parts.show_rows({"changes": change_rows(preview.changes), "examples": example_rows(preview.examples)})
        self.summary.set_notice(*_summary(preview))
        if preview.failed:
            self.parts.show_part("examples")
            return
        self.primary.setText(f"登记并列出 {preview.policies:,} 位投保人")
        self.primary.setEnabled(True)
        self.form.fields["published_on"].focus()

    def _refuse_file(self, error: BaseException) -> None:
        self.summary.set_notice("")
        self.show_banner(sentence(error))


def _summary(preview: EditionPreview) -> tuple[str, Tone]:
    count = len(preview.examples)
    if preview.failed:
        return f"{preview.failed} / {count} 个校验样例与规则算得的不符，不能启用这份文件。", Tone.BROKEN
    kept = (
        f"进行中的 {preview.open_requests:,} 项服务，已确认需求的沿用原版"
        if preview.open_requests
        else "没有进行中的服务"
    )
    return (
        f"{count} 个校验样例全部通过；与{preview.compared_with}相比有 {len(preview.changes)} 处不同。{kept}。",
        Tone.INFO,
    )
