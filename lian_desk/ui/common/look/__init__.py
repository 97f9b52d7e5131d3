"""How things look: colours, type, icons, cards, chips, buttons, designed states.

What fills them comes from features.
"""

__all__ = [
    "buttons",
    "cards",
    "chips",
    "formats",
    "icon_button",
    "icons",
    "journey",
    "page_mark",
    "sentences",
    "states",
    "text",
    "theme",
    "timeline",
    "tokens",
    "visibility",
]
