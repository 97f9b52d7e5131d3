"""What the start of the program says: findings of a good start, and titles and remedies of a refused one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lian_desk.models.errors import ErrorCode as E
from lian_desk.services.workspace.opening_checks import Finding, StartFinding

_FINDINGS: Final = {
    Finding.UNCLEAN_END: "上次没有正常退出，已逐页检查数据库，没有发现损坏。",
    Finding.ENVELOPE_RESTORED: "密钥信封丢失或损坏，已用上一份信封恢复；如果刚改过密码，请用旧密码。",
    Finding.SCHEMA_UPGRADED: "数据库已升级到新版本，升级前的备份保存在 backups/before-upgrade。",
    Finding.SEAL_BROKEN: "操作记录第 {sequence} 条与封签不符，可能被改动过；请立即告诉主管，并保留整个工作区文件夹。",
    Finding.LEFTOVERS_QUARANTINED: "上次中断留下 {count} 个没有写完的文件，已移到 quarantine 文件夹，没有删除。",
    Finding.FELL: "上次异常结束或出现意外错误，{count} 份记录在工作区的 logs/crashes 文件夹。",
    Finding.LOW_SPACE: "磁盘剩余空间不足 500 MB，请尽快清理。",
}

SERIOUS: Final = frozenset({Finding.SEAL_BROKEN, Finding.LOW_SPACE, Finding.ENVELOPE_RESTORED})
"""Findings that call for an act; the others only inform."""


class Remedy(StrEnum):
    """What the dialog of a refused start can offer; nothing among them deletes or overwrites anything."""

    RETRY = "retry"
    CHOOSE_FOLDER = "choose_folder"
    SHOW_FOLDER = "show_folder"
    SHOW_BACKUPS = "show_backups"


@dataclass(frozen=True)
class Refusal:
    """Heading of a refused start and what it offers, the most helpful first."""

    title: str
    remedies: tuple[Remedy, ...]


_AGAIN: Final = (Remedy.RETRY, Remedy.CHOOSE_FOLDER)
_DISK: Final = (Remedy.RETRY, Remedy.SHOW_FOLDER, Remedy.CHOOSE_FOLDER)
_FROM_BACKUP: Final = (Remedy.SHOW_BACKUPS, Remedy.SHOW_FOLDER, Remedy.CHOOSE_FOLDER)

_REFUSALS: Final = {
    E.ANOTHER_INSTANCE: Refusal("工作区已经打开", _AGAIN),
    E.DISK_FULL: Refusal("磁盘空间已满", _DISK),
    E.FOLDER_READ_ONLY: Refusal("工作区不能写入", _DISK),
    E.FOLDER_MISSING: Refusal("找不到工作区", _AGAIN),
    E.FOLDER_CANNOT_LOCK: Refusal("这个磁盘不适合放工作区", (Remedy.CHOOSE_FOLDER, Remedy.SHOW_FOLDER)),
    E.FILE_UNREADABLE: Refusal("磁盘读写出错", _DISK),
    E.DATABASE_BUSY: Refusal("数据库正被占用", _AGAIN),
    E.DATABASE_MISSING: Refusal("数据库文件不见了", _FROM_BACKUP),
    E.DATABASE_EMPTY: Refusal("数据库文件是空的", _FROM_BACKUP),
    E.DATABASE_PLAIN: Refusal("不是本程序的数据库", _FROM_BACKUP),
    E.DATABASE_WRONG_KEY: Refusal("数据库与密钥不匹配", _FROM_BACKUP),
    E.DATABASE_OTHER_WORKSPACE: Refusal("数据库属于另一个工作区", _FROM_BACKUP),
    E.DATABASE_DAMAGED: Refusal("数据库文件已损坏", _FROM_BACKUP),
    E.NO_ACTIVE_OPERATOR: Refusal("没有在用的人员", _FROM_BACKUP),
    E.ENVELOPE_MISSING: Refusal("密钥信封不见了", _FROM_BACKUP),
    E.ENVELOPE_DAMAGED: Refusal("密钥信封已损坏", _FROM_BACKUP),
    E.ENVELOPE_TOO_NEW: Refusal("需要升级本程序", (Remedy.RETRY, Remedy.CHOOSE_FOLDER)),
    E.SCHEMA_TOO_NEW: Refusal("需要升级本程序", (Remedy.RETRY, Remedy.CHOOSE_FOLDER)),
    E.SCHEMA_UPGRADE_FAILED: Refusal("数据库升级没有完成", (Remedy.RETRY, Remedy.SHOW_BACKUPS)),
    E.BACKUP_FAILED: Refusal("升级前的备份没有成功", _DISK),
    E.SQLITE_TOO_OLD: Refusal("需要重新安装本程序", ()),
    E.RESOURCE_MISSING: Refusal("需要重新安装本程序", ()),
}


def finding_sentence(finding: StartFinding) -> str:
    """What was found, in Chinese, and what to do where something is to be done."""
    return _FINDINGS[finding.kind].format_map(finding.parameters)


def refusal_of(code: E) -> Refusal:
    """Heading and remedies for a start that was refused with ``code``."""
    return _REFUSALS.get(code, Refusal("工作区没有打开", _AGAIN))
