"""Looks of the whole program: tokens, palette, style sheet and type, switched at run time.

The style sheet lies in ``resources/styles/desk.qss`` with ``${token}`` in place of values; no style string stands in
Python. Widgets that paint themselves ask :func:`current_theme`.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from string import Template
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.ui.common.look.tokens import DARK, LIGHT, Tokens, Tone

__all__ = ["DARK", "LIGHT", "Scheme", "Theme", "Tokens", "Tone", "TypeRole", "current_theme"]

_FONT_FILES: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
_PROPERTY: Final = "desk_theme"
DRESSES_ITS_PARTS: Final = "dresses_its_parts"
"""Property of a window that gives its parts, one by one, to :meth:`Theme.keep_dressed`."""


class Scheme(StrEnum):
    """The two looks."""

    LIGHT = "light"
    DARK = "dark"


class TypeRole(StrEnum):
    """The few sizes of type there are."""

    BODY = "body"
    BOLD = "bold"
    SECONDARY = "secondary"
    SECTION = "section"
    TITLE = "title"
    FIGURE = "figure"


# role → pixels, bold
_TYPE: Final[Mapping[TypeRole, tuple[int, bool]]] = {
    TypeRole.BODY: (13, False),
    TypeRole.BOLD: (13, True),
    TypeRole.SECONDARY: (12, False),
    TypeRole.SECTION: (14, True),
    TypeRole.TITLE: (18, True),
    TypeRole.FIGURE: (26, True),
}


class Theme(QObject):
    """The look in force. ``changed`` is emitted after palette and style sheet were replaced."""

    changed = Signal()
    _dressing = Signal()

    def __init__(self, scheme: Scheme = Scheme.LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheme = scheme
        self._begun_with = scheme
        self._sheets: dict[Scheme, str] = {}
        self._family = ""
        self._fonts: dict[TypeRole, QFont] = {}
        self._metrics: dict[TypeRole, QFontMetrics] = {}
        self._colors: dict[str, QColor] = {}

    @property
    def scheme(self) -> Scheme:
        """The look in force."""
        return self._scheme

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return DARK if self._scheme is Scheme.DARK else LIGHT

    def install(self, app: QApplication) -> None:
        """Load the fonts and dress the application; called once, before the first window."""
        self._family = _load_fonts()
        self.setParent(app)
        app.setProperty(_PROPERTY, self)
        app.setFont(self.font(TypeRole.BODY))
        self._begun_with = self._scheme
        self._color(app)
        app.setStyleSheet(self._sheet_of(self._scheme))

    def set_scheme(self, scheme: Scheme) -> None:
        """Change the look of everything that is seen at once, and of the rest when it is shown.

        The style sheet of the application stays what it was at the start: to replace it, Qt polishes every widget
        there is once for each of its ancestors, seconds in a window that has been used. What is dressed on its own
        (:meth:`keep_dressed`) puts the other look over it.
        """
        if scheme is self._scheme:
            return
        self._scheme = scheme
        self._colors.clear()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._color(app)
            for window in app.topLevelWidgets():
                if window.parent() is None and not window.property(DRESSES_ITS_PARTS):
                    self.keep_dressed(window)
        self._dressing.emit()
        self.changed.emit()

    def keep_dressed(self, part: QWidget) -> None:
        """Let a part of a window, or a window without parts of its own, follow the look: now, or when it is shown."""
        if not part.findChildren(_Dresser, options=Qt.FindChildOption.FindDirectChildrenOnly):
            dresser = _Dresser(self, part)
            self._dressing.connect(dresser.follow)

    @property
    def sheet(self) -> str:
        """What a part wears over the style sheet of the application: nothing while the look is that of the start."""
        return "" if self._scheme is self._begun_with else self._sheet_of(self._scheme)

    def toggle(self) -> None:
        """Change from light to dark or back."""
        self.set_scheme(Scheme.LIGHT if self._scheme is Scheme.DARK else Scheme.DARK)

    def color(self, name: str) -> QColor:
        """Return a token as a colour; ``name`` is a field of :class:`Tokens`."""
        found = self._colors.get(name)
        if found is None:
            found = self._colors[name] = QColor(str(getattr(self.tokens, name)))
        return found

    def solid(self, tone: Tone) -> QColor:
        """Return the colour of a bar or dot of this meaning."""
        return self.color(tone.value)

    def soft(self, tone: Tone) -> QColor:
        """Return the ground of a chip of this meaning."""
        return self.color(f"{tone.value}_soft")

    def ink(self, tone: Tone) -> QColor:
        """Return the colour of the words on :meth:`soft`."""
        return self.color(f"{tone.value}_ink")

    def font(self, role: TypeRole) -> QFont:
        """Return the font of a role, with figures of equal width."""
        found = self._fonts.get(role)
        if found is None:
            pixels, bold = _TYPE[role]
            found = QFont(self._family) if self._family else QFont()
            found.setPixelSize(pixels)
            found.setBold(bold)
            found.setFeature(QFont.Tag("tnum"), 1)
            found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            self._fonts[role] = found
        return found

    def metrics(self, role: TypeRole) -> QFontMetrics:
        """Return the measures of a role's font."""
        found = self._metrics.get(role)
        if found is None:
            found = self._metrics[role] = QFontMetrics(self.font(role))
        return found

    def _color(self, app: QApplication) -> None:
        dark = self._scheme is Scheme.DARK
        app.styleHints().setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        app.setPalette(self._palette())

    def _sheet_of(self, scheme: Scheme) -> str:
        if scheme not in self._sheets:
            tokens = DARK if scheme is Scheme.DARK else LIGHT
            values = tokens.pairs() | {"scheme": scheme.value, "styles": resource_path("styles").as_posix()}
            self._sheets[scheme] = _style_template().substitute(values)
        return self._sheets[scheme]

    def _palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        for target, name in (
            (role.Window, "canvas"),
            (role.Base, "surface"),
            (role.AlternateBase, "hover"),
            (role.Button, "surface"),
            (role.ToolTipBase, "surface"),
            (role.Mid, "hairline"),
            (role.Light, "surface"),
            (role.Midlight, "hairline"),
            (role.Dark, "border"),
            (role.Shadow, "border"),
            (role.WindowText, "text"),
            (role.Text, "text"),
            (role.ButtonText, "text"),
            (role.ToolTipText, "text"),
            (role.PlaceholderText, "muted"),
            (role.Highlight, "accent_soft"),
            (role.HighlightedText, "text"),
            (role.Link, "accent"),
            (role.LinkVisited, "accent"),
            (role.Accent, "accent"),
            (role.BrightText, "broken"),
        ):
            palette.setColor(target, self.color(name))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, target, self.color("muted"))
        return palette


