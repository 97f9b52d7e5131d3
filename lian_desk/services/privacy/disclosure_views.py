"""The disclosure log of a file as people read it: who got what, when and what for (R21)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.tables.people.operator import Operator
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.free_words import concealed
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.privacy.disclosures import ALL_PAGES
from lian_desk.services.words.wording import phrase

_MOST = 100


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One disclosure: recipient, purpose, and its content in words, such as 病理报告第 1、2 页；姓名、疾病."""

    key: int
    recipient: str
    purpose: str
    content: str
    disclosed_at: datetime
    operator: str


def load_disclosures(desk: Desk, file_id: int) -> tuple[DisclosureLine, ...]:
    """Return the newest disclosures of a file."""
    with desk.read() as session:
        rows = session.execute(
            select(Disclosure, Operator.name)
            .join(Operator, Operator.id == Disclosure.recorded_by)
            .where(Disclosure.assistance_file_id == file_id)
            .order_by(Disclosure.disclosed_at.desc(), Disclosure.id.desc())
            .limit(_MOST)
        ).all()
        keys = {int(line.partition(":")[0]) for row, _name in rows for line in row.page_list.splitlines()}
        kinds = {row.id: phrase(row.kind) for row in session.scalars(select(Material).where(Material.id.in_(keys)))}
        names = names_of_file(session, file_id).every
    lines = tuple(
        DisclosureLine(
            key=row.id,
            recipient=row.recipient,
            purpose=row.purpose,
            content="；".join(filter(None, ("、".join(_pages(row.page_list, kinds)), row.field_names))),
            disclosed_at=row.disclosed_at,
            operator=name,
        )
        for row, name in rows
    )
    return concealed(lines, names)


def _pages(page_list: str, kinds: dict[int, str]) -> list[str]:
    words = []
    for line in page_list.splitlines():
        key, _colon, pages = line.partition(":")
        which = "全部页" if pages == ALL_PAGES else f"第 {pages.replace(',', '、')} 页"
        words.append(f"{kinds.get(int(key), '材料')}{which}")
    return words
