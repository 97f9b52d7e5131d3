"""Fields, forms and dialogs: labels, errors in their place, drafts, materials beside.

What a form asks is told by its feature.
"""
