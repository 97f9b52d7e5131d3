"""Fields, forms and dialogs: labels, errors in their place, drafts, materials beside.

What a form asks is told by its feature.
"""

__all__ = [
    "choice_fields",
    "command_dialog",
    "date_fields",
    "desk_drafts",
    "evidence_fields",
    "fields",
    "folder_field",
    "form_dialog",
    "forms",
    "hospital_field",
    "materials_beside",
    "order_dialog",
    "paper_after",
    "request_dialog",
]