class _Dresser(QObject):
    """Belongs to a part of a window and keeps its look up to date."""

    def __init__(self, theme: Theme, part: QWidget) -> None:
        super().__init__(part)
        self._theme = theme
        self._part = part
        part.installEventFilter(self)
        self.follow(is_shown=part.isVisible() or part.isWindow())

    def follow(self, *, is_shown: bool | None = None) -> None:
        """Take on the look in force if somebody sees the part."""
        if (self._part.isVisible() if is_shown is None else is_shown) and self._part.styleSheet() != self._theme.sheet:
            self._part.setStyleSheet(self._theme.sheet)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: what was hidden meanwhile catches up before it is seen."""
        if event.type() == QEvent.Type.Show and watched is self._part:
            self.follow(is_shown=True)
        return False


def current_theme() -> Theme:
    """Return the theme that dresses the running application.

    Raises:
        RuntimeError: no theme was installed; ``make_application`` does it.
    """
    app = QApplication.instance()
    theme = app.property(_PROPERTY) if app is not None else None
    if isinstance(theme, Theme):
        return theme
    message = "no theme is installed"
    raise RuntimeError(message)


@cache
def _style_template() -> Template:
    return Template(resource_path("styles", "desk.qss").read_text(encoding="utf-8"))


@cache
def _load_fonts() -> str:
    """Register the shipped fonts with Qt and return their family name."""
    families: list[str] = []
    for name in _FONT_FILES:
        identifier = QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))
        families.extend(QFontDatabase.applicationFontFamilies(identifier))
    return families[0] if families else ""
