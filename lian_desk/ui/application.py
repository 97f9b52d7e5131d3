"""Makes the ``QApplication``: style, type, Chinese words of Qt's own dialogs, and the hook for the unforeseen."""

from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.ui.common.look.theme import Scheme, Theme
from lian_desk.ui.exception_dialog import ExceptionHook

PROGRAM = "就医协助台"


def make_application(argv: Sequence[str], scheme: Scheme = Scheme.LIGHT, *, catch_errors: bool = True) -> QApplication:
    """Return the dressed application; called once, before any widget.

    Args:
        argv: the command line, for Qt's own options.
        scheme: light or dark.
        catch_errors: False leaves ``sys.excepthook`` alone, for tests that watch it themselves.

    Raises:
        EnvironmentProblem: fonts, style or Qt's Chinese translation are missing from the installation.
    """
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(list(argv))
    dress(app, scheme)
    if catch_errors:
        hook = ExceptionHook(app)
        hook.install()
    return app


def dress(app: QApplication, scheme: Scheme = Scheme.LIGHT) -> Theme:
    """Give an application its names, language and looks; returns the theme."""
    app.setApplicationName("lian-desk")
    app.setOrganizationName("lian-desk")
    app.setApplicationDisplayName(PROGRAM)
    app.setWindowIcon(QIcon(str(resource_path("icons", "app.png"))))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _translate_qt(app)
    app.setStyle("Fusion")
    theme = Theme(scheme)
    theme.install(app)
    return theme


def _translate_qt(app: QApplication) -> None:
    """Load the Chinese words of Qt's own dialogs and buttons, which PySide6 ships."""
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load("qtbase_zh_CN", folder):
        raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name="qtbase_zh_CN.qm")
    app.installTranslator(translator)
