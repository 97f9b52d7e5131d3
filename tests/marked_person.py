"""A person whose every trace is known, written into every free text through the program's own commands."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, Final

from lian_desk.services.commands.commands import Command
from lian_desk.services.desk.desk import Desk
from tests.desk_world import World, identity_number

NAME: Final = "方琼瑶"
PHONE: Final = "13877665544"
NUMBER: Final = identity_number(date(1974, 1, 1), 145)
#: As people write it: in other characters, full width, with blanks and marks between, beside numbers and a home.
TRACE: Final = f"方瓊瑤 {PHONE}，方　琼瑶１３８ ７７６６-5544，方\u200b琼\u200b瑶，身份证{NUMBER}，家住南京市鼓楼区汉口路22号3幢502室"
SECRETS: Final = ("方琼瑶", "方瓊瑤", "琼瑶", "瓊瑤", PHONE, NUMBER, "汉口路22号")
#: Texts that are no free words: who somebody is has fields of its own, codes and numbers have their shape.
_NO_WORDS: Final = frozenset(
    {
        "name",
        "identity_number",
        "phone",
        "policy_number",
        "policyholder_name",
        "product_code",
        "signer_name",
        "said_by_name",
        "contact_name",
        "code",
        "disease_code",
        "department_text",
        "field_names",
        "former_names",
        "examination_text",
        "contact_handle",
        "clause",
        "department_code",
        "hospital_reference",
        "sha256",
        "sealed_sha256",
        "media_type",
        "text_version",
        "handbook_edition",
        "expert_name",
        "doctor_name",
        "topic",
    }
)
_OWN_NAMES: Final = {"王淑兰": NAME, "13812346620": PHONE}
_SHORT: Final = frozenset(
    {"department_text", "place", "since", "dosage", "channel_reason", "title", "recipient", "label"}
)


def marked(value: Any, field: str = "") -> Any:
    """Return a command, or a part of one, with the trace in every free text of it."""
    if isinstance(value, str):
        known = _OWN_NAMES.get(value, value)
        if known != value or type(value) is not str or field in _NO_WORDS or field.endswith("_id"):
            return known
        return f"{value}{TRACE}" if field not in _SHORT else f"{value}方瓊瑤{PHONE}"
    if isinstance(value, tuple):
        return tuple(marked(part, field) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: marked(getattr(value, one.name), one.name) for one in fields(value)})
    return value


class MarkedWorld(World):
    """Carries out every command with the trace in its texts."""

    def run(self, order: type[Command], /, *, by: Desk | None = None, **values: Any) -> int:
        """Override."""
        return super().run(order, by=by, **{name: marked(value, name) for name, value in values.items()})


__all__ = ["NAME", "NUMBER", "PHONE", "SECRETS", "TRACE", "MarkedWorld", "marked"]
