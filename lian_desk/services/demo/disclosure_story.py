"""What the desk gave away while it coordinated, and what it asked the customer for."""

from datetime import datetime, timedelta
from typing import Final

from lian_desk.models.vocabulary import Channel, EntryCategory, MaterialKind, ServiceKind
from lian_desk.services.demo.told_file import feed
from lian_desk.services.demo.told_request import RequestStory
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.materials.gate import INTAKE_KINDS
from lian_desk.services.privacy.disclosures import ALL_PAGES
from lian_desk.services.words.wording import phrase

_AFTER: Final = timedelta(minutes=6)
_FIELDS: Final = "姓名、证件号码、联系电话、疾病"


def tell_disclosure(world: DemoWorld, request: RequestStory, at: datetime) -> None:
    """Add what the hospital was given at ``at``: the medical papers of the file, on its authorization (R21)."""
    file = request.file
    if file.authorization_id is None or request.kind is ServiceKind.CASE_MANAGEMENT:
        return
    given = [key for kind, key in file.materials.items() if kind not in INTAKE_KINDS]
    recipient = f"{request.hospital.name} 预约中心"
    world.rows.add(
        "disclosure",
        id=world.new_id(),
        assistance_file_id=file.id,
        service_request_id=request.id,
        recipient=recipient,
        purpose=request.title,
        field_names=_FIELDS,
        page_list="\n".join(f"{key}:{ALL_PAGES}" for key in given),
        authorization_id=file.authorization_id,
        disclosed_at=at,
        recorded_at=at,
        recorded_by=file.manager_id,
    )
    content = "；".join(filter(None, (_FIELDS, f"材料 {len(given)} 份" if given else "")))
    feed(
        world,
        file,
        EntryCategory.FILE,
        f"向{recipient}提供信息",
        f"{content} · 用途：{request.title}",
        at,
        request_id=request.id,
    )


def tell_wish(world: DemoWorld, request: RequestStory, kind: MaterialKind, at: datetime) -> None:
    """Add that the customer was asked for a paper some minutes after ``at``."""
    detail = f"{phrase(kind)} · {phrase(Channel.WECOM)}"
    feed(world, request.file, EntryCategory.MATERIAL, "请客户补充材料", detail, at + _AFTER, request_id=request.id)
