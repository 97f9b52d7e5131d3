"""开始随访: record a contact within a minute, beside what was told before. Keyboard first; drafts are kept."""

from functools import partial
from typing import Any, Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import Channel, FollowUpOutcome, PhraseField
from lian_desk.services.follow_ups.briefing import FollowUpBriefing, load_briefing
from lian_desk.services.follow_ups.care_notes import EducationGiven, ReminderWanted
from lian_desk.services.follow_ups.follow_ups import RecordFollowUp
from lian_desk.services.follow_ups.note_wording import HintKind, NoteHint, hints_for
from lian_desk.services.follow_ups.phrases import PhraseLine, load_phrases
from lian_desk.services.reference_data.education_texts import EducationPhase, texts_in_order
from lian_desk.services.rules.citations import place_of
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.desk_drafts import desk_drafts
from lian_desk.ui.common.forms.forms import ChoiceField, DateField, DateTimeField, FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.materials_beside import offer_materials
from lian_desk.ui.common.forms.order_dialog import OrderDialog
from lian_desk.ui.common.look.buttons import SecondaryButton
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.follow_ups.briefing_panel import BriefingPanel
from lian_desk.ui.follow_ups.emergency_handler import read_script
from lian_desk.ui.follow_ups.hint_band import HintBand
from lian_desk.ui.follow_ups.phrase_popup import PhrasePopup
from lian_desk.ui.follow_ups.symptom_field import SymptomField
from lian_desk.ui.follow_ups.topic_field import TopicField

_OUTCOMES: Final = (
    FollowUpOutcome.REACHED,
    FollowUpOutcome.NO_ANSWER,
    FollowUpOutcome.CALL_LATER,
    FollowUpOutcome.DECLINED,
    FollowUpOutcome.WRONG_NUMBER,
)
_CHANNELS: Final = (Channel.PHONE, Channel.WECOM, Channel.SMS, Channel.HOTLINE, Channel.WALK_IN)
_TOLD: Final = (
    "condition_text",
    "medication_text",
    "symptoms",
    "next_visit_on",
    "education_topic",
    "education_body",
    "duration_minutes",
)
_LONG: Final = 50_000
_PHRASED: Final = {
    "condition_text": PhraseField.CONDITION,
    "medication_text": PhraseField.MEDICATION,
    "note": PhraseField.NOTE,
}


