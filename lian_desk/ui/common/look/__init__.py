"""How things look: colours, type, icons, cards, chips, buttons, designed states.

What fills them comes from features.
"""
