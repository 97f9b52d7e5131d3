"""Every action of the window as data: id, words, icon, keys. Nobody makes a QAction by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.look.icons import icon


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        action_id: what ``Navigator.start`` and menus call it.
        text: words in buttons, menus and the list of keys.
        icon: name of an SVG in ``resources/icons``.
        shortcut: keys in Qt's portable form, empty for none.
        group: heading in the list of keys.
        in_window: True when the main window binds the keys; other actions belong to a page.
    """

    action_id: str
    text: str
    icon: str
    shortcut: str = ""
    group: str = "常用"
    in_window: bool = True


SEARCH: Final = "search"
NEW_FILE: Final = "new_file"
NEW_APPLICATION: Final = "new_application"
NEW_REQUEST: Final = "new_request"
LOCK: Final = "lock"
RELOAD: Final = "reload"
SHOW_KEYS: Final = "show_keys"
PRINT: Final = "print"
EXPORT: Final = "export"
VERIFY_PAPERS: Final = "verify_papers"
BATCH_PAPERS: Final = "batch_papers"
EMERGENCY: Final = "emergency"
REVERSAL_REPORT: Final = "reversal_report"
SWITCH_THEME: Final = "switch_theme"
QUIT: Final = "quit"
CHECK_MATERIALS: Final = "check_materials"

ACTIONS: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(SEARCH, "搜索与命令", "search", "Ctrl+K"),
    ActionSpec(NEW_FILE, "新建档案", "folder-plus", "Ctrl+N"),
    ActionSpec(NEW_APPLICATION, "录入申请", "file-plus", "Ctrl+Shift+N"),
    ActionSpec(NEW_REQUEST, "发起服务", "plus", "Ctrl+Shift+R"),
    ActionSpec(RELOAD, "刷新本页", "refresh-cw", "F5"),
    ActionSpec(PRINT, "打印", "printer", "Ctrl+P"),
    ActionSpec(EXPORT, "导出", "file-down", "Ctrl+E"),
    ActionSpec(VERIFY_PAPERS, "校验记录", "shield-check", "Ctrl+Shift+V"),
    ActionSpec(BATCH_PAPERS, "批量文书", "files", "Ctrl+Shift+P"),
    ActionSpec(EMERGENCY, "急救提示 120", "siren", "Ctrl+Shift+E"),
    ActionSpec(REVERSAL_REPORT, "冲正月报", "credit-card", group="主管"),
    ActionSpec(CHECK_MATERIALS, "材料核对", "shield-check"),
    ActionSpec(LOCK, "锁定", "lock", "Ctrl+L", "窗口"),
    ActionSpec(SWITCH_THEME, "切换浅色与深色", "moon", "Ctrl+Shift+D", "窗口"),
    ActionSpec(SHOW_KEYS, "按键一览", "keyboard", "?", "窗口"),
    ActionSpec(QUIT, "退出", "log-out", "Ctrl+Q", "窗口"),
)

#: What a page does itself, where it has something to print or to export.
OF_A_PAGE: Final = frozenset({PRINT, EXPORT})

# keys that widgets handle themselves, listed so that the overlay tells the whole truth
WIDGET_KEYS: Final[tuple[tuple[str, str, str], ...]] = (
    ("列表", "上下移动", "↑ ↓"),
    ("列表", "打开所在行", "Enter"),
    ("列表", "复制所选行", "Ctrl+C"),
    ("列表", "查看所在行的依据", "F1"),
    ("看板", "办理卡片的下一步", "菜单键 / Ctrl+→"),
    ("看板", "换到左右一列", "← →"),
    ("日历", "换日 / 翻页 / 今天", "方向键 / PgUp PgDn / Home"),
    ("日历", "只看一天", "Enter"),
    ("材料页面", "放大 / 缩小", "+ / -"),
    ("材料页面", "适合宽度 / 整页", "0 / 9"),
    ("材料页面", "上一页 / 下一页", "Ctrl+PgUp / Ctrl+PgDn"),
    ("材料页面", "显示缩略图", "T"),
    ("材料页面", "全部向右转 / 所选页向右转", "R / Shift+R"),
    ("材料页面", "前移 / 后移所选页", "Alt+↑ / Alt+↓"),
    ("材料页面", "隐藏所选页 / 拆成另一份", "Del / Ctrl+Shift+X"),
    ("表单", "在旁边看材料", "Ctrl+M"),
    ("表单", "下一项 / 上一项", "Tab / Shift+Tab"),
    ("表单", "这一项为何询问", "F1"),
    ("表单", "保存", "Ctrl+Enter"),
    ("表单", "取消（有内容时先询问）", "Esc"),
)


def action_spec(action_id: str) -> ActionSpec:
    """Return the action of an id; an unknown id is a bug and raises ``KeyError``."""
    return _BY_ID[action_id]


def make_action(action_id: str, parent: QWidget) -> QAction:
    """Return a new ``QAction`` that belongs to ``parent``, with words, icon and keys."""
    spec = action_spec(action_id)
    action = QAction(icon(spec.icon), spec.text, parent)
    action.setObjectName(action_id)
    action.setToolTip(f"{spec.text}（{spec.shortcut}）" if spec.shortcut else spec.text)
    if spec.shortcut:
        action.setShortcut(QKeySequence(spec.shortcut))
    return action


def bind_action(window: QWidget, action_id: str, run: Callable[[str], object]) -> QAction:
    """Give a window the keys of an action and return it; ``run`` gets the id."""
    action = make_action(action_id, window)
    action.triggered.connect(lambda _checked=False: run(action_id))
    window.addAction(action)
    return action


def bind_keys(window: QWidget, keys: str, run: Callable[[], object]) -> None:
    """Bind keys to a call; without keys nothing happens."""
    if keys:
        action = QAction(window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: run())
        window.addAction(action)


_BY_ID: Final = {spec.action_id: spec for spec in ACTIONS}
