"""档案: the list of assistance files, the page of one file and its dialogs."""
