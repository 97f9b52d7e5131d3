"""The fields that take in a confirmation of the customer: its form, who spoke, when, and what proves it (R45, A38)."""

from typing import Any, Final

from lian_desk.models.vocabulary import Channel, EvidenceForm, SignerKind
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.request_views.forms import EvidenceChoices, MaterialChoice
from lian_desk.services.words import formats
from lian_desk.services.words.format_words import format_name, is_recording
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ChoiceField, ComboField
from lian_desk.ui.common.forms.date_fields import DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.forms import Form
from lian_desk.ui.common.look.chips import FilterChoice

_CHANNELS: Final = (Channel.WECOM, Channel.PHONE, Channel.WALK_IN, Channel.LIAN_APP, Channel.HOTLINE)


def material_words(choice: MaterialChoice) -> str:
    """Return a paper as it is chosen: 确认凭证 · 1 页 · 2026-09-28 · 截图.png."""
    pages = f"{choice.page_count} 页" if choice.page_count else format_name(choice.media_type)
    received = formats.iso_moment(choice.received_at)
    return " · ".join(filter(None, [phrase(choice.kind), pages, received, choice.original_name]))


class EvidenceFields:
    """Adds the fields to a form and reads them back; names of the fields are those the service refuses by."""

    def __init__(self, form: Form, choices: EvidenceChoices, *, title: str = "确认凭证") -> None:
        self.form_of = ChoiceField(
            FieldSpec(name="evidence_form", label="凭证形式", why="只输入文字不算确认（A38）。"),
            [FilterChoice(kind.value, phrase(kind)) for kind in EvidenceForm],
        )
        self.said_by = ChoiceField(
            FieldSpec(name="said_by", label="由谁确认"),
            [FilterChoice(kind.value, phrase(kind)) for kind in choices.speakers],
        )
        self.name = LineField(FieldSpec(name="said_by_name", label="代办人姓名", most=200))
        self.at = DateTimeField(FieldSpec(name="evidence_at", label="确认时间"))
        self.channel = ChoiceField(
            FieldSpec(name="evidence_channel", label="渠道"),
            [FilterChoice(channel.value, phrase(channel)) for channel in _CHANNELS],
        )
        self.material = ComboField(
            FieldSpec(
                name="evidence_material_id",
                label="凭证材料",
                placeholder="先在“材料”页收取截图或签字文件，再在这里选择",
            ),
            [(choice.material_id, material_words(choice)) for choice in choices.materials],
        )
        recordings = [choice for choice in choices.materials if is_recording(choice.media_type)]
        self._has_recordings = bool(recordings)
        self.recording = ComboField(
            FieldSpec(name="evidence_recording_id", label="通话录音", optional=True),
            [(choice.material_id, material_words(choice)) for choice in recordings],
        )
        self.note = TextField(
            FieldSpec(name="evidence_note", label="通话要点", placeholder="通话时间、录音编号与客户的原话"), lines=2
        )
        form.add_section(title)
        form.add_row(self.form_of)
        form.add_row(self.said_by, self.name)
        form.add_row(self.at, self.channel)
        form.add_row(self.material)
        form.add_row(self.recording)
        form.add_row(self.note)
        self.form_of.edited.connect(self.show_parts)
        self.said_by.edited.connect(self.show_parts)
        form.set_values(
            {
                "evidence_form": EvidenceForm.CALL_NOTE.value,
                "said_by": choices.speakers[0].value,
                "evidence_at": choices.now,
                "evidence_channel": Channel.PHONE.value,
            }
        )
        self.show_parts()

    def show_parts(self) -> None:
        """Show what the chosen form asks for."""
        is_call = self.form_of.raw() == EvidenceForm.CALL_NOTE.value
        self.material.setVisible(not is_call)
        self.recording.setVisible(is_call and self._has_recordings)
        self.note.setVisible(is_call)
        self.name.setVisible(self.said_by.raw() == SignerKind.AGENT.value)

    def read(self, values: dict[str, Any]) -> EvidenceGiven:
        """Return the confirmation from checked values of the form."""
        given = EvidenceForm(values["evidence_form"])
        shows_it = "evidence_recording_id" if given is EvidenceForm.CALL_NOTE else "evidence_material_id"
        return EvidenceGiven(
            form=given,
            said_by=SignerKind(values["said_by"]),
            said_by_name=values.get("said_by_name") or "",
            channel=Channel(values["evidence_channel"]),
            happened_at=values["evidence_at"],
            material_id=values.get(shows_it),
            note=values.get("evidence_note") or "",
        )
