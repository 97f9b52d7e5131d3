"""宣布不可抗力 with what it would hold; and its end, by going on or by ending the services (R86, lead only)."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import ForceMajeureCause, ServiceKind
from lian_desk.services.force_majeure.force_majeure import (
    DeclareForceMajeure,
    EndForceMajeure,
    TerminateForForceMajeure,
)
from lian_desk.services.force_majeure.views import AffectedRow, EventLine, EventPlan, directory_places, preview_event
from lian_desk.services.hospitals.closures import CLAUSE
from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import (
    CheckField,
    ChoiceField,
    ComboField,
    DateTimeField,
    FieldProblem,
    FieldSpec,
    LineField,
    TextField,
)
from lian_desk.ui.common.lists.desk_table import DENSE_ROW_HEIGHT
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.columns import affected_columns

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command

_LONG: Final = 2000
_PAUSE_MS: Final = 250
_SERVICES: Final = tuple(ServiceKind)


class DeclareDialog(FormDialog):
    """宣布不可抗力: cause, region, services, since when; below stands what would be paused. ``saved`` carries its key."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("宣布不可抗力", primary="宣布并暂停", width=860, parent=parent)
        self._context = context
        self._command_id = context.desk.new_id()
        self._generation = 0
        self._rows: MemoryRows[AffectedRow] = MemoryRows()
        self.summary = Notice("", Tone.INFO)
        self.list = RecordList(
            context,
            ListSpec(
                self._rows,
                affected_columns(),
                EmptyWords("没有受影响的服务"),
                row_height=DENSE_ROW_HEIGHT,
                spoken="受影响的服务",
            ),
        )
        self.list.setMinimumHeight(200)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self._build_form()
        self.form.edited.connect(self._timer.start)
        self.resize(860, 760)
        context.runner.read(self, partial(directory_places, context.desk), self._offer_places, self.refuse)
        self.look()

    @property
    def places(self) -> tuple[str, ...]:
        """The provinces and cities that stand in the field, empty for everywhere."""
        raw = str(self.form.fields["places"].raw() or "")
        return tuple(
            dict.fromkeys(word for word in raw.replace("，", "、").replace(",", "、").split("、") if word.strip())
        )

    @property
    def services(self) -> tuple[ServiceKind, ...]:
        """The services that are ticked; empty means all."""
        return tuple(kind for kind in _SERVICES if self.form.fields[f"service_{kind.value}"].value())

    def look(self) -> None:
        """Reckon what the present input would hold."""
        try:
            from_at = self.form.fields["from_at"].value()
        except FieldProblem:
            return
        self._generation += 1
        plan = EventPlan(self.places, self.services, from_at)
        work = partial(preview_event, self._context.desk, plan)
        self._context.runner.read(self, work, partial(self._show, self._generation), self._say)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: declare it."""
        command = DeclareForceMajeure(
            command_id=self._command_id,
            cause=ForceMajeureCause(values["cause"]),
            from_at=values["from_at"],
            note=values["note"],
            places=self.places,
            services=self.services,
        )
        carry_out(self._context, self, command, lambda outcome: self.finish(outcome.key), self.refuse)

    def add_place(self) -> None:
        """Put the place that was chosen from the directory into the line of places."""
        try:
            place = self.form.fields["place"].value()
        except FieldProblem as problem:
            self.form.show_error("place", str(problem))
            return
        if place:
            self.form.set_values({"places": "、".join(dict.fromkeys((*self.places, str(place)))), "place": None})
            self.look()

    def _build_form(self) -> None:
        form = self.form
        clause = self._context.desk.pack.clause(CLAUSE)
        form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.RISK))
        form.add_row(
            ChoiceField(
                FieldSpec(name="cause", label="事由"),
                [FilterChoice(cause.value, phrase(cause)) for cause in ForceMajeureCause],
            )
        )
        self._place = ComboField(
            FieldSpec(name="place", label="从名录中选择地区", optional=True, placeholder="省或城市"), []
        )
        self._place.column.addWidget(link_button("加入地区", self.add_place))
        form.add_row(
            LineField(
                FieldSpec(
                    name="places",
                    label="受影响的地区",
                    optional=True,
                    why="写医院名录中的省或城市，用顿号分开；空白表示全部地区。",
                    placeholder="空白：全部地区",
                    most=400,
                )
            ),
            self._place,
            DateTimeField(FieldSpec(name="from_at", label="自何时起")),
            stretches=(4, 3, 3),
        )
        form.add_widget(label("受影响的服务（都不勾选：全部服务）", "secondary"))
        form.add_row(
            *(
                CheckField(FieldSpec(name=f"service_{kind.value}", label=phrase(kind), optional=True))
                for kind in _SERVICES
            )
        )
        form.add_row(
            TextField(FieldSpec(name="note", label="说明", placeholder="发生了什么，依据哪份通知", most=_LONG), lines=2)
        )
        form.add_widget(self.summary)
        form.add_widget(self.list)
        form.set_values({"cause": ForceMajeureCause.NATURAL_DISASTER.value, "from_at": self._context.desk.clock.now()})

    def _offer_places(self, places: tuple[str, ...]) -> None:
        self._place.set_choices([(place, place) for place in places])

    def _show(self, generation: int, rows: tuple[AffectedRow, ...]) -> None:
        if generation != self._generation:
            return
        self._rows.replace(rows)
        self.list.reload()
        scope = "所选服务" if self.services else "全部服务"
        if rows:
            words = f"将暂停 {len(rows):,} 项进行中的服务，自所填时间起不计时限；已到院与在院的不受影响。（{scope}）"
        else:
            words = f"目前没有会被暂停的服务；此后在该地区确认需求时会提示。（{scope}）"
        self.summary.set_notice(words, Tone.RISK if rows else Tone.INFO)

    def _say(self, error: BaseException) -> None:
        self.summary.set_notice(sentence(error), Tone.BROKEN)


def end_dialog(context: UiContext, line: EventLine, parent: QWidget) -> CommandDialog:
    """Return 解除不可抗力: what it paused goes on."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return EndForceMajeure(
            command_id=command_id, force_majeure_id=line.key, to_at=values["to_at"], note=values["note"] or ""
        )

    dialog = CommandDialog(
        context, f"解除不可抗力 · {phrase(line.cause)}", primary="解除，恢复计时", make=make, parent=parent
    )
    words = f"{line.held:,} 项暂停的服务将恢复办理，时限按暂停的时间顺延；另有其他原因暂停的仍然暂停。"
    dialog.form.add_widget(Notice(words, Tone.INFO))
    dialog.form.add_row(DateTimeField(FieldSpec(name="to_at", label="自何时起解除")))
    dialog.form.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=_LONG), lines=2))
    dialog.form.set_values({"to_at": context.desk.clock.now()})
    dialog.fit()
    return dialog


