"""What stands behind the dialog of the intake's settings: what holds, what a folder is fit for, a new recovery key."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.commands.settings import IntakeSettings, load_intake_settings
from lian_desk.services.upkeep.resealing import names_to_reseal

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk

_KEY_WORDS: Final = (
    "# 利安就医协助台 · 材料恢复私钥\n"
    "# 请离线保管（例如存入保险柜中的 U 盘），不要留在本机。\n"
    "# 持有它的人可以用通用的 age 工具打开此后收取的每一份材料：age -d -i 本文件 材料.age > 原文件\n"
    "# 公钥：{recipient}\n"
)


@dataclass(frozen=True)
class IntakeSettingsView:
    """What holds, and whether the operator may change what is a lead's.

    ``earlier``: stored files that were sealed before the recovery key was set, and that it does not open.
    """

    settings: IntakeSettings
    is_lead: bool
    earlier: tuple[str, ...] = ()


def load_settings_view(desk: "Desk") -> IntakeSettingsView:
    """Gather what the dialog shows."""
    with desk.read() as session:
        settings = load_intake_settings(session)
    is_lead = desk.operator.role in LEADS
    return IntakeSettingsView(settings, is_lead, tuple(names_to_reseal(desk)) if is_lead else ())


def require_fit_drop_folder(desk: "Desk", folder: Path | None) -> None:
    """Make sure that a folder can be watched: it answers, and it is neither in the workspace nor around it.

    Raises:
        RuleViolation: ``DROP_FOLDER_UNREADABLE``, ``DROP_FOLDER_UNFIT`` beside the field.
    """
    if folder is None:
        return
    workspace = desk.opened.folder.resolve()
    try:
        real = folder.resolve()
        with os.scandir(real):
            is_apart = workspace not in (real, *real.parents) and real not in workspace.parents
    except (OSError, RuntimeError) as error:
        raise RuleViolation(ErrorCode.DROP_FOLDER_UNREADABLE, field="drop_folder") from error
    if not is_apart:
        raise RuleViolation(ErrorCode.DROP_FOLDER_UNFIT, field="drop_folder")


def make_recovery_key(path: Path) -> str:
    """Write a new recovery key to ``path``, which the lead carries away, and return its public half.

    Raises:
        EnvironmentProblem: the file exists, or the disk refuses.
    """
    import pyrage  # noqa: PLC0415 - the key library is needed only when a key is made

    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    content = f"{_KEY_WORDS.format(recipient=recipient)}{identity}\n"
    with foreseen_problems():
        if path.exists():
            raise EnvironmentProblem(ErrorCode.FILE_EXISTS)
        write_durably(path, content.encode())
    return recipient
