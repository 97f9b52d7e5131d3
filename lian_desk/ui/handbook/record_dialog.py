"""登记新版本: what an edition would change and whether its own examples come out, then the three things of R84."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.services.handbook.editions import RecordHandbookEdition
from lian_desk.services.handbook.views import EditionPreview, preview_edition_file, preview_known_edition
from lian_desk.ui.common.forms.forms import DateField, FieldSpec, LineField, TextField
from lian_desk.ui.common.imports.imports import ImportDialog
from lian_desk.ui.common.lists.list_page import EmptyWords
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.columns import change_columns, change_rows, example_columns, example_rows
from lian_desk.ui.handbook.fact_lists import FactLists, FactPart

_LONG: Final = 2000
_PARTS: Final = (
    FactPart(
        "changes", "与现版的差异", change_columns(), EmptyWords("没有差异", "两版的条款与数字完全相同。"), "事项 / 内容"
    ),
    FactPart("examples", "校验样例", example_columns(), EmptyWords("没有样例")),
)


class RecordEditionDialog(ImportDialog):
    """One edition, from a file or shipped; ``saved`` carries its key."""

    def __init__(self, context: UiContext, source: Path | str, parent: QWidget | None = None) -> None:
        """``source``: a file, or the name of an edition that travels with the program."""
        name = source.name if isinstance(source, Path) else source
        super().__init__(context, "登记手册新版本", primary="登记", file_name=name, parent=parent)
        self._source = source
        self.summary = Notice("正在读取并逐条核对…", Tone.INFO)
        self.parts = FactLists(context, _PARTS)
        self.parts.setMinimumHeight(230)
        self._build_form()
        self.resize(980, 760)
        self.replan()

    @property
    def preview(self) -> EditionPreview | None:
        """What the edition would change, None while it is read or when it cannot be taken in."""
        return self.plan if isinstance(self.plan, EditionPreview) else None

    def plan_work(self) -> Callable[[], object]:
        """Override: read the file, or the edition that travels with the program, and hold it against the present one."""
        if isinstance(self._source, Path):
            return partial(preview_edition_file, self._context.desk, self._source)
        return partial(preview_known_edition, self._context.desk, self._source)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: put the edition on record."""
        if self.preview is None:
            self.stay()
            return
        command = RecordHandbookEdition(
            command_id=self.command_id,
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

    def show_plan(self, preview: EditionPreview) -> None:
        """Override: the differences and the pack's own examples."""
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

    def refuse_file(self, error: BaseException) -> None:
        """Override: nothing is being read any more."""
        self.summary.set_notice("")
        super().refuse_file(error)


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
