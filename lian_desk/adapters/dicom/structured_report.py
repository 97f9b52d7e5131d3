"""Turns the content of a DICOM structured report into lines of text (DICOM PS3.3, C.17.3: the content tree)."""

from collections.abc import Iterator
from typing import Any, Final

from lian_desk.adapters.pages.text_sheet import SheetLine

MOST_ITEMS: Final = 5_000
"""Items of a report that are read."""
DEEPEST: Final = 24
_VALUES: Final = {
    "TEXT": "TextValue",
    "PNAME": "PersonName",
    "DATE": "Date",
    "TIME": "Time",
    "DATETIME": "DateTime",
    "UIDREF": "UID",
}
_SHOWN_DEPTH: Final = 8


def report_lines(report: Any) -> Iterator[SheetLine]:
    """Yield the lines of a report, headings of containers first, each value behind the name of what it says.

    Raises what pydicom raises where the file is broken.
    """
    title = _meaning(report.get("ConceptNameCodeSequence")) or "结构化报告"
    yield SheetLine("")
    yield SheetLine(title, is_heading=True)
    left = MOST_ITEMS
    waiting = [(item, 0) for item in reversed(list(report.get("ContentSequence") or ()))]
    while waiting and left:
        item, depth = waiting.pop()
        left -= 1
        line = _line(item, min(depth, _SHOWN_DEPTH))
        if line is not None:
            yield line
        if depth < DEEPEST:
            waiting += [(inner, depth + 1) for inner in reversed(list(item.get("ContentSequence") or ()))]


def _line(item: Any, depth: int) -> SheetLine | None:
    kind = str(item.get("ValueType", "") or "")
    name = _meaning(item.get("ConceptNameCodeSequence"))
    if kind == "CONTAINER":
        return SheetLine(f"【{name}】", depth) if name else None
    value = _value(item, kind)
    if not value:
        return None
    return SheetLine(f"{name}：{value}" if name else value, depth)


def _value(item: Any, kind: str) -> str:
    if kind == "CODE":
        return _meaning(item.get("ConceptCodeSequence"))
    if kind == "NUM":
        return " ".join(filter(None, _measured(item)))
    if kind in {"IMAGE", "COMPOSITE", "WAVEFORM"}:
        return "（见影像）"
    return str(item.get(_VALUES.get(kind, ""), "") or "").replace("^", "").strip()


def _measured(item: Any) -> tuple[str, str]:
    values = item.get("MeasuredValueSequence")
    if not values:
        return "", ""
    first = values[0]
    units = first.get("MeasurementUnitsCodeSequence")
    unit = str(units[0].get("CodeValue", "") or "") if units else ""
    return str(first.get("NumericValue", "") or ""), "" if unit in {"1", "{}"} else unit


def _meaning(codes: Any) -> str:
    """Return the words of a coded name."""
    return str(codes[0].get("CodeMeaning", "") or "").strip() if codes else ""
