"""Medical materials: taken in, described, paged, twinned, thrown away, erased.

Reading them is recognition; whose they are is door; covering them is covering.
"""

__all__ = [
    "drop_folder",
    "erasure",
    "gate",
    "intake",
    "intake_plan",
    "intake_settings",
    "intake_sources",
    "materials",
    "name_answers",
    "own_materials",
    "page_plans",
    "pages",
    "recordings",
    "second_look",
    "trash",
    "twin_answers",
    "twins",
    "views",
    "virtual_files",
]
