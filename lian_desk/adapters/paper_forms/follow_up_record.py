"""The 随访记录: who, what is left of the entitlement, the services with their promises, the follow-ups, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing.layout import Table
from lian_desk.adapters.drawing.printing import Frame, begin_sheet, finish
from lian_desk.adapters.drawing.seal import seal_of
from lian_desk.adapters.paper_forms import sections

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.adapters.drawing.layout import Sheet
    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.drawing.views import FollowUpRecordView

TITLE = "随访记录"

#: A longer name gets a row of its own; names of up to this many characters stand beside sex and age.
_SHORT_NAME = 10


def draw_follow_up_record(view: FollowUpRecordView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the record (R92) and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    return finish(*lay_out_follow_up_record(view), target)


def lay_out_follow_up_record(view: FollowUpRecordView) -> tuple[Sheet, Frame]:
    """Return the record laid out on its pages, before anything is painted."""
    sheet = begin_sheet()
    sections.title(sheet, TITLE, view.stamp, view.imprint, f"{view.period_from} 至 {view.period_to}")
    sheet.section("被保险人与保障", _identity(view))
    year = view.period_to.year
    sheet.section("服务经过", sections.service_table(view.services, year))
    sheet.section("随访", sections.follow_up_table(view.follow_ups, year))
    sheet.section("待办", sections.task_table(view.open_tasks))
    sections.signatures(sheet, view.stamp)
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return sheet, frame


def _identity(view: FollowUpRecordView) -> Table:
    party = view.party
    wide = (15, 10.7, 17.2, 12, 15, 30.1)
    middle = (15, 39.9, 15, 30.1)
    sex_and_age = ("性别 / 年龄", f"{party.sex} / {party.age}")
    policy = ("保单状态", sections.policy_text(view.policy))
    if len(party.name) > _SHORT_NAME:
        rows = [
            sections.fields((15, 85), "姓名", party.name),
            sections.fields(middle, *sex_and_age, *policy),
        ]
    else:
        rows = [sections.fields(wide, "姓名", party.name, *sex_and_age, *policy)]
    rows += [
        sections.fields(middle, "疾病", sections.joined(view.diseases), "信息授权", view.authorization),
    ]
    if party.guardian:
        rows.append(sections.fields((15, 85), "监护人", party.guardian))
    rows.append(sections.fields((15, 85), "剩余权益", sections.entitlement_left(view.entitlements)))
    return Table(rows)
