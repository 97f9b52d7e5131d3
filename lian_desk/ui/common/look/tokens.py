"""The colours of the program, light and dark, as one frozen table each; nothing else holds a colour.

``kept``, ``risk``, ``broken`` and ``info`` fill bars and dots. Words on a tinted ground use the ``…_ink`` colour on the
``…_soft`` colour: these pairs reach a contrast of 4.5 : 1 (WCAG AA), which a test computes.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a colour means. A word always stands beside it."""

    KEPT = "kept"
    RISK = "risk"
    BROKEN = "broken"
    INFO = "info"
    NEUTRAL = "neutral"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Every colour of one scheme as ``#RRGGBB``."""

    canvas: str
    surface: str
    sunken: str
    hairline: str
    border: str
    text: str
    secondary: str
    muted: str
    accent: str
    accent_strong: str
    accent_soft: str
    accent_ink: str
    on_accent: str
    kept: str
    kept_soft: str
    kept_ink: str
    risk: str
    risk_soft: str
    risk_ink: str
    broken: str
    broken_soft: str
    broken_ink: str
    info: str
    info_soft: str
    info_ink: str
    neutral: str
    neutral_soft: str
    neutral_ink: str
    hover: str
    track: str
    focus: str
    mark: str

    def pairs(self) -> dict[str, str]:
        """Return every token by name, for the style sheet."""
        return {name: str(value) for name, value in asdict(self).items()}

    def solid(self, tone: Tone) -> str:
        """Return the colour of a bar or dot of this meaning."""
        return str(getattr(self, tone.value))

    def soft(self, tone: Tone) -> str:
        """Return the tinted ground of a chip or notice of this meaning."""
        return str(getattr(self, f"{tone.value}_soft"))

    def ink(self, tone: Tone) -> str:
        """Return the colour of words on :meth:`soft`."""
        return str(getattr(self, f"{tone.value}_ink"))


LIGHT = Tokens(
    canvas="#F5F7FA",
    surface="#FFFFFF",
    sunken="#EDF1F5",
    hairline="#E3E8EE",
    border="#D5DCE4",
    text="#1B2430",
    secondary="#5B6775",
    muted="#66717E",
    accent="#0E7C86",
    accent_strong="#0A646C",
    accent_soft="#E2F2F3",
    accent_ink="#0B6B74",
    on_accent="#FFFFFF",
    kept="#2E8B57",
    kept_soft="#E3F4EA",
    kept_ink="#1E7145",
    risk="#E0962B",
    risk_soft="#FDEFD9",
    risk_ink="#8F5200",
    broken="#C8372D",
    broken_soft="#FBE4E2",
    broken_ink="#B92D23",
    info="#2F6FDE",
    info_soft="#E4EDFC",
    info_ink="#255FC4",
    neutral="#8B97A4",
    neutral_soft="#EDF1F5",
    neutral_ink="#5B6775",
    hover="#F3F6F9",
    track="#E7ECF1",
    focus="#0E7C86",
    mark="#FFF0B8",
)

DARK = Tokens(
    canvas="#14181D",
    surface="#1C2229",
    sunken="#171C22",
    hairline="#2C343D",
    border="#3A444F",
    text="#E6EAF0",
    secondary="#A9B4C0",
    muted="#8793A0",
    accent="#3FB6C0",
    accent_strong="#5CC8D1",
    accent_soft="#143A3E",
    accent_ink="#4FC3CC",
    on_accent="#0B1A1C",
    kept="#5CC08A",
    kept_soft="#17352A",
    kept_ink="#5CC08A",
    risk="#E3A23C",
    risk_soft="#3A2C14",
    risk_ink="#E3A23C",
    broken="#F0796F",
    broken_soft="#40211F",
    broken_ink="#F0796F",
    info="#7CA6F2",
    info_soft="#1C2D4A",
    info_ink="#7CA6F2",
    neutral="#7B8794",
    neutral_soft="#2A323B",
    neutral_ink="#A9B4C0",
    hover="#222931",
    track="#313A44",
    focus="#3FB6C0",
    mark="#5A4A17",
)
