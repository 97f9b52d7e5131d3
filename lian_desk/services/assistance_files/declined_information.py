"""What the insured declines to tell is his right; what then cannot be done is said and logged (R22, R23)."""

from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import EntryCategory, HistoryKind
from lian_desk.services.commands.commands import CommandContext

PHONE = "电话"
_WITHOUT = {
    PHONE: "不能电话告知协调情况与电话随访",
    HistoryKind.CONDITION: "专案评估不能结合既往病史",
    HistoryKind.MEDICATION: "就诊时不能协助提供用药情况",
    HistoryKind.ALLERGY: "就诊时不能协助提供过敏史",
    HistoryKind.OPERATION: "专案评估不能结合手术史",
}
_NAMES = {
    HistoryKind.CONDITION: "既往病史",
    HistoryKind.MEDICATION: "用药情况",
    HistoryKind.ALLERGY: "过敏史",
    HistoryKind.OPERATION: "手术史",
}


def tell_declined(context: CommandContext, file: AssistanceFile, what: str | HistoryKind) -> None:
    """Log that ``what`` was declined, what that makes impossible, and that the notice of R23 was given."""
    name = _NAMES[what] if isinstance(what, HistoryKind) else what
    context.feed(
        file,
        EntryCategory.FILE,
        f"被保险人不愿提供{name}",
        f"{_WITHOUT[what]}；已告知：{context.pack.texts.incomplete_information}",
    )
