"""档案: the list of assistance files, the page of one file and its dialogs.

Tabs about requests, materials and follow-ups come from their own folders.
"""