class RecordFollowUpDialog(OrderDialog):
    """Takes in one contact. Red-flag words offer the emergency script; words beyond the service's bounds are marked."""

    def __init__(self, context: UiContext, briefing: FollowUpBriefing, parent: QWidget | None = None) -> None:
        super().__init__(context, f"随访 · {briefing.label}", primary="保存随访", width=1060, parent=parent)
        self._briefing = briefing
        offered = texts_in_order(briefing.service, briefing.disease_groups, EducationPhase.AFTER)
        self._texts = {text.topic: text for text in offered}
        self._phrases: tuple[PhraseLine, ...] = ()
        self.hints = HintBand()
        self.hints.emergency_requested.connect(self.read_script)
        self.panel = BriefingPanel(context)
        self.panel.show_briefing(briefing)
        self._build_form()
        self.phrases = {
            name: PhrasePopup(self.field(name).text, field, lambda: self._phrases) for name, field in _PHRASED.items()
        }
        context.runner.read(self, partial(load_phrases, context.desk), self._take_phrases, self.refuse)
        self.middle.addWidget(self.panel)
        self.foot.insertWidget(0, SecondaryButton("急救提示 120", self.read_script))
        offer_materials(self, context, briefing.file_id)
        self.form.edited.connect(self._look_at_words)
        self.field("outcome").edited.connect(self._show_what_is_asked)
        self.field("education_topic").edited.connect(self._fill_education)
        self.form.set_values(
            {
                "outcome": FollowUpOutcome.REACHED.value,
                "channel": Channel.PHONE.value,
                "done_at": context.desk.clock.now(),
            }
        )
        self._bind_outcomes()
        self._show_what_is_asked()
        self.keep_draft(f"follow_up:{briefing.follow_up_id}", desk_drafts(context), restored=self._restored)
        self.resize(1060, 800)
        self.field("condition_text").focus()

    def _take_phrases(self, lines: tuple[PhraseLine, ...]) -> None:
        self._phrases = lines

    def field(self, name: str) -> Any:
        """Return one field by name."""
        return self.form.fields[name]

    # ------------------------------------------------------------------------------------------------ submitting

    def submit(self, values: dict[str, Any]) -> None:
        """Override: build the command and hand it to the write lane."""
        problem = self._unfinished(values)
        if problem is not None:
            self._set_busy(False)
            self.form.show_error(*problem)
            return
        super().submit(values)

    def command(self, values: dict[str, Any]) -> RecordFollowUp:
        """Override: record the contact and what follows from it."""
        topic = values.get("education_topic") or ""
        body = values.get("education_body") or ""
        known = self._texts.get(topic)
        version = known.version if known is not None and known.body == body else ""
        reminder_at = values.get("reminder_due_at")
        return RecordFollowUp(
            command_id=self.command_id,
            follow_up_id=self._briefing.follow_up_id,
            done_at=values["done_at"],
            channel=Channel(values["channel"]),
            outcome=FollowUpOutcome(values["outcome"]),
            condition_text=values.get("condition_text") or "",
            medication_text=values.get("medication_text") or "",
            note=values.get("note") or "",
            symptoms=values.get("symptoms"),
            next_visit_on=values.get("next_visit_on"),
            duration_minutes=int(values["duration_minutes"]) if values.get("duration_minutes") else None,
            next_on=values.get("next_on"),
            education=EducationGiven(topic, body, version) if topic else None,
            reminder=ReminderWanted(values["reminder_text"], reminder_at) if reminder_at is not None else None,
        )

    @staticmethod
    def _unfinished(values: dict[str, Any]) -> tuple[str, str] | None:
        """Return the field and the sentence for what only this form can see: pairs that belong together."""
        minutes = values.get("duration_minutes")
        if minutes and not (minutes.isascii() and minutes.isdigit()):
            return "duration_minutes", "请填写整数分钟，例如 12。"
        if values.get("education_body") and not values.get("education_topic"):
            return "education_topic", "写了宣教内容，请同时选择或填写主题。"
        if values.get("reminder_text") and values.get("reminder_due_at") is None:
            return "reminder_due_at", "请填写提醒时间。"
        if values.get("reminder_due_at") is not None and not values.get("reminder_text"):
            return "reminder_text", "请填写要提醒的内容。"
        return None

    # ----------------------------------------------------------------------------------------------------- words

    def read_script(self) -> None:
        """Show the emergency script; read out, it is a recorded emergency of the file and stands in the note (R74)."""
        read_script(
            self.context,
            self,
            self._briefing.file_id,
            recorded=self._note_script,
            failed=lambda error: self.show_banner(f"急救提示没有记下：{sentence(error)}"),
        )

    def _note_script(self, said: str) -> None:
        when = f"{formats.local(self.context.desk.clock.now()):%H:%M}"
        words = f"{when} 已宣读急救提示（{place_of('R74')}）。{said}".strip()
        note = self.field("note")
        before = note.raw()
        note.set_raw(f"{before}\n{words}" if before else words)
        self._edited()
        self._look_at_words()

    def _look_at_words(self) -> None:
        written = [str(self.field(name).raw() or "") for name in ("condition_text", "medication_text", "note")]
        body = str(self.field("education_body").raw() or "")
        if body not in {text.body for text in self._texts.values()}:
            written.append(body)
        words = "\n".join(written)
        self.hints.show_hints(self._worth_showing(hints_for(words, self.context.desk.pack)))

    def _worth_showing(self, hints: tuple[NoteHint, ...]) -> tuple[NoteHint, ...]:
        """The script that was read out needs no second warning; everything else stays marked."""
        read = "已宣读急救提示" in str(self.field("note").raw() or "")
        return tuple(hint for hint in hints if not (read and hint.kind is HintKind.EMERGENCY))

    def _fill_education(self) -> None:
        text = self._texts.get(str(self.field("education_topic").raw() or ""))
        body = self.field("education_body")
        if text is not None and (not body.raw() or body.raw() in {known.body for known in self._texts.values()}):
            body.set_raw(text.body)

    # ---------------------------------------------------------------------------------------------------- layout

    def _show_what_is_asked(self) -> None:
        """Ask for what was told only when somebody was reached."""
        reached = self.field("outcome").raw() == FollowUpOutcome.REACHED.value
        for name in _TOLD:
            self.field(name).setVisible(reached)
        self.field("next_on").show_error("")

    def _bind_outcomes(self) -> None:
        """Let Alt with a digit choose the outcome from any field; the chips say so on hover."""
        for place, outcome in enumerate(_OUTCOMES, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{place}"), self)
            shortcut.activated.connect(partial(self._choose_outcome, outcome))

    def _choose_outcome(self, outcome: FollowUpOutcome) -> None:
        field = self.field("outcome")
        field.set_value(outcome.value)
        field.edited.emit()

    def _restored(self) -> None:
        self._show_what_is_asked()
        self._look_at_words()

    def _build_form(self) -> None:
        form = self.form
        form.add_row(
            ChoiceField(
                FieldSpec(name="outcome", label="结果", why="Alt+1 到 Alt+5 直接选择。"),
                [FilterChoice(item.value, phrase(item)) for item in _OUTCOMES],
            )
        )
        form.add_row(
            ChoiceField(
                FieldSpec(name="channel", label="方式"), [FilterChoice(item.value, phrase(item)) for item in _CHANNELS]
            )
        )
        form.add_row(
            DateTimeField(
                FieldSpec(name="done_at", label="随访时间", why="实际联系的时间；与录入时间分别保存，可以补录。")
            ),
            LineField(
                FieldSpec(name="duration_minutes", label="通话时长（分钟）", optional=True, placeholder="例如 12")
            ),
            stretches=(3, 2),
        )
        form.add_row(
            TextField(
                FieldSpec(
                    name="condition_text",
                    label="病情（被保险人自述）",
                    placeholder="按对方原话记录，不写诊断",
                    most=_LONG,
                ),
                lines=3,
            ),
            TextField(
                FieldSpec(name="medication_text", label="用药（被保险人自述）", optional=True, most=_LONG), lines=3
            ),
            stretches=(3, 2),
        )
        form.add_row(
            SymptomField(
                FieldSpec(
                    name="symptoms",
                    label="症状（自述）",
                    optional=True,
                    placeholder="乏力，头晕，多个用逗号分开",
                    most=400,
                )
            ),
            DateField(
                FieldSpec(
                    name="next_visit_on",
                    label="下次就诊（自述）",
                    optional=True,
                    why="被保险人自述的复诊日期，不是我们的下一次随访。",
                    placeholder="2026-12-08",
                )
            ),
            stretches=(3, 2),
        )
        form.add_widget(self.hints)
        self._add_given()

    def _add_given(self) -> None:
        """Add the fields for what was given and what comes next."""
        form = self.form
        form.add_row(
            TopicField(
                FieldSpec(name="education_topic", label="宣教", optional=True, placeholder="选择或输入主题", most=200),
                [(topic, topic) for topic in self._texts],
            )
        )
        form.add_row(TextField(FieldSpec(name="education_body", label="宣教内容", optional=True, most=_LONG), lines=2))
        form.add_row(
            DateField(FieldSpec(name="next_on", label="下一次随访", optional=True, placeholder="2026-11-20")),
            DateTimeField(FieldSpec(name="reminder_due_at", label="提醒时间", optional=True)),
            LineField(FieldSpec(name="reminder_text", label="提醒内容", optional=True, most=2000)),
            stretches=(5, 4, 5),
        )
        form.add_row(TextField(FieldSpec(name="note", label="备注", optional=True, most=_LONG), lines=1))


def open_record_dialog(context: UiContext, parent: QWidget, subject: int) -> None:
    """Read the briefing of the follow-up ``subject`` (its key) and open the dialog on it."""

    def show(briefing: FollowUpBriefing) -> None:
        RecordFollowUpDialog(context, briefing, parent.window()).open()

    context.runner.read(parent, partial(load_briefing, context.desk, subject), show, partial(_tell, parent))


def _tell(parent: QWidget, error: BaseException) -> None:
    """Say in the page's bar what hindered the dialog; a window without one has a toast."""
    window = parent.window()
    bar = getattr(parent, "message_bar", None)
    toast = getattr(window, "toast", None)
    if bar is not None:
        bar.show_message(sentence(error))
    elif toast is not None:
        toast.say(sentence(error))
