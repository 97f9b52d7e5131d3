"""通知名单: each policyholder (投保人, never the insured) owed the notice of an edition, told or not (R82, R83, A39)."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QWidget

from lian_desk.models.vocabulary import Channel
from lian_desk.services.handbook.editions import TOLD_BY, RecordNoticeDelivered
from lian_desk.services.handbook.notice_export import WrittenList, export_notices
from lian_desk.services.handbook.views import EditionLine, HandbookView
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.handbook_notices import DELIVERED, OPEN, NoticeSource
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import CheckField, ChoiceField, DateTimeField, FieldSpec, LineField
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.cards import Card, Notice
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.states import Toast
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.columns import notice_columns

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_STATES: Final = (FilterChoice(None, "全部"), FilterChoice(OPEN, "待送达"), FilterChoice(DELIVERED, "已送达"))
_FILES: Final = "工作簿 (*.xlsx);;CSV (*.csv)"


class NoticesView(QWidget):
    """The notification list of one edition on record."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.line: EditionLine | None = None
        self._lines: dict[str, EditionLine] = {}
        self.editions = FilterChips([])
        self._chips_row = QHBoxLayout()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(200)
        self.progress_words = label("", "secondary")
        self.deliver_button = SecondaryButton("登记送达…", self.deliver)
        self.list = RecordList(
            context,
            ListSpec(
                source=NoticeSource(context.desk),
                columns=notice_columns(),
                spoken="通知名单",
                empty=EmptyWords("还没有通知名单", "登记新版本的公布说明后，这里列出每一位需要告知的投保人。"),
                placeholder="投保人姓名 / 保单号",
                query=ListQuery().with_filter("edition", 0),
                filters=(("state", _STATES),),
                name="handbook_notices",
            ),
        )
        self._lay_out()
        self.list.current_row_changed.connect(lambda _row: self._allow())

    def show_view(self, view: HandbookView) -> None:
        """Offer the editions on record, the newest first; the chosen one stays chosen."""
        self._lines = {line.edition: line for line in view.editions if line.record is not None}
        held = self.line.edition if self.line is not None else ""
        chips = FilterChips([FilterChoice(line.edition, line.label) for line in self._lines.values()])
        chips.chosen.connect(self.show_edition)
        self._chips_row.replaceWidget(self.editions, chips)
        self.editions.deleteLater()
        self.editions = chips
        chosen = held if held in self._lines else next(iter(self._lines), None)
        chips.setVisible(bool(self._lines))
        self.show_edition(chosen)

    def show_edition(self, edition: object) -> None:
        """Show the list of one edition."""
        self.line = self._lines.get(edition) if isinstance(edition, str) else None
        record = self.line.record if self.line is not None else None
        if record is None:
            self.progress.hide()
            self.progress_words.setText("")
            return
        self.editions.set_value(str(edition))
        self.progress.setVisible(record.notices > 0)
        self.progress.setRange(0, max(record.notices, 1))
        self.progress.setValue(record.delivered)
        left = record.notices - record.delivered
        self.progress_words.setText(f"已送达 {record.delivered:,} / {record.notices:,}，待送达 {left:,}")
        if self.list.model.query.filter("edition") != record.key:
            self.list.set_filter("edition", record.key)
        self._allow()

    def deliver(self) -> CommandDialog | None:
        """Ask by which way and when the chosen notices were delivered."""
        keys = tuple(self.list.selected_keys())
        if not keys:
            return None
        dialog = delivery_dialog(self._context, keys, self.window())
        dialog.open()
        return dialog

    def export(self) -> "ExportNoticesDialog | None":
        """Ask what for and where to, then write the list."""
        if self.line is None or self.line.record is None:
            return None
        dialog = ExportNoticesDialog(self._context, self.line, self.window())
        dialog.open()
        return dialog

    def _allow(self) -> None:
        self.deliver_button.setEnabled(bool(self.list.selected_keys()))

    def _lay_out(self) -> None:
        card = Card()
        self._chips_row.setSpacing(12)
        self._chips_row.addWidget(self.editions)
        self._chips_row.addWidget(self.progress)
        self._chips_row.addWidget(self.progress_words)
        self._chips_row.addStretch(1)
        self._chips_row.addWidget(self.deliver_button)
        card.body.addLayout(self._chips_row)
        card.add(self.list, 1)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.progress.hide()
        self.deliver_button.setEnabled(False)
        self.deliver_button.setToolTip("在名单中选中一行或多行（Shift、Ctrl 可多选）")


def delivery_dialog(context: UiContext, notice_ids: tuple[int, ...], parent: QWidget) -> CommandDialog:
    """Return 登记送达 for some notices."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return RecordNoticeDelivered(
            command_id=command_id,
            notice_ids=notice_ids,
            channel=Channel(values["channel"]),
            delivered_at=values["delivered_at"],
        )

    dialog = CommandDialog(
        context, f"登记送达 · {len(notice_ids):,} 位投保人", primary="登记", make=make, parent=parent
    )
    dialog.form.add_row(
        ChoiceField(
            FieldSpec(name="channel", label="送达方式", why="以短信、APP 消息推送等方式告知投保人（R83）。"),
            [FilterChoice(channel.value, phrase(channel)) for channel in TOLD_BY],
        )
    )
    dialog.form.add_row(DateTimeField(FieldSpec(name="delivered_at", label="送达时间")))
    dialog.form.set_values({"channel": Channel.SMS.value, "delivered_at": context.desk.clock.now()})
    dialog.fit()
    return dialog


class ExportNoticesDialog(FormDialog):
    """导出名单: what it is for, which rows; the act is sealed before the file is written."""

    def __init__(self, context: UiContext, line: EditionLine, parent: QWidget | None = None) -> None:
        super().__init__(f"导出通知名单 · {line.label}", primary="选择位置并导出…", parent=parent)
        self._context = context
        self._line = line
        self.form.add_widget(Notice("名单含投保人姓名与保单号的明文，仅交给发送通知的人员；导出会留痕。", Tone.RISK))
        self.form.add_row(
            LineField(FieldSpec(name="purpose", label="用途", placeholder="例如：交短信平台发送", most=200))
        )
        self.form.add_row(CheckField(FieldSpec(name="only_open", label="只含待送达的投保人", optional=True)))
        self.form.set_values({"only_open": True})
        self.fit()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: ask for the place, then write off the UI thread."""
        name, kind = QFileDialog.getSaveFileName(
            self, "导出通知名单", f"手册变更通知_{self._line.edition}.xlsx", _FILES
        )
        if not name:
            self._set_busy(False)
            return
        path = Path(name)
        if not path.suffix:
            path = path.with_suffix(".csv" if "csv" in kind else ".xlsx")
        self.write(path, values)

    def write(self, path: Path, values: dict[str, Any]) -> None:
        """Write the list to ``path``."""
        record = self._line.record
        assert record is not None
        work = partial(
            export_notices,
            self._context.desk,
            record.key,
            path,
            purpose=values["purpose"],
            only_open=bool(values["only_open"]),
        )
        self._context.runner.write(self, work, self._written, self.refuse)

    def _written(self, written: WrittenList) -> None:
        toast = getattr(self.parentWidget(), "toast", None)
        if isinstance(toast, Toast):
            toast.say(f"已导出 {written.count:,} 位投保人。")
        self.finish(written.count)
