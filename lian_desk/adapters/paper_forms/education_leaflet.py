"""The 健康宣教单: one text of the education library on a sheet to take home (R70, R76)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.layout import Table
from lian_desk.adapters.drawing.printing import Frame, begin_sheet, finish
from lian_desk.adapters.drawing.seal import seal_of
from lian_desk.adapters.paper_forms import sections

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.paper_forms.paper_views import EducationLeafletView

TITLE = "健康宣教单"


def draw_education_leaflet(view: EducationLeafletView, target: Path | BinaryIO) -> DrawnDocument:
    """Draw the leaflet and write it to a path (beside, then renamed) or a stream.

    The same view gives the same bytes. Raises EnvironmentProblem when the target cannot be written.
    """
    sheet = begin_sheet()
    sections.title(sheet, TITLE, view.stamp, view.imprint)
    sheet.opening(view.topic)
    sheet.paragraphs(view.body, style.READING)
    sheet.gap(14)
    rows = [sections.fields(sections.HALVES, "姓名", view.party.name, "内容版本", view.version)]
    rows += [sections.fields(sections.WIDE, "提供", view.given)] if view.given else []
    rows += [sections.fields(sections.WIDE, "参考来源", view.sources)] if view.sources else []
    sheet.section("说明", Table(rows))
    sections.notices(sheet, view.imprint)
    frame = Frame(title=TITLE, stamp=view.stamp, imprint=view.imprint, seal=seal_of(view))
    return finish(sheet, frame, target)
