"""The columns of the page 手册与规则 as data, and the rows that are made for it."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from lian_desk.services.force_majeure.views import EventLine
from lian_desk.services.handbook.differences import ChangeKind, EditionChange
from lian_desk.services.handbook.views import EditionLine, ExampleResult, Standing
from lian_desk.services.request_views.state_pages import StateLine
from lian_desk.services.rules.citations import place_of
from lian_desk.services.rules.clause_lines import ClauseLine
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone

STANDING_CHIPS: Final[Mapping[Standing, ChipText]] = {
    Standing.IN_FORCE: ChipText("现行", Tone.KEPT),
    Standing.COMING: ChipText("待生效", Tone.INFO),
    Standing.PAST: ChipText("已过", Tone.NEUTRAL),
}
_CHANGE_CHIPS: Final[Mapping[ChangeKind, ChipText]] = {
    ChangeKind.ADDED: ChipText("新增", Tone.KEPT),
    ChangeKind.CHANGED: ChipText("改动", Tone.INFO),
    ChangeKind.REMOVED: ChipText("删除", Tone.RISK),
}


class EditionRow(NamedTuple):
    """An edition in the list at the left."""

    key: int
    line: EditionLine


class ClauseRow(NamedTuple):
    """A clause of an edition."""

    key: int
    place: str
    text: str
    clause_id: str


class ChangeRow(NamedTuple):
    """A difference between two editions."""

    key: int
    place: str
    what: str
    kind: ChangeKind
    old: str
    new: str


class ExampleRow(NamedTuple):
    """A worked example and how it came out."""

    key: int
    name: str
    asks: str
    expected: str
    found: str
    has_passed: bool


class EventRow(NamedTuple):
    """An event of force majeure in the list at the left."""

    key: int
    line: EventLine


class StepRow(NamedTuple):
    """A move of a request in words."""

    key: int
    move: str
    sources: str
    target: str
    services: str
    needs: str
    effects: str
    place: str


def step_rows(lines: Iterable[StateLine]) -> list[StepRow]:
    """Return the moves as rows, in the order of the table; a lead's move says so."""
    return [
        StepRow(
            key,
            f"{line.move}（主管）" if line.is_lead_only else line.move,
            "、".join(line.sources),
            line.target,
            line.services,
            "、".join(line.needs),
            "；".join(line.effects),
            place_of(line.clause),
        )
        for key, line in enumerate(lines, start=1)
    ]


def clause_rows(clauses: Iterable[ClauseLine]) -> list[ClauseRow]:
    """Return the clauses in the handbook's order, the decisions after them."""
    # decisions carry an A before their number; sorting keeps the order otherwise
    ordered = sorted(clauses, key=lambda clause: clause.id.startswith("A"))
    return [
        ClauseRow(key, "释义" if clause.id.startswith("A") else clause.place, clause.text, clause.id)
        for key, clause in enumerate(ordered, start=1)
    ]


def change_rows(changes: Iterable[EditionChange]) -> list[ChangeRow]:
    """Return the differences as rows."""
    return [
        ChangeRow(
            key, place_of(change.clause) if change.clause else "—", change.what, change.kind, change.old, change.new
        )
        for key, change in enumerate(changes, start=1)
    ]


def example_rows(results: Iterable[ExampleResult]) -> list[ExampleRow]:
    """Return the examples as rows, what failed first."""
    ordered = sorted(results, key=lambda result: result.has_passed)
    return [
        ExampleRow(key, result.name, result.asks, result.expected, result.found, result.has_passed)
        for key, result in enumerate(ordered, start=1)
    ]


def edition_columns() -> tuple[Column, ...]:
    """Return the columns of the editions."""
    return (
        Column("版本", text=lambda row: row.line.label, width=120, kind=ColumnKind.NAME, stretch=True),
        Column("生效日", text=lambda row: formats.iso_day(row.line.effective_on), width=100),
        Column("状态", chips=lambda row: [STANDING_CHIPS[row.line.standing]], width=82, kind=ColumnKind.CHIP),
    )


def step_columns() -> tuple[Column, ...]:
    """Return the columns of the moves."""
    return (
        Column("步骤", text=lambda row: row.move, width=150, kind=ColumnKind.NAME),
        Column("从", text=lambda row: row.sources, width=130, tooltip=lambda row: row.sources),
        Column("到", text=lambda row: row.target, width=120),
        Column("适用", text=lambda row: row.services, width=110, kind=ColumnKind.SECONDARY),
        Column("需要", text=lambda row: row.needs, width=260, stretch=True, tooltip=lambda row: row.needs),
        Column("后果", text=lambda row: row.effects, width=240, tooltip=lambda row: row.effects),
        Column("依据", text=lambda row: row.place, width=90, kind=ColumnKind.SECONDARY, tooltip=lambda row: row.place),
    )


