"""Where the shipped files are: fonts, icons, rule packs, calendars, hospital lists.

In a source tree they lie in ``resources/`` beside the package; in an installed wheel they travel inside it as
``lian_desk/_resources``. Everybody asks :func:`resource_path`, nobody builds the path by hand.
"""

from functools import cache
from pathlib import Path

from lian_desk.models.errors import EnvironmentProblem, ErrorCode

_PACKAGE = Path(__file__).resolve().parents[2]
_CANDIDATES = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


@cache
def resource_root() -> Path:
    """Return the folder that holds the shipped files.

    Raises:
        EnvironmentProblem: ``RESOURCE_MISSING`` when the installation is incomplete.
    """
    for candidate in _CANDIDATES:
        if (candidate / "fonts").is_dir():
            return candidate
    raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name="resources")


def resource_path(*parts: str) -> Path:
    """Return the path of one shipped file or folder, for example ``resource_path("fonts", "NotoSansSC-Regular.ttf")``.

    Raises:
        EnvironmentProblem: ``RESOURCE_MISSING`` when nothing lies there.
    """
    path = resource_root().joinpath(*parts)
    if not path.exists():
        raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name="/".join(parts))
    return path