def terminate_dialog(context: UiContext, line: EventLine, parent: QWidget) -> CommandDialog:
    """Return 转为终止: the services that it holds end; Enter means not yet."""

    def make(command_id: int, values: dict[str, Any]) -> "Command":
        return TerminateForForceMajeure(
            command_id=command_id, force_majeure_id=line.key, to_at=values["to_at"], reason=values["reason"]
        )

    dialog = CommandDialog(
        context, f"转为终止 · {phrase(line.cause)}", primary=f"终止 {line.held:,} 项服务", make=make, parent=parent
    )
    clause = context.desk.pack.clause(CLAUSE)
    words = f"仍暂停的 {line.held:,} 项服务将就此结束，不能恢复。已扣的权益次数不自动退回，请逐项决定是否冲正。"
    dialog.form.add_widget(Notice(f"{clause.text}（{clause.id}）{words}", Tone.RISK))
    dialog.form.add_row(DateTimeField(FieldSpec(name="to_at", label="自何时起终止")))
    dialog.form.add_row(TextField(FieldSpec(name="reason", label="终止的原因", most=_LONG), lines=2))
    dialog.form.set_values({"to_at": context.desk.clock.now()})
    dialog.cancel.setText("暂不")
    dialog.cancel.setAutoDefault(True)
    dialog.cancel.setDefault(True)
    dialog.fit()
    return dialog