def clause_columns() -> tuple[Column, ...]:
    """Return the columns of the clauses."""
    return (
        Column("位置", text=lambda row: row.place, width=190, kind=ColumnKind.SECONDARY, tooltip=lambda row: row.place),
        Column("内容", text=lambda row: row.text, width=420, stretch=True, tooltip=lambda row: row.text),
    )


def change_columns() -> tuple[Column, ...]:
    """Return the columns of the differences."""
    return (
        Column("变化", chips=lambda row: [_CHANGE_CHIPS[row.kind]], width=76, kind=ColumnKind.CHIP),
        Column("条款", text=lambda row: row.place, width=110, kind=ColumnKind.SECONDARY),
        Column("事项", text=lambda row: row.what, width=200, tooltip=lambda row: row.what),
        Column("原来", text=lambda row: row.old or "—", width=180, kind=ColumnKind.SECONDARY, tooltip=_both),
        Column("新版", text=lambda row: row.new or "—", width=180, stretch=True, tooltip=_both),
    )


def example_columns() -> tuple[Column, ...]:
    """Return the columns of the worked examples."""
    return (
        Column("结果", chips=_passed, width=76, kind=ColumnKind.CHIP),
        Column("样例", text=lambda row: row.name, width=70, kind=ColumnKind.NAME),
        Column("算什么", text=lambda row: row.asks, width=270, stretch=True, tooltip=lambda row: row.asks),
        Column("应为", text=lambda row: row.expected, width=210, kind=ColumnKind.SECONDARY),
        Column("算得", text=lambda row: row.found, width=210, tooltip=lambda row: row.found),
    )


def notice_columns() -> tuple[Column, ...]:
    """Return the columns of the notification list."""
    return (
        Column("投保人", text=lambda row: row.policyholder, width=150, kind=ColumnKind.NAME),
        Column("保单号", text=lambda row: row.policy_number, width=210),
        Column("状态", chips=_delivered, width=96, kind=ColumnKind.CHIP),
        Column("送达方式", text=lambda row: phrase(row.channel) if row.channel else "—", width=130),
        Column(
            "送达时间",
            text=lambda row: formats.iso_moment(row.delivered_at) if row.delivered_at else "—",
            width=150,
            kind=ColumnKind.SECONDARY,
        ),
        Column("登记人", text=lambda row: row.recorded_by or "—", width=110, kind=ColumnKind.SECONDARY, stretch=True),
    )


def event_columns() -> tuple[Column, ...]:
    """Return the columns of the events of force majeure."""
    return (
        Column("事由", text=lambda row: phrase(row.line.cause), width=96, kind=ColumnKind.NAME),
        Column("地区", text=lambda row: row.line.places, width=120, stretch=True, tooltip=lambda row: row.line.places),
        Column("状态", chips=_lasting, width=100, kind=ColumnKind.CHIP),
    )


def affected_columns() -> tuple[Column, ...]:
    """Return the columns of the requests that an event meets."""
    return (
        Column("编号", text=lambda row: row.number, width=150, kind=ColumnKind.SECONDARY),
        Column("被保险人", text=lambda row: row.insured_name, width=110, kind=ColumnKind.NAME),
        Column("服务", text=lambda row: phrase(row.kind), width=96),
        Column("医院", text=lambda row: row.hospital or "待确认需求", width=200, stretch=True),
        Column("状态", chips=lambda row: [ChipText(phrase(row.status))], width=140, kind=ColumnKind.CHIP),
    )


def _both(row: ChangeRow) -> str:
    return f"原来：{row.old or '—'}\n新版：{row.new or '—'}"


def _passed(row: ExampleRow) -> tuple[ChipText, ...]:
    return (ChipText("通过", Tone.KEPT) if row.has_passed else ChipText("不符", Tone.BROKEN),)


def _delivered(row: object) -> tuple[ChipText, ...]:
    is_told = getattr(row, "delivered_at", None) is not None
    return (ChipText("已送达", Tone.KEPT) if is_told else ChipText("待送达", Tone.RISK),)


def _lasting(row: EventRow) -> tuple[ChipText, ...]:
    if row.line.to_at is not None:
        return (ChipText("已解除", Tone.NEUTRAL),)
    return (ChipText(f"影响 {row.line.held} 项", Tone.RISK),)
